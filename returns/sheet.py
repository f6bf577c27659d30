"""A return as it stands: every figure computed, the registers' figures beside, and what the rules find."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from django.db.models import Model, QuerySet

from core.evidence import Figure
from core.numbers import format_amount
from offices.models import Office
from returns.catalogue import Catalogue
from returns.choices import LineKind, Origin, ReturnState, Severity
from returns.history import Past, past_of, periods_read, versions_of
from returns.models import Baseline, Remark, Return, ReturnVersion, Value
from returns.published import catalogue_of
from returns.rules import Finding, blanks, check, compute
from returns.sources import proposals_for

Row = TypeVar("Row", bound=Model)

#: Rules of the house beside the form's own.
NO_OPENING = "V02"
NOT_AS_REGISTERS = "V19"


@dataclass(frozen=True)
class Sheet:
    """One version of a return with all it knows. ``catalogue`` is the form as the office's kind knows it; ``amounts``
    has every cell of that: a submitted version shows the figures frozen at submission, a draft those computed now.
    ``proposals`` is empty once submitted."""

    ret: Return
    version: ReturnVersion
    catalogue: Catalogue
    past: Past
    values: Mapping[str, Value]
    amounts: Mapping[str, int | None]
    remarks: Mapping[tuple[str, str], Remark]
    proposals: Mapping[str, Figure] = field(default_factory=dict)

    @property
    def is_draft(self) -> bool:
        return self.version.state == ReturnState.DRAFT

    @cached_property
    def findings(self) -> list[Finding]:
        """Everything found, blocks first; settled warnings among them."""
        found = check(self.catalogue, self.amounts, self.past.context)
        if not self.is_draft:
            return found
        own = [*self._openings(), *blanks(self.catalogue, self.amounts), *self._against_registers()]
        return sorted([*own, *found], key=lambda finding: not finding.is_block)

    def remark_on(self, finding: Finding) -> Remark | None:
        return self.remarks.get((finding.rule, finding.cell))

    @property
    def obstacles(self) -> list[Finding]:
        """What stands in the way of submission: blocks, and warnings without a remark."""
        return [f for f in self.findings if f.is_block or self.remark_on(f) is None]

    def _openings(self) -> Iterable[Finding]:
        for code, cells in self.catalogue.line_cells.items():
            line = self.catalogue.lines[code]
            if line.kind is LineKind.OPENING and self.amounts.get(cells[-1].key) is None:
                yield Finding(
                    NO_OPENING,
                    Severity.BLOCK,
                    cells[0].key,
                    f"{self.catalogue.code_of(code, bangla=True)}-এর প্রারম্ভিক সংখ্যা পাওয়া যায়নি। "
                    "আগের মাসের রিটার্ন বা ভিত্তি স্থিতি দেখুন।",
                    f"{code} has no opening figure. Look at the return of the month before, or at the baseline.",
                )

    def _against_registers(self) -> Iterable[Finding]:
        for key, figure in self.proposals.items():
            value = self.values.get(key)
            if value is not None and differs(value, figure):
                yield _register_finding(self.catalogue, value, figure)


def differs(value: Value, figure: Figure) -> bool:
    """Whether a figure needs another look: it is not the registers', and no reason answers what they say now."""
    if value.amount is None or value.amount == figure.amount:
        return False
    return not value.reason or value.proposed != figure.amount


def _register_finding(catalogue: Catalogue, value: Value, figure: Figure) -> Finding:
    unit = catalogue.cells_by_key[value.cell].line.unit
    now = {bn: format_amount(figure.amount, unit, bangla=bn) for bn in (True, False)}
    mine = {bn: format_amount(value.amount, unit, bangla=bn) for bn in (True, False)}
    changed = value.proposed is not None and value.proposed != figure.amount
    head_bn, head_en = ("এখন ", " now") if changed else ("", "")
    return Finding(
        NOT_AS_REGISTERS,
        Severity.BLOCK,
        value.cell,
        f"{catalogue.code_of(value.cell, bangla=True)}-এ {mine[True]} লেখা আছে, রেজিস্টার {head_bn}বলে {now[True]}। "
        "রেজিস্টারের সংখ্যা নিন, না হয় ভিন্ন সংখ্যার কারণ লিখুন।",
        f"{catalogue.code_of(value.cell, bangla=False)} has {mine[False]}, the registers{head_en} say {now[False]}. "
        "Take the registers' figure, or write why yours differs.",
    )


def baseline_of(office: Office) -> Baseline | None:
    """The office's baseline; one query unless it came with the office."""
    try:
        return office.baseline
    except Baseline.DoesNotExist:
        return None


def load_sheet(ret: Return, version: ReturnVersion, *, versions: list[ReturnVersion] | None = None) -> Sheet:
    """Gather a version of a return. ``versions`` are the office's versions of `periods_read`, if they are at hand.

    An unsaved version has no figures yet.
    """
    catalogue = catalogue_of(ret.form, [ret.office.kind])
    if versions is None:
        versions = versions_of(ret.office, periods_read(ret.period))
    past = past_of(ret.office, ret.period, versions, baseline_of(ret.office))
    values = {value.cell: value for value in _rows(Value.objects.all(), version)}
    remarks = {(r.rule, r.cell): r for r in _rows(Remark.objects.select_related("by"), version)}
    draft = version.state == ReturnState.DRAFT
    entered = {cell: value.amount for cell, value in values.items()}
    return Sheet(
        ret=ret,
        version=version,
        catalogue=catalogue,
        past=past,
        values=values,
        amounts=compute(catalogue, entered, past.context) if draft else entered,
        remarks=remarks,
        proposals=proposals_for(catalogue.cells, ret.office, ret.period) if draft else {},
    )


def _rows(rows: QuerySet[Row], version: ReturnVersion) -> Iterable[Row]:
    return rows.filter(version=version) if version.pk else ()


def typed_origin(amount: int | None, figure: Figure | None) -> Origin:
    """How a typed amount came into its cell, seen beside the registers' figure."""
    if figure is None or amount is None:
        return Origin.TYPED
    return Origin.REGISTER if amount == figure.amount else Origin.OVERRIDE
