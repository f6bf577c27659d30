from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from audits.choices import AuditState, Charge
from audits.models import Audit, Collection
from audits.services import collect
from core.periods import FiscalYear
from offices.choices import Post
from tests.audits.factories_audits import make_audit
from tests.factories import Tree, make_officer, make_tree
from tests.societies.factories_societies import at, keeper_of, make_society

pytestmark = pytest.mark.django_db

LIST = "/audits/"
TODAY = date(2023, 10, 10)


@pytest.fixture
def tree(settings: Settings) -> Tree:
    settings.PORTAL_CLOCK = at(TODAY)
    return make_tree()


@pytest.fixture
def inspector(tree: Tree, client: Client) -> Client:
    """The assistant inspector's browser, in English."""
    client.force_login(make_officer(Post.ASSISTANT_INSPECTOR, tree.upazila))
    client.cookies["django_language"] = "en"
    return client


def test_a_finished_audit_is_recorded_in_two_steps_with_its_arithmetic(inspector: Client, tree: Tree) -> None:
    audit = make_audit(tree.upazila, AuditState.ALLOTTED)
    address = reverse("audits:finish", args=[audit.pk])
    facts = {"on": "০৯/১০/২০২৩", "net_profit": "২,৫০,০০০/-", "step": "charges"}
    page = inspector.post(address, facts).content.decode()
    assert "2,50,000 × 10.00 % = 25,000" in page
    assert "not more than 10,000" in page
    assert 'value="10,000"' in page
    audit.refresh_from_db()
    assert audit.state == "allotted"
    record = facts | {"step": "record", "fee_assessed": "10,000", "fund_assessed": "৭,৫০০"}
    assert inspector.post(address, record)["Location"] == reverse("audits:detail", args=[audit.pk])
    audit.refresh_from_db()
    assert (audit.completed_on, audit.fee_assessed, audit.fund_assessed) == (date(2023, 10, 9), 10_000_00, 7500_00)
    again = inspector.post(address, record | {"net_profit": "১"}, follow=True)
    assert "This audit is done; nothing was changed." in again.content.decode()
    audit.refresh_from_db()
    assert audit.net_profit == 250_000_00


def test_a_loss_is_typed_with_a_minus_sign(inspector: Client, tree: Tree) -> None:
    audit = make_audit(tree.upazila, AuditState.ALLOTTED)
    facts = {"on": "09/10/2023", "net_profit": "-১২,৫০০.৫০", "step": "record"}
    inspector.post(reverse("audits:finish", args=[audit.pk]), facts)
    audit.refresh_from_db()
    assert (audit.net_profit, audit.fee_assessed) == (-12_500_50, 0)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"net_profit": "বারো হাজার"}, "This is not a number"),
        ({"net_profit": "১২৩৪৫৬৭৮৯০১২৩৪৫৬"}, "too long"),
        ({"on": "৩১/১২/২০২৩"}, "lies ahead"),
        ({"on": "30/06/2023"}, "before it was allotted"),
        ({"fee_assessed": "৫"}, "Write the reason"),
        ({"fee_assessed": "-৫"}, "less than zero"),
        ({"reason": "ক" * 10_000}, "at most 1000"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_recorded(
    inspector: Client, tree: Tree, changes: dict[str, str], words: str
) -> None:
    audit = make_audit(tree.upazila, AuditState.ALLOTTED)
    facts = {"on": "09/10/2023", "net_profit": "৫০০০০", "step": "record"} | changes
    page = inspector.post(reverse("audits:finish", args=[audit.pk]), facts)
    assert page.status_code == 422
    assert words in page.content.decode()
    assert "error-summary" in page.content.decode()
    audit.refresh_from_db()
    assert audit.state == "allotted"


def test_a_payment_is_recorded_once_and_never_above_what_is_outstanding(inspector: Client, tree: Tree) -> None:
    audit = make_audit(tree.upazila, AuditState.DONE)
    address = reverse("audits:collect_fee", args=[audit.pk])
    assert 'value="10,000"' in inspector.get(address).content.decode()
    facts = {"amount": "৪,০০০", "on": "১০/১০/২০২৩", "challan": "T-১২"}
    answer = inspector.post(address, facts)
    row = Collection.objects.get()
    assert answer["Location"].endswith(f"#collection-{row.pk}")
    assert (row.amount, row.kind, row.office) == (4000_00, "fee", tree.upazila)
    assert "already recorded" in inspector.post(address, facts).content.decode()
    too_much = inspector.post(address, facts | {"challan": "T-১৩", "amount": "৬০০১"}).content.decode()
    assert "Only 6,000 taka is outstanding" in too_much
    assert Collection.objects.count() == 1
    where = inspector.get(reverse("audits:collection", args=[row.pk]))
    assert where["Location"] == answer["Location"]
    page = inspector.get(reverse("audits:detail", args=[audit.pk])).content.decode()
    assert f'id="collection-{row.pk}"' in page


def test_the_years_plan_is_made_by_one_click_and_one_society_can_be_added(inspector: Client, tree: Tree) -> None:
    for _ in range(3):
        make_society(tree.upazila)
    late = make_society(tree.upazila, reg_on=date(2023, 8, 1))
    answer = inspector.post("/audits/plan/", {"year": "2023-24"}, follow=True)
    assert "3 audits planned." in answer.content.decode()
    assert "0 audits planned." in inspector.post("/audits/plan/", {"year": "2023-24"}, follow=True).content.decode()
    inspector.post("/audits/plan/", {"year": "2023-24", "code": late.code})
    assert Audit.objects.filter(society=late).exists()
    foreign = make_society(tree.sibling)
    page = inspector.post("/audits/plan/", {"year": "2023-24", "code": foreign.code}).content.decode()
    assert "keeps no society of that code" in page
    assert inspector.post("/audits/plan/", {"year": "2030-31"}).status_code == 422
    assert Audit.objects.count() == 4


def test_ticked_audits_are_allotted_together_and_foreign_ones_are_no_choice(inspector: Client, tree: Tree) -> None:
    mine = [make_audit(tree.upazila) for _ in range(3)]
    foreign = make_audit(tree.sibling)
    facts = {"auditor": "রহিমা খাতুন, পরিদর্শক", "on": "০৯/১০/২০২৩"}
    page = inspector.post("/audits/allot/", facts | {"audits": [foreign.pk, mine[0].pk]})
    assert page.status_code == 422
    assert not Audit.objects.exclude(auditor="").exists()
    answer = inspector.post("/audits/allot/?state=planned", facts | {"audits": [mine[0].pk, mine[2].pk]}, follow=True)
    assert "2 audits allotted." in answer.content.decode()
    inspector.post("/audits/allot/", facts | {"all_shown": "on"})
    assert Audit.objects.filter(state="allotted").count() == 3
    foreign.refresh_from_db()
    assert foreign.state == "planned"


def test_the_list_narrows_by_year_state_and_society(inspector: Client, tree: Tree) -> None:
    make_audit(tree.upazila)
    make_audit(tree.upazila, AuditState.DONE, society=make_society(tree.upazila, name_bn="মেঘনা সমবায়"))
    make_audit(tree.upazila, AuditState.DONE, net_profit=0)
    make_audit(tree.upazila, AuditState.ALLOTTED, year=FiscalYear(2022))
    make_audit(tree.sibling)
    for query, shown in [
        ("", 3),
        ("?year=", 4),
        ("?year=2022-23", 1),
        ("?state=done", 2),
        ("?state=unpaid", 1),
        ("?year=&state=overdue", 1),
        ("?q=মেঘনা", 1),
        ("?year=never", 4),
    ]:
        answer = inspector.get(LIST + query)
        assert answer.context["page"].paginator.count == shown, query
    assert "overdue" in inspector.get(LIST + "?year=2022-23").content.decode()


def test_the_list_and_the_page_cost_the_same_whatever_they_show(tree: Tree, client: Client) -> None:
    client.force_login(make_officer(Post.DISTRICT_OFFICER, tree.district))
    costs = []
    first = make_audit(tree.upazila, AuditState.DONE)
    for more in (1, 2, 27):
        for number in range(more):
            day = date(2023, 9, 21)
            audit = make_audit((tree.upazila, tree.sibling)[number % 2], AuditState.DONE)
            keeper = keeper_of(audit.office)
            challan = f"{more}-{number}"
            collect(audit=audit, kind=Charge.FEE, amount=100, on=day, challan=challan, by=keeper, at=at(TODAY))
            collect(
                audit=first,
                kind=Charge.FUND,
                amount=100,
                on=day,
                challan=challan,
                by=keeper_of(tree.upazila),
                at=at(TODAY),
            )
        with CaptureQueriesContext(connection) as listing:
            client.get(LIST)
        with CaptureQueriesContext(connection) as page:
            client.get(reverse("audits:detail", args=[first.pk]))
        costs.append((len(listing), len(page)))
    assert costs[0] == costs[1] == costs[2]
    assert max(costs[0]) <= 9


def test_mistakes_are_taken_back_on_their_pages_and_only_by_the_head(tree: Tree, client: Client) -> None:
    head = keeper_of(tree.upazila)
    audit = make_audit(tree.upazila, AuditState.DONE)
    day = date(2023, 9, 21)
    row = collect(audit=audit, kind=Charge.FUND, amount=100, on=day, challan="১", by=head, at=at(TODAY))
    reopen, withdraw = reverse("audits:reopen", args=[audit.pk]), reverse("audits:withdraw", args=[row.pk])
    client.force_login(make_officer(Post.ASSISTANT_INSPECTOR, tree.upazila))
    assert withdraw not in client.get(f"/audits/{audit.pk}/").content.decode()
    client.force_login(head)
    assert withdraw in client.get(f"/audits/{audit.pk}/").content.decode()
    client.post(reopen, {"reason": "ভুল"})
    audit.refresh_from_db()
    assert audit.is_done
    client.post(withdraw, {"reason": "ভুল"})
    assert client.post(withdraw, {"reason": "ভুল"}).status_code == 404
    assert reopen in client.get(f"/audits/{audit.pk}/").content.decode()
    client.post(reopen, {"reason": "ভুল"})
    audit.refresh_from_db()
    assert audit.state == "allotted"
    assert client.post(reopen, {"reason": "ভুল"}, follow=True).redirect_chain


def test_the_administration_shows_audits_within_scope(tree: Tree, client: Client) -> None:
    audit = make_audit(tree.upazila, AuditState.DONE)
    officer = make_officer(Post.DISTRICT_OFFICER, tree.district)
    officer.is_staff = True
    officer.save()
    client.force_login(officer)
    assert client.get("/admin/audits/audit/").status_code == 200
    assert client.get(f"/admin/audits/audit/{audit.pk}/change/").status_code == 200
    assert client.post(f"/admin/audits/audit/{audit.pk}/change/", {"auditor": "x"}).status_code == 403
