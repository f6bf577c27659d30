"""The pages of a return as a browser without JavaScript meets them."""

from __future__ import annotations

import gzip
import html
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from returns import services
from returns.models import Return, Value
from returns.services import CellChange
from tests.factories import make_head
from tests.returns.factories_returns import (
    AUGUST,
    JULY,
    World,
    after,
    baseline,
    fill,
    make_world,
    submitted,
    verified,
    with_a_new_line,
)

pytestmark = pytest.mark.django_db
HERE = "/returns/hatibandha/2023-08/"


@pytest.fixture
def world(settings: Settings) -> World:
    settings.PORTAL_CLOCK = after(AUGUST)
    return make_world()


def browser(world: World, who: str = "officer", language: str = "bn") -> Client:
    client = Client()
    client.cookies["django_language"] = language
    client.force_login(getattr(world, who))
    return client


def posted(page: str, **typed: str) -> dict[str, Any]:
    """What a browser would post: every field of the page, with some typed over (dots as double underscores)."""
    fields = re.findall(r'<input[^>]*? name="([^"]+)"[^>]*? value="([^"]*)"', page)
    fields += re.findall(r'<input name="([^"]+)" id="[^"]*" value="([^"]*)"', page)
    data = {name: html.unescape(value) for name, value in fields}
    return data | {name.replace("__", "."): text for name, text in typed.items()}


def test_the_entry_page_is_light_and_asks_twelve_times_whatever_the_lines(world: World) -> None:
    verified(world)
    ret = services.open_return(world.upazila, AUGUST, by=world.clerk, at=after(AUGUST))
    fill(ret, by=world.clerk, at=after(AUGUST), I01=1)
    client = browser(world)
    client.get(HERE)
    with CaptureQueriesContext(connection) as asked:
        page = client.get(HERE)
    assert len(asked) <= 12
    assert len(gzip.compress(page.content)) <= 30_000
    assert page.content.decode().count('inputmode="decimal"') == len(world.catalogue.entered_cells("upazila"))


@pytest.mark.parametrize(
    "typed", [{"E11": "৩,০০০/-", "E12": "৪৫০"}, {"A02__GP": "0", "A08__GP": "০"}, {"D02__GP": "৫"}]
)
def test_saving_a_section_asks_at_most_fifteen_times(world: World, typed: dict[str, str]) -> None:
    verified(world)
    services.open_return(world.upazila, AUGUST, by=world.clerk, at=after(AUGUST))
    client = browser(world)
    data = posted(client.get(HERE).content.decode(), do="save:E", **typed)
    with CaptureQueriesContext(connection) as asked:
        answer = client.post(HERE, data)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{HERE}#E")
    assert len(asked) <= 15
    assert Value.objects.filter(version__ret__period=AUGUST).count() == len(typed)


def test_the_first_save_opens_the_month(world: World) -> None:
    verified(world)
    client = browser(world, "clerk")
    page = client.get(HERE)
    assert page.status_code == 200 and not Return.objects.filter(period=AUGUST).exists()
    client.post(HERE, posted(page.content.decode(), do="save:E", E11="৩,০০০"))
    assert Value.objects.get(version__ret__period=AUGUST, cell="E11").amount == 3_000_00


@pytest.mark.parametrize("text", ["१२", "١٢", "-5", "পাঁচ", "5e3", "1_000", "5.5", "9" * 16, "৯৯৯৯৯৯৯৯৯৯৯৯৯৯৯"])
def test_what_is_no_number_stays_in_its_field_and_the_rest_is_saved(world: World, text: str) -> None:
    verified(world)
    client = browser(world, language="en")
    cell = "C04" if text.startswith("৯") else "B03"
    answer = client.post(HERE, posted(client.get(HERE).content.decode(), do="save:B", **{cell: text, "B04": "৭"}))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'value="{text}"' in page and f'href="#cell-{cell}"' in page and 'aria-invalid="true"' in page
    assert Value.objects.get(version__ret__period=AUGUST).cell == "B04"
    assert "Saved: 1 figure." in page, "what was saved is said, too"


def test_a_difference_from_the_registers_asks_for_its_reason_and_takes_it(world: World) -> None:
    verified(world)
    client = browser(world, language="en")
    first = client.post(HERE, posted(client.get(HERE).content.decode(), do="save:A", A02__GP="৩"))
    page = first.content.decode()
    assert first.status_code == 422 and 'name="why:A02.GP"' in page and 'value="৩"' in page
    again = client.post(HERE, posted(page, do="save:A") | {"why:A02.GP": "A certificate is on its way."})
    assert again.status_code == 302
    assert Value.objects.get(version__ret__period=AUGUST, cell="A02.GP").reason == "A certificate is on its way."


def test_two_browsers_see_each_others_figures(world: World) -> None:
    verified(world)
    ret = services.open_return(world.upazila, AUGUST, by=world.clerk, at=after(AUGUST))
    officer = browser(world, language="en")
    stale = officer.get(HERE).content.decode()
    services.save_cells(ret, [CellChange("B03", 4)], key="k", by=world.clerk, at=after(AUGUST))
    answer = officer.post(HERE, posted(stale, do="save:B", B03="5", B04="6"))
    page = answer.content.decode()
    assert answer.status_code == 422 and world.clerk.name_en in page and 'value="5"' in page
    assert {v.cell: v.amount for v in Value.objects.filter(version__ret=ret)} == {"B03": 4, "B04": 6}
    assert officer.post(HERE, posted(page, do="save:B")).status_code == 302
    assert Value.objects.get(version__ret=ret, cell="B03").amount == 5


def test_a_remark_too_long_stays_in_its_field(world: World) -> None:
    verified(world)
    ret = services.open_return(world.upazila, AUGUST, by=world.clerk, at=after(AUGUST))
    fill(ret, by=world.clerk, at=after(AUGUST), I01=1)
    client = browser(world, language="en")
    page = client.get(HERE).content.decode()
    assert 'name="remark:V16.I01:I02"' in page
    long = "ক" * 10_000
    answer = client.post(HERE, posted(page, do="save:I") | {"remark:V16.I01:I02": long})
    assert answer.status_code == 422 and long in answer.content.decode() and "10000" in answer.content.decode()
    bangla = browser(world).post(HERE, posted(page, do="save:I") | {"remark:V16.I01:I02": long}).content.decode()
    assert "এতে ১০০০০টি অক্ষর আছে; সর্বোচ্চ ১০০০টি" in bangla
    assert client.post(HERE, posted(page, do="save:I") | {"remark:V16.I01:I02": "Rain."}).status_code == 302


def test_what_is_typed_after_submission_is_shown_not_lost(world: World) -> None:
    verified(world)
    client = browser(world, language="en")
    page = client.get(HERE).content.decode()
    submitted(world, AUGUST)
    answer = client.post(HERE, posted(page, do="save:B", B03="77"))
    assert answer.status_code == 409 and "B03: 77" in answer.content.decode()
    assert not Value.objects.filter(amount=77).exists()


@pytest.mark.parametrize("address", ["2023-06", "2023-09", "2023-10", "2024-08", "2023-24-Q1", "2023-24-Y"])
def test_a_month_that_cannot_be_opened_says_why(world: World, address: str) -> None:
    answer = browser(world, language="en").get(f"/returns/hatibandha/{address}/")
    assert answer.status_code == 200 and 'class="notice notice--warn"' in answer.content.decode()


@pytest.mark.parametrize(
    "address", ["hatibandha/2023-13", "hatibandha/july", "balaganj/2023-07", "nowhere/2023-07", "patgram/2023-07"]
)
def test_foreign_offices_and_no_months_are_not_found(world: World, address: str) -> None:
    assert browser(world).get(f"/returns/{address}/").status_code == 404


def test_a_foreign_cell_in_the_body_changes_nothing(world: World) -> None:
    verified(world)
    client = browser(world)
    data = posted(client.get(HERE).content.decode(), do="save:A")
    assert client.post(HERE, data | {"A07": "5", "A01.GP": "7", "office": "balaganj"}).status_code == 302
    assert not Value.objects.filter(version__ret__period=AUGUST).exists()
    assert client.post("/returns/balaganj/2023-08/", data).status_code == 404


def test_from_check_to_verdict(world: World) -> None:
    verified(world)
    ret = services.open_return(world.upazila, AUGUST, by=world.clerk, at=after(AUGUST))
    head, district = browser(world, language="en"), browser(world, "district_officer", "en")
    assert head.post(f"{HERE}check/").status_code == 302
    assert "blank" in head.get(f"{HERE}check/").content.decode()
    fill(ret, by=world.clerk, at=after(AUGUST))
    assert "Submit the return" in head.get(f"{HERE}check/").content.decode()
    assert "Submit the return" not in browser(world, "clerk", "en").get(f"{HERE}check/").content.decode()
    for _time in range(2):
        assert head.post(f"{HERE}check/").status_code == 302
    assert "hatibandha" in district.get("/returns/queue/").content.decode()
    blank = district.post(f"{HERE}verdict/", {"send_back": "1", "reason": ""})
    assert blank.status_code == 422
    district.post(f"{HERE}verdict/", {"send_back": "1", "reason": "Look at B03 again.", "cell": "B03", "seen": "1"})
    page = head.get(HERE).content.decode()
    assert "Look at B03 again." in page and 'href="#cell-B03"' in page
    head.post(f"{HERE}check/")
    assert district.post(f"{HERE}verdict/", {"verify": "1"}).status_code == 302
    ret.refresh_from_db()
    assert ret.state == "submitted", "a page that does not say which version it showed decides nothing"
    assert district.post(f"{HERE}verdict/", {"verify": "1", "seen": "2"}).status_code == 302
    ret.refresh_from_db()
    assert ret.state == "verified"
    assert district.post(f"{HERE}verdict/", {"verify": "1"}).status_code == 302


@pytest.mark.parametrize("press", [{"verify": "1"}, {"send_back": "1", "reason": "Look at B03."}])
def test_a_verdict_falls_on_no_version_that_was_not_seen(world: World, press: dict[str, str]) -> None:
    """Another judge sent it back while the page stood open, and the office submitted it anew."""
    ret = submitted(world)
    there = "/returns/hatibandha/2023-07/verdict/"
    district = browser(world, "district_officer")
    page = district.get(there).content.decode()
    services.send_back_return(ret, reason="Look again.", by=world.district_officer, at=after(JULY, 4))
    services.submit_return(ret, by=world.officer, at=after(JULY, 5))
    told = district.post(there, posted(page) | press, follow=True).content.decode()
    ret.refresh_from_db()
    assert ret.state == "submitted" and "সংস্করণ ২ আপনার দেখা সংস্করণ নয়" in told
    assert district.post(there, posted(told) | press).status_code == 302
    ret.refresh_from_db()
    assert ret.state != "submitted"


def test_nil_in_two_clicks(world: World) -> None:
    verified(world)
    client = browser(world, "clerk", "en")
    assert client.get(f"{HERE}nil/").status_code == 200
    assert client.post(f"{HERE}nil/").headers["Location"] == f"{HERE}check/"
    assert Return.objects.get(period=AUGUST).versions.get().is_nil


def test_the_queue_costs_the_same_for_one_office_and_three(world: World) -> None:
    client = browser(world, "district_officer")
    client.get("/returns/queue/")

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get("/returns/queue/")
        return len(asked)

    submitted(world, JULY)
    one = cost()
    for office in (world.tree.sibling, world.tree.third):
        head = make_head(office)
        baseline(world, office, by=head, verified_by=world.district_officer)
        ret = services.open_return(office, JULY, by=head, at=after(JULY))
        fill(ret, by=head, at=after(JULY))
        services.submit_return(ret, by=head, at=after(JULY))
    assert cost() == one


@pytest.mark.parametrize("cell", ["A07", "A07.GP", "A02.GP", "J12", "D05.GP", "E01", "D01.GP", "C11"])
def test_each_kind_of_figure_says_where_it_comes_from(world: World, cell: str) -> None:
    verified(world)
    answer = browser(world, language="en").get(f"/returns/hatibandha/2023-07/cells/{cell}/")
    assert answer.status_code == 200
    assert browser(world).get(f"{HERE}cells/Z99/").status_code == 404


def test_a_new_line_and_rule_need_no_code(settings: Settings) -> None:
    settings.PORTAL_CLOCK = after(JULY)
    world = make_world(with_a_new_line())
    client = browser(world, language="en")
    here = "/returns/hatibandha/2023-07/"
    page = client.get(here).content.decode()
    assert "Public hearings" in page and 'name="K09"' in page
    client.post(here, posted(page, do="save:K", K09="৪"))
    assert "K09 has 4; at most 3." in client.get(here).content.decode()


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("check", "Check before submitting"),
        ("nil", "Nothing happened this month"),
        ("workbook/upload", "Fill in offline, as a workbook"),
    ],
)
def test_the_heading_says_what_the_page_is_for(world: World, page: str, words: str) -> None:
    verified(world)
    services.open_return(world.upazila, AUGUST, by=world.clerk, at=after(AUGUST))
    shown = browser(world, language="en").get(f"{HERE}{page}/").content.decode()
    assert f"<h1>{words}: {world.upazila.name}, August 2023</h1>" in shown


def test_the_check_of_a_month_without_a_figure_leads_back_to_its_entry(world: World) -> None:
    verified(world)
    client = browser(world, language="en")
    assert f'href="{HERE}check/"' in client.get(HERE).content.decode()
    answer = client.get(f"{HERE}check/", follow=True)
    assert (
        answer.redirect_chain == [(HERE, 302)] and "Fill in the figures and save them first." in answer.content.decode()
    )
    assert client.get("/returns/balaganj/2023-08/check/").status_code == 404


def section(page: str, code: str) -> str:
    return page.partition(f'id="{code}"')[2].partition("</section>")[0]


def test_the_year_stands_beside_what_is_computed_too_and_a_target_only_where_one_is(world: World) -> None:
    verified(world, E11=70_000, E12=10_500)
    services.open_return(world.upazila, AUGUST, by=world.clerk, at=after(AUGUST))
    page = browser(world, language="en").get(HERE).content.decode()
    assert re.search(r'id="y-E14">\s*805(\.00)?<', page), "what the parts came to since July"
    assert ">Cumulative</th>" in section(page, "B") and ">Target</th>" not in section(page, "B")


def test_a_month_that_waits_for_another_leads_there_and_says_why_once(world: World) -> None:
    verified(world)
    services.open_return(world.upazila, AUGUST, by=world.clerk, at=after(AUGUST))
    client = browser(world, language="en")
    answer = client.get("/returns/hatibandha/2023-09/workbook/", follow=True)
    page = answer.content.decode()
    assert f'<a class="button" href="{HERE}">Open August 2023</a>' in page
    assert page.count("has not begun yet") + page.count("has not been submitted yet") == 1


def test_a_change_since_last_month_has_its_sign_and_unit(world: World) -> None:
    verified(world, C04=500_000)
    submitted(world, AUGUST, C04=12_345_678)
    page = browser(world, "district_officer", "en").get(f"{HERE}verdict/").content.decode()
    row = page.partition('aria-labelledby="changes"')[2].partition("<b>C04</b>")[2].partition("</tr>")[0]
    assert "lakh taka" in row and re.search(r">\+[\d.,]+</td>", row)


def test_a_return_that_is_only_read_asks_nothing(world: World) -> None:
    verified(world, JULY)
    Value.objects.filter(cell="A02.GP").update(amount=1, origin="override", reason="As in the paper register.")
    page = browser(world).get("/returns/hatibandha/2023-07/").content.decode()
    assert "As in the paper register." in page
    assert 'name="why:' not in page
    assert 'name="remark:' not in page
