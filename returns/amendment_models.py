"""Amendments: what an office asks to change in a return that is verified, and what its superior said."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from returns.choices import AmendmentState
from returns.models import Return, ReturnVersion
from returns.querysets import AmendmentQuerySet


class Amendment(models.Model):
    """A request to change figures of a verified return (সংশোধন). ``base_version`` is the version its figures were
    written against; where another one is in force by now, the amendment must be renewed before it can be approved."""

    ret = models.ForeignKey(Return, models.PROTECT, verbose_name=_("return"), related_name="amendments")
    base_version = models.ForeignKey(
        ReturnVersion, models.PROTECT, verbose_name=_("version amended"), related_name="amendments"
    )
    reason = models.TextField(_("reason for amending"), max_length=1000)
    state = models.CharField(_("state"), max_length=10, choices=AmendmentState, default=AmendmentState.DRAFT)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("requested by"), related_name="+"
    )
    requested_at = models.DateTimeField(_("requested at"))
    proposed_at = models.DateTimeField(_("proposed at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("decided by"), null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decision = models.TextField(_("reason of the decision"), blank=True)

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("amendment")
        verbose_name_plural = _("amendments")
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["ret"], condition=Q(state__in=["draft", "proposed"]), name="one_open_amendment_a_return"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="an_amendment_says_why"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"]) | Q(proposed_at__isnull=False),
                name="an_amendment_is_proposed_first",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "proposed"], decided_at__isnull=True, decided_by__isnull=True)
                | Q(~Q(state__in=["draft", "proposed"]), decided_at__isnull=False, decided_by__isnull=False),
                name="a_closed_amendment_says_who_closed_it",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "refused"]) | ~Q(decided_by=F("requested_by")),
                name="nobody_decides_their_own_amendment",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(decision=""), name="a_refused_amendment_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ret} ✎{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in (AmendmentState.DRAFT, AmendmentState.PROPOSED)


class AmendmentValue(models.Model):
    """A new figure that an amendment writes into a cell. ``version`` is the one whose figure it replaces: that of the
    amended return, or of a later month in which a figure has to follow."""

    amendment = models.ForeignKey(Amendment, models.CASCADE, verbose_name=_("amendment"), related_name="values")
    version = models.ForeignKey(
        ReturnVersion, models.PROTECT, verbose_name=_("version amended"), related_name="amended_values"
    )
    cell = models.CharField(_("cell"), max_length=30)
    amount = models.BigIntegerField(_("amount"))

    class Meta:
        verbose_name = _("figure of an amendment")
        verbose_name_plural = _("figures of amendments")
        ordering = ["version__ret__period", "cell"]
        constraints = [
            models.UniqueConstraint(fields=["amendment", "version", "cell"], name="one_amended_figure_a_cell"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="amended_figure_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.cell} = {self.amount}"
