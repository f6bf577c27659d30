"""Who leads an office on a day, and whom an office answers to."""

from __future__ import annotations

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
