"""A view's permission decision, as a mark on the view. `offices.middleware.AccessMiddleware` refuses any without one.

It stands here so that rooms below the offices can decide too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

View = TypeVar("View", bound=Callable[..., object])


@dataclass(frozen=True)
class Access:
    """Who may call a view: everyone (``reason`` says why), any officer, or holders of one of ``rights`` anywhere.

    Whose rows they see is the view's ``visible_to``; another office's row is not found, never forbidden.
    """

    is_public: bool = False
    reason: str = ""
    rights: tuple[str, ...] = ()


def public(reason: str) -> Callable[[View], View]:
    """Open to everyone, for a reason."""

    def mark(view: View) -> View:
        view.access = Access(is_public=True, reason=reason)  # type: ignore[attr-defined]
        return view

    return mark


def officers_only(*rights: str) -> Callable[[View], View]:
    """Open to logged-in officers who hold at least one of the rights somewhere (any officer if none is named)."""

    def mark(view: View) -> View:
        view.access = Access(rights=rights)  # type: ignore[attr-defined]
        return view

    return mark
