"""Paths of the office tree: three ASCII digits a level, so that a subtree is one index range on every database."""

from __future__ import annotations

WIDTH = 3


def child_path(parent: str, number: int) -> str:
    """Path of the ``number``-th office (1–998) below ``parent``."""
    if not 1 <= number <= 998:
        raise ValueError(f"an office has room for 998 offices below it, not {number}")
    return f"{parent}{number:0{WIDTH}d}"


def ancestor_paths(path: str) -> tuple[str, ...]:
    """Paths above ``path``, nearest first."""
    return tuple(path[:end] for end in range(len(path) - WIDTH, 0, -WIDTH))


def subtree_range(path: str) -> tuple[str, str]:
    """Half-open range of paths: the office itself and everything below it."""
    return path, f"{int(path) + 1:0{len(path)}d}"


def is_within(path: str, top: str) -> bool:
    """Whether ``path`` is ``top`` or below it."""
    return path.startswith(top)
