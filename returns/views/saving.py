"""Saving what the entry page or its script posts: cells, then remarks; whatever was not saved is told by its field."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from core.errors import UserError
from core.language import reader_wants_bangla
from core.numbers import format_amount
from offices.models import Officer
from returns import services
from returns.catalogue import Catalogue
from returns.forms import EntryPost
from returns.grid import Typed
from returns.models import Return
from returns.published import catalogue_of
from returns.services.entry import Conflict, SaveResult
from returns.services.locking import ClosedReturnError, check_draft
from returns.views.finding import Found


@dataclass(frozen=True)
class Saved:
    """What became of a posted page; ``problems`` says by field what was not saved."""

    ret: Return
    result: SaveResult
    problems: dict[str, str] = field(default_factory=dict)


def save_post(found: Found, posted: EntryPost, officer: Officer, at: datetime) -> Saved:
    """Open the month if need be and save all that was posted; `UserError` if nothing can be."""
    ret = found.ret if found.is_opened else open_month(found, officer, at)
    check_draft(found.version)
    result = SaveResult()
    if posted.changes:
        result = services.save_cells(ret, posted.changes, key=posted.key, by=officer, at=at)
    problems = dict(posted.wrong) | _problems(result, catalogue_of(found.ret.form))
    return Saved(ret, result, problems | _write_remarks(ret, posted, officer, at))


def open_month(found: Found, officer: Officer, at: datetime) -> Return:
    return services.open_return(found.office, found.ret.period, by=officer, at=at)


def _problems(result: SaveResult, catalogue: Catalogue) -> dict[str, str]:
    """What could not be saved, by cell: refusals, and conflicts with both figures and the other's name."""
    wrong = {refusal.cell: refusal.message for refusal in result.refused}
    for conflict in result.conflicts:
        wrong[conflict.cell] = _(
            "%(name)s has meanwhile written %(theirs)s here; yours is %(mine)s. Keep the right one and save again."
        ) % sides_of(conflict, catalogue)
    return wrong


def sides_of(conflict: Conflict, catalogue: Catalogue) -> dict[str, str]:
    """Both figures of a conflict as the reader writes them, and the other's name."""
    unit, bangla = catalogue.cells_by_key[conflict.cell].line.unit, reader_wants_bangla()
    return {
        "name": conflict.name,
        "theirs": format_amount(conflict.theirs, unit, bangla=bangla),
        "mine": format_amount(conflict.mine, unit, bangla=bangla),
    }


def _write_remarks(ret: Return, posted: EntryPost, officer: Officer, at: datetime) -> dict[str, str]:
    """Remarks are kept one by one; one that is too long stays in its field."""
    wrong: dict[str, str] = {}
    for (rule, cell), text in posted.remarks.items():
        try:
            services.write_remark(ret, rule=rule, cell=cell, text=text, by=officer, at=at)
        except ClosedReturnError:
            raise
        except UserError as error:
            wrong[f"remark:{rule}:{cell}"] = str(error.message)
    return wrong


def typed_of(posted: EntryPost, problems: dict[str, str]) -> Typed:
    """What was not saved, to stand in its fields once more."""
    return Typed(
        texts={cell: posted.texts[cell] for cell in problems if cell in posted.texts},
        reasons={cell: posted.reasons.get(cell, "") for cell in problems if cell in posted.texts},
        remarks={f"remark:{r}:{c}": text for (r, c), text in posted.remarks.items() if f"remark:{r}:{c}" in problems},
        wrong=problems,
    )
