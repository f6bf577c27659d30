"""States of a return and the transitions between them; kinds of line; severities of a rule."""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ReturnState(models.TextChoices):
    """Where a version of a return stands (রিটার্নের অবস্থা)."""

    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    RETURNED = "returned", _("returned")
    VERIFIED = "verified", _("verified")
    SUPERSEDED = "superseded", _("superseded")


#: How a tag calls a return that was verified on import: a state to look at, not one to be in.
ON_IMPORT = "on-import"


def shown_state(state: str, *, on_import: bool) -> str:
    """The state as a tag shows it: verified on import is a word of its own."""
    return ON_IMPORT if on_import and state == ReturnState.VERIFIED else state


ALLOWED: dict[ReturnState, tuple[ReturnState, ...]] = {
    ReturnState.DRAFT: (ReturnState.SUBMITTED,),
    ReturnState.SUBMITTED: (ReturnState.VERIFIED, ReturnState.RETURNED, ReturnState.SUPERSEDED),
    ReturnState.RETURNED: (),
    ReturnState.VERIFIED: (ReturnState.SUPERSEDED,),
    ReturnState.SUPERSEDED: (),
}


class VersionKind(models.TextChoices):
    """How a version came to be."""

    ENTERED = "entered", _("entered")
    AMENDED = "amended", _("amended")
    CARRIED = "carried", _("carried forward")


class AmendmentState(models.TextChoices):
    """Where an amendment stands (সংশোধনের অবস্থা)."""

    DRAFT = "draft", _("draft")
    PROPOSED = "proposed", pgettext_lazy("amendment", "proposed")
    APPROVED = "approved", pgettext_lazy("amendment", "approved")
    REFUSED = "refused", pgettext_lazy("amendment", "refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("amendment", "withdrawn")


class ConsolidationState(models.TextChoices):
    """Where a consolidated return stands. "Replaced" is one that a newer number overtook before any verdict."""

    SUBMITTED = "submitted", _("submitted")
    VERIFIED = "verified", _("verified")
    RETURNED = "returned", _("returned")
    REPLACED = "replaced", _("replaced")


class Origin(models.TextChoices):
    """How a value came into a cell."""

    TYPED = "typed", _("typed")
    REGISTER = "register", _("from the registers")
    OVERRIDE = "override", _("typed over the registers' figure")
    OPENING = "opening", _("closing of the month before")
    COMPUTED = "computed", _("computed")
    TARGET = "target", _("yearly target")
    ZERO = "zero", _("explicit zero")


class LineKind(StrEnum):
    """What a line's figure is."""

    OPENING = "opening"
    FLOW = "flow"
    STOCK = "stock"
    COMPUTED = "computed"
    TARGET = "target"


class Severity(StrEnum):
    BLOCK = "block"
    WARN = "warn"


class Aggregation(StrEnum):
    """How figures of a line join: over the offices below, and over the months of a longer period."""

    SUM = "sum"
    FIRST = "first"
    LAST = "last"
    RATIO = "ratio"


class Scope(StrEnum):
    """Where a rule over a breakdown is asked: on its parts, on the total, or on both."""

    PARTS = "parts"
    TOTAL = "total"
    BOTH = "both"
