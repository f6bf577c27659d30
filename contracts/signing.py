"""Signing an agreement: the lower party first, then its superior, on one sealed document whose bytes never change."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from contracts.choices import AgreementState, Side
from contracts.lines import lines_of
from contracts.models import Agreement, Framework
from contracts.papers import KIND
from contracts.services import check_superior, locked
from contracts.snapshots import keep_score
from core.activity import record_activity
from core.errors import UserError
from core.periods import dhaka_date
from documents.keys import OpenedKey, open_signing_key
from documents.models import Document
from documents.services import request_document
from documents.signing import seal_document, sign_with_key
from offices.models import Officer, Posting
from offices.rights import require_right
from returns.published import catalogue_of, form_for
from returns.services.targets import set_line_targets

SIGNING_RIGHTS = {Side.LOWER: "contracts.sign_agreement", Side.SUPERIOR: "contracts.countersign_agreement"}


@transaction.atomic
def request_agreement_document(*, agreement: Agreement, by: Officer, at: datetime) -> Document:
    """The paper of the agreement as it stands; once signing has begun, the very document that is being signed."""
    row = locked(agreement)
    if row.document is not None and row.lower_signed_at is not None:
        return row.document
    document = request_document(kind=KIND, arguments={"agreement": row.pk}, by=by, at=at)
    if row.document_id != document.pk:
        row.document = document
        row.save(update_fields=["document"])
    return document


def sign_agreement(*, agreement: Agreement, by: Officer, passphrase: str, code: str, at: datetime) -> Agreement:
    """Sign for the party whose turn it is, with the officer's key and second factor.

    Raise `UserError` for a wrong passphrase or code, out of turn, or while the document is being made. The superior's
    signature puts the agreement in force: its framework is frozen and its yearly targets are written.
    """
    side = _turn(agreement)
    posting = require_right(by, SIGNING_RIGHTS[side], agreement, on=dhaka_date(at))
    if side is Side.SUPERIOR:
        check_superior(agreement, posting)
        if agreement.lower_signed_by_id == by.pk:
            raise UserError(_("You have signed for the other party. Another officer signs for this one."))
    if agreement.document is None or not agreement.document.is_ready:
        raise UserError(_("The document is still being made. Try again in a moment."))
    opened = open_signing_key(posting=posting, passphrase=passphrase, code=code, by=by, at=at)
    return _sign(agreement, side, posting, opened, by, at)


def _turn(agreement: Agreement) -> Side:
    side = agreement.next_side
    if side is None:
        raise UserError(
            _("The agreement is %(state)s; it is not up for signing.") % {"state": agreement.get_state_display()}
        )
    return side


@transaction.atomic
def _sign(
    agreement: Agreement, side: Side, posting: Posting, opened: OpenedKey, by: Officer, at: datetime
) -> Agreement:
    row = locked(agreement)
    if row.next_side is not side or row.document is None:
        raise UserError(_("This place has been signed already. Load the page again."))
    if side is Side.LOWER:
        seal_document(row.document, by=by, at=at)
    sign_with_key(row.document, field=side.value, opened=opened, by=by, at=at)
    setattr(row, f"{side.value}_signed_at", at)
    setattr(row, f"{side.value}_signed_by", by)
    if side is Side.SUPERIOR:
        row.state = AgreementState.SIGNED
    row.save(update_fields=["state", f"{side.value}_signed_at", f"{side.value}_signed_by"])
    if side is Side.SUPERIOR:
        _put_in_force(row, by, at)
    record_activity(
        "contracts.sign_agreement",
        row,
        by=by,
        at=at,
        office_path=row.office.path,
        post=posting.post,
        after={"side": side.value, "state": row.state, "document": row.document.code},
    )
    return row


def _put_in_force(row: Agreement, by: Officer, at: datetime) -> None:
    Framework.objects.filter(pk=row.framework_id, frozen_at=None).update(frozen_at=at)
    targets = line_targets(row)
    if targets:
        set_line_targets(row.office, row.fiscal_year, amounts=targets, by=by, at=at)
    keep_score(row, at=at)


def line_targets(agreement: Agreement) -> dict[str, int]:
    """The yearly targets of the office's own cells: the best target of each line that is the year's sum of one flow.

    A flow that is measured against a target line (D04 against D01) gives that line its target.
    """
    catalogue = catalogue_of(form_for(agreement.fiscal_year.months[0]))
    found: dict[str, int] = {}
    for line in lines_of(agreement):
        feed, best = line.feed, line.targets[0]
        if feed is None or feed.is_ratio or len(feed.value) != 1 or best is None:
            continue
        cell = catalogue.cells_by_key.get(feed.value[0].cell)
        if cell is not None:
            amount = best * cell.line.unit.scale
            found[cell.line.target or cell.key] = int(amount)
    return found
