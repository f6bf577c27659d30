"""The whole country with its form, for pages of the nation: 64 districts, 505 leaf offices, figures of a few lines.

Rows as they stand once entered; only the lines that a registrar watches have figures.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from core.periods import Period
from offices.choices import LEAF_KINDS
from offices.models import Office, Officer
from offices.tree import load_offices
from returns.choices import ReturnState
from returns.models import Baseline, Form, Return, ReturnVersion, Value
from returns.overview import key_codes
from returns.rollup import compute_total
from returns.services.forms import FORM_FILE
from tests.returns.factories_rollup import AT, JUNE, make_clerk, make_form

#: Of the newest month these offices' returns wait, are missing, or came back, by code.
WAITING = {"patgram": ReturnState.SUBMITTED, "balaganj": ReturnState.DRAFT}
MISSING = ("aditmari", "kutubdia")


@dataclass(frozen=True)
class Nation:
    root: Office
    leaves: tuple[Office, ...]
    form: Form
    month: Period = JUNE


def make_nation(months: Iterable[Period] = (JUNE.previous(), JUNE)) -> Nation:
    """The country with verified returns of some months, a few of the newest not; every total added up."""
    load_offices()
    periods = sorted(months)
    form = make_form(tomllib.loads(FORM_FILE.read_text(encoding="utf-8")))
    leaves = tuple(Office.objects.filter(kind__in=LEAF_KINDS).order_by("path"))
    clerk, judge = make_clerk("enterer"), make_clerk("judge")
    Baseline.objects.bulk_create(
        Baseline(
            office=leaf, period=periods[0].previous(), form=form, entered_by=clerk, entered_at=AT,
            verified_by=judge, verified_at=AT,
        )
        for leaf in leaves
    )  # fmt: skip
    for number, period in enumerate(periods):
        _month(leaves, period, form, number, clerk, judge, newest=period == periods[-1])
    root = Office.objects.get(parent=None)
    for period in periods:
        compute_total(root, period, at=AT)
    return Nation(root, leaves, form, periods[-1])


def _month(
    leaves: Iterable[Office], period: Period, form: Form, number: int, clerk: Officer, judge: Officer, *, newest: bool
) -> None:
    states = {leaf: WAITING.get(leaf.code, ReturnState.VERIFIED) if newest else ReturnState.VERIFIED for leaf in leaves}
    handed_in = {leaf: state for leaf, state in states.items() if not (newest and leaf.code in MISSING)}
    returns = Return.objects.bulk_create(
        Return(
            office=leaf, office_path=leaf.path, period=period, form=form, state=state,
            first_submitted_at=None if state == ReturnState.DRAFT else AT,
        )
        for leaf, state in handed_in.items()
    )  # fmt: skip
    versions = ReturnVersion.objects.bulk_create(_version(ret, clerk, judge) for ret in returns)
    Value.objects.bulk_create(
        Value(version=version, cell=cell, amount=amount_of(version.ret.office, cell, number), entered_at=AT)
        for version in versions
        for cell in key_codes()
    )


def _version(ret: Return, clerk: Officer, judge: Officer) -> ReturnVersion:
    submitted, decided = ret.state != ReturnState.DRAFT, ret.state == ReturnState.VERIFIED
    return ReturnVersion(
        ret=ret, number=1, state=ret.state, opened_at=AT,
        submitted_at=AT if submitted else None, submitted_by=clerk if submitted else None,
        decided_at=AT if decided else None, decided_by=judge if decided else None,
    )  # fmt: skip


def amount_of(office: Office, cell: str, number: int) -> int:
    """An office's figure of the ``number``-th month: stocks grow a little, flows go up and down; money in poisha."""
    rng = Random(f"{office.code}:{cell}")  # noqa: S311
    base = {"A07": 400, "B09": 30_000, "D04": 9, "I01": 1}.get(cell, 4_000_000)
    amount = rng.randint(base // 2, base * 2)
    grown = amount + number * max(base // 100, 1) if cell in ("A07", "B09") else amount + (number % 3) * base // 4
    return grown // 100 * 100 if base > 1_000_000 else grown
