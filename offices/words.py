"""Acts on officers, postings and offices in words, for the pages that list them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from core.models import Activity
from core.periods import Period
from core.templatetags.figures import digits

_VERBS = {
    "offices.create_officer": _("account made"),
    "offices.update_officer": _("data corrected"),
    "offices.appoint_officer": _("posted"),
    "offices.end_posting": _("end of posting set"),
    "offices.reset_password": _("password reset"),
    "offices.change_own_password": _("own password chosen"),
    "offices.close_officer": _("account closed"),
    "offices.open_office": _("office opened"),
    "offices.close_office": _("office closed"),
    "offices.move_office": _("office moved"),
    "offices.reopen_officer": _("account opened again"),
}


@dataclass(frozen=True)
class Act:
    """One act: what, by whom (log-in name), when."""

    text: str
    actor: str
    at: datetime


def _day_in_words(key: str) -> str:
    """``২২/১১/২০২৬`` for a day as it is recorded; a month by its name."""
    return Period.parse(key).label() if len(key) == len("2026-11") else digits(f"{date.fromisoformat(key):%d/%m/%Y}")


def act_in_words(activity: Activity) -> Act:
    """What a row of the record says."""
    text = str(_VERBS.get(activity.verb, activity.verb))
    if activity.after.get("second_factor_dropped"):
        text = f"{text}, {_('second factor dropped')}"
    day = next((activity.after[k] for k in ("ends_on", "opened_on", "closed_on", "from") if activity.after.get(k)), "")
    if day:
        text = f"{text} ({_day_in_words(day)})"
    return Act(text, activity.actor, activity.at)
