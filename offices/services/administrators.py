"""The first officer, made from the machine's command line, who then makes all others."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import UserError
from core.periods import dhaka_date
from offices.choices import OfficeKind, Post
from offices.models import Office, Officer
from offices.services.officers import create_officer
from offices.services.postings import appoint_officer


def seat_for_administrator(username: str) -> Office:
    """The department, where a new administrator can be posted.

    `UserError` if there are no offices yet or the log-in name is taken.
    """
    department = Office.objects.filter(kind=OfficeKind.DEPARTMENT).first()
    if department is None:
        raise UserError(_("There are no offices yet. Run load_offices first."))
    if Officer.objects.filter(username=username.strip().lower()).exists():
        raise UserError(_("%(login)s exists already. Choose another log-in name.") % {"login": username})
    return department


@transaction.atomic
def create_administrator(
    *, username: str, name_bn: str, name_en: str, password: str, at: datetime, is_one_time: bool = False
) -> Officer:
    """Make the officer who makes all others: system administrator of the department, from the machine's command line.

    A one-time password is replaced at the first log-in. Raise as `seat_for_administrator` does.
    """
    department = seat_for_administrator(username)
    officer = create_officer(
        username=username, name_bn=name_bn, name_en=name_en, password=password, is_staff=True, by=None, at=at
    )
    appoint_officer(
        officer=officer, office=department, post=Post.SYSTEM_ADMIN, starts_on=dhaka_date(at), by=None, at=at
    )
    if is_one_time:
        officer.password_issued_at, officer.password_issued_by = at, officer
        officer.save(update_fields=["password_issued_at", "password_issued_by"])
    return officer
