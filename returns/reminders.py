"""Who is reminded of a return, and when: before its last day, after it, and a week later the superior, too."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db import transaction
from django.urls import reverse

from core.numbers import to_bangla_digits
from core.periods import Period, dhaka_date
from offices.heads import heads_of
from offices.inbox import notify_officer
from offices.inbox_models import Notice
from offices.models import Office, Officer
from returns.choices import ReturnState
from returns.completeness import is_due
from returns.due import calendar_of, last_day_of
from returns.models import Return
from returns.published import due_day_of

#: Days before the last day from which on an office is reminded, and days after it from which on its superior hears.
DAYS_BEFORE = 2
DAYS_TO_SUPERIOR = 7


class Stage(StrEnum):
    """Occasions of one return; of each, an officer is told once."""

    SOON = "soon"
    LATE = "late"
    SUPERIOR = "superior"


def stage_on(last_day: date, today: date) -> Stage | None:
    """Which occasion a return that is not in gives on a day; the latest that applies. None: too early."""
    late = (today - last_day).days
    if late >= DAYS_TO_SUPERIOR:
        return Stage.SUPERIOR
    if late > 0:
        return Stage.LATE
    return Stage.SOON if late >= -DAYS_BEFORE else None


@dataclass(frozen=True)
class Due:
    """An office that has not handed in a month, with the occasion this gives."""

    office: Office
    last_day: date
    stage: Stage


def due_offices(period: Period, *, at: datetime) -> list[Due]:
    """Leaf offices whose return of the period is not in, with the occasion of the day. Three queries."""
    today = dhaka_date(at)
    calendar = calendar_of(due_day_of(period), [period], at=at)
    came = Return.objects.filter(period=period, state__in=[ReturnState.SUBMITTED, ReturnState.VERIFIED])
    offices = Office.objects.leaves().filter(baseline__isnull=False).exclude(returns__in=came)
    rows = []
    for office in offices.select_related("baseline", "parent"):
        last_day = last_day_of(calendar, office, period)
        stage = stage_on(last_day, today)
        if stage and is_due(office, period):
            rows.append(Due(office, last_day, stage))
    return rows


@dataclass(frozen=True)
class Reminder:
    """One message to one officer; ``key`` names the occasion."""

    officer: Officer
    key: str
    bn: str
    en: str
    address: str


@transaction.atomic
def send_reminders(*, at: datetime) -> int:
    """Remind whoever has a return of the last full month to hand in, and superiors of those a week late.

    Nobody is told of one occasion twice, however often this runs; how many messages were written. Six queries where
    everybody has been told.
    """
    wanted = reminders_of(Period.of(dhaka_date(at)).previous(), at=at)
    keys = {reminder.key for reminder in wanted}
    told = set(Notice.objects.filter(key__in=keys).values_list("officer", "key"))
    new = [reminder for reminder in wanted if (reminder.officer.pk, reminder.key) not in told]
    for one in new:
        notify_officer(one.officer, key=one.key, bn=one.bn, en=one.en, address=one.address, at=at)
    return len(new)


def reminders_of(period: Period, *, at: datetime) -> list[Reminder]:
    """What the day has to say to heads of offices about a period."""
    due = due_offices(period, at=at)
    offices = {office for row in due for office in (row.office, row.office.parent) if office}
    heads = heads_of(offices, dhaka_date(at))
    own = [_to_office(heads[row.office.pk].officer, row, period) for row in due if row.office.pk in heads]
    above = _by_superior(due).items()
    return own + [_to_superior(heads[pk].officer, rows, period) for pk, rows in above if pk in heads]


def _by_superior(due: Iterable[Due]) -> dict[int, list[Due]]:
    """Offices a week late, by the key of their superior."""
    found: dict[int, list[Due]] = {}
    for row in due:
        if row.stage is Stage.SUPERIOR and row.office.parent_id:
            found.setdefault(row.office.parent_id, []).append(row)
    return found


def _to_office(officer: Officer, row: Due, period: Period) -> Reminder:
    """To the office's head; a week late is no occasion of its own for them."""
    stage = Stage.SOON if row.stage is Stage.SOON else Stage.LATE
    day = row.last_day.strftime("%d/%m/%Y")
    day_bn, month_bn, month_en = to_bangla_digits(day), period.label("bn"), period.label("en")
    texts = {
        Stage.SOON: (
            f"{month_bn} মাসের রিটার্ন জমা দিন। শেষ দিন {day_bn}।",
            f"Submit the return of {month_en}. The last day is {day}.",
        ),
        Stage.LATE: (
            f"{month_bn} মাসের রিটার্ন বিলম্বিত। শেষ দিন ছিল {day_bn}। রিটার্ন জমা দিন, না হয় ঊর্ধ্বতন কার্যালয়ের কাছে সময় চান।",
            f"The return of {month_en} is late; the last day was {day}. Submit it, or ask your superior for time.",
        ),
    }
    bn, en = texts[stage]
    # The day is in the key: with more time granted, the new last day is an occasion of its own.
    key = f"returns.due:{row.office.code}:{period.key}:{stage}:{row.last_day.isoformat()}"
    address = reverse("returns:entry", args=[row.office.code, period])
    return Reminder(officer, key, bn, en, address)


def _to_superior(officer: Officer, rows: list[Due], period: Period) -> Reminder:
    """One message to the superior with all names, not one an office."""
    names_bn, names_en = (", ".join(getattr(row.office, name) for row in rows) for name in ("name_bn", "name_en"))
    bn = f"{period.label('bn')} মাসের রিটার্ন এক সপ্তাহের বেশি বিলম্বিত: {names_bn}। যোগাযোগ করুন।"
    en = f"Returns of {period.label('en')} are more than a week late: {names_en}. Please ring them up."
    key = f"returns.due:{period.key}:{Stage.SUPERIOR}:{rows[0].office.parent_id}"
    return Reminder(officer, key, bn, en, reverse("returns:late"))
