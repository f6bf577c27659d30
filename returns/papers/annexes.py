"""The paper of a return's annexes: the register rows behind its figures."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy

from core.errors import UserError
from core.numbers import Unit, format_amount, to_bangla_digits
from core.periods import FiscalYear, Period
from documents.registry import Fact, Paper, Source, paper
from returns.annexes import CHANGED, GONE, KEPT, LATER, Annexes, Check, Listed, annexes_of
from returns.models import Return
from returns.papers.office_return import full_title, state_words
from returns.papers.says import as_json, baseline_is_demo, office_fact, period_fact, version_source
from returns.printing import text_of
from returns.sheet import load_sheet
from societies.choices import EventKind, society_classes
from societies.summaries import EventRow

ANNEXES = "returns.annexes"

#: What stands beside a row of which the register says otherwise now.
MARKS = {KEPT: "", CHANGED: "◆ রেজিস্টারে পরে সংশোধিত", GONE: "✕ রেজিস্টারে এখন এ মাসে নেই", LATER: "＋ জমার পরে লেখা"}
PARTS = {"GP": "সাধারণ প্রাথমিক", "GC": "সাধারণ কেন্দ্রীয়", "BP": "পউবো প্রাথমিক", "BC": "পউবো কেন্দ্রীয়", "N": "জাতীয়"}


@dataclass(frozen=True)
class PrintedRow:
    """A row of an annex as text, in the order of its columns; ``mark`` where the register says otherwise now."""

    texts: tuple[str, ...]
    mark: str = ""


@dataclass(frozen=True)
class PrintedCheck:
    """A line beside its list: both figures as text, and the reasons for a difference."""

    line: str
    listed: str
    stated: str
    agrees: bool
    reasons: tuple[str, ...]


@paper(ANNEXES, gettext_lazy("Annexes of a return"))
def annexes_paper(*, office: str, period: str) -> Paper:
    """Annexes 2 and 3 of the newest version of an office's return. `UserError` before it was submitted."""
    rows = Return.objects.select_related("office__parent", "form")
    ret = rows.filter(office__code=office, period=Period.parse(period)).first()
    version = ret.versions.order_by("-number").first() if ret else None
    if ret is None or version is None or version.submitted_at is None:
        raise UserError(gettext_lazy("This return has not been submitted yet; its annexes are printed once it is."))
    with translation.override("bn"):  # codes of lines are told in the reader's language
        found = annexes_of(load_sheet(ret, version))
    label_bn, label_en = ret.period.label("bn"), ret.period.label("en")
    at = max(at for at in (version.submitted_at, version.decided_at) if at)
    number = to_bangla_digits(str(version.number))
    return Paper(
        template="pdf/annexes.html",
        context={
            "office_bn": full_title(ret.office),
            "period_bn": label_bn,
            "number": number,
            "state_bn": state_words(version)[0],
            **printed_annexes(found),
        },
        title_bn=f"রিটার্নের পরিশিষ্ট: {ret.office.name_bn}, {label_bn}",
        title_en=f"Annexes of the return: {ret.office.name_en}, {label_en}",
        subject=f"{office}:{ret.period}",
        office_path=ret.office.path,
        sources=(version_source(ret.office, ret.period, version, at), *_register(ret, found, at)),
        data_at=at,
        facts=(
            office_fact(ret.office),
            period_fact(ret.period),
            Fact("রিটার্নের সংস্করণ", "Version of the return", number, str(version.number)),
        ),
        is_demo=baseline_is_demo(ret.office),
        attachments=(
            as_json(
                f"annexes_{ret.office.code}_{ret.period}.json",
                {
                    "office": ret.office.code,
                    "period": ret.period.key,
                    "version": version.number,
                    "societies": [_data(one) for one in (*found.registered, *found.cancelled)],
                    "audits": [_data(one) for one in found.audits],
                },
            ),
        ),
    )


def _register(ret: Return, found: Annexes, at: datetime) -> tuple[Source, ...]:
    """The register as a source of its own, where it says otherwise now."""
    if not found.has_moved:
        return ()
    rows = (*found.registered, *found.cancelled, *found.audits, *found.later)
    moved = ",".join(f"{one.standing}:{one.row.pk}" for one in rows if one.standing != KEPT)
    return (
        Source(f"returns.register:{ret.pk}", moved, at, "রেজিস্টার, জমার পরের অবস্থা", "Registers since the submission"),
    )


def _data(one: Listed) -> dict[str, Any]:
    return asdict(one.row) | {"on": one.row.on.isoformat(), "standing": one.standing}


def printed_annexes(found: Annexes) -> dict[str, Any]:
    """The annexes as they are printed."""
    return {
        "registered": tuple(map(print_event, found.registered)),
        "cancelled": tuple(map(print_event, found.cancelled)),
        "audits": tuple(map(print_audit, found.audits)),
        "later": tuple(_later(one) for one in found.later),
        "sums": tuple(taka_text(found.sum_of(name)) for name in ("net_profit", "fee", "fund")),
        "societies_checks": tuple(map(print_check, found.societies_checks)),
        "audit_checks": tuple(map(print_check, found.audit_checks)),
        "has_moved": found.has_moved,
        "agrees": found.agrees,
    }


def print_event(one: Listed) -> PrintedRow:
    """A society registered or cancelled, as text."""
    row = one.row
    assert isinstance(row, EventRow)
    known = society_classes().get(row.class_code)
    texts = (row.name_bn, row.reg_no, known.bn if known else row.class_code, PARTS[row.part], _day(row.on))
    return PrintedRow(tuple(map(to_bangla_digits, (*texts, row.order_number))), MARKS[one.standing])


def print_audit(one: Listed) -> PrintedRow:
    """An audit, as text."""
    row = one.row
    assert not isinstance(row, EventRow)
    words = (row.name_bn, row.reg_no, PARTS[row.part], FiscalYear.parse(row.accounts_year).label("bn"), row.auditor)
    texts = (*map(to_bangla_digits, words), to_bangla_digits(_day(row.on)))
    return PrintedRow((*texts, taka_text(row.net_profit), taka_text(row.fee), taka_text(row.fund)), MARKS[one.standing])


def _later(one: Listed) -> str:
    what = str(EventKind(one.row.kind).label) if isinstance(one.row, EventRow) else "নিরীক্ষা"
    return to_bangla_digits(f"{one.row.name_bn} ({one.row.reg_no}): {what}, {_day(one.row.on)}")


def print_check(check: Check) -> PrintedCheck:
    """A line beside its list, as text."""
    return PrintedCheck(
        line=f"{check.code} {check.label_bn}",
        listed=text_of(check.listed, check.unit),
        stated=text_of(check.stated, check.unit),
        agrees=check.agrees,
        reasons=tuple(f"{code}: {reason}" for code, reason in check.reasons),
    )


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def taka_text(poisha: int) -> str:
    return format_amount(poisha, Unit.TAKA, bangla=True)
