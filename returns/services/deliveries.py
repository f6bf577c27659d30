"""Taking a delivery of figures from a file into a return: all of an office, or nothing of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from core.activity import record_activity
from core.errors import UserError
from core.periods import Period, PeriodError, dhaka_date
from offices.models import Office, Officer, Posting
from offices.rights import posting_among
from returns.choices import ReturnState
from returns.models import Form, Return, ReturnVersion, Value
from returns.published import form_for
from returns.rules import Finding, compute
from returns.services.entry import open_return, save_cells
from returns.services.locking import check_draft, lock_return
from returns.services.remarks import write_remark
from returns.services.submission import submit_return
from returns.services.verdict import verify_return
from returns.sheet import Sheet, load_sheet
from returns.workbooks.delivery import Delivery
from returns.workbooks.verdicts import Fate, Judgement, judge

IMPORT = "returns.import_returns"


class DeliveryRefusedError(UserError):
    """A figure of a delivery stands in the way, so that nothing of it was saved; ``judgement`` says which and why."""

    def __init__(self, judgement: Judgement) -> None:
        first = judgement.refused[0]
        super().__init__(
            _("%(name)s (%(place)s): %(message)s")
            % {"name": first.name, "place": first.place, "message": first.message or Fate(first.fate).label},
            cell=first.cell,
        )
        self.judgement = judgement


@dataclass(frozen=True)
class Taken:
    """A delivery that was taken, with the version it went into."""

    ret: Return
    version: ReturnVersion
    judgement: Judgement


def check_delivery(delivery: Delivery, office: Office, period: Period, form: Form | None = None) -> None:
    """Raise `UserError` unless a delivery is of this office and month, on the form in force (``form``, if known)."""
    form = form or form_for(period)
    if delivery.office != office.code:
        raise UserError(
            _("“%(file)s” is of another office: %(theirs)s, not %(office)s.")
            % {"file": delivery.file, "theirs": delivery.office or "—", "office": office.code}
        )
    if delivery.period != period.key:
        raise UserError(
            _("“%(file)s” is of another month: %(theirs)s, not %(period)s.")
            % {"file": delivery.file, "theirs": _label(delivery.period), "period": period.label()}
        )
    if delivery.form not in (str(form), form.code):
        raise UserError(
            _("“%(file)s” is on form %(theirs)s; form %(form)s applies to %(period)s. Download the workbook anew.")
            % {"file": delivery.file, "theirs": delivery.form or "—", "form": form, "period": period.label()}
        )


def _label(key: str) -> str:
    try:
        return Period.parse(key).label()
    except PeriodError:
        return key or "—"


@transaction.atomic
def take_delivery(delivery: Delivery, office: Office, period: Period, *, key: str, by: Officer, at: datetime) -> Taken:
    """Save a filled workbook into the office's draft, opening it first where needed: all its figures or none.

    `UserError` for another office, month or form; `DeliveryRefusedError` while a figure is refused or in conflict.
    """
    check_delivery(delivery, office, period)
    ret = open_return(office, period, by=by, at=at)
    ret, version = lock_return(ret, key=key)
    if getattr(version, "answer", None) is not None:  # the same consent, posted twice
        return Taken(ret, version, judge(delivery, load_sheet(ret, version)))
    check_draft(version)
    judgement = _save(delivery, load_sheet(ret, version), key=key, by=by, at=at)
    return Taken(ret, version, judgement)


def _save(
    delivery: Delivery, sheet: Sheet, *, key: str, by: Officer, at: datetime, source: str = "", right: str = ""
) -> Judgement:
    right = right or "returns.enter_return"
    judgement = judge(delivery, sheet, source=source)
    if judgement.refused:
        raise DeliveryRefusedError(judgement)
    if judgement.changes:
        result = save_cells(sheet.ret, judgement.changes, key=key, by=by, at=at, right=right)
        assert result.is_clean, "the return was locked before it was judged"
    if judgement.remarks or source:
        _remark(sheet, judgement, by=by, at=at, source=source, right=right)
    return judgement


def _remark(sheet: Sheet, judgement: Judgement, *, by: Officer, at: datetime, source: str, right: str) -> None:
    """A row's remark answers every warning at its cell or line; the name of the file answers the others."""
    values = {value.cell: value for value in Value.objects.filter(version=sheet.version)}
    for finding, text in answers(with_values(sheet, values), judgement, source=source):
        write_remark(sheet.ret, rule=finding.rule, cell=finding.cell, text=text, by=by, at=at, right=right)


def with_values(sheet: Sheet, values: Mapping[str, Value]) -> Sheet:
    """The sheet of a draft with these values in it, computed afresh."""
    amounts = compute(sheet.catalogue, {cell: value.amount for cell, value in values.items()}, sheet.past.context)
    return replace(sheet, values=values, amounts=amounts)


def answers(sheet: Sheet, judgement: Judgement, *, source: str) -> Iterator[tuple[Finding, str]]:
    """The warnings that no remark settles yet, each with what the file says to it."""
    for finding in sheet.findings:
        text = judgement.remarks.get(finding.cell) or judgement.remarks.get(finding.cell.partition(".")[0]) or source
        if not finding.is_block and text and sheet.remark_on(finding) is None:
            yield finding, text


@transaction.atomic
def import_return(
    delivery: Delivery,
    office: Office,
    period: Period,
    *,
    by: Officer,
    at: datetime,
    submit: bool = False,
    verify_by: Officer | None = None,
) -> Taken:
    """Take a delivery from a file of many: saved, and where asked submitted and verified on import, in one transaction.

    ``by`` is an officer of the office, or an administrator: then the version says who imported it. Figures that differ
    from the registers carry the file's name as their reason. A return that is no draft any more is taken where the file
    says what stands in it. `PermissionDenied` without the right; `UserError` as the single steps. Totals are the
    caller's business, once for all that is imported.
    """
    check_delivery(delivery, office, period)
    right = right_to_import(by.postings_on(dhaka_date(at)) if by.is_active else [], office)
    ret = open_return(office, period, by=by, at=at, right=right)
    ret, version = lock_return(ret)
    source = source_of(delivery)
    if version.state == ReturnState.DRAFT:
        sheet = load_sheet(ret, version)
        judgement = _save(delivery, sheet, key=f"import-{uuid4().hex}", by=by, at=at, source=source, right=right)
        _mark(ret, version, judgement, by=by, at=at)
    else:
        judgement = _as_it_stands(delivery, ret, version)
    if submit and version.state == ReturnState.DRAFT:
        version = submit_return(ret, by=by, at=at, right=right_to_submit(right))
    if verify_by is not None and version.state == ReturnState.SUBMITTED:
        version = verify_return(ret, by=verify_by, at=at, on_import=True)
    return Taken(ret, version, judgement)


def source_of(delivery: Delivery) -> str:
    """What stands as the reason and remark of what a file brings: in Bangla, as the papers that print it."""
    with translation.override("bn"):
        return _("Imported from the file %(file)s.") % {"file": delivery.file}


def right_to_import(postings: Collection[Posting], office: Office) -> str:
    """The right by which one of an officer's postings may import an office's return; `PermissionDenied` without one."""
    for right in ("returns.submit_return", IMPORT):
        if posting_among(postings, right, office.path) is not None:
            return IMPORT if right == IMPORT else "returns.enter_return"
    raise PermissionDenied(IMPORT)


def right_to_submit(right: str) -> str:
    """The right by which someone submits who imports by ``right``."""
    return IMPORT if right == IMPORT else "returns.submit_return"


def _mark(ret: Return, version: ReturnVersion, judgement: Judgement, *, by: Officer, at: datetime) -> None:
    if judgement.changes and version.imported_by_id != by.pk:
        version.imported_by = by
        version.save(update_fields=["imported_by"])
        record_activity("returns.import_return", ret, by=by, at=at, office_path=ret.office_path)


def _as_it_stands(delivery: Delivery, ret: Return, version: ReturnVersion) -> Judgement:
    """The verdicts on a return that cannot change: all unchanged, or it is refused as closed."""
    judgement = judge(_without_bases(delivery), load_sheet(ret, version), source=delivery.file)
    if judgement.changes or judgement.refused:
        check_draft(version)
    return judgement


def _without_bases(delivery: Delivery) -> Delivery:
    """The bare figures: what the return was when the workbook was made no longer matters."""
    return replace(delivery, entries=tuple(replace(one, base=None, reason="") for one in delivery.entries))
