"""What the audits say to the return: figures of a month, each with the rows behind it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from audits.choices import AuditState, Charge
from audits.models import Audit, Collection
from core.evidence import Figure, digest_of, metrics_of
from core.periods import Period
from offices.models import Office
from societies.rules import part_of

NAMES = (
    "audits.completed",
    "audits.fee_assessed",
    "audits.fee_collected",
    "audits.fund_assessed",
    "audits.fund_collected",
)

Figures = dict[str, dict[str, Figure]]
Rows = Sequence[Mapping[str, Any]]


def proposals(office: Office, period: Period) -> Figures:
    """Every metric of a leaf office and month in two queries: audits by part, money (poisha) under the part ``""``."""
    return proposals_of([office], period)[office.pk]


def proposals_of(offices: Iterable[Office], period: Period) -> dict[int, Figures]:
    """The same of many offices, by key, in two queries too."""
    keys = [office.pk for office in offices]
    month = (period.first, period.last)
    audits = (
        Audit.objects.filter(office__in=keys, state=AuditState.DONE, completed_on__range=month)
        .order_by("pk")
        .values("office", "pk", "completed_on", "fee_assessed", "fund_assessed", "society__tier", "society__sponsor")
    )
    money = (
        Collection.objects.filter(office__in=keys, on__range=month)
        .order_by("pk")
        .values("office", "pk", "kind", "amount", "on")
    )
    done, paid = _by_office(audits), _by_office(money)
    return {key: _figures(done[key], paid[key]) for key in keys}


def _by_office(rows: Iterable[Mapping[str, Any]]) -> dict[int, list[Mapping[str, Any]]]:
    found: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row["office"]].append(row)
    return found


def _figures(done: Rows, paid: Rows) -> Figures:
    return {
        "audits.completed": _completed(done),
        "audits.fee_assessed": _sum("audits.audit", done, "fee_assessed", "completed_on"),
        "audits.fund_assessed": _sum("audits.audit", done, "fund_assessed", "completed_on"),
        "audits.fee_collected": _sum("audits.collection", _of(paid, Charge.FEE), "amount", "on"),
        "audits.fund_collected": _sum("audits.collection", _of(paid, Charge.FUND), "amount", "on"),
    }


def _completed(rows: Rows) -> dict[str, Figure]:
    parts: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        part = part_of(row["society__tier"], row["society__sponsor"])
        if part != "N":
            parts[part].append(row)
    return {
        part: Figure(len(rows), "audits.audit", _keys(rows), digest_of([[r["pk"], r["completed_on"]] for r in rows]))
        for part, rows in parts.items()
    }


def _sum(model: str, rows: Rows, amount: str, on: str) -> dict[str, Figure]:
    """The sum of a column over the rows in which it is not zero."""
    rows = [row for row in rows if row[amount]]
    said = [[row["pk"], row[on], row[amount]] for row in rows]
    return {"": Figure(sum(row[amount] for row in rows), model, _keys(rows), digest_of(said))}


def _of(rows: Rows, kind: Charge) -> Rows:
    return [row for row in rows if row["kind"] == kind]


def _keys(rows: Rows) -> tuple[int, ...]:
    return tuple(row["pk"] for row in rows)


METRICS = metrics_of(proposals, NAMES)


@dataclass(frozen=True)
class AuditRow:
    """A done audit as an annex lists it; money in poisha, ``net_profit`` negative for a loss."""

    pk: int
    name_bn: str
    name_en: str
    reg_no: str
    part: str
    accounts_year: str
    auditor: str
    on: date
    net_profit: int
    fee: int
    fund: int


def audit_rows(pks: Iterable[int]) -> dict[int, AuditRow]:
    """Those of the audits that are done, by key; one query."""
    rows = Audit.objects.filter(pk__in=list(pks), state=AuditState.DONE).select_related("society")
    return {
        row.pk: AuditRow(
            pk=row.pk,
            name_bn=row.society.name_bn,
            name_en=row.society.name_en,
            reg_no=row.society.reg_no,
            part=row.society.part,
            accounts_year=row.accounts_year.key,
            auditor=row.auditor,
            on=row.completed_on,
            net_profit=row.net_profit,
            fee=row.fee_assessed or 0,
            fund=row.fund_assessed or 0,
        )
        for row in rows
        if row.completed_on is not None and row.net_profit is not None
    }
