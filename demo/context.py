"""What the log-in page of a demonstration shows beside its form: people to become, and the story."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from demo.people import PEOPLE
from offices.models import Officer
from offices.titles import office_title, post_title


@dataclass(frozen=True)
class Card:
    """A person as the log-in page shows them."""

    username: str
    name: str
    post: str
    office: str
    waits: str


@dataclass(frozen=True)
class Step:
    title: str
    text: str


def log_in_extras(request: HttpRequest) -> dict[str, Any]:
    """Context of the log-in page alone; nothing elsewhere."""
    if not settings.PORTAL_DEMO or request.path != reverse("account_login"):
        return {}
    return {"demo_people": _cards(), "demo_steps": _steps(), "demo_action": reverse("demo:become")}


def _cards() -> list[Card]:
    waits = {
        "ai.hatibandha": _("record an audit"),
        "uo.hatibandha": _("the month's return is due"),
        "do.lalmonirhat": _("a return waits for verification"),
        "jr.rangpur": _("see the division's month"),
        "cell.bd": _("see agreements and scores"),
    }
    order = {person.username: place for place, person in enumerate(PEOPLE) if person.is_open}
    officers = Officer.objects.filter(username__in=order, is_active=True).prefetch_related("postings__office")
    cards = []
    for officer in sorted(officers, key=lambda officer: order[officer.username]):
        posting = officer.postings.all()[0]
        titles = post_title(posting.post, posting.office), office_title(posting.office)
        cards.append(Card(officer.username, officer.name, *titles, waits[officer.username]))
    return cards


def _steps() -> list[Step]:
    return [
        Step(_("Enter"), _("As the upazila officer of Hatibandha, check the month's return and submit it.")),
        Step(_("Verify"), _("As the district officer, look at what was submitted and verify it.")),
        Step(_("Watch"), _("See the district's total and the score of its agreement move.")),
        Step(_("Open the PDF"), _("Open the month of the district as PDF, and check a signed agreement.")),
    ]
