"""How a return stands, as a tag: the same wherever a state is shown."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.templatetags.look import state_tag
from returns.choices import ReturnState, shown_state

register = template.Library()


@register.simple_tag
def return_tag(row: Any) -> SafeString:
    """``{% return_tag month %}`` of a month, a version or a standing: its state, and whether it was verified on import;
    where it was accepted since, that too."""
    if row.state == ReturnState.SUPERSEDED:
        return state_tag("missing", ReturnState.SUPERSEDED.label)
    shown = state_tag(shown_state(row.state, on_import=row.is_verified_on_import) or "missing")
    if row.state == ReturnState.VERIFIED and getattr(row, "is_accepted", False):
        accepted = state_tag("accepted")
        return format_html("{} {}", accepted, shown) if row.is_verified_on_import else accepted
    return shown
