"""The entry page's script talks to this address: it saves what the form post saves, and answers for the open page."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from core import clock
from core.errors import UserError
from core.periods import DHAKA, Period
from core.templatetags.figures import digits
from offices.access import officer_of, officers_only
from offices.models import Officer
from offices.rights import require_right
from returns.forms import read_entry
from returns.grid import Typed, lay_out
from returns.live import live_state
from returns.published import catalogue_of
from returns.services.locking import check_draft
from returns.views.finding import Found, find_opened, find_or_draft
from returns.views.saving import Saved, save_post, sides_of, typed_of

#: What the script says; ``%`` is where it puts a number or a time.
WORDS = {
    "saved": gettext_lazy("✓ saved"),
    "waiting": gettext_lazy("… waiting"),
    "wrong": gettext_lazy("▲ not saved"),
    "all": gettext_lazy("Everything is saved, at %."),
    "some": gettext_lazy("% on the way to the server."),
    "offline": gettext_lazy("No connection. % kept on this computer; sent by itself once the line is back."),
    "held": gettext_lazy("% not saved."),
    "refused": gettext_lazy("This can no longer be saved. What you typed stays on this computer."),
    "left": gettext_lazy("% pasted figures did not fit into this section."),
}


def quick_entry(found: Found, officer: Officer) -> dict[str, str]:
    """What the entry page tells its script: where to keep unsent figures, and its words."""
    words = {name: str(text) for name, text in WORDS.items()} | {"digits": digits("0123456789")}
    return {
        "store": f"entry:{officer.pk}:{found.office.code}/{found.ret.period}:{found.version.number}",
        "words": json.dumps(words, ensure_ascii=False),
    }


@officers_only("returns.enter_return")
@require_http_methods(["GET", "POST"])
def cells(request: HttpRequest, office: str, period: Period) -> JsonResponse:
    """Save changed cells, reasons and remarks; a GET only tells how the return stands."""
    officer, at = officer_of(request), clock.now()
    saved, typed = None, Typed()
    try:
        found = find_or_draft(officer, office, period, today=Period.of(clock.today()))
        require_right(officer, "returns.enter_return", found.office)
        check_draft(found.version)
        if request.method == "POST":
            posted = read_entry(request.POST, catalogue_of(found.ret.form), found.office.kind)
            saved = save_post(found, posted, officer, at)
            typed = typed_of(posted, saved.problems)
            found = find_opened(officer, office, period)
    except UserError as error:
        return JsonResponse({"error": str(error.message)}, status=409)
    return JsonResponse(_answer(request, found, typed, saved))


def _answer(request: HttpRequest, found: Found, typed: Typed, saved: Saved | None) -> dict[str, Any]:
    sheet = found.sheet()
    officer = officer_of(request)
    return live_state(lay_out(sheet, may_enter=True, typed=typed)) | {
        "token": get_token(request),
        "officer": officer.pk,
        "at": digits(f"{clock.now().astimezone(DHAKA):%H:%M}"),
        "base": {cell: [value.revision, value.amount] for cell, value in sheet.values.items()},
        "wrong": dict(typed.wrong),
        "conflicts": _conflicts(saved, found, officer) if saved else {},
    }


def _conflicts(saved: Saved, found: Found, officer: Officer) -> dict[str, Any]:
    """Both figures by cell: what the other wrote with its revision, and words for the two choices."""
    catalogue = catalogue_of(found.ret.form)
    return {
        conflict.cell: {
            "theirs": [conflict.revision, conflict.theirs],
            "text": "" if conflict.theirs is None else sides["theirs"],
            "keep": [
                _("Keep %(figure)s (%(name)s)") % {"figure": sides["theirs"], "name": conflict.name},
                _("Keep %(figure)s (%(name)s)") % {"figure": sides["mine"], "name": officer.name},
            ],
        }
        for conflict in saved.result.conflicts
        for sides in [sides_of(conflict, catalogue)]
    }
