"""The baselines of a whole district from one workbook, and verified in one act by another person."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.errors import UserError
from core.periods import Period
from offices.choices import Post
from offices.models import Officer
from returns import services
from returns.baseline_grid import closing_cells
from returns.models import Baseline, BaselineValue
from returns.workbooks.baselines import CLOSINGS, FLOWS
from tests.core.factories_lists import as_upload, changed, forged
from tests.factories import make_officer
from tests.returns.factories_returns import World, form_data, make_world, on

pytestmark = pytest.mark.django_db
HERE = "/returns/lalmonirhat/baselines/"
#: Offices without a verified baseline in the order of the tree; hatibandha has its own already.
PATGRAM, ADITMARI = 5, 6


@pytest.fixture
def world(clock: Callable[[datetime], None]) -> World:
    clock(on(2023, 11, 3))
    return make_world()


def browser(officer: Officer) -> Client:
    client = Client()
    client.force_login(officer)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def keeper(world: World) -> Client:
    return browser(world.district_officer)


def filled(content: bytes, columns: Mapping[int, object], cells: Mapping[tuple[str, int], object]) -> bytes:
    """A workbook whose columns are filled with a value, but for cells by code and column."""

    def fill(book: Any) -> None:
        for name in (CLOSINGS, FLOWS):
            for row in book[name].iter_rows(min_row=4):
                for number, value in columns.items():
                    row[number - 1].value = value if name == CLOSINGS else None
                for (code, number), value in cells.items():
                    if row[0].value == code:
                        row[number - 1].value = value

    return changed(content, fill)


def template(client: Client, period: str = "2023-10") -> bytes:
    return client.get(f"{HERE}file/?period={period}").content


def post(client: Client, content: bytes) -> HttpResponse:
    return client.post(HERE, {"file": as_upload(content)})  # type: ignore[return-value]


def consent_of(answer: HttpResponse) -> dict[str, str]:
    (sealed,) = re.findall(r'name="figures" value="([^"]+)"', answer.content.decode())
    return {"figures": sealed}


def test_one_workbook_one_consent_one_verdict(world: World, keeper: Client) -> None:
    content = filled(
        template(keeper), {PATGRAM: 0, ADITMARI: 3}, {("A07.GP", PATGRAM): "১,২৫", ("A02.GP", ADITMARI): 4}
    )
    preview = post(keeper, content)
    page = preview.content.decode()
    assert preview.status_code == 200 and ">128<" in page, "the sum of 125 and 3"
    assert Baseline.objects.count() == 1
    assert keeper.post(HERE, consent_of(preview)).status_code == 302
    values = BaselineValue.objects.filter(cell="A07.GP", baseline__period=Period.month(2023, 10))
    assert dict(values.values_list("baseline__office__code", "closing")) == {"patgram": 125, "aditmari": 3}
    assert BaselineValue.objects.get(cell="A02.GP", baseline__office=world.tree.third).cumulative == 4
    # Who entered them verifies none of them; the next superior does, all at once.
    assert "Verify these baselines" not in keeper.get(HERE).content.decode()
    kept = list(Baseline.objects.filter(verified_at=None))
    assert keeper.post(f"{HERE}verify/", {"baseline": [one.pk for one in kept]}).status_code == 403
    judge = browser(world.joint_registrar)
    shown = judge.get(HERE).content.decode()
    assert ">128<" in shown
    keys = re.findall(r'name="baseline" value="(\d+)"', shown)
    judge.post(f"{HERE}verify/", {"baseline": keys})
    assert Baseline.objects.filter(verified_at=None).count() == len(kept), "nothing says what the page showed"
    judge.post(f"{HERE}verify/", {"baseline": keys} | dict(re.findall(r'name="(seen\d+)" value="([^"]+)"', shown)))
    assert set(Baseline.objects.values_list("verified_by", flat=True)) == {
        world.joint_registrar.pk,
        world.district_officer.pk,
    }
    again = judge.post(f"{HERE}verify/", {"baseline": [kept[0].pk]}, follow=True)
    assert "verified already" in again.content.decode()


def test_what_an_administrator_brings_the_district_verifies(world: World) -> None:
    admin = Officer.objects.get(username="system-admin-bd")
    figures = {
        "patgram": services.Brought(dict.fromkeys((c.key for c in closing_cells(world.catalogue, "upazila")), 0))
    }
    services.enter_baselines(world.tree.district, Period.month(2023, 10), figures=figures, by=admin, at=on(2023, 11, 3))
    assert "Verify these baselines" in browser(world.district_officer).get(HERE).content.decode()


def test_a_column_left_blank_comes_later(world: World, keeper: Client) -> None:
    preview = post(keeper, filled(template(keeper), {PATGRAM: 0}, {}))
    assert "Left blank, to come later: aditmari" in preview.content.decode()
    keeper.post(HERE, consent_of(preview))
    assert set(Baseline.objects.values_list("office__code", flat=True)) == {"hatibandha", "patgram"}
    later = post(keeper, filled(template(keeper), {ADITMARI: 0}, {}))
    keeper.post(HERE, consent_of(later))
    assert Baseline.objects.count() == 3
    services.verify_baselines(Baseline.objects.filter(verified_at=None), by=world.joint_registrar, at=on(2023, 11, 4))
    assert keeper.get(f"{HERE}file/").status_code == 302, "no office is left"


@pytest.mark.parametrize(
    ("value", "words"),
    [("বারো", "A07.GP"), (-3, "less than zero"), (None, "0 if there is none"), (1.5, "A07.GP"), ("१२", "A07.GP")],
)
def test_a_wrong_figure_is_named_by_its_cell_and_nothing_is_kept(keeper: Client, value: object, words: str) -> None:
    content = filled(template(keeper), {PATGRAM: 0, ADITMARI: 0}, {("A07.GP", ADITMARI): value})
    answer = post(keeper, content)
    page = answer.content.decode()
    assert answer.status_code == 422 and words in page
    assert re.search(r"<strong>Sheet “সমাপনী”, cell F\d+</strong>, aditmari, A07.GP", page), page
    assert 'name="figures"' not in page and Baseline.objects.count() == 1


def cleared(book: Any) -> None:
    book[CLOSINGS].delete_rows(5)


def doubled(book: Any) -> None:
    book[CLOSINGS]["A5"].value = book[CLOSINGS]["A4"].value


def swapped(book: Any) -> None:
    book[CLOSINGS]["E3"].value, book[CLOSINGS]["F3"].value = book[CLOSINGS]["F3"].value, book[CLOSINGS]["E3"].value


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (forged("period", "9999-99"), "hidden sheet"),
        (forged("offices", "patgram nowhere"), "hidden sheet"),
        (cleared, "lacks the row of"),
        (doubled, "a second time"),
        (swapped, "is missing or was moved"),
        (lambda book: setattr(book[CLOSINGS]["E4"], "value", "=1+1"), "formula"),
        (lambda book: setattr(book["_portal"]["B4"], "value", "MR/9"), "hidden sheet"),
        (lambda book: None, "is blank"),
    ],
)
def test_a_workbook_taken_apart_is_refused_in_words(keeper: Client, change: Any, words: str) -> None:
    answer = post(keeper, changed(template(keeper), change))
    assert answer.status_code == 422 and words in answer.content.decode()


def test_last_years_form_is_refused(world: World, keeper: Client) -> None:
    content = filled(template(keeper), {PATGRAM: 0}, {})
    data = form_data()
    data |= {"number": 2, "valid_from": "2023-11"}
    services.publish_form(data, by=Officer.objects.get(username="system-admin-bd"), at=on(2023, 11, 2))
    assert "form MR/2 applies" in post(keeper, content).content.decode()


def test_an_office_that_got_its_baseline_meanwhile_refuses_all(world: World, keeper: Client) -> None:
    content = filled(template(keeper), {PATGRAM: 0, ADITMARI: 0}, {})
    consent = consent_of(post(keeper, content))
    closings = dict.fromkeys((cell.key for cell in closing_cells(world.catalogue, "upazila")), 0)
    own = make_officer(Post.UPAZILA_OFFICER, world.tree.third)
    services.enter_baseline(world.tree.third, Period.month(2023, 10), closings=closings, by=own, at=on(2023, 11, 3))
    assert "has its baseline already" in keeper.post(HERE, consent).content.decode()
    assert not Baseline.objects.filter(office=world.tree.sibling).exists()


def test_an_office_of_another_district_is_refused(world: World) -> None:
    with pytest.raises(UserError, match="balaganj"):
        services.enter_baselines(
            world.tree.district,
            Period.month(2023, 10),
            figures={"balaganj": services.Brought()},
            by=world.district_officer,
            at=on(2023, 11, 3),
        )


def test_the_page_asks_no_more_for_more_offices(world: World, keeper: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            keeper.get(HERE)
        return len(asked)

    admin = Officer.objects.get(username="system-admin-bd")
    closings = dict.fromkeys((cell.key for cell in closing_cells(world.catalogue, "upazila")), 0)
    keeper.get(HERE)
    counts = []
    for code in ("patgram", "aditmari"):
        figures = {code: services.Brought(closings)}
        services.enter_baselines(
            world.tree.district, Period.month(2023, 10), figures=figures, by=admin, at=on(2023, 11, 3)
        )
        counts.append(queries())
    assert counts[0] == counts[1]
