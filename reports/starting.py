"""How far the offices of a district are on their way to the first month: heads, registers, baselines, targets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from core.periods import FiscalYear
from offices.choices import HEAD_OF_KIND, OfficeKind
from offices.models import Office, Officer, Posting
from returns.models import LineTarget
from societies.models import Society


@dataclass(frozen=True)
class OfficeStart:
    """A leaf office: what it has already. ``baseline`` is a state: missing, submitted or verified."""

    office: Office
    has_head: bool
    societies: int
    baseline: str
    has_targets: bool

    @property
    def is_verified(self) -> bool:
        return self.baseline == "verified"


@dataclass(frozen=True)
class Step:
    """A step of the way: how many offices have done it, and where the reader does it (blank: others do)."""

    label: str
    done: int
    of: int
    address: str
    note: str = ""

    @property
    def is_done(self) -> bool:
        return self.of > 0 and self.done == self.of

    @property
    def state(self) -> str:
        return "verified" if self.is_done else "draft" if self.done else "missing"


def starts_of(district: Office, on: date) -> list[OfficeStart]:
    """The working leaf offices of a district in the order of the tree; one query."""
    return [_start(office) for office in _leaves_below(district, on)]


def _leaves_below(above: Office, on: date) -> list[Office]:
    heads = Posting.objects.in_force(on).filter(
        office=OuterRef("pk"), post__in=set(HEAD_OF_KIND.values()), officer__is_active=True
    )
    societies = Society.objects.filter(office=OuterRef("pk")).order_by().values("office").annotate(n=Count("pk"))
    targets = LineTarget.objects.filter(office=OuterRef("pk"), fiscal_year=FiscalYear.of(on))
    rows = Office.objects.below(above).leaves().filter(closed_on=None).select_related("parent", "baseline")
    return list(
        rows.annotate(
            has_head=Exists(heads),
            societies_kept=Coalesce(Subquery(societies.values("n")[:1]), 0),
            has_targets=Exists(targets),
        ).order_by("path")
    )


def _start(office: Office) -> OfficeStart:
    known = vars(office)
    baseline = getattr(office, "baseline", None)
    state = "missing" if baseline is None else "verified" if baseline.verified_at else "submitted"
    return OfficeStart(office, known["has_head"], known["societies_kept"], state, known["has_targets"])


def starts_by_district(above: Office, on: date) -> list[tuple[Office, list[OfficeStart]]]:
    """The same for all districts below an office; two queries."""
    below: dict[int, list[OfficeStart]] = {}
    for office in _leaves_below(above, on):
        below.setdefault(office.parent_id or 0, []).append(_start(office))
    districts = Office.objects.below(above).filter(kind=OfficeKind.DISTRICT, closed_on=None).order_by("path")
    return [(one, below.get(one.pk, [])) for one in districts]


def steps_of(district: Office, starts: list[OfficeStart], reader: Officer) -> list[Step]:
    """The steps in their order, each with the page on which this reader does it."""
    count, code = len(starts), [district.code]

    def at(page: str, right: str, office: Office) -> str:
        return reverse(page, args=code) if reader.has_perm(right, office) else ""

    # A district officer manages the officers of the offices below, not their own.
    below = starts[0].office if starts else district
    baselines = at("returns:baselines", "returns.view_return", district)
    done = {
        "officers": sum(one.has_head for one in starts),
        "societies": sum(one.societies > 0 for one in starts),
        "entered": sum(one.baseline != "missing" for one in starts),
        "verified": sum(one.is_verified for one in starts),
        "targets": sum(one.has_targets for one in starts),
    }
    officers = at("offices:officer_book", "offices.manage_officers", below)
    register = at("societies:book", "societies.register_society", district)
    by_whom, where = _("By another person than who entered them."), _("Office by office, in the table below.")
    return [
        Step(_("Offices are open"), count, count, at("offices:office", "offices.manage_offices", district)),
        Step(_("Each office has its head"), done["officers"], count, officers),
        Step(_("Registers of societies are entered"), done["societies"], count, register),
        Step(_("Baselines are entered"), done["entered"], count, baselines),
        Step(_("Baselines are verified"), done["verified"], count, baselines, by_whom),
        Step(_("Yearly targets are set"), done["targets"], count, "", where),
    ]
