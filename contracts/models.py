"""Frameworks, agreements with their lines and outcomes, typed achievements, and snapshots of scores."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from contracts.choices import AgreementState, RollUp, Scoring, Side
from contracts.feeds import Feed
from contracts.framework import Activity, Area, FrameworkData, read_activities, read_areas, read_framework
from contracts.querysets import AgreementQuerySet
from contracts.scoring import Direction
from contracts.values import ValueType, load_value
from core.fields import FiscalYearField
from core.language import in_reader_language, reader_wants_bangla
from documents.models import Document
from offices.models import Office


class Framework(models.Model):
    """The framework of a year, as data (কাঠামো): frozen when the first agreement under it is signed."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    fiscal_year = FiscalYearField(_("fiscal year"))
    content = models.JSONField(_("content"))
    digest = models.CharField(_("digest"), max_length=64)
    is_demo = models.BooleanField(_("demonstration data"), default=False)
    loaded_at = models.DateTimeField(_("loaded at"))
    frozen_at = models.DateTimeField(_("frozen at"), null=True, blank=True)

    class Meta:
        verbose_name = _("framework")
        verbose_name_plural = _("frameworks")
        ordering = ["-fiscal_year", "code"]

    def __str__(self) -> str:
        return self.code

    @cached_property
    def data(self) -> FrameworkData:
        """The content, read."""
        return read_framework(self.content)


class Agreement(models.Model):
    """What an office promises its superior for a fiscal year (বার্ষিক কর্মসম্পাদন চুক্তি).

    ``parties`` is each party's post and office as they were called then; ``structure`` its areas and activities;
    ``texts`` the prose of its overview. ``version`` counts: the highest of an office and year applies.
    """

    office = models.ForeignKey(Office, models.PROTECT, verbose_name=_("office"), related_name="agreements")
    superior = models.ForeignKey(
        Office, models.PROTECT, verbose_name=_("superior office"), related_name="agreements_of_offices_below"
    )
    fiscal_year = FiscalYearField(_("fiscal year"))
    version = models.PositiveIntegerField(_("version"), default=1)
    framework = models.ForeignKey(Framework, models.PROTECT, verbose_name=_("framework"), related_name="agreements")
    state = models.CharField(_("state"), max_length=10, choices=AgreementState, default=AgreementState.DRAFT)
    parties = models.JSONField(_("parties"))
    structure = models.JSONField(_("areas and activities"))
    texts = models.JSONField(_("texts"), default=dict)
    digest = models.CharField(_("digest"), max_length=64)
    is_demo = models.BooleanField(_("demonstration data"), default=False)
    created_at = models.DateTimeField(_("entered at"))
    changed_at = models.DateTimeField(_("content changed at"))
    proposed_at = models.DateTimeField(_("proposed at"), null=True, blank=True)
    agreed_at = models.DateTimeField(_("agreed at"), null=True, blank=True)
    document = models.ForeignKey(
        Document, models.PROTECT, verbose_name=_("document signed"), null=True, blank=True, related_name="+"
    )
    lower_signed_at = models.DateTimeField(_("signed by the lower party at"), null=True, blank=True)
    lower_signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("signed for the lower party by"),
        null=True,
        blank=True,
        related_name="+",
    )
    superior_signed_at = models.DateTimeField(_("signed by the superior party at"), null=True, blank=True)
    superior_signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("signed for the superior party by"),
        null=True,
        blank=True,
        related_name="+",
    )

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ["-fiscal_year", "office__path", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["office", "fiscal_year", "version"], name="one_agreement_a_version"),
            models.CheckConstraint(condition=~Q(office=F("superior")), name="nobody_signs_with_themselves"),
            models.CheckConstraint(
                condition=Q(superior_signed_at__isnull=True) | Q(lower_signed_at__isnull=False),
                name="the_lower_party_signs_first",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["signed", "evaluated"]) | Q(superior_signed_at__isnull=False),
                name="a_signed_agreement_has_both_signatures",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office.code} {self.fiscal_year}"

    @cached_property
    def areas(self) -> tuple[Area, ...]:
        return read_areas(self.structure["areas"])

    @cached_property
    def activities(self) -> tuple[Activity, ...]:
        return read_activities(self.structure["activities"])

    def party(self, side: Side | str, language: str | None = None) -> str:
        """``জেলা সমবায় কর্মকর্তা, জেলা সমবায় কার্যালয়, লালমনিরহাট``: a party as it was called then."""
        tongue = "bn" if reader_wants_bangla(language) else "en"
        names = self.parties[str(side)]
        return f"{names[f'post_{tongue}']}, {names[f'office_{tongue}']}"

    @property
    def next_side(self) -> Side | None:
        """Who signs next; None before agreement and after both have signed."""
        if self.state != AgreementState.AGREED:
            return None
        return Side.SUPERIOR if self.lower_signed_at else Side.LOWER

    @property
    def tag(self) -> str:
        """The shape its state is shown with (`core.templatetags.look`)."""
        return {
            AgreementState.DRAFT: "draft",
            AgreementState.PROPOSED: "submitted",
            AgreementState.AGREED: "submitted",
            AgreementState.SIGNED: "verified",
            AgreementState.EVALUATED: "verified",
        }[AgreementState(self.state)]


class AgreementLine(models.Model):
    """One scored indicator of an agreement (কর্মসম্পাদন সূচক) with its marks, in thousandths, and its five targets.

    Targets, actuals and projections are exact text (`contracts.values`); a blank level is null. ``sources`` says for
    each figure where it comes from. ``feed`` draws the achievement from the return; without one it is typed.
    """

    agreement = models.ForeignKey(Agreement, models.CASCADE, verbose_name=_("agreement"), related_name="lines")
    position = models.PositiveIntegerField(_("position"))
    code = models.CharField(_("code"), max_length=20)
    area = models.CharField(_("area"), max_length=10)
    activity = models.CharField(_("activity"), max_length=10)
    name_bn = models.CharField(_("name in Bangla"), max_length=300)
    name_en = models.CharField(_("name in English"), max_length=300)
    unit_bn = models.CharField(_("unit in Bangla"), max_length=40)
    unit_en = models.CharField(_("unit in English"), max_length=40)
    method = models.CharField(_("method"), max_length=20)
    value_type = models.CharField(_("kind of value"), max_length=10, choices=ValueType)
    scoring = models.CharField(_("scoring"), max_length=10, choices=Scoring, default=Scoring.SCALE)
    direction = models.CharField(_("direction"), max_length=5, blank=True)
    roll_up = models.CharField(_("roll-up"), max_length=10, choices=RollUp, default=RollUp.OWN)
    marks = models.PositiveIntegerField(_("marks, in thousandths"))
    target_1 = models.CharField(_("target, first level"), max_length=40, null=True, blank=True)  # noqa: DJ001
    target_2 = models.CharField(_("target, second level"), max_length=40, null=True, blank=True)  # noqa: DJ001
    target_3 = models.CharField(_("target, third level"), max_length=40, null=True, blank=True)  # noqa: DJ001
    target_4 = models.CharField(_("target, fourth level"), max_length=40, null=True, blank=True)  # noqa: DJ001
    target_5 = models.CharField(_("target, fifth level"), max_length=40, null=True, blank=True)  # noqa: DJ001
    actual_2 = models.CharField(_("actual, two years back"), max_length=40, null=True, blank=True)  # noqa: DJ001
    actual_1 = models.CharField(_("actual, last year"), max_length=40, null=True, blank=True)  # noqa: DJ001
    actual_1_is_provisional = models.BooleanField(_("last year's actual is provisional"), default=True)
    projection_1 = models.CharField(_("projection, next year"), max_length=40, null=True, blank=True)  # noqa: DJ001
    projection_2 = models.CharField(_("projection, year after"), max_length=40, null=True, blank=True)  # noqa: DJ001
    sources = models.JSONField(_("where its figures come from"), default=dict)
    note_bn = models.TextField(_("note in Bangla"), blank=True)
    note_en = models.TextField(_("note in English"), blank=True)
    evidence = models.TextField(_("evidence"), blank=True)
    feed_data = models.JSONField(_("feed"), null=True, blank=True)

    class Meta:
        verbose_name = _("line of an agreement")
        verbose_name_plural = _("lines of agreements")
        ordering = ["agreement", "position"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "code"], name="one_line_a_code"),
            models.CheckConstraint(condition=Q(target_1__isnull=False), name="a_line_has_its_best_target"),
        ]

    def __str__(self) -> str:
        return f"{self.agreement} {self.code}"

    @property
    def name(self) -> str:
        return in_reader_language(self.name_bn, self.name_en)

    @property
    def unit(self) -> str:
        return in_reader_language(self.unit_bn, self.unit_en)

    @property
    def note(self) -> str:
        return in_reader_language(self.note_bn, self.note_en)

    @property
    def kind(self) -> ValueType:
        return ValueType(self.value_type)

    @property
    def is_date(self) -> bool:
        return self.value_type == ValueType.DATE

    @property
    def stated_direction(self) -> Direction | None:
        return Direction(self.direction) if self.direction else None

    @property
    def target_texts(self) -> tuple[str | None, ...]:
        return (self.target_1, self.target_2, self.target_3, self.target_4, self.target_5)

    @property
    def targets(self) -> tuple[Fraction | None, ...]:
        """The five targets, exact; a blank level is None."""
        return tuple(load_value(text, self.kind) for text in self.target_texts)

    @property
    def feed(self) -> Feed | None:
        return Feed.from_json(self.feed_data) if self.feed_data else None

    @property
    def exact_marks(self) -> Fraction:
        return Fraction(self.marks, 1000)


class OutcomeRow(models.Model):
    """A row of section 2 (ফলাফল/প্রভাব): an end result with its trend; it earns no marks."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, verbose_name=_("agreement"), related_name="outcomes")
    position = models.PositiveIntegerField(_("position"))
    name_bn = models.TextField(_("outcome in Bangla"))
    name_en = models.TextField(_("outcome in English"))
    indicator_bn = models.CharField(_("indicator in Bangla"), max_length=300)
    indicator_en = models.CharField(_("indicator in English"), max_length=300)
    unit_bn = models.CharField(_("unit in Bangla"), max_length=40)
    unit_en = models.CharField(_("unit in English"), max_length=40)
    value_type = models.CharField(_("kind of value"), max_length=10, choices=ValueType)
    actual_2 = models.CharField(_("actual, two years back"), max_length=40, null=True, blank=True)  # noqa: DJ001
    actual_1 = models.CharField(_("actual, last year"), max_length=40, null=True, blank=True)  # noqa: DJ001
    target = models.CharField(_("target"), max_length=40, null=True, blank=True)  # noqa: DJ001
    projection_1 = models.CharField(_("projection, next year"), max_length=40, null=True, blank=True)  # noqa: DJ001
    projection_2 = models.CharField(_("projection, year after"), max_length=40, null=True, blank=True)  # noqa: DJ001
    partners_bn = models.TextField(_("jointly responsible, in Bangla"), blank=True)
    partners_en = models.TextField(_("jointly responsible, in English"), blank=True)
    data_bn = models.TextField(_("source of data in Bangla"), blank=True)
    data_en = models.TextField(_("source of data in English"), blank=True)
    source = models.CharField(_("where its figures come from"), max_length=10, default="proposed")

    class Meta:
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        ordering = ["agreement", "position"]

    def __str__(self) -> str:
        return f"{self.agreement} {self.indicator_bn}"


class Achievement(models.Model):
    """The typed achievement of a line that no register feeds (প্রকৃত অর্জন), with the reason and who wrote it."""

    line = models.OneToOneField(AgreementLine, models.CASCADE, verbose_name=_("line"), related_name="achievement")
    value = models.CharField(_("value"), max_length=60)
    reason = models.TextField(_("reason"), max_length=1000)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("written by"), related_name="+"
    )
    written_at = models.DateTimeField(_("written at"))

    class Meta:
        verbose_name = _("achievement")
        verbose_name_plural = _("achievements")
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="a_typed_achievement_says_why")]

    def __str__(self) -> str:
        return f"{self.line} = {self.value}"

    @property
    def exact(self) -> Fraction | None:
        return load_value(self.value, self.line.kind)


class ScoreSnapshot(models.Model):
    """An agreement's score as known at an instant: the exact composite, and every row with its arithmetic."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, verbose_name=_("agreement"), related_name="snapshots")
    at = models.DateTimeField(_("at"))
    composite = models.CharField(_("composite, exact"), max_length=200)
    printed = models.CharField(_("composite, two decimals"), max_length=10)
    rows = models.JSONField(_("rows"))
    digest = models.CharField(_("digest"), max_length=64)
    data_at = models.DateTimeField(_("newest source"), null=True, blank=True)
    months_missing = models.PositiveIntegerField(_("months missing"), default=0)

    class Meta:
        verbose_name = _("snapshot of a score")
        verbose_name_plural = _("snapshots of scores")
        ordering = ["agreement", "-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.agreement} {self.printed}"
