"""Full names of offices and posts in templates."""

from __future__ import annotations

from django import template

from offices import titles
from offices.models import Office, Posting

register = template.Library()


@register.filter
def office_title(office: Office) -> str:
    """``{{ office|office_title }}``: উপজেলা সমবায় কার্যালয়, হাতীবান্ধা."""
    return titles.office_title(office)


@register.filter
def posting_title(posting: Posting) -> str:
    """``{{ posting|posting_title }}``: the post as it is called in that kind of office."""
    return titles.post_title(posting.post, posting.office)
