"""What waits for this officer on an agreement's page, in one line with the one button that does it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from contracts.choices import AgreementState, Side
from contracts.models import Agreement
from contracts.signing import SIGNING_RIGHTS
from core.templatetags.figures import digits
from offices.models import Officer


@dataclass(frozen=True)
class Waiting:
    """``act`` is what the button does: propose, decide, sign, or nothing."""

    text: str
    act: str = ""
    is_late: bool = False


def what_now(agreement: Agreement, officer: Officer, today: date) -> Waiting:
    """One sentence for this officer: what to do, or for whom it waits."""
    if agreement.state == AgreementState.DRAFT:
        if officer.has_perm("contracts.prepare_agreement", agreement):
            return Waiting(_("Check the draft and propose it to the superior office."), "propose")
        return Waiting(_("The draft waits for the office that prepares it."))
    if agreement.state == AgreementState.PROPOSED:
        if officer.has_perm("contracts.agree_agreement", agreement):
            return Waiting(_("Read the proposal: agree, or send it back with a reason."), "decide")
        return Waiting(_("The proposal waits for %(party)s.") % {"party": agreement.party(Side.SUPERIOR)})
    side = agreement.next_side
    if side is not None:
        late = late_sentence(agreement, today)
        if officer.has_perm(SIGNING_RIGHTS[side], agreement):
            return Waiting(_("The agreement waits for your signature.") + late, "sign", bool(late))
        return Waiting(
            _("The agreement waits for the signature of %(party)s.") % {"party": agreement.party(side)} + late
        )
    return Waiting(_("Both parties have signed. The score follows the monthly returns."))


def late_sentence(agreement: Agreement, today: date) -> str:
    """Signing after the calendar's day is allowed, and said."""
    last = agreement.framework.data.deadline("sign")
    if last is None or today <= last:
        return ""
    text = _("The last day to sign was %(day)s; signing late is allowed and is recorded as late.")
    return " " + text % {"day": digits(f"{last:%d/%m/%Y}")}
