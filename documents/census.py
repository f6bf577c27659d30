"""Which papers a period could have. Each room above tells of its own; this one finds the documents that exist.

A room's census (imported by its AppConfig) is asked for some offices at once, in a fixed number of queries::

    @census
    def papers_of_month(period: Period, offices: Sequence[Office]) -> Iterator[Possible]: ...
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from core.periods import Period
from offices.models import Office

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


#: Sources by key and version, as `documents.registry.Source` names them.
Versions = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Possible:
    """A paper that a period may have.

    ``arguments`` are those of its builder; None where the paper is asked for on a page of its own. ``data_at`` is the
    newest of what it would be drawn from now (None: its room renews it). ``versions`` are the sources that it would be
    drawn from, by key and version (None: the room does not count them; times alone decide): acts entered at a past
    instant change them, and no time. ``reason`` says why it cannot be made yet. One that is not ``expected`` is listed
    only once it exists.
    """

    kind: str
    subject: str
    office: Office
    arguments: dict[str, Any] | None
    data_at: datetime | None = None
    versions: Versions | None = None
    reason: str | StrPromise = ""
    expected: bool = True

    @property
    def key(self) -> str:
        """What names it in forms: kind and subject."""
        return f"{self.kind}|{self.subject}"

    def is_fresh(self, data_at: datetime, sources: Iterable[Mapping[str, str]]) -> bool:
        """Whether a document with this data time, drawn from these sources, says what the paper would say now."""
        if self.data_at is not None and data_at < self.data_at:
            return False
        if self.versions is None:
            return True
        kinds = {key.partition(":")[0] for key, _version in self.versions}
        drawn = ((source["key"], source["version"]) for source in sources)
        return {one for one in drawn if one[0].partition(":")[0] in kinds} == self.versions

    @property
    def can_be_made(self) -> bool:
        return self.arguments is not None and not self.reason


Census = Callable[[Period, Sequence[Office]], Iterable[Possible]]
_CENSUSES: list[Census] = []


def census(count: Census) -> Census:
    """Register a room's census."""
    if count not in _CENSUSES:
        _CENSUSES.append(count)
    return count


def possible_papers(period: Period, offices: Sequence[Office]) -> list[Possible]:
    """Every paper that the period could have of these offices, by office in the order of the tree, then by kind."""
    found = [one for count in _CENSUSES for one in count(period, offices)]
    return sorted(found, key=lambda one: (one.office.path, one.kind))
