"""States of an agreement and the transitions between them; where its figures come from."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class AgreementState(models.TextChoices):
    """Where an agreement stands (চুক্তির অবস্থা)."""

    DRAFT = "draft", _("agreement: draft")
    PROPOSED = "proposed", _("agreement: proposed")
    AGREED = "agreed", _("agreement: agreed")
    SIGNED = "signed", _("agreement: signed")
    EVALUATED = "evaluated", _("agreement: evaluated")


ALLOWED: dict[AgreementState, tuple[AgreementState, ...]] = {
    AgreementState.DRAFT: (AgreementState.PROPOSED,),
    AgreementState.PROPOSED: (AgreementState.AGREED, AgreementState.DRAFT),
    AgreementState.AGREED: (AgreementState.SIGNED,),
    AgreementState.SIGNED: (AgreementState.EVALUATED,),
    AgreementState.EVALUATED: (),
}


class Side(models.TextChoices):
    """The two parties: the office that promises results, and its superior that promises support."""

    LOWER = "lower", _("lower party")
    SUPERIOR = "superior", _("superior party")


class Provenance(models.TextChoices):
    """Where a figure or text of an agreement comes from."""

    DOCUMENT = "document", _("from the document")
    RECALLED = "recalled", _("recalled")
    PROPOSED = "proposed", _("proposed by the portal")


class Scoring(models.TextChoices):
    """How a line's raw score is found: read off its scale, or stated as a per cent (a governance annex)."""

    SCALE = "scale", _("read off the scale")
    STATED = "stated", _("stated per cent")


class RollUp(models.TextChoices):
    """What offices below contribute: sums, ratios of sums, or nothing (the office's own doing)."""

    SUM = "sum", _("sum of the offices below")
    RATIO = "ratio", _("ratio of the sums")
    OWN = "own", _("the office's own")
