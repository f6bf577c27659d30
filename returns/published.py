"""Published forms as catalogues: read once a process, for a published form never changes."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

from django.utils.translation import gettext_lazy as _

from core.errors import UserError
from core.periods import Period
from returns.catalogue import Catalogue
from returns.levels import form_of_kinds
from returns.models import Form
from returns.reading import read_catalogue


def form_for(period: Period) -> Form:
    """The form in force in a period, its catalogue not loaded. Raise `UserError` if none was published for it."""
    form = Form.objects.defer("catalogue").filter(valid_from__lte=period).order_by("-valid_from", "-number").first()
    if form is None:
        raise UserError(
            _("No form has been published for this period. An administrator publishes one under “Form of the return”.")
        )
    return form


def due_day_of(period: Period) -> int:
    """The day of the month after by which returns of a period are due, as its form says. One query, and `UserError`."""
    return catalogue_of(form_for(period)).due_day


def catalogue_of(form: Form, kinds: Collection[str] = ()) -> Catalogue:
    """The form's catalogue; as some kinds of office know it, if these are named."""
    return _catalogue(form.pk, form.digest, frozenset(kinds))


@lru_cache(maxsize=64)
def _catalogue(pk: int, digest: str, kinds: frozenset[str]) -> Catalogue:
    if kinds:
        return form_of_kinds(_catalogue(pk, digest, frozenset()), kinds)
    return read_catalogue(Form.objects.values_list("catalogue", flat=True).get(pk=pk))
