"""What a job's page says when work has failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

BROKE = _("The work stopped with a fault. It has been noted for the system administrator; start it again later.")
BROKEN_OFF = _("The work was broken off several times and was given up. Start it again, or tell the administrator.")


def in_every_language(message: str | StrPromise) -> dict[str, str]:
    """A message as it reads in each language of the portal, for whoever opens the job's page."""
    words = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            words[code] = str(message)
    return words
