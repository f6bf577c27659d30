"""Writing postings: who holds which post in which office, from when to when."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from core.activity import record_activity
from core.errors import UserError
from offices.choices import POSTS_OF_KIND, OfficeKind, Post
from offices.models import Office, Officer, Posting
from offices.rights import require_right
from offices.subordinates import MANAGE, may_manage


@transaction.atomic
def appoint_officer(
    *,
    officer: Officer,
    office: Office,
    post: Post,
    starts_on: date,
    by: Officer | None,
    at: datetime,
    ends_on: date | None = None,
    is_acting: bool = False,
) -> Posting:
    """Post an officer to an office from a day. The post must exist in that kind of office (`UserError`).

    ``by`` manages both the officer and the office, and is never the officer; None is the machine's command line.
    """
    if by is not None and not may_manage(by, officer):
        raise PermissionDenied(MANAGE)
    return write_posting(officer, office, Post(post), starts_on, ends_on, is_acting=is_acting, by=by, at=at)


def write_posting(
    officer: Officer,
    office: Office,
    post: Post,
    starts_on: date,
    ends_on: date | None,
    *,
    is_acting: bool,
    by: Officer | None,
    at: datetime,
) -> Posting:
    """The same for an officer who may be posted by ``by``: the caller has asked."""
    if by is not None:
        require_right(by, MANAGE, office)
    check_posting(office, post, starts_on, ends_on)
    if Posting.objects.filter(officer=officer, office=office, post=post, ends_on=None).exists():
        raise UserError(_("%(name)s holds this post already. End that posting first.") % {"name": officer}, cell="post")
    posting = Posting.objects.create(
        officer=officer, office=office, post=post, starts_on=starts_on, ends_on=ends_on, is_acting=is_acting
    )
    after = {"officer": officer.username, "post": post, "from": starts_on.isoformat(), "acting": is_acting}
    record_activity("offices.appoint_officer", posting, by=by or officer, at=at, office_path=office.path, after=after)
    return posting


def check_posting(office: Office, post: Post, starts_on: date, ends_on: date | None = None) -> None:
    """Refuse (`UserError`) a post that the office does not have, and a posting that ends before it starts."""
    if post not in POSTS_OF_KIND[OfficeKind(office.kind)]:
        raise UserError(
            _("%(office)s has no post of %(post)s. Choose a post of that office.")
            % {"office": office, "post": Post(post).label},
            cell="post",
        )
    if ends_on is not None and ends_on < starts_on:
        raise UserError(_("The posting would end before it starts. Correct one of the two dates."), cell="ends_on")


@transaction.atomic
def end_posting(*, posting: Posting, ends_on: date, by: Officer, at: datetime) -> Posting:
    """End a posting on its last day."""
    posting = Posting.objects.select_for_update(of=("self",)).select_related("office", "officer").get(pk=posting.pk)
    require_right(by, MANAGE, posting.office)
    if not may_manage(by, posting.officer):
        raise PermissionDenied(MANAGE)
    check_posting(posting.office, Post(posting.post), posting.starts_on, ends_on)
    before = {"ends_on": posting.ends_on.isoformat() if posting.ends_on else None}
    posting.ends_on = ends_on
    posting.save(update_fields=["ends_on"])
    after = {"ends_on": ends_on.isoformat()}
    record_activity(
        "offices.end_posting", posting, by=by, at=at, office_path=posting.office.path, before=before, after=after
    )
    return posting
