"""Verifying returns together: those against which no check holds anything, each by its own verdict."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from core.activity import record_activity
from core.errors import UserError
from core.periods import dhaka_date
from offices.models import Officer
from offices.querysets import within
from offices.rights import posting_for
from returns.checks import Looked, look_at
from returns.clearance import unseen_in
from returns.dossiers import dossiers_of
from returns.models import Clearance, Clearing, Return, ReturnVersion
from returns.services.verdict import changed_meanwhile, verify_return
from returns.worklist import newest_versions


@transaction.atomic
def clear_returns(versions: Sequence[int], *, key: str, by: Officer, at: datetime) -> Clearing:
    """Verify the chosen versions that are still clean, each by `verify_return`; the others are skipped by name.

    One act: its statement is kept with each verdict, and the same key twice is one act. `PermissionDenied` without the
    right or for another officer's key; `UserError` if nothing within reach was chosen.
    """
    posting = posting_for(by, "returns.verify_return", on=dhaka_date(at))
    if posting is None:
        raise PermissionDenied("returns.verify_return")
    clearing, is_new = Clearing.objects.get_or_create(key=key, defaults={"by": by, "at": at})
    if clearing.by_id != by.pk:
        raise PermissionDenied("returns.verify_return")
    if not is_new:
        return clearing
    chosen = _lock(versions, by, at)
    if not chosen:
        raise UserError(_("Choose at least one return."))
    dossiers = dossiers_of(chosen)
    verified = []
    for version in chosen:
        looked = look_at(dossiers[version.pk])
        why = _obstacle(version, versions, looked) or _verify(version, looked, clearing, by=by, at=at)
        if why:
            clearing.skipped.append({"office": version.ret.office.code, "period": version.ret.period.key, "why": why})
        else:
            verified.append(version.ret.office.code)
    clearing.save(update_fields=["skipped"])
    record_activity(
        "returns.clear_returns",
        clearing,
        by=by,
        at=at,
        office_path=posting.office.path,
        post=posting.post,
        after={"verified": verified, "skipped": clearing.skipped},
    )
    return clearing


def _lock(versions: Sequence[int], by: Officer, at: datetime) -> list[ReturnVersion]:
    """The newest versions of the returns chosen within the officer's reach, all locked before the first verdict, so
    that no two acts wait for each other; the oldest month first."""
    paths = [posting.office.path for posting in by.postings_on(dhaka_date(at))]
    rows = within(Return.objects.filter(pk__in=_returns_of(versions)), paths, "office_path")
    returns = list(rows.select_for_update().order_by("pk"))
    return list(newest_versions().filter(ret__in=returns).order_by("ret__period", "ret__office_path"))


def _returns_of(versions: Sequence[int]) -> list[int]:
    return list(ReturnVersion.objects.filter(pk__in=list(versions)).values_list("ret", flat=True))


def _obstacle(version: ReturnVersion, chosen: Sequence[int], looked: Looked) -> str:
    """Why a version that was chosen is not verified with the others; empty if nothing is in the way."""
    if version.pk not in chosen:
        return changed_meanwhile(version)
    return "" if looked.is_clean else looked.doubts[0].message


def _verify(version: ReturnVersion, looked: Looked, clearing: Clearing, *, by: Officer, at: datetime) -> str:
    """Verify one version and keep what it stands on; or say why that cannot be, with nothing of it done."""
    try:
        with transaction.atomic():
            verify_return(version.ret, by=by, at=at)
            Clearance.objects.create(
                version=version, clearing=clearing, clean=list(looked.clean), unseen=unseen_in(looked)
            )
    except UserError as error:
        return str(error.message)
    except PermissionDenied:
        return _("You entered or submitted it, or it is not yours to verify. Another officer has to.")
    return ""
