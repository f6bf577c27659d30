"""On whose behalf a command writes agreements."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from core.errors import UserError
from core.periods import dhaka_date
from offices.choices import Post
from offices.models import Officer, Posting


def officer_for_import(login: str, at: datetime) -> Officer:
    """The officer of a log-in name; without one, the performance cell's on that day. `UserError` if there is none."""
    if login:
        officer = Officer.objects.filter(username=login, is_active=True).first()
        if officer is None:
            raise UserError(_("There is no active officer “%(login)s”.") % {"login": login[:60]})
        return officer
    posting = (
        Posting.objects.in_force(dhaka_date(at))
        .filter(post=Post.PERFORMANCE_ADMIN, officer__is_active=True)
        .select_related("officer")
        .first()
    )
    if posting is None:
        raise UserError(_("The performance cell has no officer. Name one with --as."))
    return posting.officer
