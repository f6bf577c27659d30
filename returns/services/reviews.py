"""A district inspector's look at a submitted return, left for the verifier."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core.activity import record_activity
from core.errors import UserError
from core.periods import dhaka_date
from core.text import clean_text
from offices.models import Officer
from offices.rights import require_right
from returns.choices import ReturnState
from returns.models import Return, Review
from returns.services.entry import MAX_REMARK, too_long
from returns.services.locking import lock_return


@transaction.atomic
def review_return(ret: Return, *, text: str, by: Officer, at: datetime) -> Review:
    """Leave a review remark on a submitted return; its state stays. `UserError` for a blank or too long remark."""
    ret, version = lock_return(ret)
    posting = require_right(by, "returns.review_return", ret, on=dhaka_date(at))
    if version.state != ReturnState.SUBMITTED:
        raise UserError(_("Only a submitted return is reviewed. This one is not waiting for a verdict now."))
    words = clean_text(text)
    if not words:
        raise UserError(_("Write what you found, in a sentence."))
    if len(words) > MAX_REMARK:
        raise UserError(too_long(words))
    review = Review.objects.create(version=version, text=words, by=by, at=at)
    after = {"version": version.number, "text": words}
    record_activity(
        "returns.review_return", ret, by=by, at=at, office_path=ret.office_path, post=posting.post, after=after
    )
    return review
