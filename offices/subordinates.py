"""Whom an officer manages: those whose every seat lies where the right reaches, and never oneself."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from core.clock import today
from offices.models import Office, Officer, Posting
from offices.querysets import OfficeQuerySet
from offices.rights import offices_reached, posting_for

MANAGE = "offices.manage_officers"


def offices_managed_by(officer: Officer) -> OfficeQuerySet:
    """Offices whose officers the officer manages."""
    return offices_reached(officer, MANAGE)


def officers_seen_by(officer: Officer) -> QuerySet[Officer]:
    """Officers who sit, will sit or last sat in an office that the officer manages. System administrators, who manage
    the whole tree, also see those never posted."""
    offices = offices_managed_by(officer)
    last = Posting.objects.filter(officer=OuterRef("pk")).order_by(F("ends_on").desc(nulls_first=True), "-starts_on")
    rows = Officer.objects.annotate(last_office=Subquery(last.values("office")[:1]))
    seated = Posting.objects.filter(_lasting(), office__in=offices).values("officer")
    found = Q(last_office__in=offices) | Q(pk__in=seated)
    if _manages_everything(officer):
        found |= Q(last_office=None)
    return rows.filter(found)


def may_manage(by: Officer, officer: Officer) -> bool:
    """Whether ``by`` may post, reset or close ``officer``: nobody above, beside, or themselves."""
    if by.pk == officer.pk:
        return False
    seats = [posting.office for posting in _seats(officer)]
    if not seats:
        return _manages_everything(by)
    return all(posting_for(by, MANAGE, office) is not None for office in seats)


def _lasting() -> Q:
    return Q(ends_on__isnull=True) | Q(ends_on__gte=today())


def _seats(officer: Officer) -> list[Posting]:
    """Postings in force or to come; without any, the last one."""
    rows = officer.postings.select_related("office")
    return list(rows.filter(_lasting())) or list(rows.order_by("-ends_on", "-starts_on")[:1])


def _manages_everything(officer: Officer) -> bool:
    root = Office.objects.filter(parent=None).first()
    return root is not None and posting_for(officer, MANAGE, root) is not None


def has_second_factor(officer: Officer) -> bool:
    """Whether the officer's log-in asks for a code, too."""
    return bool(Authenticator.objects.filter(user=officer).exists())
