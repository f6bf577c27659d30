"""An office's life: opened, moved from a month on, closed; and the tree as it stood in any month."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.core.exceptions import PermissionDenied

from core.errors import UserError
from core.models import Activity
from core.periods import DHAKA, Period
from offices.choices import OfficeKind, Post
from offices.models import FormerPlace, Office, Officer
from offices.places import Tree, path_on
from offices.services import close_office, move_office, open_office
from offices.tree import load_offices
from tests.factories import Tree as Offices
from tests.factories import make_head, make_officer, make_tree

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 3, 11, 0, tzinfo=DHAKA)
OCTOBER, NOVEMBER = Period.month(2026, 10), Period.month(2026, 11)


@pytest.fixture
def offices() -> Offices:
    return make_tree()


@pytest.fixture
def admin(offices: Offices) -> Officer:
    return make_officer(Post.SYSTEM_ADMIN, offices.department)


def moved(office: Office, parent: Office, first: Period, admin: Officer) -> Office:
    return move_office(office=office, parent=parent, first=first, by=admin, at=AT)


def test_an_upazila_moves_and_old_months_keep_its_old_place(offices: Offices, admin: Officer) -> None:
    old = offices.upazila.path
    office = moved(offices.upazila, offices.foreign_district, NOVEMBER, admin)
    assert office.code == "hatibandha" and office.parent == offices.foreign_district
    assert office.path.startswith(offices.foreign_district.path)
    assert (path_on(office, OCTOBER), path_on(office, NOVEMBER)) == (old, office.path)
    for period, home, other in (
        (OCTOBER, offices.district, offices.foreign_district),
        (NOVEMBER, offices.foreign_district, offices.district),
    ):
        tree = Tree(period)
        assert office in tree.children(home) and office not in tree.children(other)
        assert office in tree.below(home) and office not in tree.below(other)
        assert tree.parent(office) == home and tree.superiors_of(office)[0] == home
    (row,) = Activity.objects.filter(verb="offices.move_office")
    assert row.before["path"] == old and row.after["from"] == "2026-11"


def test_a_district_moves_with_all_below_it(offices: Offices, admin: Officer) -> None:
    below = {office.code: office.path for office in Office.objects.below(offices.district)}
    moved(offices.district, offices.foreign_division, NOVEMBER, admin)
    tree = Tree(OCTOBER)
    for office in Office.objects.filter(code__in=below):
        assert tree.path(office) == below[office.code] != office.path
        assert offices.foreign_division.path == office.path[:6]
    assert set(tree.below(offices.division)) == {offices.division, *Office.objects.filter(code__in=below)}
    assert set(Tree(NOVEMBER).below(offices.division)) == {offices.division}
    assert Tree(Period.parse("2026-27-Q2")).path(offices.division) == offices.division.path


def test_places_follow_each_other_and_none_is_given_twice(offices: Offices, admin: Officer) -> None:
    first = offices.upazila.path
    middle = moved(offices.upazila, offices.foreign_district, Period.month(2026, 3), admin).path
    moved(offices.district, offices.foreign_division, Period.month(2026, 6), admin)
    office = moved(offices.upazila, offices.district, NOVEMBER, admin)
    months = [Period.month(2026, number) for number in (2, 3, 10, 11)]
    assert [path_on(office, month) for month in months] == [first, middle, middle, office.path]
    assert [Tree(month).path(office) for month in months] == [first, middle, middle, office.path]
    made = open_office(
        code="char-rajibpur", kind=OfficeKind.UPAZILA, parent=Office.objects.get(pk=offices.district.pk),
        name_bn="চর রাজিবপুর", name_en="Char Rajibpur", opened_on=date(2026, 11, 1), by=admin, at=AT,
    )  # fmt: skip
    paths = [*Office.objects.values_list("path", flat=True), *FormerPlace.objects.values_list("path", flat=True)]
    assert len(paths) == len(set(paths)) and made.path in paths
    load_offices()
    paths = [*Office.objects.values_list("path", flat=True), *FormerPlace.objects.values_list("path", flat=True)]
    assert len(paths) == len(set(paths))


def test_a_second_move_in_the_same_month_keeps_no_place_that_never_held(offices: Offices, admin: Officer) -> None:
    old = offices.upazila.path
    moved(offices.upazila, offices.foreign_district, NOVEMBER, admin)
    office = moved(offices.upazila, offices.district, NOVEMBER, admin)
    assert list(office.former_places.values_list("path", flat=True)) == [old]
    assert office.path != old and path_on(office, OCTOBER) == old


@pytest.mark.parametrize(
    ("office", "parent", "first", "words"),
    [
        ("hatibandha", "lalmonirhat", NOVEMBER, "already"),
        ("hatibandha", "sylhet-division", NOVEMBER, "does not stand below"),
        ("lalmonirhat", "sylhet", NOVEMBER, "does not stand below"),
        ("rangpur-division", "bd", NOVEMBER, "already"),
        ("hatibandha", "sylhet", Period.month(2026, 12), "not ahead of it"),
        ("hatibandha", "sylhet", Period.parse("2026-27-Q1"), "not ahead of it"),
        ("patgram", "sylhet", Period.month(2026, 4), "moved from"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_moves(
    offices: Offices, admin: Officer, office: str, parent: str, first: Period, words: str
) -> None:
    from django.utils.translation import override

    moved(offices.sibling, offices.foreign_district, Period.month(2026, 5), admin)
    moved(Office.objects.get(code="patgram"), offices.district, Period.month(2026, 6), admin)
    before = dict(Office.objects.values_list("code", "path"))
    by_code = Office.objects.in_bulk(field_name="code")
    with override("en"), pytest.raises(UserError, match=words):
        moved(by_code[office], by_code[parent], first, admin)
    assert dict(Office.objects.values_list("code", "path")) == before


def test_only_system_administrators_open_close_and_move(offices: Offices) -> None:
    for by in (make_head(offices.department), make_head(offices.division), make_head(offices.district)):
        with pytest.raises(PermissionDenied):
            moved(offices.upazila, offices.foreign_district, NOVEMBER, by)
        with pytest.raises(PermissionDenied):
            close_office(office=offices.upazila, closed_on=date(2026, 10, 31), by=by, at=AT)


def test_an_office_closes_once_and_not_above_working_ones(offices: Offices, admin: Officer) -> None:
    with pytest.raises(UserError):
        close_office(office=offices.district, closed_on=date(2026, 10, 31), by=admin, at=AT)
    with pytest.raises(UserError):
        close_office(office=offices.upazila, closed_on=date(2026, 12, 31), by=admin, at=AT)
    closed = close_office(office=offices.upazila, closed_on=date(2026, 10, 31), by=admin, at=AT)
    assert closed.closed_on == date(2026, 10, 31)
    with pytest.raises(UserError):
        close_office(office=offices.upazila, closed_on=date(2026, 10, 31), by=admin, at=AT)


def test_a_code_is_taken_for_ever(offices: Offices, admin: Officer) -> None:
    for code in ("hatibandha", "হাতী", "9th"):
        with pytest.raises(UserError):
            open_office(
                code=code, kind=OfficeKind.UPAZILA, parent=offices.district, name_bn="ক", name_en="K",
                opened_on=date(2026, 11, 1), by=admin, at=AT,
            )  # fmt: skip
