from __future__ import annotations

from datetime import date

import pytest
import tablib
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from offices.choices import Post
from societies.models import Society, StatusEvent
from tests.factories import Tree, make_officer, make_tree
from tests.societies.factories_societies import keeper_of, make_society

pytestmark = pytest.mark.django_db

LIST = "/societies/"


@pytest.fixture
def tree() -> Tree:
    return make_tree()


@pytest.fixture
def keeper(tree: Tree, client: Client) -> Client:
    """The upazila officer's browser, in English."""
    client.force_login(keeper_of(tree.upazila))
    client.cookies["django_language"] = "en"
    return client


def registration(**changes: str) -> dict[str, str]:
    facts = {
        "name_bn": "তিস্তা পাড়ের মৎস্যজীবী সমবায় সমিতি লিঃ",
        "reg_no": "০০৪৫/২০২৩",
        "reg_on": "০৪/০৯/২০২৩",
        "tier": "primary",
        "sponsor": "general",
        "class_code": "02",
    }
    return facts | changes


def test_a_society_is_registered_with_bangla_digits_and_shown(keeper: Client, tree: Tree) -> None:
    answer = keeper.post("/societies/register/", registration(), follow=True)
    society = Society.objects.get()
    assert (society.office, society.reg_on) == (tree.upazila, date(2023, 9, 4))
    assert answer.redirect_chain[-1][0] == reverse("societies:detail", args=[society.pk])
    page = answer.content.decode()
    assert f'id="event-{society.events.get().pk}"' in page
    assert "after its month" in page
    assert "<dd>General primary</dd>" in page


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name_bn", "পদ্মা লিজিং সমবায়", "Section 9"),
        ("reg_on", "৩১/০২/২০২৩", "This is not a date"),
        ("reg_on", "০১/০১/২০৯০", "lies ahead"),
        ("class_code", "77", "not one of the available choices"),
        ("name_bn", "ক" * 300, "at most 200"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(
    keeper: Client, field: str, value: str, words: str
) -> None:
    answer = keeper.post("/societies/register/", registration(**{field: value}))
    page = answer.content.decode()
    assert words in page
    assert f'id="id_{field}_error"' in page
    assert f'href="#id_{field}"' in page
    assert "০০৪৫/২০২৩" in page
    assert not Society.objects.exists()


def test_a_second_click_says_that_the_number_is_taken(keeper: Client) -> None:
    keeper.post("/societies/register/", registration())
    answer = keeper.post("/societies/register/", registration())
    assert "already in the register" in answer.content.decode()
    assert Society.objects.count() == 1


def test_a_foreign_office_in_the_body_is_no_choice(keeper: Client, tree: Tree) -> None:
    keeper.post("/societies/register/", registration(office=str(tree.sibling.pk)))
    assert not Society.objects.filter(office=tree.sibling).exists()
    district = Client()
    district.force_login(make_officer(Post.DISTRICT_OFFICER, tree.district))
    answer = district.post("/societies/register/", registration(office=str(tree.foreign_upazila.pk)))
    assert answer.status_code == 422
    assert not Society.objects.filter(office=tree.foreign_upazila).exists()


def test_a_status_is_changed_and_a_double_click_changes_nothing(keeper: Client, tree: Tree) -> None:
    society = make_society(tree.upazila)
    address = reverse("societies:status", args=[society.pk])
    facts = {"kind": "made_non_functional", "on": "০৪/০৯/২০২৩", "order_number": "৪৭.৬১"}
    answer = keeper.post(address, facts)
    event = society.events.get(kind="made_non_functional")
    assert answer["Location"] == f"{reverse('societies:detail', args=[society.pk])}#event-{event.pk}"
    again = keeper.post(address, facts)
    assert again.status_code == 422
    assert StatusEvent.objects.filter(society=society).count() == 2
    where = keeper.get(reverse("societies:event", args=[event.pk]))
    assert where["Location"] == answer["Location"]


def test_a_cancelled_society_has_no_form(keeper: Client, tree: Tree) -> None:
    society = make_society(tree.upazila)
    address = reverse("societies:status", args=[society.pk])
    keeper.post(address, {"kind": "cancelled", "on": "04/09/2023", "reason": "সাধারণ সভার সিদ্ধান্ত"})
    assert "nothing can follow" in keeper.get(address).content.decode()
    assert address not in keeper.get(reverse("societies:detail", args=[society.pk])).content.decode()


def test_a_district_transfers_within_itself(tree: Tree, client: Client) -> None:
    society = make_society(tree.upazila)
    client.force_login(make_officer(Post.DISTRICT_OFFICER, tree.district))
    address = reverse("societies:transfer", args=[society.pk])
    client.post(address, {"to": str(tree.foreign_upazila.pk), "on": "04/09/2023"})
    society.refresh_from_db()
    assert society.office == tree.upazila
    client.post(address, {"to": str(tree.sibling.pk), "on": "04/09/2023"})
    society.refresh_from_db()
    assert society.office == tree.sibling


def test_the_list_shows_only_what_its_reader_may_see_and_narrows(keeper: Client, tree: Tree) -> None:
    make_society(tree.upazila, name_bn="মেঘনা তাঁতী সমবায় সমিতি", name_en="Meghna Weavers", reg_no="৭১", sponsor="brdb")
    make_society(tree.upazila, name_bn="যমুনা সমবায় সমিতি", reg_no="৮২")
    make_society(tree.sibling, name_bn="মেঘনা দুগ্ধ সমবায় সমিতি")
    for query, shown in [
        ("", 2),
        ("?q=মেঘনা", 1),
        ("?q=weavers+71", 1),
        ("?q=৭১", 1),
        ("?sponsor=brdb", 1),
        ("?status=cancelled", 0),
        ("?tier=central", 0),
        ("?q=মেঘনা&page=99", 1),
        ("?status=nonsense", 2),
        (f"?office={tree.sibling.code}", 2),
    ]:
        answer = keeper.get(LIST + query)
        assert answer.status_code == 200
        assert answer.context["page"].paginator.count == shown, query


def test_a_superior_narrows_by_an_office_below(tree: Tree, client: Client) -> None:
    make_society(tree.upazila)
    make_society(tree.sibling)
    make_society(tree.foreign_upazila)
    client.force_login(make_officer(Post.JOINT_REGISTRAR, tree.division))
    counts = [
        client.get(LIST, {"office": office.code}).context["page"].paginator.count
        for office in (tree.division, tree.district, tree.sibling)
    ]
    assert counts == [2, 2, 1]


def test_the_list_costs_the_same_whatever_it_shows(tree: Tree, client: Client) -> None:
    client.force_login(make_officer(Post.DISTRICT_OFFICER, tree.district))
    costs = []
    for more in (1, 2, 27):
        for number in range(more):
            make_society((tree.upazila, tree.sibling)[number % 2])
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        costs.append(len(queries))
    assert costs[0] == costs[1] == costs[2] <= 8


def test_the_list_is_exported_as_it_is_narrowed_and_no_name_is_a_formula(keeper: Client, tree: Tree) -> None:
    make_society(tree.upazila, name_bn="=1+1 সমবায়", reg_no="৯")
    make_society(tree.upazila, name_bn="যমুনা সমবায় সমিতি")
    make_society(tree.sibling, name_bn="মেঘনা সমবায় সমিতি")
    text = keeper.get("/societies/export/csv/").content.decode("utf-8-sig")
    assert text.splitlines()[0].startswith("Code,Office,Registration number,Registered on,Name in Bangla")
    assert "'=1+1 সমবায়" in text
    assert "যমুনা" in text
    assert "মেঘনা" not in text
    content = b"".join(keeper.get("/societies/?as=xlsx&q=যমুনা").streaming_content)  # type: ignore[attr-defined]
    sheet = tablib.Dataset().load(content, format="xlsx")
    assert [row[4] for row in sheet] == ["যমুনা সমবায় সমিতি"]
    assert keeper.get("/societies/export/json/").status_code == 404


def test_the_export_costs_the_same_whatever_it_holds(keeper: Client, tree: Tree) -> None:
    costs = []
    for more in (1, 9):
        for _ in range(more):
            make_society(tree.upazila)
        with CaptureQueriesContext(connection) as queries:
            keeper.get("/societies/export/csv/")
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_a_mistaken_change_is_taken_back_on_its_page(keeper: Client, tree: Tree) -> None:
    society = make_society(tree.upazila)
    keeper.post(reverse("societies:status", args=[society.pk]), {"kind": "made_non_functional", "on": "04/09/2023"})
    address = reverse("societies:withdraw", args=[society.pk])
    assert address in keeper.get(reverse("societies:detail", args=[society.pk])).content.decode()
    assert "This field is required" in keeper.post(address, {"reason": ""}).content.decode()
    keeper.post(address, {"reason": "অন্য সমিতির আদেশ"})
    society.refresh_from_db()
    assert society.status == "functional"
    again = keeper.post(address, {"reason": "অন্য সমিতির আদেশ"}).content.decode()
    assert "Only the last change of status" in again
    assert address not in keeper.get(reverse("societies:detail", args=[society.pk])).content.decode()


def test_the_administration_shows_the_register_within_scope_and_changes_nothing(tree: Tree, client: Client) -> None:
    society = make_society(tree.upazila)
    make_society(tree.foreign_upazila)
    officer = make_officer(Post.DISTRICT_OFFICER, tree.district)
    officer.is_staff = True
    officer.save()
    client.force_login(officer)
    page = client.get("/admin/societies/society/").content.decode()
    assert society.code in page
    assert "balaganj" not in page
    assert client.get(f"/admin/societies/society/{society.pk}/change/").status_code == 200
    assert client.post(f"/admin/societies/society/{society.pk}/change/", {"name_bn": "x"}).status_code == 403
