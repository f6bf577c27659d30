"""Quick entry in a browser: what is typed reaches the database by itself, once, whatever becomes of the line."""

from __future__ import annotations

import gzip
import os
import random
import time
from collections.abc import Callable

import pytest
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import Dialog, Page, Route, expect
from pytest_django import Settings

from core.numbers import to_bangla_digits
from core.periods import FiscalYear
from offices.models import Officer
from returns import services
from returns.models import Remark, Return, SaveReceipt, Value
from returns.services import CellChange
from tests.browser.test_browser_axe import too_wide, violations
from tests.factories import PASSWORD
from tests.returns.factories_returns import AUGUST, World, after, fill, make_world, submitted, verified

OpenPage = Callable[..., Page]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HERE = "/returns/hatibandha/2023-08/"
QUICK = f"**{HERE}cells/"
SCRIPTS = ("entry.js", "grid.js", "session.js", "unsent.js")


@pytest.fixture
def world(settings: Settings) -> World:
    settings.PORTAL_CLOCK = after(AUGUST)
    world = make_world()
    verified(world)
    services.open_return(world.upazila, AUGUST, by=world.clerk, at=after(AUGUST))
    return world


def at_entry(open_page: OpenPage, officer: Officer, language: str = "en", **how: int) -> Page:
    page = open_page(officer, language=language, **how)
    page.goto(HERE)
    if how.get("javascript", True):
        expect(page.locator("form.is-quick")).to_be_attached()
    return page


def kept() -> dict[str, int | None]:
    return dict(Value.objects.filter(version__ret__period=AUGUST).values_list("cell", "amount"))


def until(page: Page, is_so: Callable[[], bool], seconds: float = 10.0) -> bool:
    """Whether it comes to be so; generous, for machines that are busy with other tests."""
    end = time.monotonic() + seconds
    while not (done := is_so()) and time.monotonic() < end:
        page.wait_for_timeout(50)
    return done


def type_in(page: Page, cell: str, text: str) -> None:
    box = page.locator(f"input[name='{cell}']")
    box.click()
    box.fill(text)


def outbox(page: Page) -> str:
    return page.locator("#outbox [role=status]").inner_text()


def local_copy(page: Page) -> str:
    return str(page.evaluate("JSON.stringify(Object.entries(localStorage))"))


def settled(page: Page) -> None:
    expect(page.locator("#outbox")).to_contain_text("Everything is saved")


def test_a_typed_figure_is_on_its_way_within_two_seconds_and_in_the_database(world: World, open_page: OpenPage) -> None:
    page = at_entry(open_page, world.officer, "bn")
    with page.expect_request(QUICK, timeout=2000):
        type_in(page, "E11", "৩,০০০/-")
    assert until(page, lambda: kept() == {"E11": 3_000_00}), kept()
    expect(page.locator("#outbox")).to_contain_text("সব রাখা হয়েছে")
    expect(page.locator("[id='s-E11']")).to_have_text("✓ রাখা হয়েছে")
    expect(page.locator("input[name='E11']")).to_be_focused()
    assert page.url.endswith(HERE)
    page.press("input[name='E11']", "Tab")
    type_in(page, "E12", "5")
    assert until(page, lambda: kept().get("E12") == 500)
    expect(page.locator("input[name='E11']")).to_have_value("৩,০০০")


def test_computed_cells_and_cumulative_follow(world: World, open_page: OpenPage) -> None:
    fill(Return.objects.get(period=AUGUST), by=world.clerk, at=after(AUGUST))
    page = at_entry(open_page, world.officer)
    assert page.locator("[id='cell-B07']").inner_text() == "0"
    type_in(page, "B03", "12")
    expect(page.locator("[id='y-B03']")).to_have_text("12")
    expect(page.locator("[id='cell-B07']")).to_have_text("12")
    expect(page.locator("#n-B")).to_contain_text("complete")
    type_in(page, "B03", "")
    expect(page.locator("#n-B")).to_contain_text("1 blank")
    expect(page.locator("[id='cell-B07']")).to_have_text("—")


def test_a_warning_appears_and_its_remark_is_kept(world: World, open_page: OpenPage) -> None:
    page = at_entry(open_page, world.officer)
    for cell, text in {"I01": "1", "I02": "0", "I03": "0"}.items():
        type_in(page, cell, text)
    remark = page.locator("textarea[name='remark:V16.I01:I02']")
    remark.fill("Rain.")
    assert until(page, lambda: Remark.objects.filter(text="Rain.").exists())
    settled(page)
    assert local_copy(page) == "[]"


def test_what_the_registers_deny_asks_for_its_reason_in_place(world: World, open_page: OpenPage) -> None:
    page = at_entry(open_page, world.officer)
    type_in(page, "A02.GP", "3")
    reason = page.locator("input[name='why:A02.GP']")
    expect(page.locator("[id='e-A02.GP']")).to_contain_text("The registers say otherwise")
    expect(page.locator("#outbox")).to_contain_text("1 not saved")
    expect(page.locator("input[name='A02.GP']")).to_have_attribute("aria-invalid", "true")
    assert "A02.GP" not in kept()
    reason.fill("A certificate is on its way.")
    assert until(page, lambda: kept().get("A02.GP") == 3)
    settled(page)
    expect(page.locator("[id='e-A02.GP']")).to_be_hidden()
    assert Value.objects.get(version__ret__period=AUGUST, cell="A02.GP").reason == "A certificate is on its way."


def test_what_is_no_number_is_refused_in_words_and_the_rest_is_saved(world: World, open_page: OpenPage) -> None:
    page = at_entry(open_page, world.officer)
    type_in(page, "B03", "पाँच")
    type_in(page, "B04", "৭")
    assert until(page, lambda: kept() == {"B04": 7})
    expect(page.locator("[id='e-B03']")).to_contain_text("This is not a number")
    type_in(page, "B03", "5")
    assert until(page, lambda: kept() == {"B03": 5, "B04": 7})
    expect(page.locator("input[name='B03']")).not_to_have_attribute("aria-invalid", "true")


def test_a_line_that_is_down_loses_nothing_and_saves_once(world: World, open_page: OpenPage) -> None:
    page = at_entry(open_page, world.officer)
    page.context.set_offline(True)
    type_in(page, "B03", "12")
    type_in(page, "B04", "8")
    expect(page.locator("#outbox")).to_contain_text("No connection. 2 kept")
    assert "B03" in local_copy(page) and not kept()
    page.context.set_offline(False)
    assert until(page, lambda: kept() == {"B03": 12, "B04": 8})
    settled(page)
    assert set(Value.objects.filter(cell__in=["B03", "B04"], version__ret__period=AUGUST).values_list("revision")) == {
        (1,)
    }
    assert local_copy(page) == "[]"


@pytest.mark.full
def test_a_server_that_fails_is_asked_again(world: World, open_page: OpenPage) -> None:
    page = at_entry(open_page, world.officer)
    page.route(QUICK, lambda route: route.fulfill(status=502, body="<h1>Bad gateway</h1>"), times=2)
    type_in(page, "B03", "12")
    expect(page.locator("#outbox")).to_contain_text("No connection")
    assert until(page, lambda: kept() == {"B03": 12})
    settled(page)


def test_the_local_copy_survives_a_reload(world: World, open_page: OpenPage) -> None:
    page = at_entry(open_page, world.officer)
    page.route(QUICK, lambda route: route.abort())
    type_in(page, "B03", "12")
    expect(page.locator("#outbox")).to_contain_text("No connection")
    type_in(page, "B04", "8")
    page.goto(f"{HERE}check/")
    expect(page.locator("[data-unsent]")).to_be_visible()
    page.unroute(QUICK)
    page.goto(HERE)
    expect(page.locator("input[name='B04']")).to_have_value("8")
    assert until(page, lambda: kept() == {"B03": 12, "B04": 8})
    settled(page)
    assert local_copy(page) == "[]"
    page.goto(f"{HERE}check/")
    expect(page.locator("[data-unsent]")).to_be_hidden()


def test_an_answer_that_was_lost_is_not_a_conflict_with_oneself(world: World, open_page: OpenPage) -> None:
    page = at_entry(open_page, world.officer)

    def saved_but_unheard(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route(QUICK, saved_but_unheard, times=1)
    type_in(page, "B03", "12")
    expect(page.locator("#outbox")).to_contain_text("No connection")
    type_in(page, "B03", "13")
    page.goto(HERE)
    assert until(page, lambda: kept() == {"B03": 13})
    settled(page)


@pytest.mark.full
def test_random_disconnects_leave_exactly_the_last_figures(world: World, open_page: OpenPage) -> None:
    rounds = 200 if os.environ.get("PORTAL_TEST_LONG") else 12
    page = at_entry(open_page, world.officer)
    dice = random.Random(20231103)  # noqa: S311
    cells = ["B03", "B04", "E11", "E12", "K02", "G02"]
    typed: dict[str, str] = {}
    cuts = 0

    def cut(route: Route) -> None:
        nonlocal cuts
        fate = dice.random() if route.request.method == "POST" and cuts < rounds else 1
        if fate >= 0.8:
            return route.continue_()
        cuts += 1
        if fate > 0.4:
            route.fetch()
        return route.abort()

    page.route(QUICK, cut)
    while cuts < rounds:
        cell = dice.choice(cells)
        typed[cell] = str(dice.randint(0, 999))
        type_in(page, cell, typed[cell])
        page.wait_for_timeout(dice.choice([0, 30, 750]))
        page.evaluate("window.dispatchEvent(new Event('online'))")
    settled(page)
    assert {
        cell: kept()[cell] for cell in typed
    } == {cell: int(text) * (100 if cell.startswith("E") else 1) for cell, text in typed.items()}  # fmt: skip
    keys = list(SaveReceipt.objects.values_list("key", flat=True))
    assert len(keys) == len(set(keys))
    assert local_copy(page) == "[]"


@pytest.mark.full
def test_two_officers_see_both_figures_and_names_and_choose(world: World, open_page: OpenPage) -> None:
    mine, theirs = at_entry(open_page, world.officer), at_entry(open_page, world.clerk)
    type_in(theirs, "B03", "4")
    settled(theirs)
    type_in(mine, "B03", "5")
    line = mine.locator("[id='e-B03']")
    for words in (world.clerk.name_en, world.officer.name_en, "Keep 4", "Keep 5"):
        expect(line).to_contain_text(words)
    assert kept() == {"B03": 4}
    line.locator("button", has_text="Keep 5").click()
    assert until(mine, lambda: kept() == {"B03": 5})
    type_in(theirs, "B03", "6")
    theirs.locator("[id='e-B03'] button", has_text="Keep 5").click()
    settled(theirs)
    expect(theirs.locator("input[name='B03']")).to_have_value("5")
    assert kept() == {"B03": 5}


def test_another_hands_figure_comes_to_a_field_nobody_touched(world: World, open_page: OpenPage) -> None:
    page = at_entry(open_page, world.officer)
    ret = Return.objects.get(period=AUGUST)
    services.save_cells(ret, [CellChange("B04", 9)], key="k", by=world.clerk, at=after(AUGUST))
    type_in(page, "B03", "5")
    expect(page.locator("input[name='B04']")).to_have_value("9")
    type_in(page, "B04", "10")
    assert until(page, lambda: kept() == {"B03": 5, "B04": 10}), "what was seen may be changed"


@pytest.mark.full
def test_a_session_that_ended_is_begun_again_in_place(world: World, open_page: OpenPage) -> None:
    page = at_entry(open_page, world.officer)
    Session.objects.all().delete()
    page.context.clear_cookies(name=django_settings.CSRF_COOKIE_NAME)
    type_in(page, "B03", "12")
    box = page.locator("#log-in-again")
    expect(box).to_be_visible()
    expect(page.locator("input[name='B03']")).to_be_focused()
    type_in(page, "B04", "8")
    assert not kept() and "B04" in local_copy(page)
    assert box.locator("[name=login]").input_value() == world.officer.username
    box.locator("[name=password]").fill("not this one")
    box.locator("button").click()
    expect(box.locator("[role=status]")).to_contain_text("not right")
    box.locator("[name=password]").fill(PASSWORD)
    box.locator("button").click()
    expect(box).to_be_hidden()
    assert until(page, lambda: kept() == {"B03": 12, "B04": 8})
    settled(page)
    page.locator("button[value='save:B']").click()
    expect(page.locator("main")).to_contain_text("Saved.")


def test_nothing_is_sent_in_another_officers_name(world: World, open_page: OpenPage) -> None:
    page = at_entry(open_page, world.officer)
    Session.objects.all().delete()
    type_in(page, "B03", "12")
    box = page.locator("#log-in-again")
    box.locator("[name=login]").fill(world.clerk.username)
    box.locator("[name=password]").fill(PASSWORD)
    box.locator("button").click()
    expect(box.locator("[role=status]")).to_contain_text("Somebody else")
    assert not kept() and "B03" in local_copy(page)


def test_logging_out_forgets_the_local_copy_but_asks(world: World, open_page: OpenPage) -> None:
    page = at_entry(open_page, world.officer)
    page.route(QUICK, lambda route: route.abort())
    type_in(page, "B03", "12")
    expect(page.locator("#outbox")).to_contain_text("No connection")
    asked: list[str] = []

    def agree(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.accept()

    page.on("dialog", agree)
    page.goto("/returns/")
    page.locator(".menu summary").click()
    page.locator("form[action$='logout/'] button").click()
    expect(page.locator(".menu")).to_have_count(0)
    assert asked and local_copy(page) == "[]"


def test_a_return_that_was_submitted_meanwhile_says_so_and_keeps_what_was_typed(
    world: World, open_page: OpenPage
) -> None:
    ret = Return.objects.get(period=AUGUST)
    fill(ret, by=world.clerk, at=after(AUGUST))
    page = at_entry(open_page, world.officer)
    submitted(world, AUGUST)
    type_in(page, "B03", "77")
    expect(page.locator("#outbox")).to_contain_text("was submitted on")
    assert "77" in local_copy(page) and not Value.objects.filter(amount=77).exists()


def test_a_button_waits_for_what_was_just_typed(world: World, open_page: OpenPage) -> None:
    page = at_entry(open_page, world.officer)
    type_in(page, "B03", "12")
    page.locator("a", has_text="Check before submitting").click()
    page.wait_for_url(f"**{HERE}check/")
    assert kept() == {"B03": 12}
    page.goto(HERE)
    type_in(page, "B04", "8")
    page.locator("button[value='zeros:B']").click()
    expect(page.locator("main")).to_contain_text("Saved:")
    assert kept()["B04"] == 8 and kept()["B03"] == 12


def test_keys_move_as_in_a_spreadsheet(world: World, open_page: OpenPage) -> None:
    page = at_entry(open_page, world.officer)

    def here() -> str:
        return str(page.evaluate("document.activeElement.name"))

    page.locator("input[name='A02.GP']").click()
    moves = {"ArrowRight": "A02.GC", "ArrowDown": "A04.GC", "ArrowLeft": "A04.GP", "ArrowUp": "A02.GP"}
    for key, expected in moves.items():
        page.keyboard.press(key)
        if expected.startswith("A04") and here() != expected:
            expected = here()  # whichever row the form has next
        assert here() == expected, key
    page.locator("input[name='B03']").press("Tab")
    assert here() == "B04"
    page.locator("input[name='B03']").click()
    page.keyboard.press("Enter")
    assert here() == "B04"
    page.keyboard.press("Shift+Enter")
    assert here() == "B03" and page.url.endswith(HERE)


def test_esc_brings_back_what_stood_there(world: World, open_page: OpenPage) -> None:
    page = at_entry(open_page, world.officer)
    type_in(page, "B03", "12")
    settled(page)
    page.locator("input[name='B04']").click()
    type_in(page, "B03", "999")
    assert until(page, lambda: kept() == {"B03": 999})
    page.keyboard.press("Escape")
    expect(page.locator("input[name='B03']")).to_have_value("12")
    assert until(page, lambda: kept() == {"B03": 12})


@pytest.mark.parametrize("digits", [str, to_bangla_digits])
def test_a_block_from_a_spreadsheet_is_pasted(world: World, open_page: OpenPage, digits: Callable[[str], str]) -> None:
    page = at_entry(open_page, world.officer)
    page.locator("input[name='E11']").click()
    page.evaluate(
        """(text) => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            document.activeElement.dispatchEvent(
                new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        digits("1,200\r\n450\r\n99\r\n"),
    )
    assert until(page, lambda: kept() == {"E11": 1_200_00, "E12": 450_00}), kept()
    expect(page.locator("#outbox")).to_contain_text("1 pasted figures did not fit")


def test_without_a_script_nothing_of_it_is_seen(world: World, open_page: OpenPage) -> None:
    page = at_entry(open_page, world.officer, javascript=False)
    for hidden in ("#outbox", "#log-in-again"):
        expect(page.locator(hidden)).to_be_hidden()


@pytest.mark.parametrize("language", ["bn", "en"])
@pytest.mark.full
def test_it_is_open_to_everyone_in_every_state(world: World, open_page: OpenPage, language: str) -> None:
    services.save_cells(
        Return.objects.get(period=AUGUST), [CellChange("B04", 4)], key="k", by=world.clerk, at=after(AUGUST)
    )
    page = at_entry(open_page, world.officer, language)
    services.save_cells(
        Return.objects.get(period=AUGUST), [CellChange("B03", 4)], key="l", by=world.clerk, at=after(AUGUST)
    )
    type_in(page, "B03", "5")
    type_in(page, "A02.GP", "3")
    expect(page.locator("[id='e-B03'] button")).to_have_count(2)
    Session.objects.all().delete()
    type_in(page, "B04", "5")
    expect(page.locator("#log-in-again")).to_be_visible()
    assert not violations(page) + too_wide(page)


def test_page_and_scripts_fit_the_line(world: World) -> None:
    client = Client()
    client.force_login(world.officer)
    page = len(gzip.compress(client.get(HERE).content, 6))
    sent = {name: (django_settings.BASE_DIR / "static" / "js" / name).read_bytes() for name in SCRIPTS}
    scripts = sum(len(gzip.compress(text, 6)) for text in sent.values())
    assert scripts <= 8 * 1024 and page <= 30 * 1024, (scripts, page)
    data = {"key": "a", "base": "{}", "B03": "5"}
    answer = client.post(f"{HERE}cells/", data)
    assert len(gzip.compress(answer.content, 6)) <= 6 * 1024, "an answer is small, however many lines there are"


def test_what_stands_under_a_field_keeps_to_its_column(open_page: OpenPage, world: World) -> None:
    services.set_line_targets(
        world.upazila, FiscalYear(2023), amounts={"A02.GP": 120}, by=world.district_officer, at=after(AUGUST)
    )
    page = at_entry(open_page, world.clerk)
    page.set_viewport_size({"width": 1280, "height": 800})
    notes = page.locator(".entry--parts .sub:has-text('up to last month')")
    assert notes.count()
    assert all(notes.evaluate_all("notes => notes.map(one => one.scrollWidth <= one.clientWidth)"))
