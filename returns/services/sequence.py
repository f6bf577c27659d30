"""Which month may be opened: in sequence after the baseline, never ahead of time."""

from __future__ import annotations

from django.utils.translation import gettext as _

from core.errors import UserError
from core.periods import Period, PeriodKind
from core.templatetags.figures import digits
from offices.models import Office
from returns.completeness import is_due
from returns.models import Return
from returns.published import catalogue_of, form_for
from returns.sheet import baseline_of


def check_sequence(office: Office, period: Period, *, today: Period, was_submitted: bool | None = None) -> None:
    """Refuse (`UserError`) a period that is no month, lies ahead, or leaves a gap after the last one submitted.

    One query where the office came with its baseline, two more for one without. ``was_submitted`` says of the month
    before whether it was ever submitted, where that is known already.
    """
    if period.kind is not PeriodKind.MONTH:
        raise UserError(_("Returns are made for months. %(period)s is no month.") % {"period": period.label()})
    if period > today:
        raise UserError(
            _("%(period)s has not begun yet. Its return opens on the first day.") % {"period": period.label()}
        )
    first = first_month_of(office, period)
    if period < first:
        raise UserError(
            _("%(period)s lies before the portal: the first return of %(office)s is that of %(first)s.")
            % {"period": period.label(), "office": office, "first": first.label()}
        )
    if office.closed_on is not None and not is_due(office, period):
        raise UserError(
            _("%(office)s was closed on %(day)s. Its last return is that of %(month)s.")
            % {
                "office": office,
                "day": digits(f"{office.closed_on:%d/%m/%Y}"),
                "month": Period.of(office.closed_on).label(),
            }
        )
    previous = period.previous()
    if period > first and not (_was_submitted(office, previous) if was_submitted is None else was_submitted):
        raise UserError(
            _("The return of %(previous)s has not been submitted yet. Submit it first; its closings open %(period)s.")
            % {"previous": previous.label(), "period": period.label()}
        )


def first_month_of(office: Office, period: Period) -> Period:
    """The first month whose return the office makes: the one after its baseline.

    An upper office that reports no stocks needs no baseline: it begins with the month it opens first, and so with
    ``period`` if it has opened none. `UserError` for an office that needs one and has none.
    """
    baseline = baseline_of(office)
    if baseline is not None:
        after: Period = baseline.period.next()
        return after
    if office.is_leaf or catalogue_of(form_for(period)).needs_baseline(office.kind):
        raise UserError(_("The baseline of %(office)s has not been entered yet. Enter it first.") % {"office": office})
    begun = Return.objects.filter(office=office).order_by("period").first()
    return begun.period if begun else period


def _was_submitted(office: Office, period: Period) -> bool:
    return Return.objects.filter(office=office, period=period, first_submitted_at__isnull=False).exists()
