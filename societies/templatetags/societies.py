"""How the pages of this room show a society's status."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from core.templatetags.look import state_tag
from societies.choices import SHAPES, Status

register = template.Library()


@register.simple_tag
def status_tag(status: str) -> SafeString:
    """``{% status_tag society.status %}``: shape and word."""
    return state_tag(SHAPES[Status(status)], Status(status).label)
