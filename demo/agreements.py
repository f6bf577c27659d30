"""The demonstration's agreements: that of 2023-24 from its published figures, and one of the present year."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import contracts
from contracts.choices import AgreementState
from contracts.cloning import clone_agreement
from contracts.models import Achievement, Agreement
from contracts.services import agree_agreement, import_agreement, propose_agreement, write_achievement
from core.clock import now
from core.periods import FiscalYear, Period
from demo.people import DISTRICT
from demo.registers import instant
from demo.signatures import make_usable_key, sign_by_both
from offices.models import Officer

FILE = Path(contracts.__file__).parent / "data" / "agreements" / "lalmonirhat-2023-24.toml"
PREPARER, LOWER, UPPER = "do.lalmonirhat", "do.lalmonirhat", "jr.rangpur"
REASON = "প্রদর্শনীর বানানো অর্জন; প্রকৃত প্রমাণক নেই।"
FIRST_YEAR = FiscalYear(2023)


def conclude_agreements(until: Period) -> dict[str, Any]:
    """Bring the agreements as far as the story wants them; what stands is left as it is."""
    people = {officer.username: officer for officer in Officer.objects.filter(is_demo=True)}
    first = prepare_first_agreement(people)
    _type_achievements(first, people[LOWER])
    lower, superior = people[LOWER], people[UPPER]
    signed_on = (instant(date(2023, 6, 22), 12), instant(date(2023, 6, 25), 15))
    sign_by_both(first, (lower, signed_on[0]), (superior, signed_on[1]))
    _carry_over(first, until.fiscal_year, people)
    for head in (lower, superior):
        make_usable_key(head, now())
    return {"url": f"/agreements/{DISTRICT}/{FIRST_YEAR}/score/"}


def prepare_first_agreement(people: dict[str, Officer]) -> Agreement:
    """The agreement of 2023-24: prepared, proposed and agreed in June 2023."""
    at = instant(date(2023, 6, 11), 11)
    agreement = Agreement.objects.filter(office__code=DISTRICT, fiscal_year=FIRST_YEAR).first()
    if agreement is None:
        agreement = import_agreement(content=FILE.read_bytes(), by=people[PREPARER], at=at, is_demo=True).agreement
    if agreement.state == AgreementState.DRAFT:
        agreement = propose_agreement(agreement=agreement, by=people[PREPARER], at=instant(date(2023, 6, 12), 11))
    if agreement.state == AgreementState.PROPOSED:
        agreement = agree_agreement(agreement=agreement, by=people[UPPER], at=instant(date(2023, 6, 20), 11))
    return agreement


def _carry_over(first: Agreement, year: FiscalYear, people: dict[str, Officer]) -> None:
    """The agreement of the running year: the first one's lines, marked as demonstration, agreed in its July."""
    if Agreement.objects.filter(office=first.office, fiscal_year=year).exists():
        return
    begun = year.first_day
    clone = clone_agreement(
        agreement=first,
        fiscal_year=year,
        by=people[PREPARER],
        at=instant(begun.replace(day=2), 11),
        is_demo=True,
    )
    clone = propose_agreement(agreement=clone, by=people[PREPARER], at=instant(begun.replace(day=3), 11))
    agree_agreement(agreement=clone, by=people[UPPER], at=instant(begun.replace(day=5), 11))


def _type_achievements(agreement: Agreement, by: Officer) -> None:
    """Invented achievements of the lines that no register feeds: mostly the best level, sometimes the next ones."""
    rng = Random(f"{agreement.fiscal_year}")  # noqa: S311
    at = instant(agreement.fiscal_year.last_day, 12)
    written = set(Achievement.objects.filter(line__agreement=agreement).values_list("line_id", flat=True))
    for line in agreement.lines.all():
        given = [target for target in line.target_texts if target is not None]
        level = min(rng.choices((0, 1, 2), (60, 28, 12))[0], len(given) - 1)
        if line.feed is None and line.pk not in written:
            write_achievement(line=line, value=given[level], reason=REASON, by=by, at=at)
