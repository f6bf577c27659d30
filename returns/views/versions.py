"""The versions of a return: how each came to be, and two of them side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.language import in_reader_language, reader_wants_bangla
from core.periods import Period
from documents.models import Document
from offices.access import officer_of, officers_only
from returns.catalogue import Catalogue
from returns.cell_history import history_of_cell
from returns.models import ReturnVersion, Value
from returns.papers import RETURN
from returns.preview import shown_cells
from returns.published import catalogue_of
from returns.views.finding import find_opened
from returns.views.reading import facts_of


@dataclass(frozen=True)
class Compared:
    """A cell in two versions."""

    key: str
    code: str
    label: str
    unit: str
    old: int | None
    new: int | None

    @property
    def differs(self) -> bool:
        return self.old != self.new


@officers_only("returns.view_return")
@require_safe
def versions(request: HttpRequest, office: str, period: Period) -> HttpResponse:
    """Every version with its papers; the last two, or the two asked for, side by side."""
    found = find_opened(officer_of(request), office, period)
    rows = ReturnVersion.objects.filter(ret=found.ret).order_by("-number")
    known = list(rows.select_related("submitted_by", "decided_by", "imported_by", "amendment__requested_by"))
    old, new = _chosen(request, known)
    every = "every" in request.GET
    compared = _compare(catalogue_of(found.ret.form), old, new)
    context: dict[str, Any] = facts_of(found) | {
        "versions": [(version, _papers(version, found.ret.pk)) for version in known],
        "old": old,
        "new": new,
        "every": every,
        "rows": [row for row in compared if every or row.differs],
    }
    return render(request, "returns/versions.html", context)


@officers_only("returns.view_return")
@require_safe
def cell_versions(request: HttpRequest, office: str, period: Period, cell: str) -> HttpResponse:
    """One figure through every version of its return, with who and why; the rows behind it in the version asked for
    (``rows``), in the newest if none is."""
    found = find_opened(officer_of(request), office, period)
    catalogue = catalogue_of(found.ret.form, [found.office.kind])
    known = catalogue.cells_by_key.get(cell)
    if known is None:
        raise Http404
    history = history_of_cell(found.ret, cell)
    shown = next((one for one in history if str(one.version.number) == request.GET.get("rows")), history[0])
    context: dict[str, Any] = facts_of(found) | {
        "cell": known,
        "name": catalogue.code_of(cell, bangla=reader_wants_bangla()),
        "label": in_reader_language(known.line.bn, known.line.en),
        "unit": known.line.unit.value,
        "history": history,
        "shown": shown.version.number,
        "rows": shown.rows(),
    }
    return render(request, "returns/cell_versions.html", context)


def _chosen(request: HttpRequest, known: list[ReturnVersion]) -> tuple[ReturnVersion, ReturnVersion]:
    """The two versions asked for by number (``old``, ``new``), else the newest beside the one before it."""
    by_number = {str(version.number): version for version in known}
    new = by_number.get(request.GET.get("new", ""), known[0])
    older = [version for version in known if version.number < new.number]
    return by_number.get(request.GET.get("old", ""), older[0] if older else new), new


def _papers(version: ReturnVersion, ret: int) -> list[Document]:
    """The papers drawn of just this version, the newest first."""
    key = f"returns.returnversion:{version.pk}"
    subject = f"{version.ret.office.code}:{version.ret.period}"
    rows = Document.objects.about(RETURN, subject).select_related("superseded_by").order_by("-pk")
    return [document for document in rows if document.sources and document.sources[0]["key"] == key]


def _compare(catalogue: Catalogue, old: ReturnVersion, new: ReturnVersion) -> list[Compared]:
    figures: dict[int, dict[str, int | None]] = {old.pk: {}, new.pk: {}}
    for version, cell, amount in Value.objects.filter(version__in=figures).values_list("version", "cell", "amount"):
        figures[version][cell] = amount
    return [
        Compared(
            key=cell.key,
            code=catalogue.code_of(cell.key, bangla=reader_wants_bangla()),
            label=in_reader_language(cell.line.bn, cell.line.en),
            unit=cell.line.unit.value,
            old=figures[old.pk].get(cell.key),
            new=figures[new.pk].get(cell.key),
        )
        for cell in shown_cells(catalogue)
        if cell.key in figures[old.pk] or cell.key in figures[new.pk]
    ]
