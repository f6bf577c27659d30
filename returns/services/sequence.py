"""Which month may be opened: in sequence after the baseline, never ahead of time."""

from __future__ import annotations

from django.utils.translation import gettext as _

from core.errors import UserError
from core.periods import Period, PeriodKind
from offices.models import Office
from returns.models import Return
from returns.sheet import baseline_of


def check_sequence(office: Office, period: Period, *, today: Period) -> None:
    """Refuse (`UserError`) a period that is no month, lies ahead, or leaves a gap after the last one submitted."""
    if period.kind is not PeriodKind.MONTH:
        raise UserError(_("Returns are made for months. %(period)s is no month.") % {"period": period.label()})
    if not office.is_leaf:
        raise UserError(_("%(office)s enters no return of its own; its figures come from below.") % {"office": office})
    if period > today:
        raise UserError(
            _("%(period)s has not begun yet. Its return opens on the first day.") % {"period": period.label()}
        )
    baseline = baseline_of(office)
    if baseline is None:
        raise UserError(_("The baseline of %(office)s has not been entered yet. Enter it first.") % {"office": office})
    if period <= baseline.period:
        raise UserError(
            _("%(period)s lies before the portal: the first return of %(office)s is that of %(first)s.")
            % {"period": period.label(), "office": office, "first": baseline.period.next().label()}
        )
    previous = period.previous()
    if previous > baseline.period and not _was_submitted(office, previous):
        raise UserError(
            _("The return of %(previous)s has not been submitted yet. Submit it first; its closings open %(period)s.")
            % {"previous": previous.label(), "period": period.label()}
        )


def _was_submitted(office: Office, period: Period) -> bool:
    return Return.objects.filter(office=office, period=period, first_submitted_at__isnull=False).exists()
