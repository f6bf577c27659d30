"""States of an audit, and the two charges that follow from it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditState(models.TextChoices):
    """Where an audit stands (নিরীক্ষার অবস্থা)."""

    PLANNED = "planned", _("planned")
    ALLOTTED = "allotted", _("allotted")
    DONE = "done", _("done")


#: The way forward; taking back a record made by mistake is an act of its own (`services.reopen_audit`).
ALLOWED: dict[AuditState, tuple[AuditState, ...]] = {
    AuditState.PLANNED: (AuditState.ALLOTTED,),
    AuditState.ALLOTTED: (AuditState.DONE,),
    AuditState.DONE: (),
}


#: The look's shape of each state.
SHAPES = {AuditState.PLANNED: "draft", AuditState.ALLOTTED: "submitted", AuditState.DONE: "verified"}


class Charge(models.TextChoices):
    """What a society pays after an audit: the fee is revenue, the fund is not."""

    FEE = "fee", _("Audit fee")
    FUND = "fund", _("Cooperative Development Fund")
