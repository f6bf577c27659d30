"""Documented checks over a submitted return, for verifying by exception (docs/checks.md lists them).

Each check is a pure function from a `Dossier` to its doubts. What it cannot look at (no history, no peers) it says by
None, so that nobody takes silence for approval.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from returns.checks import copied, digits, growth, lakh, opening, override
from returns.checks.dossier import Answer, Dossier, Doubt

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True)
class Check:
    """A check by its code, with its name, what it looks for, and what it cannot see, in words for the officers. The
    docstring of ``ask`` has its formula."""

    code: str
    ask: Callable[[Dossier], Answer]
    name: StrPromise
    seeks: StrPromise
    limits: StrPromise


CHECKS = (
    Check(
        lakh.CODE,
        lakh.ask,
        _("taka typed as lakh"),
        _("Money a thousand times too much or too little, which fits once taka and lakh are exchanged."),
        _("Zeros; money of which nothing is known; a factor of ten."),
    ),
    Check(
        digits.SWAPPED,
        digits.ask_swapped,
        _("swapped digits"),
        _("A figure that does not fit, and would with two neighbouring digits exchanged: 551 for 515."),
        _("An exchange that stays within what is usual."),
    ),
    Check(
        digits.REPEATED,
        digits.ask_repeated,
        _("repeated digit"),
        _("A figure that does not fit, and would with a double digit typed once: 555 for 55."),
        _("A digit that was left out."),
    ),
    Check(
        copied.CODE,
        copied.ask,
        _("month copied from the month before"),
        _("Three quarters of the month's typed figures, and four at least, are those of the month before."),
        _("A few copied figures; a month in which little happened."),
    ),
    Check(
        growth.OWN,
        growth.ask_own,
        _("growth against the office's own year"),
        _("A figure far beyond the office's own twelve months, the same month of last year among them."),
        _("Slow growth; figures with fewer than three months behind them."),
    ),
    Check(
        growth.PEERS,
        growth.ask_peers,
        _("growth against other offices"),
        _("A figure more than five times the greatest of the other offices, by number of societies."),
        _("Figures that are too low; an office with fewer than four others to compare."),
    ),
    Check(
        override.CODE,
        override.ask,
        _("unexplained difference from the registers"),
        _("A figure other than the registers' with a reason of a word or two, or one reason for everything."),
        _("Whether a long reason is true."),
    ),
    Check(
        opening.CODE,
        opening.ask,
        _("stale opening"),
        _("An opening that is not the closing of the month before as it stands now, or is not verified."),
        _("Whether that closing was right."),
    ),
)


@dataclass(frozen=True)
class Looked:
    """What came of asking every check. ``doubts`` strongest first; ``clean`` and ``blind`` are codes of checks: those
    that found nothing, and those that had nothing to look at."""

    doubts: tuple[Doubt, ...]
    clean: tuple[str, ...]
    blind: tuple[str, ...]

    @property
    def is_clean(self) -> bool:
        return not self.doubts

    @property
    def by_cell(self) -> tuple[Doubt, ...]:
        """The strongest doubt of each cell, strongest first: what explains a figure, not all that is odd about it."""
        first: dict[str, Doubt] = {}
        for doubt in sorted(self.doubts, key=lambda doubt: -doubt.strength):
            first.setdefault(doubt.cell, doubt)
        return tuple(first.values())

    @property
    def rank(self) -> int:
        """How far up the queue: ten times the strongest doubt, and the strength of one doubt for each further cell, 99
        at most, so that many small doubts never pass a stronger one by ten."""
        strongest, *rest = [doubt.strength for doubt in self.by_cell] or [0]
        return 10 * strongest + min(sum(rest), 99)


def look_at(dossier: Dossier) -> Looked:
    """Ask every check."""
    answers = {check.code: _listed(check.ask(dossier)) for check in CHECKS}
    doubts = [doubt for answer in answers.values() for doubt in answer or ()]
    return Looked(
        doubts=tuple(sorted(doubts, key=lambda doubt: (-doubt.strength, doubt.cell))),
        clean=tuple(code for code, answer in answers.items() if answer == []),
        blind=tuple(code for code, answer in answers.items() if answer is None),
    )


def _listed(answer: Iterable[Doubt] | None) -> list[Doubt] | None:
    return None if answer is None else list(answer)
