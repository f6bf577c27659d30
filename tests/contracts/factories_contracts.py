"""Agreements that tests start from: Lalmonirhat's real one, in the small tree."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from contracts.framework import DATA
from contracts.models import Agreement
from contracts.services import agree_agreement, import_agreement, propose_agreement
from core.periods import DHAKA
from offices.choices import Post
from offices.models import Officer
from tests.factories import Tree, make_officer

JULY = datetime(2023, 7, 2, 11, tzinfo=DHAKA)


@cache
def real_file() -> bytes:
    """The agreement of Lalmonirhat 2023-24, as it lies in the repository."""
    return (DATA / "agreements" / "lalmonirhat-2023-24.toml").read_bytes()


def changed_file(*changes: tuple[str, str]) -> bytes:
    """The real file with passages replaced; each must be there."""
    text = real_file().decode()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text.encode()


def make_preparer(tree: Tree) -> Officer:
    """The officer of the performance cell, made at the first call."""
    found = Officer.objects.filter(postings__post=Post.PERFORMANCE_ADMIN).first()
    return found or make_officer(Post.PERFORMANCE_ADMIN, tree.department)


def make_agreement(tree: Tree, *, by: Officer | None = None, at: datetime = JULY) -> Agreement:
    """A draft."""
    return import_agreement(content=real_file(), by=by or make_preparer(tree), at=at).agreement


def make_agreed_agreement(tree: Tree, *, lower: Officer, superior: Officer, at: datetime = JULY) -> Agreement:
    """Proposed by the district, agreed by the division."""
    agreement = propose_agreement(agreement=make_agreement(tree, at=at), by=lower, at=at)
    return agree_agreement(agreement=agreement, by=superior, at=at)
