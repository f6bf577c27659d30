"""A published form, an office with its baseline, and returns filled with plausible figures."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from core.numbers import Unit
from core.periods import DHAKA, FiscalYear, Period
from offices.choices import Post
from offices.models import Office, Officer
from returns import services
from returns.catalogue import Catalogue
from returns.choices import LineKind
from returns.models import Form, Return
from returns.published import catalogue_of
from returns.services.baselines import needed_closings
from returns.services.forms import FORM_FILE
from tests.factories import Tree, make_officer, make_tree

JUNE = Period.month(2023, 6)
JULY = Period.month(2023, 7)
AUGUST = Period.month(2023, 8)


@cache
def _form_data() -> dict[str, Any]:
    return tomllib.loads(FORM_FILE.read_text(encoding="utf-8"))


def form_data() -> dict[str, Any]:
    """The shipped catalogue as data, free to be changed."""
    return deepcopy(_form_data())


def on(year: int, month: int, day: int, hour: int = 11) -> datetime:
    """An instant in Dhaka."""
    return datetime(year, month, day, hour, tzinfo=DHAKA)


def after(period: Period, day: int = 3) -> datetime:
    """An instant on a day of the month after."""
    first = period.next().first
    return on(first.year, first.month, day)


@dataclass(frozen=True)
class World:
    """The small tree, its form, and the people of one upazila and those above it."""

    tree: Tree
    form: Form
    clerk: Officer
    officer: Officer
    district_officer: Officer
    joint_registrar: Officer

    @property
    def upazila(self) -> Office:
        return self.tree.upazila

    @property
    def catalogue(self) -> Catalogue:
        return catalogue_of(self.form)


def make_world(data: Mapping[str, Any] | None = None, *, verified: bool = True) -> World:
    """A published form, and an upazila with a (verified) baseline of June 2023 without societies."""
    tree = make_tree()
    admin = make_officer(Post.SYSTEM_ADMIN, tree.department)
    world = World(
        tree=tree,
        form=services.publish_form(data or form_data(), by=admin, at=on(2023, 6, 1)),
        clerk=make_officer(Post.ASSISTANT_INSPECTOR, tree.upazila),
        officer=make_officer(Post.UPAZILA_OFFICER, tree.upazila),
        district_officer=make_officer(Post.DISTRICT_OFFICER, tree.district),
        joint_registrar=make_officer(Post.JOINT_REGISTRAR, tree.division),
    )
    baseline(world, world.upazila, by=world.officer, verified_by=world.district_officer if verified else None)
    return world


def baseline(world: World, office: Office, *, by: Officer, verified_by: Officer | None, **closings: int) -> None:
    """Closings of June 2023: nothing, but for what is named (dots as double underscores: ``A07__GP``)."""
    amounts = dict.fromkeys(needed_closings(world.catalogue), 0)
    amounts |= {cell.replace("__", "."): amount for cell, amount in closings.items()}
    made = services.enter_baseline(office, JUNE, closings=amounts, by=by, at=on(2023, 7, 1))
    if verified_by is not None:
        services.verify_baseline(made, by=verified_by, at=on(2023, 7, 2))
    targets = {f"D01.{part}": 0 for part in ("GP", "GC", "BP", "BC")} | {"F01": 0}
    superior = verified_by or world.district_officer
    services.set_line_targets(office, FiscalYear(2023), amounts=targets, by=superior, at=on(2023, 7, 2))


def fill(ret: Return, *, by: Officer, at: datetime, **amounts: int) -> None:
    """Take the registers' figures, type what is named, and zero for everything else."""
    services.confirm_proposals(ret, by=by, at=at)
    typed = {cell.replace("__", "."): amount for cell, amount in amounts.items()}
    catalogue = catalogue_of(ret.form)
    stocks = {
        c.key: 0
        for c in catalogue.entered_cells(ret.office.kind)
        if c.line.kind is LineKind.STOCK and not c.line.metric
    }
    changes = [
        services.CellChange(cell, amount, reason="As in the paper register.")
        for cell, amount in (stocks | typed).items()
    ]
    services.save_cells(ret, changes, key=f"fill-{ret.pk}", by=by, at=at)
    services.fill_zeros(ret, by=by, at=at)


def submitted(world: World, period: Period = JULY, *, at: datetime | None = None, **amounts: int) -> Return:
    """The upazila's return of a month, entered by the clerk and submitted by the officer."""
    when = at or after(period)
    ret = services.open_return(world.upazila, period, by=world.clerk, at=when)
    fill(ret, by=world.clerk, at=when, **amounts)
    services.submit_return(ret, by=world.officer, at=when)
    ret.refresh_from_db()
    return ret


def verified(world: World, period: Period = JULY, **amounts: int) -> Return:
    """The same, verified by the district."""
    ret = submitted(world, period, at=None, **amounts)
    services.verify_return(ret, by=world.district_officer, at=after(period, 4))
    ret.refresh_from_db()
    return ret


def with_a_new_line() -> dict[str, Any]:
    """The form with a line and a rule that no code knows."""
    data = form_data()
    (section,) = [s for s in data["sections"] if s["code"] == "K"]
    words = {"bn": "গণশুনানি", "en": "Public hearings", "help_bn": "এ মাসে হওয়া গণশুনানি।", "help_en": "Hearings held."}
    section["lines"].append({"code": "K09", "kind": "flow", "unit": Unit.COUNT.value, **words})
    data["rules"].append(
        {
            "code": "X01",
            "severity": "block",
            "cell": "K09",
            "condition": "K09 <= 3",
            "bn": "{#K09}-এ {K09}; সর্বোচ্চ ৩।",
            "en": "{#K09} has {K09}; at most 3.",
        }
    )
    return data
