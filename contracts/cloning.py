"""An agreement carried over to another year: the same lines and targets, dates moved by whole years."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from contracts.choices import Provenance
from contracts.lines import lines_of
from contracts.models import Agreement, AgreementLine, Framework, OutcomeRow
from contracts.values import BadValueError, ValueType, parse_day
from core.activity import record_activity
from core.errors import UserError
from core.evidence import digest_of
from core.periods import FiscalYear
from offices.models import Officer
from offices.rights import require_right

TARGETS = tuple(f"target_{n}" for n in range(1, 6))
PROPOSED = Provenance.PROPOSED.value
TREND = ("actual_2", "actual_1", "projection_1", "projection_2")


@transaction.atomic
def clone_agreement(
    *, agreement: Agreement, fiscal_year: FiscalYear, by: Officer, at: datetime, is_demo: bool = False
) -> Agreement:
    """A draft for another year with the same lines; its figures stand in no document and are marked proposed.

    Raise `UserError` if the office has an agreement for that year already.
    """
    posting = require_right(by, "contracts.prepare_agreement", agreement.office)
    if Agreement.objects.of(agreement.office, fiscal_year).exists():
        raise UserError(
            _("%(office)s has an agreement for %(year)s already.")
            % {"office": agreement.office, "year": fiscal_year.label()}
        )
    years = fiscal_year.start - agreement.fiscal_year.start
    framework = clone_framework(framework=agreement.framework, fiscal_year=fiscal_year, by=by, at=at, is_demo=is_demo)
    copy = Agreement.objects.create(
        office=agreement.office,
        superior=agreement.superior,
        fiscal_year=fiscal_year,
        framework=framework,
        parties=agreement.parties,
        structure=agreement.structure,
        texts={},
        digest=digest_of([agreement.digest, fiscal_year.key, is_demo]),
        is_demo=is_demo,
        created_at=at,
        changed_at=at,
    )
    AgreementLine.objects.bulk_create(_line(line, copy, years) for line in lines_of(agreement))
    OutcomeRow.objects.bulk_create(_outcome(row, copy) for row in agreement.outcomes.all())
    record_activity(
        "contracts.clone_agreement",
        copy,
        by=by,
        at=at,
        office_path=copy.office.path,
        post=posting.post,
        after={"from": agreement.pk, "fiscal_year": fiscal_year.key},
    )
    return Agreement.objects.with_names().get(pk=copy.pk)


@transaction.atomic
def clone_framework(
    *, framework: Framework, fiscal_year: FiscalYear, by: Officer, at: datetime, is_demo: bool = False
) -> Framework:
    """The framework of another year with its dates moved by whole years; the one already there is kept."""
    stem = framework.code.removesuffix(framework.fiscal_year.key).rstrip("-")
    code = f"{stem}-{fiscal_year.key}"
    found = Framework.objects.filter(code=code).first()
    if found is not None:
        return found
    years = fiscal_year.start - framework.fiscal_year.start
    content = dict(framework.content)
    content |= {
        "code": code,
        "fiscal_year": fiscal_year.key,
        "calendar": [
            {**step, "on": _moved(step["on"], years), "source": Provenance.PROPOSED.value}
            for step in content["calendar"]
        ],
        "indicator": [_indicator(entry, years) for entry in content["indicator"]],
    }
    row = Framework.objects.create(
        code=code,
        fiscal_year=fiscal_year,
        content=content,
        digest=digest_of(content),
        is_demo=is_demo,
        loaded_at=at,
    )
    record_activity("contracts.clone_framework", row, by=by, at=at, after={"from": framework.code})
    return Framework.objects.get(pk=row.pk)


def _indicator(entry: dict[str, Any], years: int) -> dict[str, Any]:
    if entry["value_type"] != ValueType.DATE:
        return entry
    return {**entry, "targets": [_moved(str(text), years) if text else "" for text in entry["targets"]]}


def _moved(text: str, years: int) -> str:
    """The day so many years later; 29 February becomes the 28th where there is none."""
    try:
        day = parse_day(text)
    except BadValueError:
        return text
    try:
        return day.replace(year=day.year + years).isoformat()
    except ValueError:
        return date(day.year + years, 2, 28).isoformat()


def _line(line: AgreementLine, agreement: Agreement, years: int) -> AgreementLine:
    fields = {
        field.attname: getattr(line, field.attname)
        for field in AgreementLine._meta.concrete_fields
        if field.name not in ("id", "agreement")
    }
    if line.is_date:
        fields |= {name: _moved(text, years) for name in TARGETS if (text := fields[name])}
    fields |= dict.fromkeys(TREND)
    fields["sources"] = {"marks": PROPOSED, "targets": [PROPOSED] * len(TARGETS), "trend": PROPOSED}
    return AgreementLine(agreement=agreement, **fields)


def _outcome(row: OutcomeRow, agreement: Agreement) -> OutcomeRow:
    fields = {
        field.attname: getattr(row, field.attname)
        for field in OutcomeRow._meta.concrete_fields
        if field.name not in ("id", "agreement")
    }
    fields |= dict.fromkeys(TREND)
    fields["source"] = PROPOSED
    return OutcomeRow(agreement=agreement, **fields)
