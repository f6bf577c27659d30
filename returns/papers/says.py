"""What these papers say of an office, a period, a version and their data."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext_lazy

from core.errors import UserError
from core.periods import Period, dhaka_date
from documents.registry import Attachment, Fact, Source
from offices.models import Office, Officer
from offices.titles import office_title, post_title
from returns.models import ReturnVersion
from returns.rollup import stood_below, verified_versions
from returns.sheet import baseline_of


@dataclass(frozen=True)
class Hand:
    """Who did what to a return, and when: the name, the post of that day, the instant."""

    act: str
    name: str
    post: str
    at: datetime | None


def office_fact(office: Office) -> Fact:
    return Fact("কার্যালয়", "Office", office_title(office, "bn"), office_title(office, "en"))


def period_fact(period: Period) -> Fact:
    return Fact("মাস", "Month", period.label("bn"), period.label("en"))


def version_key(pk: int) -> str:
    """The key of a version as a source."""
    return f"returns.returnversion:{pk}"


def version_source(office: Office, period: Period, version: ReturnVersion, at: datetime) -> Source:
    return Source(
        version_key(version.pk),
        str(version.number),
        at,
        f"রিটার্ন: {office.name_bn}, {period.label('bn')}",
        f"Return: {office.name_en}, {period.label('en')}",
    )


def as_json(name: str, content: dict[str, Any]) -> Attachment:
    data = json.dumps(content, ensure_ascii=False, indent=1).encode()
    return Attachment(name, data, description="এই কাগজের উপাত্ত")


def baseline_is_demo(office: Office) -> bool:
    baseline = baseline_of(office)
    return baseline is not None and baseline.is_demo


def hand(act: str, officer: Officer, at: datetime, office: Office) -> Hand:
    """The post held that day at or above the office; none if the posting has been mended since."""
    postings = [p for p in officer.postings_on(dhaka_date(at)) if office.path.startswith(p.office.path)]
    post = post_title(postings[0].post, postings[0].office, "bn") if postings else ""
    acting = " (অতিরিক্ত দায়িত্ব)" if postings and postings[0].is_acting else ""
    return Hand(act, officer.name_bn, post + acting, at)


def sources_of_months(office: Office, periods: Sequence[Period]) -> tuple[tuple[Source, ...], datetime | None]:
    """The verified versions summed in some months, by month and office, and the newest act on any return of them;
    nothing and None while nothing is verified."""
    verified = verified_versions(office, periods).select_related("ret__office")
    by_month = verified.order_by("ret__period", "ret__office_path")
    rows = [(v, v.decided_at) for v in by_month if v.decided_at is not None]
    if not rows:
        return (), None
    acts = ReturnVersion.objects.filter(stood_below(office, periods)).aggregate(
        decided=Max("decided_at"), submitted=Max("submitted_at"), opened=Max("opened_at")
    )
    sources = tuple(version_source(v.ret.office, v.ret.period, v, at) for v, at in rows)
    return sources, max(at for at in acts.values() if at)


def sources_to_print(office: Office, period: Period) -> tuple[tuple[Source, ...], datetime]:
    """The same of one month. `UserError` while nothing of it is verified."""
    sources, data_at = sources_of_months(office, [period])
    if data_at is None:
        raise UserError(gettext_lazy("Nothing of this month is verified yet; there is nothing to print."))
    return sources, data_at
