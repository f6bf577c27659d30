"""What a verdict given by exception stands on, in words: which checks found nothing, and what nobody looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from returns.checks import CHECKS, Looked
from returns.models import Clearance, ReturnVersion

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

#: What no check can see, and a joint verdict therefore leaves out.
UNSEEN: dict[str, StrPromise] = {
    "figures": _("each figure by itself"),
    "rows": _("the register rows behind the figures"),
    "reasons": _("whether remarks and reasons are true"),
}
_CHECKS = {check.code: check.name for check in CHECKS}


def unseen_in(looked: Looked) -> list[str]:
    """Codes of what is not looked at when a return is verified on its checks alone."""
    return [*UNSEEN, *looked.blind]


def words(codes: list[str]) -> list[str]:
    """What codes of checks and of things unseen mean, in the reader's language."""
    return [str(UNSEEN.get(code) or _CHECKS.get(code) or code) for code in codes]


@dataclass(frozen=True)
class Statement:
    """A stored clearance in words."""

    clearance: Clearance
    clean: list[str]
    unseen: list[str]


def statement_of(version: ReturnVersion) -> Statement | None:
    """What a version was verified on, if that was in a joint act; one query."""
    if version.pk is None:
        return None
    found = Clearance.objects.select_related("clearing__by").filter(version=version).first()
    return None if found is None else Statement(found, words(found.clean), words(found.unseen))
