"""The country beside the first district: each district's offices with their baselines, targets and months.

Each office is written in one transaction, so that work broken off goes on where it stopped, and whoever saves a figure
meanwhile waits a moment only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from random import Random

from django.db import transaction

from audits.rules import Rates
from audits.services import rates_of
from core.clock import now
from core.periods import Period
from demo.figures import Figures, Typist, sums_of
from demo.filing import Beginning, Book, Filing, Hands, empty_proposals
from demo.heads import make_heads
from demo.people import DISTRICT, DIVISION
from demo.places import FIXTURES, SEED, Start, baseline_of_district, starts_of
from demo.plan import Simulation
from demo.registers import TIER, instant
from offices.choices import LEAF_KINDS
from offices.models import Office
from returns.models import Baseline, BaselineValue
from returns.rollup import compute_total, request_total
from returns.services import enter_baseline, set_line_targets, verify_baseline
from returns.services.composing import store_returns

#: How an office leaves the last month, of a hundred: nothing, an untouched draft, a return that waits, all done.
LAST_MONTH = {"missing": 4, "draft": 3, "submitted": 7, "verified": 86}
#: Of a hundred returns, so many come after the deadline.
LATE = 5


def districts_of(division: Office) -> list[Office]:
    """The districts that are filled in bulk; the first one lives through the services."""
    return list(Office.objects.filter(parent=division).exclude(code=DISTRICT).order_by("path"))


def fill_division(division: Office, until: Period, *, tell: Callable[[int, int], None]) -> int:
    """Every district of a division and the totals above; ``tell`` hears how many are done. Returns values written."""
    districts, written = districts_of(division), 0
    for done, district in enumerate(districts):
        tell(done, len(districts))
        written += fill_district(district, until)
    tell(len(districts), len(districts))
    department = Office.objects.get(parent=None)
    first = min(baseline_of_district(district, until) for district in districts).next()
    for period in first.until(until):
        compute_total(division, period, at=now())
        request_total(department, period, by=None, at=now())
    return written


def fill_district(district: Office, until: Period) -> int:
    """A district's offices up to a month; what stands is left as it is. Returns how many values were written."""
    offices = list(Office.objects.filter(parent=district, kind__in=LEAF_KINDS).order_by("path"))
    baseline = baseline_of_district(district, until)
    if baseline >= until:
        return 0
    with transaction.atomic():
        heads = make_heads([district, *offices])
    begun = set(Baseline.objects.filter(office__in=offices).values_list("office", flat=True))
    written = 0
    for start in starts_of(district, offices, until):
        if start.office.pk not in begun:
            hands = Hands(start.office, heads[start.office.code], heads[district.code])
            with transaction.atomic():
                book, months = begin(start, hands, until)
                written += store_returns([book.compose(filing) for filing in filings_of(start.office, months, until)])
    for period in baseline.next().until(until):
        compute_total(district, period, at=now())
    return written


def begin(start: Start, hands: Hands, until: Period) -> tuple[Book, dict[Period, Figures]]:
    """An office's baseline and targets through the services, and the figures of its months."""
    first = start.baseline.next()
    simulation = Simulation.start(start.profile, SEED)
    typist = Typist(simulation, _rates(first.first))
    targets = {first.fiscal_year: simulation.yearly_targets(everyone=False)}
    closing = simulation.closing()
    cumulative = {} if first.begins_year else _year_so_far(start, simulation, typist)
    months: dict[Period, Figures] = {}
    for period in first.until(until):
        if period.begins_year and period != first:
            targets[period.fiscal_year] = simulation.yearly_targets(everyone=False)
        told = start.told if period == first else None
        months[period] = typist.figures(simulation.month(period, told))
    closing |= {
        "B09": closing["B07"] + closing["B08"],
        "C11": sum(closing[cell] for cell in ("C04", "C08", "C09", "C10")),
    }
    baseline = enter_baseline(
        hands.office, start.baseline, closings=closing, cumulatives=cumulative, remarks=start.remarks, by=hands.head,
        at=instant(first.first, 14), is_demo=True,
    )  # fmt: skip
    verify_baseline(baseline, by=hands.superior, at=instant(first.first, 16))
    for year, amounts in targets.items():
        day = max(year.first_day, first.first)
        set_line_targets(hands.office, year, amounts=amounts, by=hands.superior, at=instant(day, 11))
    rows = BaselineValue.objects.filter(baseline=baseline)
    beginning = Beginning(
        start.baseline, {row.cell: row.closing for row in rows}, {row.cell: row.cumulative for row in rows}, targets
    )
    return Book(hands, beginning, empty_proposals(hands.office, first)), months


def _year_so_far(start: Start, simulation: Simulation, typist: Typist) -> Figures:
    """Flows from July to the baseline's month; the stocks stay those of the baseline, and what was charged is paid."""
    passed = [*start.baseline.year_before(), start.baseline]
    sums = sums_of([typist.figures(simulation.before_the_portal(period)) for period in passed])
    typist.owed.clear()
    if start.audited is not None and start.told is not None:
        sums["D04.GP"] += simulation.catch_up_audits("GP", start.audited - (start.told.audited or 0))
    return sums


def _rates(on: date) -> Mapping[str, Rates]:
    return {tier: rates_of(tier, on) for tier in set(TIER.values())}


def filings_of(office: Office, months: Mapping[Period, Figures], until: Period) -> Iterator[Filing]:
    """When each month was opened, entered, submitted and verified; the last one may have stopped on the way."""
    for period, figures in months.items():
        rng = Random(f"{SEED}:{office.code}:{period}:filing")  # noqa: S311
        standing = _standing(office, period, until, rng)
        if standing == "missing":
            return
        days = rng.randint(6, 11) if rng.randrange(100) < LATE else rng.randint(1, 4)
        day = period.last + timedelta(days=days)
        yield Filing(
            period,
            figures,
            opened_at=past(instant(period.next().first, 9)),
            entered_at=past(instant(day, 10)),
            submitted_at=None if standing == "draft" else past(instant(day, 12)),
            verified_at=past(instant(day + timedelta(days=rng.randint(1, 3)), 15)) if standing == "verified" else None,
        )


def _standing(office: Office, period: Period, until: Period, rng: Random) -> str:
    """How far a month's return went. The division that is closed is complete, and so are published districts."""
    assert office.parent is not None
    assert office.parent.parent is not None
    drawn = rng.choices(list(LAST_MONTH), list(LAST_MONTH.values()))[0]
    complete = office.parent.parent.code == DIVISION or office.parent.code in FIXTURES
    return "verified" if period != until or complete else drawn


def past(at: datetime) -> datetime:
    """The instant, or now where that lies before it: in the first days of a month nothing is dated ahead."""
    return min(at, now())
