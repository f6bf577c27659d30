"""Pieces of the look that need more than markup: states as a shape and a word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

register = template.Library()

_RING = '<circle cx="7" cy="7" r="5.5" fill="none" stroke="currentColor" stroke-width="1.5"/>'
# Shapes stay apart in black and white and without colour.
_SHAPES = {
    "draft": _RING,
    "submitted": _RING + '<path d="M7 1.5a5.5 5.5 0 0 1 0 11z" fill="currentColor"/>',
    "verified": '<circle cx="7" cy="7" r="6" fill="currentColor"/>',
    "on-import": '<circle cx="7" cy="7" r="6" fill="currentColor"/><path d="M7 3.2v5.6M4.4 6.6 7 9.2l2.6-2.6" '
    'fill="none" stroke="#fff" stroke-width="1.5"/>',
    "returned": '<path d="M3 4.5A5 5 0 1 1 2 8.2M3 1v3.7h3.7" fill="none" stroke="currentColor" stroke-width="1.6"/>',
    "late": '<path d="M7 1 13.5 13H.5z" fill="currentColor"/>',
    "amended": '<path d="M2 12l.8-3.2L10 1.6 12.4 4 5.2 11.2z" fill="none" stroke="currentColor" stroke-width="1.5"/>',
    "outdated": '<path d="M7 1.5v6l4 2.5" fill="none" stroke="currentColor" stroke-width="1.6"/>' + _RING,
    "accepted": '<circle cx="7" cy="7" r="6" fill="currentColor"/><path d="m4 7.2 2.2 2.2L10 5" fill="none" '
    'stroke="#fff" stroke-width="1.6"/>',
    "replaced": _RING + '<path d="M3.2 10.8 10.8 3.2" stroke="currentColor" stroke-width="1.5"/>',
    "missing": '<circle cx="7" cy="7" r="5.5" fill="none" stroke="currentColor" stroke-width="1.5" '
    'stroke-dasharray="2.2 2.2"/>',
}
_WORDS: dict[str, StrPromise] = {
    "draft": pgettext_lazy("state", "draft"),
    "submitted": pgettext_lazy("state", "submitted"),
    "verified": pgettext_lazy("state", "verified"),
    "on-import": pgettext_lazy("state", "verified on import"),
    "returned": pgettext_lazy("state", "returned"),
    "late": pgettext_lazy("state", "late"),
    "amended": pgettext_lazy("state", "amended"),
    "missing": pgettext_lazy("state", "not in"),
    "outdated": pgettext_lazy("state", "out of date"),
    "accepted": pgettext_lazy("state", "accepted"),
    "replaced": pgettext_lazy("state", "replaced"),
}
_UNKNOWN: StrPromise = _("unknown")


@register.simple_tag
def state_tag(state: object, word: object = "") -> SafeString:
    """``{% state_tag ret.state %}``: the state's shape and its word; ``word`` replaces the usual one."""
    name = str(state)
    shape = name if name in _SHAPES else "draft"
    return format_html(
        '<span class="tag tag--{}"><svg viewBox="0 0 14 14" aria-hidden="true">{}</svg>{}</span>',
        shape,
        mark_safe(_SHAPES[shape]),  # noqa: S308 - drawn above, nothing typed by anyone
        word or _WORDS.get(name, _UNKNOWN),
    )
