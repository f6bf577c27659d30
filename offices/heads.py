"""Who leads an office on a day, and whom an office answers to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from offices.choices import HEAD_OF_KIND, OfficeKind
from offices.models import Office, Posting


def head_of(office: Office, on: date) -> Posting | None:
    """The posting of the office's head on a day; own charge before acting charge, the latest first. None if vacant."""
    return (
        Posting.objects.in_force(on)
        .filter(office=office, post=HEAD_OF_KIND[OfficeKind(office.kind)], officer__is_active=True)
        .select_related("officer", "office")
        .first()
    )


def heads_of(offices: Iterable[Office], on: date) -> dict[int, Posting]:
    """The heads of several offices on a day, by the key of the office; vacant ones are absent. One query."""
    wanted = {office.pk: HEAD_OF_KIND[OfficeKind(office.kind)] for office in offices}
    postings = Posting.objects.in_force(on).filter(office__in=wanted, officer__is_active=True)
    heads: dict[int, Posting] = {}
    for posting in postings.select_related("officer", "office"):
        if posting.post == wanted[posting.office_id]:
            heads.setdefault(posting.office_id, posting)
    return heads
