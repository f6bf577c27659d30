"""Remarks that settle warnings."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core.activity import record_activity
from core.errors import UserError
from core.text import clean_text
from offices.models import Officer
from returns.catalogue import Catalogue
from returns.models import Remark, Return, ReturnVersion
from returns.published import catalogue_of
from returns.services.entry import MAX_REMARK, too_long
from returns.services.locking import lock_draft


@transaction.atomic
def write_remark(
    ret: Return,
    *,
    rule: str,
    cell: str,
    text: str,
    by: Officer,
    at: datetime,
    right: str = "returns.enter_return",
) -> Remark | None:
    """Settle a warning of a draft by a remark (at most 1,000 characters, `UserError`); a blank text takes it back."""
    ret, version, posting = lock_draft(ret, by=by, at=at, right=right)
    words = check_remark(catalogue_of(ret.form), rule, cell, text)
    before = Remark.objects.filter(version=version, rule=rule, cell=cell).first()
    if (before.text if before else "") == words:
        return before
    remark = _keep(version, rule, cell, words, by=by, at=at)
    record_activity(
        "returns.write_remark",
        ret,
        by=by,
        at=at,
        office_path=ret.office_path,
        post=posting.post,
        before={"text": before.text} if before else {},
        after={"rule": rule, "cell": cell, "text": words},
    )
    return remark


def check_remark(catalogue: Catalogue, rule: str, cell: str, text: str) -> str:
    """The remark as it is kept; `UserError` if it is too long, or the form has no such rule or cell."""
    if cell not in catalogue.cells_by_key or rule not in {known.code for known in catalogue.rules}:
        raise UserError(_("There is no such warning in this form."), cell=cell)
    words = clean_text(text)
    if len(words) > MAX_REMARK:
        raise UserError(too_long(words), cell=cell)
    return words


def _keep(version: ReturnVersion, rule: str, cell: str, words: str, *, by: Officer, at: datetime) -> Remark | None:
    if not words:
        Remark.objects.filter(version=version, rule=rule, cell=cell).delete()
        return None
    remark, _made = Remark.objects.update_or_create(
        version=version, rule=rule, cell=cell, defaults={"text": words, "by": by, "at": at}
    )
    return remark
