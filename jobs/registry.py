"""Which function does which kind of job. Each room registers its own in ``tasks.py``, imported by its AppConfig."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


class LeaseLostError(Exception):
    """Another worker has taken the job over: stop and write nothing more."""


class Progress(Protocol):
    """What a handler tells the job's page, and asks before it writes."""

    def step(self, done: int, of: int) -> None:
        """Show ``done`` steps ``of`` so many. Raise `LeaseLostError` if another worker has taken over."""

    def confirm(self) -> None:
        """Hold the job for this transaction, or raise `LeaseLostError`: ask first in the transaction that writes."""


#: A handler takes the progress and the job's arguments by name, and returns the result as JSON-ready data. A result's
#: ``url`` (a path of this portal) becomes the link on the job's page. It must be safe to run twice.
Handler = Callable[..., dict[str, Any]]


@dataclass(frozen=True)
class Kind:
    """A kind of job, its work and its name for people."""

    code: str
    work: Handler
    label: str | StrPromise


class UnknownKindError(LookupError):
    """No room has registered this kind of job."""


_KINDS: dict[str, Kind] = {}


def handler(kind: str, label: str | StrPromise = "") -> Callable[[Handler], Handler]:
    """Register a function as the work of a kind of job (``returns.compute_total``)."""

    def register(work: Handler) -> Handler:
        _KINDS[kind] = Kind(kind, work, label or kind)
        return work

    return register


def get_kind(code: str) -> Kind:
    """The kind of a code; raise `UnknownKindError`."""
    try:
        return _KINDS[code]
    except KeyError as error:
        raise UnknownKindError(code) from error


def label_of(code: str) -> str:
    """A kind's name for people; its code if no room knows it any more."""
    kind = _KINDS.get(code)
    return str(kind.label) if kind else code
