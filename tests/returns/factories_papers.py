"""A district's months with figures large enough to try the columns of a paper."""

from __future__ import annotations

from core.periods import Period
from offices.choices import Post
from offices.models import Office, Officer
from returns import services
from returns.models import Baseline, Return
from returns.services.entry import CellChange
from returns.sheet import load_sheet
from tests.factories import make_officer
from tests.returns.factories_returns import World, after, baseline, fill, make_world

REMARK = "মাঠ পর্যায়ে মিলিয়ে দেখা হয়েছে।"
LARGE = {
    "A07__GP": 108,
    "A07__GC": 2,
    "A07__BP": 96,
    "A07__BC": 1,
    "B07": 3890,
    "B08": 2411,
    "E04": 42_355_00,
    "E10": 18_210_00,
    "J08__ASHRAYAN": 35_479_000_00,
}


def paper_world() -> World:
    """The small world with grown closings in its first upazila, and a second upazila that is in, too."""
    world = make_world(verified=False)
    Baseline.objects.all().delete()
    baseline(world, world.upazila, by=world.officer, verified_by=world.district_officer, **LARGE)
    return world


def neighbour(world: World, office: Office) -> Officer:
    """Another upazila of the district with its baseline and its officer."""
    officer = make_officer(Post.UPAZILA_OFFICER, office)
    baseline(world, office, by=officer, verified_by=world.district_officer)
    return officer


def stock_of(world: World, office: Office) -> dict[str, int]:
    """Stocks that fit `LARGE`, so that no rule of the form blocks."""
    if office != world.upazila:
        return {}
    return {
        "A08__GP": 100,
        "A09__GP": 8,
        "A08__GC": 2,
        "A08__BP": 96,
        "A08__BC": 1,
        "C04": 800_89 * 100_000,
        "C08": 1777_60 * 100_000,
        "C09": 1574_44 * 100_000,
        "E02": 12_500_00,
        "E03": 9_800_00,
        "B03": 25,
        "B04": 17,
        "J10__ASHRAYAN": 4_000_000_00,
        "J07__ASHRAYAN": 1_200_000_00,
    }


def printed(world: World, office: Office, by: Officer, period: Period, *, verify: bool = True) -> Return:
    """A month entered, with a remark on every warning, submitted and (if asked) verified."""
    ret = services.open_return(office, period, by=by, at=after(period))
    typed = {cell.replace("__", "."): amount for cell, amount in stock_of(world, office).items()}
    changes = [CellChange(cell, amount, reason="খাতায় এরূপ আছে।") for cell, amount in typed.items()]
    services.save_cells(ret, changes, key=f"typed-{ret.pk}", by=by, at=after(period))
    fill(ret, by=by, at=after(period))
    settle(ret, by=by)
    services.submit_return(ret, by=by, at=after(period))
    if verify:
        services.verify_return(ret, by=world.district_officer, at=after(period, 4))
    ret.refresh_from_db()
    return ret


def settle(ret: Return, *, by: Officer) -> None:
    """A remark on every warning."""
    version = ret.versions.order_by("-number")[0]
    for finding in load_sheet(ret, version).findings:
        if not finding.is_block:
            services.write_remark(
                ret,
                rule=finding.rule,
                cell=finding.cell,
                text="মাঠ পর্যায়ে মিলিয়ে দেখা হয়েছে।",
                by=by,
                at=after(ret.period),
            )
