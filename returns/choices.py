"""States of a return and the transitions between them; kinds of line; severities of a rule."""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReturnState(models.TextChoices):
    """Where a version of a return stands (রিটার্নের অবস্থা)."""

    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    RETURNED = "returned", _("returned")
    VERIFIED = "verified", _("verified")


ALLOWED: dict[ReturnState, tuple[ReturnState, ...]] = {
    ReturnState.DRAFT: (ReturnState.SUBMITTED,),
    ReturnState.SUBMITTED: (ReturnState.VERIFIED, ReturnState.RETURNED),
    ReturnState.RETURNED: (),
    ReturnState.VERIFIED: (),
}


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
