"""A feed: how an achievement is drawn from the year's cells of the monthly return, as data of the framework.

``value = ["I02", "I03"]`` is a sum; ``part`` of ``whole`` is a per cent of sums. A term is a cell (``D04``, ``A07.GP``)
and when it is read: alone, the year's sum of a flow; ``@jul`` … ``@jun``, that month; ``@end``, the state at 30 June.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

MONTHS = ("jul", "aug", "sep", "oct", "nov", "dec", "jan", "feb", "mar", "apr", "may", "jun")
YEAR, END = "year", "end"
_TERM = re.compile(r"([A-Z][0-9]{2}[a-z]?(?:\.[A-Z]+)?)(?:@([a-z]+))?")


class BadFeedError(ValueError):
    """The feed's text is not understood; the text is the argument."""


@dataclass(frozen=True)
class Term:
    """A cell and when it is read: ``year``, ``end`` or a month's three letters."""

    cell: str
    when: str = YEAR

    @classmethod
    def parse(cls, text: str) -> Term:
        match = _TERM.fullmatch(text)
        when = match[2] or YEAR if match else ""
        if match is None or when not in (YEAR, END, *MONTHS):
            raise BadFeedError(text)
        return cls(match[1], when)

    def __str__(self) -> str:
        return self.cell if self.when == YEAR else f"{self.cell}@{self.when}"


@dataclass(frozen=True)
class Feed:
    """Either ``value`` (a sum), or ``part`` of ``whole`` (a per cent of sums)."""

    value: tuple[Term, ...] = ()
    part: tuple[Term, ...] = ()
    whole: tuple[Term, ...] = ()

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> Feed:
        """Read a feed; raise `BadFeedError` for unknown keys or terms, and unless it is one of the two kinds."""
        if set(content) not in ({"value"}, {"part", "whole"}) or not all(content.values()):
            raise BadFeedError(str(content))
        return cls(**{key: tuple(Term.parse(str(text)) for text in terms) for key, terms in content.items()})

    def to_json(self) -> dict[str, list[str]]:
        parts = {"value": self.value, "part": self.part, "whole": self.whole}
        return {key: [str(term) for term in terms] for key, terms in parts.items() if terms}

    @property
    def is_ratio(self) -> bool:
        return bool(self.whole)

    @property
    def terms(self) -> tuple[Term, ...]:
        """Every term, numerator first."""
        return self.value + self.part + self.whole

    @property
    def cells(self) -> tuple[str, ...]:
        """Every cell read, once, in order."""
        return tuple(dict.fromkeys(term.cell for term in self.terms))
