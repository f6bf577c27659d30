"""Rights: which post may do what, and how far its arm reaches. Each room declares its own in ``permissions.py``.

``officer.has_perm("returns.verify_return", row)`` is the one question that templates, views, admin and services ask.
A right without a row asks whether the officer holds it anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from offices.choices import Post
from offices.models import Office, Officer, Posting
from offices.paths import WIDTH, is_within, subtree_range
from offices.querysets import OfficeQuerySet

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


class Reach(models.TextChoices):
    """Over which offices a posting carries a right."""

    OWN = "own", _("own office")
    CHILDREN = "children", _("offices directly below")
    BELOW = "below", _("all offices below")
    SUBTREE = "subtree", _("own office and all below")

    def covers(self, holder: str, target: str) -> bool:
        """Whether a holder at path ``holder`` reaches path ``target``."""
        inside = is_within(target, holder)
        if self is Reach.OWN:
            return target == holder
        if self is Reach.CHILDREN:
            return inside and len(target) == len(holder) + WIDTH
        if self is Reach.BELOW:
            return inside and target != holder
        return inside

    def condition(self, holder: str) -> Q:
        """The same for rows of offices: those that a holder at path ``holder`` reaches."""
        low, high = subtree_range(holder)
        if self is Reach.OWN:
            return Q(path=holder)
        if self is Reach.CHILDREN:
            return Q(parent__path=holder)
        inside = Q(path__gte=low, path__lt=high)
        return inside & ~Q(path=holder) if self is Reach.BELOW else inside


@dataclass(frozen=True)
class Right:
    """A verb on a kind of row: ``code`` is ``room.verb_noun``; ``grants`` says which post reaches how far."""

    code: str
    label: str | StrPromise
    grants: dict[Post, Reach]


_RIGHTS: dict[str, Right] = {}


def declare(*rights: Right) -> None:
    """Register a room's rights; called from its ``permissions.py``, which its AppConfig imports."""
    for right in rights:
        _RIGHTS[right.code] = right


def all_rights() -> list[Right]:
    return [_RIGHTS[code] for code in sorted(_RIGHTS)]


def get_right(code: str) -> Right:
    return _RIGHTS[code]


def office_of(row: Any) -> Office:
    """The office a row belongs to: the row itself, or its ``office``."""
    return row if isinstance(row, Office) else row.office


def posting_for(officer: Officer, code: str, row: Any | None = None, *, on: date | None = None) -> Posting | None:
    """The posting by which the officer holds a right (over a row's office) today or on a day; own charge first."""
    if code not in _RIGHTS or not officer.is_active:
        return None
    postings: Iterable[Posting] = officer.current_postings if on is None else officer.postings_on(on)
    return posting_among(postings, code, None if row is None else office_of(row).path)


def posting_among(postings: Iterable[Posting], code: str, target: str | None) -> Posting | None:
    """The first of an active officer's postings that carries a right (over the office at a path)."""
    right = _RIGHTS[code]
    for posting in postings:
        reach = right.grants.get(Post(posting.post))
        if reach is not None and (target is None or reach.covers(posting.office.path, target)):
            return posting
    return None


def require_right(officer: Officer, code: str, row: Any, *, on: date | None = None) -> Posting:
    """The guard of services: the posting that carries the right, or `PermissionDenied`."""
    posting = posting_for(officer, code, row, on=on)
    if posting is None:
        raise PermissionDenied(code)
    return posting


def offices_reached(officer: Officer, code: str) -> OfficeQuerySet:
    """Offices of every kind over which the officer holds a right today."""
    condition = Q(pk__in=[])
    for posting in officer.current_postings:
        reach = get_right(code).grants.get(Post(posting.post))
        if reach is not None and officer.is_active:
            condition |= reach.condition(posting.office.path)
    return Office.objects.filter(condition)


def offices_with_right(officer: Officer, code: str) -> OfficeQuerySet:
    """Leaf offices over which the officer holds a right today."""
    seen = Office.objects.visible_to(officer).leaves()
    return Office.objects.filter(pk__in=[office.pk for office in seen if posting_for(officer, code, office)])
