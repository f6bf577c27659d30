"""Writing officers and postings."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core.activity import record_activity
from core.errors import UserError
from core.text import clean_text
from offices.choices import POSTS_OF_KIND, OfficeKind, Post
from offices.models import Office, Officer, Posting
from offices.rights import require_right


@transaction.atomic
def create_officer(
    *,
    username: str,
    name_bn: str,
    name_en: str,
    by: Officer | None,
    at: datetime,
    password: str | None = None,
    is_demo: bool = False,
    is_staff: bool = False,
) -> Officer:
    """Make an officer without any posting. ``by`` is None only for the first one, made from the command line."""
    _guard(by, None)
    officer = Officer.objects.create_user(
        username.strip().lower(),
        password,
        name_bn=clean_text(name_bn),
        name_en=clean_text(name_en),
        is_demo=is_demo,
        is_staff=is_staff,
    )
    record_activity("offices.create_officer", officer, by=by or officer, at=at)
    return officer


@transaction.atomic
def update_officer(*, officer: Officer, fields: list[str], by: Officer, at: datetime) -> Officer:
    """Keep the officer's changed ``fields``; an officer made inactive can no longer log in."""
    _guard(by, None)
    before = Officer.objects.select_for_update().values(*fields).get(pk=officer.pk) if fields else {}
    officer.save(update_fields=fields)
    after = {name: getattr(officer, name) for name in fields}
    record_activity("offices.update_officer", officer, by=by, at=at, before=before, after=after)
    return officer


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
    """Post an officer to an office from a day. The post must exist in that kind of office (`UserError`)."""
    _guard(by, office)
    if post not in POSTS_OF_KIND[OfficeKind(office.kind)]:
        raise UserError(
            _("%(office)s has no post of %(post)s. Choose a post of that office.")
            % {"office": office, "post": Post(post).label}
        )
    if ends_on is not None and ends_on < starts_on:
        raise UserError(_("The posting would end before it starts. Correct one of the two dates."))
    posting = Posting.objects.create(
        officer=officer, office=office, post=post, starts_on=starts_on, ends_on=ends_on, is_acting=is_acting
    )
    after = {"officer": officer.username, "post": post, "from": starts_on.isoformat(), "acting": is_acting}
    record_activity("offices.appoint_officer", posting, by=by or officer, at=at, office_path=office.path, after=after)
    return posting


@transaction.atomic
def end_posting(*, posting: Posting, ends_on: date, by: Officer, at: datetime) -> Posting:
    """End a posting on its last day."""
    posting = Posting.objects.select_for_update(of=("self",)).select_related("office").get(pk=posting.pk)
    _guard(by, posting.office)
    if ends_on < posting.starts_on:
        raise UserError(_("The posting would end before it starts. Correct one of the two dates."))
    before = {"ends_on": posting.ends_on.isoformat() if posting.ends_on else None}
    posting.ends_on = ends_on
    posting.save(update_fields=["ends_on"])
    after = {"ends_on": ends_on.isoformat()}
    record_activity(
        "offices.end_posting", posting, by=by, at=at, office_path=posting.office.path, before=before, after=after
    )
    return posting


def _guard(by: Officer | None, office: Office | None) -> None:
    """Only administrators of officers may write; nobody at all is the command line of the machine."""
    if by is not None:
        require_right(by, "offices.manage_officers", office)
