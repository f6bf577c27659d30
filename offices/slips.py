"""Slips with one-time passwords. This room cannot print; the room of documents enters its printer here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from offices.models import Officer
from offices.services import Invitation
from offices.titles import office_title, post_title


@dataclass(frozen=True)
class Slip:
    """What one officer is handed on paper, in Bangla."""

    name: str
    post: str
    office: str
    username: str
    password: str


Printer = Callable[[Sequence[Slip], str, datetime], bytes]
_PRINTERS: list[Printer] = []


def register_printer(printer: Printer) -> None:
    """Offer what makes one PDF of slips, of the issuer's name and the instant."""
    _PRINTERS[:] = [printer]


def print_slips(invitations: Sequence[Invitation], *, by: Officer, at: datetime) -> bytes:
    """One PDF with a slip for each.

    Made at once and handed to the browser in the answer to the act, neither stored nor queued: a job's arguments, a
    document's file or a session would each keep passwords in clear. Whoever loses the file resets the password.
    """
    (printer,) = _PRINTERS
    return printer([_slip_of(one) for one in invitations], by.name_bn, at)


def _slip_of(invitation: Invitation) -> Slip:
    posting = invitation.posting or invitation.officer.postings.select_related("office").first()
    post = post_title(posting.post, posting.office, "bn") if posting else ""
    office = office_title(posting.office, "bn") if posting else ""
    return Slip(invitation.officer.name_bn, post, office, invitation.officer.username, invitation.password)
