"""The register of societies and the events of their registration."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.language import in_reader_language
from core.periods import is_after_month_of
from offices.models import Office
from societies.choices import PARTS, EventKind, Sponsor, Status, Tier, society_classes
from societies.querysets import SocietyQuerySet, StatusEventQuerySet
from societies.rules import part_of


class Society(models.Model):
    """A registered cooperative society (সমবায় সমিতি).

    ``office`` is the leaf office that keeps it now; ``registered_in`` the district whose number it bears. ``status``
    repeats the latest event, for lists; the events are the truth.
    """

    office = models.ForeignKey(Office, models.PROTECT, verbose_name=_("office"), related_name="societies")
    code = models.CharField(_("code"), max_length=80, unique=True, editable=False)
    registered_in = models.ForeignKey(
        Office, models.PROTECT, verbose_name=_("registered in the district"), related_name="registered_societies"
    )
    reg_no = models.CharField(_("registration number"), max_length=40)
    reg_key = models.CharField(max_length=40, editable=False)
    reg_on = models.DateField(_("registered on"))
    reg_year = models.PositiveSmallIntegerField(_("year of registration"), editable=False)
    name_bn = models.CharField(_("name in Bangla"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    search_key = models.CharField(max_length=520, editable=False)
    sort_key = models.CharField(max_length=200, editable=False, db_index=True)
    tier = models.CharField(_("tier"), max_length=10, choices=Tier, default=Tier.PRIMARY)
    sponsor = models.CharField(_("sponsor"), max_length=12, choices=Sponsor, default=Sponsor.GENERAL)
    class_code = models.CharField(_("class"), max_length=2)
    union = models.CharField(_("union or municipality"), max_length=80, blank=True)
    ward = models.CharField(_("ward"), max_length=20, blank=True)
    address = models.CharField(_("village and address"), max_length=200, blank=True)
    status = models.CharField(_("status"), max_length=18, choices=Status, default=Status.FUNCTIONAL)

    objects = SocietyQuerySet.as_manager()

    class Meta:
        verbose_name = _("society")
        verbose_name_plural = _("societies")
        ordering = ["sort_key", "pk"]
        indexes = [models.Index(fields=["office", "status"])]
        constraints = [
            models.UniqueConstraint(fields=["registered_in", "reg_key", "reg_year"], name="one_society_a_number"),
            models.CheckConstraint(condition=~Q(status=Status.MOVED), name="a_society_is_always_somewhere"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language, where it has one."""
        return in_reader_language(self.name_bn, self.name_en or self.name_bn)

    @property
    def part(self) -> str:
        """Its part of the breakdown: GP, GC, BP, BC (or N)."""
        return part_of(self.tier, self.sponsor)

    @property
    def part_label(self) -> str:
        """That part in the reader's words."""
        return str(PARTS[self.part])

    @property
    def class_label(self) -> str:
        known = society_classes().get(self.class_code)
        return known.label if known else self.class_code


class StatusEvent(models.Model):
    """One event of a society's registration, by order of the authority (অবস্থার পরিবর্তন).

    ``office`` is the office whose return counts it; ``status`` the state after it; ``sequence`` its number in the
    society's life, which never runs against the dates.
    """

    society = models.ForeignKey(Society, models.PROTECT, verbose_name=_("society"), related_name="events")
    office = models.ForeignKey(Office, models.PROTECT, verbose_name=_("office"), related_name="+")
    sequence = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("event"), max_length=24, choices=EventKind)
    status = models.CharField(_("status after it"), max_length=18, choices=Status)
    on = models.DateField(_("date"))
    is_direct = models.BooleanField(_("cancelled without liquidation"), default=False)
    order_number = models.CharField(_("order number"), max_length=80, blank=True)
    reason = models.TextField(_("reason"), max_length=1000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("recorded by"), related_name="+")
    at = models.DateTimeField(_("recorded at"))

    objects = StatusEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("status event")
        verbose_name_plural = _("status events")
        ordering = ["society", "-sequence"]
        indexes = [models.Index(fields=["office", "on"])]
        constraints = [
            models.UniqueConstraint(fields=["society", "sequence"], name="one_event_a_number"),
            models.CheckConstraint(
                condition=Q(is_direct=False) | (Q(kind=EventKind.CANCELLED) & ~Q(reason="")),
                name="direct_cancellation_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.society} · {self.get_kind_display()} · {self.on}"

    @property
    def is_late(self) -> bool:
        """Recorded in a later month than the one it counts in."""
        return is_after_month_of(self.at, self.on)
