"""The paper of one office's return of a month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext_lazy

from core.errors import UserError
from core.numbers import plain_amount, to_bangla_digits
from core.periods import Period
from documents.registry import Attachment, Fact, Paper, Source, paper
from offices.models import Office, Officer
from offices.titles import office_title
from returns.catalogue import Catalogue
from returns.cell_models import LineFile
from returns.choices import Origin, ReturnState
from returns.history import last_submitted, periods_read, versions_of
from returns.models import LineTarget, Remark, Return, ReturnVersion, Value
from returns.papers.says import Hand, as_json, baseline_is_demo, hand, office_fact, period_fact, version_source
from returns.printing import (
    print_sections,
    text_of,
)
from returns.sheet import Sheet, baseline_of, load_sheet

RETURN = "returns.return"

STATES = {
    ReturnState.DRAFT: ("খসড়া", "draft"),
    ReturnState.SUBMITTED: ("জমা দেওয়া, যাচাই বাকি", "submitted, not yet verified"),
    ReturnState.RETURNED: ("ফেরত দেওয়া", "sent back"),
    ReturnState.VERIFIED: ("যাচাই করা", "verified"),
    ReturnState.SUPERSEDED: ("প্রতিস্থাপিত", "superseded"),
}


def state_words(version: ReturnVersion) -> tuple[str, str]:
    """How a version stands, in Bangla and English; verified on import says so."""
    if version.state == ReturnState.VERIFIED and version.is_verified_on_import:
        return "আমদানির সময় যাচাই করা", "verified on import"
    return STATES[ReturnState(version.state)]


@dataclass(frozen=True)
class Note:
    """A line under the figures: which cell, what is said, by whom and when."""

    code: str
    text: str
    by: str
    at: datetime


@paper(RETURN, gettext_lazy("Monthly return"))
def return_paper(*, office: str, period: str) -> Paper:
    """The newest version of an office's return of a month. `UserError` if none was opened."""
    rows = Return.objects.select_related("office__parent", "form")
    ret = rows.filter(office__code=office, period=Period.parse(period)).first()
    if ret is None:
        raise UserError(gettext_lazy("This office has no return of this month yet; there is nothing to print."))
    version = ret.versions.select_related("submitted_by", "decided_by", "imported_by").order_by("-number")[0]
    known = versions_of(ret.office, periods_read(ret.period))
    sheet = load_sheet(ret, version, versions=known)
    sources = _sources_of_return(sheet, known)
    label_bn, label_en = ret.period.label("bn"), ret.period.label("en")
    state_bn, state_en = state_words(version)
    return Paper(
        template="pdf/return.html",
        context=_return_context(sheet),
        title_bn=f"মাসিক রিটার্ন: {ret.office.name_bn}, {label_bn}",
        title_en=f"Monthly return: {ret.office.name_en}, {label_en}",
        subject=f"{ret.office.code}:{ret.period}",
        office_path=ret.office.path,
        sources=sources,
        data_at=max(source.at for source in sources),
        facts=(
            office_fact(ret.office),
            period_fact(ret.period),
            Fact("সংস্করণ", "Version", to_bangla_digits(str(version.number)), str(version.number)),
            Fact("রিটার্নের অবস্থা", "State of the return", state_bn, state_en),
        ),
        is_demo=baseline_is_demo(ret.office),
        attachments=(_data_of(ret, version, sheet),),
    )


def _return_context(sheet: Sheet) -> dict[str, Any]:
    ret, version = sheet.ret, sheet.version
    overridden = [value for value in sheet.values.values() if value.origin == Origin.OVERRIDE]
    return {
        "office_bn": full_title(ret.office),
        "period_bn": ret.period.label("bn"),
        "state": version.state,
        "state_bn": state_words(version)[0],
        "number": to_bangla_digits(str(version.number)),
        "form": to_bangla_digits(f"{ret.form.code}/{ret.form.number}"),
        "is_nil": version.is_nil,
        "hands": _hands(sheet),
        "sections": print_sections(
            sheet.catalogue,
            sheet.amounts,
            sheet.past.context,
            overridden=[value.cell for value in overridden],
        ),
        "overrides": _overrides(sheet, overridden),
        "remarks": _remarks(sheet),
        "files": _files(ret, sheet.catalogue),
        "reason": version.reason,
        "reason_code": _code_of(sheet.catalogue, version.reason_cell),
        "opening_is_open": not sheet.past.opening.is_verified,
        "opening_bn": sheet.past.opening.period.label("bn"),
    }


def full_title(office: Office) -> str:
    """The office with its district: ``উপজেলা সমবায় কার্যালয়, হাতীবান্ধা, লালমনিরহাট``."""
    title = office_title(office, "bn")
    return f"{title}, {office.parent.name_bn}" if office.is_leaf and office.parent else title


def _hands(sheet: Sheet) -> tuple[Hand, ...]:
    """Entered by (everyone who typed a figure), submitted by, verified or sent back by."""
    version = sheet.version
    typed = {v.entered_by_id: v.entered_at for v in sorted(sheet.values.values(), key=lambda v: v.entered_at)}
    people = Officer.objects.in_bulk([pk for pk in typed if pk])
    hands = [hand(_typed_by(version, pk), people[pk], typed[pk], sheet.ret.office) for pk in sorted(people)]
    if version.submitted_by and version.submitted_at:
        hands.append(hand("জমা দিয়েছেন", version.submitted_by, version.submitted_at, sheet.ret.office))
    if version.decided_by and version.decided_at:
        verified = "আমদানির সময় যাচাই করেছেন" if version.is_verified_on_import else "যাচাই করেছেন"
        act = "ফেরত দিয়েছেন" if version.state == ReturnState.RETURNED else verified
        hands.append(hand(act, version.decided_by, version.decided_at, sheet.ret.office))
    return tuple(hands)


def _typed_by(version: ReturnVersion, officer: int) -> str:
    return "ফাইল থেকে এনেছেন" if officer == version.imported_by_id else "লিখেছেন"


def _code_of(catalogue: Catalogue, cell: str) -> str:
    return catalogue.code_of(cell, bangla=True) if cell in catalogue.cells_by_key else ""


def _overrides(sheet: Sheet, values: list[Value]) -> tuple[Note, ...]:
    order = {cell.key: place for place, cell in enumerate(sheet.catalogue.cells)}
    people = Officer.objects.in_bulk([v.entered_by_id for v in values if v.entered_by_id])
    notes = []
    for value in sorted(values, key=lambda v: order.get(v.cell, 0)):
        unit = sheet.catalogue.cells_by_key[value.cell].line.unit
        text = f"রেজিস্টারে {text_of(value.proposed, unit)}, রিটার্নে {text_of(value.amount, unit)}। কারণ: {value.reason}"
        by = people[value.entered_by_id].name_bn if value.entered_by_id else ""
        notes.append(Note(_code_of(sheet.catalogue, value.cell), text, by, value.entered_at))
    return tuple(notes)


def _remarks(sheet: Sheet) -> tuple[Note, ...]:
    """Remarks on warnings, each after the warning's own words where the rule still speaks."""
    said = {(finding.rule, finding.cell): finding.bn for finding in sheet.findings}
    order = {cell.key: place for place, cell in enumerate(sheet.catalogue.cells)}
    rows: list[Remark] = sorted(sheet.remarks.values(), key=lambda r: (order.get(r.cell, 0), r.rule))
    return tuple(
        Note(
            _code_of(sheet.catalogue, row.cell),
            " ".join(filter(None, [said.get((row.rule, row.cell), ""), f"মন্তব্য: {row.text}"])),
            row.by.name_bn,
            row.at,
        )
        for row in rows
    )


@dataclass(frozen=True)
class FileLine:
    """A file laid beside a line: whose, its name, its SHA-256."""

    code: str
    name: str
    sha256: str
    line: str


def _files(ret: Return, catalogue: Catalogue) -> tuple[FileLine, ...]:
    rows = LineFile.objects.filter(ret=ret).select_related("file")
    return tuple(FileLine(_code_of(catalogue, row.line), row.name, row.file.sha256, row.line) for row in rows)


def _sources_of_return(sheet: Sheet, known: list[ReturnVersion]) -> tuple[Source, ...]:
    """The version itself, the versions its year and its openings come from, and the targets."""
    ret, version = sheet.ret, sheet.version
    own = [version.opened_at, version.submitted_at, version.decided_at]
    own += [value.entered_at for value in sheet.values.values()] + [remark.at for remark in sheet.remarks.values()]
    sources = [version_source(ret.office, ret.period, version, max(at for at in own if at))]
    earlier = last_submitted(v for v in known if v.ret.period < ret.period)
    for period, used in sorted(earlier.items()):
        at = max(at for at in (used.submitted_at, used.decided_at) if at)
        sources.append(version_source(ret.office, period, used, at))
    set_at = LineTarget.objects.filter(office=ret.office, fiscal_year=ret.period.fiscal_year).aggregate(
        at=Max("set_at")
    )
    if set_at["at"]:
        year = ret.period.fiscal_year
        sources.append(
            Source(
                f"returns.linetarget:{ret.office.code}:{year}",
                "1",
                set_at["at"],
                f"বার্ষিক লক্ষ্যমাত্রা {year.label('bn')}",
                f"Yearly targets {year.label('en')}",
            )
        )
    baseline = baseline_of(ret.office)
    if baseline is not None and baseline.period in periods_read(ret.period):
        at = baseline.verified_at or baseline.entered_at
        sources.append(Source(f"returns.baseline:{baseline.pk}", "1", at, "ভিত্তি স্থিতি", "Baseline"))
    return tuple(sources)


def _data_of(ret: Return, version: ReturnVersion, sheet: Sheet) -> Attachment:
    """The figures for machines, carried in the PDF."""
    cells = sheet.catalogue.cells_by_key
    return as_json(
        f"return_{ret.office.code}_{ret.period}.json",
        {
            "office": ret.office.code,
            "period": ret.period.key,
            "form": f"{ret.form.code}/{ret.form.number}",
            "version": version.number,
            "state": version.state,
            **({"verified_on_import": True} if version.is_verified_on_import else {}),
            "lines": {key: plain_amount(amount, cells[key].line.unit) for key, amount in sheet.amounts.items()},
            "files": [
                {"line": file.line, "name": file.name, "sha256": file.sha256} for file in _files(ret, sheet.catalogue)
            ],
        },
    )
