"""How the pages of this room show an audit's state."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from audits.choices import SHAPES, AuditState
from audits.models import Audit
from core.clock import today
from core.templatetags.look import state_tag

register = template.Library()


@register.simple_tag
def audit_tag(audit: Audit) -> SafeString:
    """``{% audit_tag audit %}``: shape and word; an audit whose year is over and that is not done is overdue."""
    if audit.is_overdue(today()):
        return state_tag("late", _("overdue"))
    return state_tag(SHAPES[AuditState(audit.state)], audit.get_state_display())
