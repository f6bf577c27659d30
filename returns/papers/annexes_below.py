"""The paper of the annexes below an upper office: a district's rows by upazila; above, counts by district."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy

from core.periods import Period
from documents.registry import Paper, paper
from offices.choices import OfficeKind
from offices.models import Office
from offices.paths import is_within
from offices.places import Tree
from offices.titles import office_title
from returns.annexes import Check, Listed
from returns.annexes_below import Group, groups_below
from returns.completeness import completeness_of
from returns.papers.annexes import PrintedCheck, PrintedRow, print_audit, print_check, print_event, taka_text
from returns.papers.office_month import tell_completeness
from returns.papers.says import as_json, baseline_is_demo, office_fact, period_fact, sources_to_print
from returns.printing import text_of
from returns.published import due_day_of

ANNEXES_BELOW = "returns.annexes_below"


@dataclass(frozen=True)
class PrintedGroup:
    """An upazila's rows as text, with the sums of its audits."""

    office: str
    registered: tuple[PrintedRow, ...]
    cancelled: tuple[PrintedRow, ...]
    audits: tuple[PrintedRow, ...]
    sums: tuple[str, ...]
    checks: tuple[PrintedCheck, ...]


@dataclass(frozen=True)
class CountRow:
    """A district, or a sum of districts: listed and stated of each line, one after the other."""

    name: str
    texts: tuple[str, ...]
    is_sum: bool = False


@paper(ANNEXES_BELOW, gettext_lazy("Annexes of the offices below"))
def annexes_below_paper(*, office: str, period: str) -> Paper:
    """Annexes 2 and 3 behind the verified returns below an upper office. `UserError` while nothing is verified."""
    row, when = Office.objects.get(code=office), Period.parse(period)
    sources, data_at = sources_to_print(row, when)
    with translation.override("bn"):  # codes of lines are told in the reader's language
        groups = groups_below(row, when)
    is_district = row.kind == OfficeKind.DISTRICT
    label_bn, label_en = when.label("bn"), when.label("en")
    content = _rows_of(groups) if is_district else _counts_of(row, when, groups)
    return Paper(
        template="pdf/annexes_below.html" if is_district else "pdf/annex_counts.html",
        context={"office_bn": office_title(row, "bn"), "period_bn": label_bn, **content},
        title_bn=f"রিটার্নের পরিশিষ্ট: {row.name_bn}, {label_bn}",
        title_en=f"Annexes of the returns: {row.name_en}, {label_en}",
        subject=f"{row.code}:{when}",
        office_path=row.path,
        sources=sources,
        data_at=data_at,
        facts=(office_fact(row), period_fact(when)),
        is_demo=any(baseline_is_demo(group.office) for group in groups),
        completeness_bn=tell_completeness(completeness_of(row, when, due_day_of(when), at=data_at)),
        attachments=(as_json(f"annexes_{row.code}_{when}.json", {"offices": [_data(group) for group in groups]}),),
    )


def _rows_of(groups: Sequence[Group]) -> dict[str, Any]:
    def without(name: str) -> str:
        return ", ".join(group.office.name_bn for group in groups if not getattr(group, name))

    return {
        "groups": tuple(map(_printed, groups)),
        "without": {name: without(name) for name in ("registered", "cancelled", "audits")},
    }


def _printed(group: Group) -> PrintedGroup:
    return PrintedGroup(
        office=group.office.name_bn,
        registered=tuple(print_event(Listed(row)) for row in group.registered),
        cancelled=tuple(print_event(Listed(row)) for row in group.cancelled),
        audits=tuple(print_audit(Listed(row)) for row in group.audits),
        sums=tuple(
            taka_text(sum(getattr(row, name) for row in group.audits)) for name in ("net_profit", "fee", "fund")
        ),
        checks=tuple(map(print_check, group.checks)),
    )


def _counts_of(above: Office, period: Period, groups: Sequence[Group]) -> dict[str, Any]:
    """Every district below, under its division where there are several, and the sum of all."""
    tree = Tree(period)
    offices = tree.below(above).filter(kind__in=[OfficeKind.DIVISION, OfficeKind.DISTRICT]).exclude(pk=above.pk)
    rows = []
    for office in sorted(offices, key=tree.path):
        own = [group for group in groups if is_within(group.path, tree.path(office))]
        if own:
            is_division = office.kind == OfficeKind.DIVISION
            rows.append(CountRow(f"{office.name_bn} বিভাগ" if is_division else office.name_bn, _sums(own), is_division))
    rows.append(CountRow("মোট", _sums(groups), is_sum=True))
    heads = tuple(f"{check.code} {check.label_bn}" for check in groups[0].checks)
    return {"rows": tuple(rows), "heads": heads, "width": f"{40 / len(heads):.4f}%"}


def _sums(groups: Sequence[Group]) -> tuple[str, ...]:
    """Listed and stated of each line over some offices."""
    texts: list[str] = []
    for checks in zip(*(group.checks for group in groups), strict=True):
        texts += [text_of(sum(one.listed for one in checks), checks[0].unit), text_of(_stated(checks), checks[0].unit)]
    return tuple(texts)


def _stated(checks: Sequence[Check]) -> int | None:
    stated = [one.stated for one in checks if one.stated is not None]
    return sum(stated) if stated else None


def _data(group: Group) -> dict[str, Any]:
    rows = {name: getattr(group, name) for name in ("registered", "cancelled", "audits")}
    told = {name: [asdict(row) | {"on": row.on.isoformat()} for row in some] for name, some in rows.items()}
    return {"office": group.office.code, **told}
