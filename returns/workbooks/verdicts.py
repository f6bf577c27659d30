"""What would become of each figure of a delivery, before anything is saved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.language import in_reader_language, reader_wants_bangla
from core.numbers import NumberError, format_amount, parse_amount
from offices.models import Officer
from returns.catalogue import Catalogue, Cell
from returns.models import Value
from returns.rules import compute
from returns.services.entry import MAX_REMARK, CellChange, too_long
from returns.sheet import Sheet
from returns.workbooks.delivery import Delivery, Entry


class Fate(models.TextChoices):
    """What becomes of a figure that came in a file."""

    UNCHANGED = "unchanged", gettext_lazy("unchanged")
    NEW = "new", gettext_lazy("new")
    CHANGED = "changed", gettext_lazy("changed")
    CONFLICT = "conflict", gettext_lazy("changed meanwhile")
    REFUSED = "refused", gettext_lazy("refused")


@dataclass(frozen=True)
class CellVerdict:
    """One figure of a file: where it stands, what is saved now, what the file says, and why not if it is refused.

    Its words are found when they are asked for: of a country's month nobody reads them.
    """

    entry: Entry
    known: Cell | None
    catalogue: Catalogue
    fate: Fate
    stands: int | None
    amount: int | None = None
    message: str = ""

    @property
    def cell(self) -> str:
        return self.entry.cell

    @property
    def place(self) -> str:
        return self.entry.place

    @property
    def name(self) -> str:
        return self.catalogue.code_of(self.cell, bangla=reader_wants_bangla()) if self.known else self.cell

    @property
    def label(self) -> str:
        return in_reader_language(self.known.line.bn, self.known.line.en) if self.known else ""

    @property
    def before(self) -> str:
        """What is saved now."""
        return self._text(self.stands) if self.known else ""

    @property
    def after(self) -> str:
        """What the file says, as it is typed where it is no figure."""
        return self.entry.text if self.amount is None else self._text(self.amount)

    def _text(self, amount: int | None) -> str:
        return format_amount(amount, self.known.line.unit, bangla=reader_wants_bangla()) if self.known else ""

    @property
    def stands_in_the_way(self) -> bool:
        return self.fate in (Fate.REFUSED, Fate.CONFLICT)


@dataclass(frozen=True)
class Judgement:
    """Every figure of a delivery with its verdict, and what saving it would write."""

    verdicts: tuple[CellVerdict, ...]
    changes: tuple[CellChange, ...]
    remarks: Mapping[str, str] = field(default_factory=dict)

    @property
    def refused(self) -> list[CellVerdict]:
        return [one for one in self.verdicts if one.stands_in_the_way]

    def count(self, fate: Fate) -> int:
        return sum(one.fate is fate for one in self.verdicts)


def judge(delivery: Delivery, sheet: Sheet, *, source: str = "") -> Judgement:
    """Compare a delivery with a return as it stands.

    ``source`` names the file as the reason of figures that differ from the registers; without it they need their own.
    """
    bench = _Bench(delivery, sheet, source)
    verdicts = [bench.verdict(entry) for entry in delivery.entries]
    found = {one.cell: one for one in bench.computed()}
    return Judgement(
        verdicts=tuple(found.get(one.cell, one) for one in verdicts),
        changes=tuple(bench.changes),
        remarks={entry.cell: entry.remark for entry in delivery.entries if entry.remark},
    )


class _Bench:
    """Judges one delivery; gathers the changes on its way."""

    def __init__(self, delivery: Delivery, sheet: Sheet, source: str) -> None:
        self.delivery = delivery
        self.sheet = sheet
        self.source = source
        self.changes: list[CellChange] = []
        self.names = self._names()

    def _names(self) -> Mapping[int, Officer]:
        """Those who changed a cell since the workbook was made."""
        met = (
            value.entered_by_id
            for entry in self.delivery.entries
            if (value := self.sheet.values.get(entry.cell)) and self._moved(entry, value)
        )
        keys = {key for key in met if key}
        return Officer.objects.in_bulk(keys) if keys else {}

    def _moved(self, entry: Entry, value: Value | None) -> bool:
        return entry.base is not None and value is not None and value.revision != entry.base.revision

    def verdict(self, entry: Entry) -> CellVerdict:
        cell = self.sheet.catalogue.cells_by_key.get(entry.cell)
        if cell is None:
            message = _("%(cell)s is not a figure that your office enters.") % {"cell": entry.cell}
            return self._refuse(entry, None, message) if entry.text else self._say(entry, None, Fate.UNCHANGED)
        if not cell.is_entered:
            return self._say(entry, cell, Fate.UNCHANGED)
        try:
            amount = parse_amount(entry.text, cell.line.unit)
        except NumberError as error:
            return self._refuse(entry, cell, str(error.message))
        return self._typed(entry, cell, amount)

    def _typed(self, entry: Entry, cell: Cell, amount: int | None) -> CellVerdict:
        value = self.sheet.values.get(cell.key)
        current = value.amount if value else None
        reason = entry.reason
        if self._is_as_before(entry, cell, amount, value):
            return self._say(entry, cell, Fate.UNCHANGED)
        if value is not None and self._moved(entry, value):
            name = self.names.get(value.entered_by_id or 0)
            return self._say(entry, cell, Fate.CONFLICT, amount, str(name or ""))
        figure = self.sheet.proposals.get(cell.key)
        if figure and amount not in (None, figure.amount) and not reason:
            if not self.source:
                return self._refuse(
                    entry, cell, _("The registers say otherwise. Write why your figure differs."), amount
                )
            reason = self.source
        if len(reason) > MAX_REMARK:
            return self._refuse(entry, cell, too_long(reason), amount)
        self.changes.append(CellChange(cell.key, amount, value.revision if value else 0, reason))
        return self._say(entry, cell, Fate.NEW if current is None else Fate.CHANGED, amount)

    def _is_as_before(self, entry: Entry, cell: Cell, amount: int | None, value: Value | None) -> bool:
        """Equal to what is saved; or a blank of a CSV; or not touched by whoever filled the workbook."""
        current = value.amount if value else None
        if entry.base is None and amount is None:
            return True
        if entry.is_untouched and value is not None and not entry.reason:
            return True
        return amount == current and (not entry.reason or (value is not None and entry.reason == value.reason))

    def computed(self) -> Iterable[CellVerdict]:
        """Figures of computed lines that the file brings too: they must be what the portal computes."""
        entries = [entry for entry in self.delivery.entries if entry.text and self._is_computed(entry)]
        if not entries:
            return
        amounts = {cell: value.amount for cell, value in self.sheet.values.items()}
        amounts |= {change.cell: change.amount for change in self.changes}
        results = compute(self.sheet.catalogue, amounts, self.sheet.past.context)
        for entry in entries:
            cell = self.sheet.catalogue.cells_by_key[entry.cell]
            try:
                amount = parse_amount(entry.text, cell.line.unit)
            except NumberError as error:
                yield self._refuse(entry, cell, str(error.message))
                continue
            result = results.get(cell.key)
            if amount not in (result, self._as_read(result, cell)):
                yield self._refuse(
                    entry,
                    cell,
                    _("This line is computed: the portal comes to %(result)s. Check the lines it is made from.")
                    % {"result": format_amount(result, cell.line.unit, bangla=reader_wants_bangla())},
                    amount,
                )

    def _is_computed(self, entry: Entry) -> bool:
        cell = self.sheet.catalogue.cells_by_key.get(entry.cell)
        return cell is not None and not cell.is_entered

    def _as_read(self, amount: int | None, cell: Cell) -> int | None:
        """An amount with the places that people see of it."""
        places = 10 ** (cell.line.unit.places)
        scale = cell.line.unit.scale // places
        return None if amount is None else (2 * amount + scale) // (2 * scale) * scale

    def _refuse(self, entry: Entry, cell: Cell | None, message: str, amount: int | None = None) -> CellVerdict:
        return self._say(entry, cell, Fate.REFUSED, amount, message)

    def _say(
        self, entry: Entry, cell: Cell | None, fate: Fate, amount: int | None = None, message: str = ""
    ) -> CellVerdict:
        value = self.sheet.values.get(entry.cell) if cell else None
        return CellVerdict(entry, cell, self.sheet.catalogue, fate, value.amount if value else None, amount, message)
