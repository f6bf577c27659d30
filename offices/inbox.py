"""Writing to officers: into the portal's inbox, and from there by e-mail where an address is on record."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction

from core.activity import Actor
from jobs.services import enqueue_job
from offices.inbox_models import Notice
from offices.models import Officer

SEND = "offices.send_notice"


@transaction.atomic
def notify_officer(
    officer: Officer, *, key: str, bn: str, en: str, address: str, at: datetime, by: Actor | None = None
) -> Notice | None:
    """Tell an officer of an occasion; None if they were told before. ``address`` is a path of the portal."""
    notice, is_new = Notice.objects.get_or_create(
        officer=officer, key=key, defaults={"text_bn": bn, "text_en": en, "address": address, "created_at": at}
    )
    if not is_new:
        return None
    if officer.email and settings.PORTAL_SENDS_EMAIL:
        enqueue_job(kind=SEND, arguments={"notice": notice.pk}, key=f"{SEND}:{notice.pk}", by=by, at=at)
    return notice


def send_notice(notice: Notice, *, at: datetime) -> bool:
    """Send a message by e-mail, once: whoever marks it first sends it. False if that was somebody else.

    The mark is taken back where the mail server refused, so that the job may try again.
    """
    if not Notice.objects.filter(pk=notice.pk, emailed_at__isnull=True).update(emailed_at=at):
        return False
    link = f"{settings.PORTAL_ADDRESS}{notice.address}"
    try:
        send_mail(
            notice.text_bn.split("।")[0][:120],
            f"{notice.text_bn}\n\n{notice.text_en}\n\n{link}\n",
            None,
            [notice.officer.email],
        )
    except OSError:  # SMTPException is one
        Notice.objects.filter(pk=notice.pk).update(emailed_at=None)
        raise
    return True


@transaction.atomic
def mark_read(officer: Officer, *, at: datetime) -> int:
    """All of an officer's messages are read; how many were not before."""
    return Notice.objects.filter(officer=officer, read_at__isnull=True).update(read_at=at)


def unread_of(officer: Officer) -> int:
    """How many messages an officer has not read."""
    return Notice.objects.filter(officer=officer, read_at__isnull=True).count()
