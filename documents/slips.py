"""Slips with one-time passwords as one PDF. No document: it has no code, no file and no row (see `offices.slips`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from offices.slips import Slip, register_printer


def print_slips(slips: Sequence[Slip], issued_by: str, at: datetime) -> bytes:
    """Eight slips a page, to be cut; each with log-in name, password, address and its QR."""
    from documents.engine import render_pdf  # takes half a second to load; only who prints waits for it

    address = settings.PORTAL_ADDRESS.rstrip("/") + reverse("account_login")
    context = {"slips": slips, "issued_by": issued_by, "at": at, "address": address, "qr": _qr_of(address)}
    with translation.override("bn"):
        html = render_to_string("pdf/slips.html", context)
    return render_pdf(html, at=at).data


def _qr_of(address: str) -> SafeString:
    drawing = segno.make(address, error="m", micro=False)
    svg = drawing.svg_inline(scale=1, border=0, dark="#15231c", omitsize=True)
    return mark_safe(svg)  # noqa: S308 (drawn here, from our own address)


register_printer(print_slips)
