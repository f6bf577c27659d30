"""Finding the return that an address names, for an officer who may see it: one query with all its past."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import OuterRef
from django.http import Http404
from django.shortcuts import get_object_or_404

from core.periods import Period
from offices.models import Office, Officer
from offices.places import path_on
from offices.querysets import within
from returns.choices import ReturnState
from returns.deadlines import Calendar
from returns.due import calendar_of, day_set
from returns.history import periods_read
from returns.models import Return, ReturnVersion
from returns.published import catalogue_of, form_for
from returns.services.sequence import check_sequence
from returns.sheet import Sheet, load_sheet
from returns.talk import is_talked_about


@dataclass(frozen=True)
class Found:
    """A return with its newest version and the office's versions that it reads. A return not opened yet is unsaved."""

    ret: Return
    version: ReturnVersion
    versions: list[ReturnVersion]

    @property
    def office(self) -> Office:
        return self.ret.office

    @property
    def is_opened(self) -> bool:
        return self.ret.pk is not None

    @property
    def own_versions(self) -> list[ReturnVersion]:
        """The return's versions, the oldest first."""
        return [v for v in self.versions if v.ret_id == self.ret.pk] if self.is_opened else []

    @property
    def sent_back(self) -> ReturnVersion | None:
        """The version before a redraft, with the reason it came back."""
        own = [v for v in self.own_versions if v.state == ReturnState.RETURNED]
        return own[-1] if own and self.version.state == ReturnState.DRAFT else None

    @property
    def has_month_before(self) -> bool:
        previous = self.ret.period.previous()
        return any(version.ret.period == previous for version in self.versions)

    def calendar(self) -> Calendar:
        """The deadlines of the return's month, as far as they concern its office."""
        due_day, period = catalogue_of(self.ret.form).due_day, self.ret.period
        if not self.is_opened:
            return calendar_of(due_day, [period])
        day = getattr(self.version, "day_set", None)
        return Calendar(due_day, grants={(self.ret.office_id, period): day} if day else {})

    def sheet(self) -> Sheet:
        return load_sheet(self.ret, self.version, versions=self.versions)


def find_return(officer: Officer, code: str, period: Period) -> Found | None:
    """The opened return of an office and month within the officer's reach; None if there is none."""
    versions = _versions(officer, code, period)
    own = [version for version in versions if version.ret.period == period]
    return Found(own[-1].ret, own[-1], versions) if own else None


def _versions(officer: Officer, code: str, period: Period) -> list[ReturnVersion]:
    periods = {period, *periods_read(period)}
    rows = (
        ReturnVersion.objects.filter(ret__office__code=code, ret__period__in=list(periods))
        .select_related(
            "ret__office__parent", "ret__office__baseline", "ret__form", "submitted_by", "decided_by", "imported_by"
        )
        .defer("ret__form__catalogue")
        .annotate(
            has_talk=is_talked_about(),
            day_set=day_set(OuterRef("ret__period"), office="ret__office", kind="ret__office__kind"),
        )
        .order_by("ret__period", "number")
    )
    return list(within(rows, officer.seen_paths, "ret__office_path"))


def find_opened(officer: Officer, code: str, period: Period) -> Found:
    """The same, or 404."""
    found = find_return(officer, code, period)
    if found is None:
        raise Http404
    return found


def find_or_draft(officer: Officer, code: str, period: Period, *, today: Period) -> Found:
    """The same, or an unsaved draft of a month that may be opened now.

    404 for an office out of reach; `UserError` for a month that cannot be opened.
    """
    found = find_return(officer, code, period)
    if found is not None:
        return found
    office = get_object_or_404(Office.objects.visible_to(officer).select_related("parent", "baseline"), code=code)
    check_sequence(office, period, today=today)
    ret = Return(office=office, office_path=path_on(office, period), period=period, form=form_for(period))
    return Found(ret, ReturnVersion(ret=ret, number=1), _versions(officer, code, period))
