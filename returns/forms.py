"""What the pages of returns post, read into changes: every figure by its cell, what was wrong beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import CleanTextField
from core.numbers import NumberError, parse_amount
from core.periods import Period
from core.text import clean_text
from returns.catalogue import Catalogue, Cell
from returns.models import Value
from returns.services.entry import MAX_REMARK, CellChange

#: What the buttons of a section do, beside saving.
ACTIONS = ("save", "zeros", "take")


@dataclass
class EntryPost:
    """The posted page: ``changes`` of cells the officer touched, ``wrong`` by field for what no number can be."""

    key: str
    action: str
    section: str
    texts: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    remarks: dict[tuple[str, str], str] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)
    changes: list[CellChange] = field(default_factory=list)


def base_of(values: Mapping[str, Value]) -> str:
    """What a page shows, for the next post to compare with: ``{cell: [revision, amount]}``."""
    base = {cell: [value.revision, value.amount] for cell, value in values.items()}
    return json.dumps(base, separators=(",", ":"))


def read_base(text: str) -> dict[str, tuple[int, int | None]]:
    """Read `base_of` back; whatever was tampered with counts as never seen."""
    try:
        rows = json.loads(text)
        return {str(cell): (int(revision), amount) for cell, (revision, amount) in rows.items()}
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        return {}


def read_entry(post: Mapping[str, str], catalogue: Catalogue, kind: str) -> EntryPost:
    """Read a posted entry page for an office kind. Cells whose figure was not touched are no changes."""
    action, _colon, section = post.get("do", "save:").partition(":")
    entry = EntryPost(
        key=clean_text(post.get("key", ""))[:32],
        action=action if action in ACTIONS else "save",
        section=section if section in catalogue.sections_by_code else "",
    )
    base = read_base(post.get("base", ""))
    for cell in catalogue.entered_cells(kind):
        if cell.key in post:
            _read_cell(entry, cell, post, *base.get(cell.key, (0, None)))
    for name, text in post.items():
        if name.startswith("remark:"):
            _word, rule, cell_key = (*name.split(":", 2), "", "")[:3]
            entry.remarks[rule, cell_key] = text.replace("\0", "")
    said = json.dumps([[c.cell, c.amount, c.base_revision, c.reason] for c in entry.changes])
    entry.key = f"{entry.key}-{sha256(said.encode()).hexdigest()[:24]}"
    return entry


def _read_cell(entry: EntryPost, cell: Cell, post: Mapping[str, str], revision: int, seen: int | None) -> None:
    text, reason = post[cell.key], post.get(f"why:{cell.key}", "").replace("\0", "")
    entry.texts[cell.key] = text
    if f"why:{cell.key}" in post:
        entry.reasons[cell.key] = reason
    try:
        amount = parse_amount(text, cell.line.unit)
    except NumberError as error:
        entry.wrong[cell.key] = str(error.message)
        return
    if amount != seen or reason.strip():
        entry.changes.append(CellChange(cell.key, amount, revision, reason))


@dataclass
class AmendmentPost:
    """The posted figures of an amendment by month; what could not be read is in ``wrong`` by field."""

    reason: str
    texts: dict[str, str] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)
    figures: dict[Period, dict[str, int]] = field(default_factory=dict)


def field_of(period: Period, cell: str) -> str:
    """The name of a cell's field on the page of an amendment, which may hold several months."""
    return f"{period}:{cell}"


def read_amendment(post: Mapping[str, str], months: Mapping[Period, Catalogue], kind: str) -> AmendmentPost:
    """Read a posted amendment of an office kind; a field left blank asks for nothing."""
    found = AmendmentPost(reason=post.get("reason", "").replace("\0", ""))
    for period, catalogue in months.items():
        for cell in catalogue.entered_cells(kind):
            name = field_of(period, cell.key)
            text = post.get(name, "").replace("\0", "").strip()
            if text:
                found.texts[name] = text
                _read_figure(found, period, cell, name)
    return found


def _read_figure(found: AmendmentPost, period: Period, cell: Cell, name: str) -> None:
    try:
        amount = parse_amount(found.texts[name], cell.line.unit)
    except NumberError as error:
        found.wrong[name] = str(error.message)
        return
    if amount is not None:
        found.figures.setdefault(period, {})[cell.key] = amount


class SendBackForm(forms.Form):
    """Why a return goes back, and to which cell."""

    reason = CleanTextField(
        label=_("What has to be mended"), widget=forms.Textarea(attrs={"rows": 4}), max_length=MAX_REMARK
    )
    cell = forms.ChoiceField(label=_("At which figure"), required=False)

    def __init__(self, *args: object, cells: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["cell"].choices = [("", _("the return as a whole")), *cells]  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why a consolidated return goes back."""

    reason = CleanTextField(
        label=_("What has to be mended"), widget=forms.Textarea(attrs={"rows": 4}), max_length=MAX_REMARK
    )


class ExplanationForm(forms.Form):
    """Why something is missing from a consolidated return; the service asks for it where something is."""

    explanation = CleanTextField(
        label=_("Explanation of what is missing"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=MAX_REMARK,
        required=False,
    )
