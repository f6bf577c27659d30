"""Forms, returns with their versions and values, yearly targets, baselines, and the totals of every office."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.fields import FiscalYearField, PeriodField
from offices.models import Office
from returns.choices import Origin, ReturnState, VersionKind
from returns.querysets import ReturnQuerySet, TotalQuerySet


class Form(models.Model):
    """A published version of a return's form, never changed afterwards (ছক); `returns.catalogue` reads it."""

    code = models.CharField(_("code"), max_length=10)
    number = models.PositiveIntegerField(_("version"))
    valid_from = PeriodField(_("valid from"))
    catalogue = models.JSONField(_("catalogue"))
    digest = models.CharField(_("digest"), max_length=64)
    published_at = models.DateTimeField(_("published at"))

    class Meta:
        verbose_name = _("form")
        verbose_name_plural = _("forms")
        ordering = ["code", "number"]
        constraints = [models.UniqueConstraint(fields=["code", "number"], name="one_form_a_number")]

    def __str__(self) -> str:
        return f"{self.code}/{self.number}"


class Return(models.Model):
    """One office's return of one period (রিটার্ন). ``office_path`` is the path the office had in that period.

    ``state`` is what people see: the state of the newest version, or "returned" while a version sent back is redrafted.
    """

    office = models.ForeignKey(Office, models.PROTECT, verbose_name=_("office"), related_name="returns")
    office_path = models.CharField(_("office path"), max_length=40)
    period = PeriodField(_("period"))
    form = models.ForeignKey(Form, models.PROTECT, verbose_name=_("form"))
    state = models.CharField(_("state"), max_length=12, choices=ReturnState, default=ReturnState.DRAFT)
    first_submitted_at = models.DateTimeField(_("first submitted at"), null=True, blank=True)

    objects = ReturnQuerySet.as_manager()

    class Meta:
        verbose_name = _("return")
        verbose_name_plural = _("returns")
        ordering = ["-period", "office_path"]
        constraints = [models.UniqueConstraint(fields=["office", "period"], name="one_return_a_period")]
        indexes = [models.Index(fields=["period", "office_path", "state"])]

    def __str__(self) -> str:
        return f"{self.office.code} {self.period}"


class ReturnVersion(models.Model):
    """A numbered version of a return: one round of entry, submission and verdict. The highest number is current.

    ``kind`` tells whether its figures were entered, or made by approving ``amendment``: in the amended return itself,
    or in a later one in which only openings and computed cells moved. A version that such a one replaced is
    superseded, since ``superseded_at``; the figures known at an instant are those of the version in force then.
    """

    ret = models.ForeignKey(Return, models.PROTECT, verbose_name=_("return"), related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=12, choices=ReturnState, default=ReturnState.DRAFT)
    opened_at = models.DateTimeField(_("opened at"))
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("submitted by"),
        null=True,
        blank=True,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("verified or returned at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("verified or returned by"),
        null=True,
        blank=True,
        related_name="+",
    )
    reason = models.TextField(_("reason for returning"), blank=True)
    reason_cell = models.CharField(_("cell"), max_length=30, blank=True)
    is_nil = models.BooleanField(_("nil return"), default=False)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("imported by"),
        null=True,
        blank=True,
        related_name="+",
    )
    is_verified_on_import = models.BooleanField(_("verified on import"), default=False)
    kind = models.CharField(_("kind"), max_length=8, choices=VersionKind, default=VersionKind.ENTERED)
    amendment = models.ForeignKey(
        "returns.Amendment", models.PROTECT, verbose_name=_("amendment"), null=True, blank=True, related_name="versions"
    )
    superseded_at = models.DateTimeField(_("superseded at"), null=True, blank=True)

    class Meta:
        verbose_name = _("version of a return")
        verbose_name_plural = _("versions of returns")
        ordering = ["ret", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["ret", "number"], name="one_version_a_number"),
            models.UniqueConstraint(
                fields=["ret"],
                condition=Q(state__in=["draft", "submitted", "verified"]),
                name="one_live_version_a_return",
            ),
            models.CheckConstraint(condition=~Q(state="returned") | ~Q(reason=""), name="a_returned_version_says_why"),
            models.CheckConstraint(
                condition=Q(state="draft", submitted_at__isnull=True, submitted_by__isnull=True)
                | Q(~Q(state="draft"), submitted_at__isnull=False, submitted_by__isnull=False),
                name="a_version_beyond_draft_was_submitted",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "submitted"], decided_at__isnull=True, decided_by__isnull=True)
                | Q(state__in=["returned", "verified"], decided_at__isnull=False, decided_by__isnull=False)
                | Q(state="superseded", decided_at__isnull=True, decided_by__isnull=True)
                | Q(state="superseded", decided_at__isnull=False, decided_by__isnull=False),
                name="a_verdict_has_its_judge",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["verified", "superseded"])
                | Q(decided_by__isnull=True)
                | ~Q(decided_by=F("submitted_by")),
                name="nobody_verifies_what_they_submitted",
            ),
            models.CheckConstraint(
                condition=Q(state="superseded", superseded_at__isnull=False)
                | Q(~Q(state="superseded"), superseded_at__isnull=True),
                name="a_superseded_version_says_since_when",
            ),
            models.CheckConstraint(
                condition=Q(kind="entered", amendment__isnull=True) | Q(~Q(kind="entered"), amendment__isnull=False),
                name="a_version_nobody_entered_names_its_amendment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ret} v{self.number}"


class Value(models.Model):
    """The figure of one cell in one version: counts as they are, money in poisha, per cents in hundredths.

    ``revision`` counts the cell's changes, so that a second writer is noticed. A blank cell has a null amount.
    ``rows_model``, ``rows`` and ``rows_hash`` name the register rows behind the figure at submission.
    """

    version = models.ForeignKey(
        ReturnVersion, models.CASCADE, verbose_name=_("version"), related_name="values", db_index=False
    )
    cell = models.CharField(_("cell"), max_length=30)
    amount = models.BigIntegerField(_("amount"), null=True, blank=True)
    origin = models.CharField(_("origin"), max_length=10, choices=Origin, default=Origin.TYPED)
    proposed = models.BigIntegerField(_("registers' figure"), null=True, blank=True)
    reason = models.TextField(_("reason for the override"), blank=True)
    revision = models.PositiveIntegerField(_("revision"), default=1)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("entered by"), null=True, blank=True, related_name="+"
    )
    entered_at = models.DateTimeField(_("entered at"))
    rows_model = models.CharField(_("register"), max_length=60, blank=True)
    rows = models.JSONField(_("register rows"), default=list, blank=True)
    rows_hash = models.CharField(_("hash of the rows"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("value")
        verbose_name_plural = _("values")
        ordering = ["cell"]
        constraints = [models.UniqueConstraint(fields=["version", "cell"], name="one_value_a_cell")]

    def __str__(self) -> str:
        return f"{self.cell} = {self.amount}"


class SaveReceipt(models.Model):
    """The answer given to a save, kept under the key its form carried, so that a repeated post changes nothing."""

    version = models.ForeignKey(ReturnVersion, models.CASCADE, verbose_name=_("version"), related_name="receipts")
    key = models.CharField(_("key"), max_length=64)
    answer = models.JSONField(_("answer"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("by"), related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("receipt of a save")
        verbose_name_plural = _("receipts of saves")
        constraints = [models.UniqueConstraint(fields=["version", "key"], name="one_save_a_key")]

    def __str__(self) -> str:
        return f"{self.version} {self.key}"


class Remark(models.Model):
    """What an officer says to a warning; the verifier sees it (মন্তব্য)."""

    version = models.ForeignKey(ReturnVersion, models.CASCADE, verbose_name=_("version"), related_name="remarks")
    rule = models.CharField(_("rule"), max_length=20)
    cell = models.CharField(_("cell"), max_length=30)
    text = models.TextField(_("remark"), max_length=1000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("by"), related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("remark")
        verbose_name_plural = _("remarks")
        constraints = [models.UniqueConstraint(fields=["version", "rule", "cell"], name="one_remark_a_warning")]

    def __str__(self) -> str:
        return f"{self.rule} {self.cell}"


class Review(models.Model):
    """What a district inspector says of a submitted version, for the verifier to read (পর্যালোচনা). No verdict."""

    version = models.ForeignKey(ReturnVersion, models.CASCADE, verbose_name=_("version"), related_name="reviews")
    text = models.TextField(_("review"), max_length=1000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("by"), related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["at"]

    def __str__(self) -> str:
        return f"{self.version} {self.by}"


class Clearing(models.Model):
    """An act in which a superior verified returns together because no check raised anything (একত্রে যাচাই).

    ``key`` is that of the form it came by: a form sent twice is one act. ``skipped`` says of each return that was
    chosen and not verified why: its ``office`` and ``period``, and the reason in the language of the act.
    """

    key = models.CharField(_("key"), max_length=64, unique=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("by"), related_name="+")
    at = models.DateTimeField(_("at"))
    skipped = models.JSONField(_("skipped"), default=list, blank=True)

    class Meta:
        verbose_name = _("joint verification")
        verbose_name_plural = _("joint verifications")
        ordering = ["-at"]

    def __str__(self) -> str:
        return self.key


class Clearance(models.Model):
    """What a version was verified on when it was verified together with others: the checks that found nothing
    (``clean``), and what was not looked at (``unseen``); codes of `returns.clearance`."""

    version = models.OneToOneField(ReturnVersion, models.PROTECT, verbose_name=_("version"), related_name="clearance")
    clearing = models.ForeignKey(
        Clearing, models.PROTECT, verbose_name=_("joint verification"), related_name="clearances"
    )
    clean = models.JSONField(_("clean checks"))
    unseen = models.JSONField(_("not looked at"))

    class Meta:
        verbose_name = _("return verified together with others")
        verbose_name_plural = _("returns verified together with others")

    def __str__(self) -> str:
        return f"{self.version} {self.clearing}"


class LineTarget(models.Model):
    """The yearly target of a cell of an office (বার্ষিক লক্ষ্যমাত্রা)."""

    office = models.ForeignKey(Office, models.PROTECT, verbose_name=_("office"), related_name="line_targets")
    fiscal_year = FiscalYearField(_("fiscal year"))
    cell = models.CharField(_("cell"), max_length=30)
    amount = models.BigIntegerField(_("amount"))
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("set by"), related_name="+")
    set_at = models.DateTimeField(_("set at"))

    class Meta:
        verbose_name = _("yearly target of a line")
        verbose_name_plural = _("yearly targets of lines")
        constraints = [
            models.UniqueConstraint(fields=["office", "fiscal_year", "cell"], name="one_target_a_cell_and_year"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="line_target_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.office.code} {self.fiscal_year} {self.cell}"


class Baseline(models.Model):
    """What an office brings from before the portal: the closing of ``period`` (ভিত্তি স্থিতি)."""

    office = models.OneToOneField(Office, models.PROTECT, verbose_name=_("office"), related_name="baseline")
    period = PeriodField(_("closing of"))
    form = models.ForeignKey(Form, models.PROTECT, verbose_name=_("form"))
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("entered by"), related_name="+"
    )
    entered_at = models.DateTimeField(_("entered at"))
    former_hands = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("whose figures were corrected"), blank=True, related_name="+"
    )
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("verified by"), null=True, blank=True, related_name="+"
    )
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True)
    is_demo = models.BooleanField(_("demonstration data"), default=False)

    class Meta:
        verbose_name = _("baseline")
        verbose_name_plural = _("baselines")

    def __str__(self) -> str:
        return f"{self.office.code} {self.period}"


class BaselineValue(models.Model):
    """One cell of a baseline: the closing amount, and what its flow came to since 1 July."""

    baseline = models.ForeignKey(Baseline, models.CASCADE, verbose_name=_("baseline"), related_name="values")
    cell = models.CharField(_("cell"), max_length=30)
    closing = models.BigIntegerField(_("closing"), null=True, blank=True)
    cumulative = models.BigIntegerField(_("since 1 July"), default=0)
    remark = models.TextField(_("remark"), blank=True)

    class Meta:
        verbose_name = _("value of a baseline")
        verbose_name_plural = _("values of baselines")
        constraints = [models.UniqueConstraint(fields=["baseline", "cell"], name="one_baseline_value_a_cell")]

    def __str__(self) -> str:
        return f"{self.baseline} {self.cell}"


class Total(models.Model):
    """An office's total of a period over the verified leaf returns at and below it.

    ``basis_count`` and ``basis_sum`` (number of verified versions summed, and the sum of their keys) tell staleness:
    where they differ from the verified versions of now, the total is out of date.
    """

    office = models.ForeignKey(Office, models.PROTECT, verbose_name=_("office"), related_name="totals")
    period = PeriodField(_("period"))
    form = models.ForeignKey(Form, models.PROTECT, verbose_name=_("form"))
    basis_count = models.PositiveIntegerField(_("returns summed"), default=0)
    basis_sum = models.BigIntegerField(_("sum of their version keys"), default=0)
    data_at = models.DateTimeField(_("newest source"), null=True, blank=True)
    computed_at = models.DateTimeField(_("computed at"))

    objects = TotalQuerySet.as_manager()

    class Meta:
        verbose_name = _("total")
        verbose_name_plural = _("totals")
        constraints = [models.UniqueConstraint(fields=["office", "period"], name="one_total_a_period")]

    def __str__(self) -> str:
        return f"{self.office.code} {self.period}"


class TotalValue(models.Model):
    """One cell of a total."""

    total = models.ForeignKey(
        Total, models.CASCADE, verbose_name=_("total"), related_name="values", db_index=False
    )  # found by its unique constraint
    cell = models.CharField(_("cell"), max_length=30)
    amount = models.BigIntegerField(_("amount"), null=True)

    class Meta:
        verbose_name = _("value of a total")
        verbose_name_plural = _("values of totals")
        constraints = [models.UniqueConstraint(fields=["total", "cell"], name="one_total_value_a_cell")]

    def __str__(self) -> str:
        return f"{self.total} {self.cell}"


# Their rows point back to those above.
import returns.amendment_models  # noqa: E402
import returns.annex_models  # noqa: E402
import returns.cell_models  # noqa: E402
import returns.consolidation_models  # noqa: E402
import returns.deadline_models  # noqa: E402
import returns.upload_models  # noqa: E402, F401
