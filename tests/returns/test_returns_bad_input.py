"""Hostile and late hands at the entry page: nothing lost, nothing half saved, never an error of the server."""

from __future__ import annotations

from http import HTTPStatus
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

from core.periods import Period
from returns import services
from returns.models import Remark, Return, ReturnVersion
from tests.returns.factories_returns import JULY, World, after, make_world, on, submitted

ADDRESS = "/returns/hatibandha/2023-07/"


def at_entry(world: World, settings: Settings, *, on_day: Period = JULY) -> Client:
    settings.PORTAL_CLOCK = after(on_day)
    client = Client()
    client.force_login(world.officer)
    client.cookies["django_language"] = "en"
    return client


@pytest.mark.django_db
@pytest.mark.parametrize(
    "base", ['{"A03.GP":[1e999,5]}', '{"A03.GP":[Infinity,5]}', "[" * 100_000, '{"a":' * 5_000, "null", "[]", "\x00"]
)
def test_a_base_that_was_tampered_with_counts_as_never_seen(settings: Settings, base: str) -> None:
    client = at_entry(make_world(), settings)
    response = client.post(ADDRESS, {"key": "k\x00", "base": base, "A03.GP": "0", "do": "save:A"})
    assert response.status_code in (HTTPStatus.FOUND, HTTPStatus.UNPROCESSABLE_ENTITY)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed", [{"do": "zeros:A"}, {"do": "take:A"}, {"remark:V09.new:B03": "Why"}, {"A03.GP": "1e5"}]
)
def test_a_submitted_return_takes_nothing_and_shows_what_was_typed(settings: Settings, typed: dict[str, str]) -> None:
    world = make_world()
    submitted(world)
    response = at_entry(world, settings).post(ADDRESS, {"key": "k", "base": "{}", **typed})
    page = response.content.decode()
    assert response.status_code == HTTPStatus.CONFLICT
    assert "This return was submitted on" in page
    assert 'name="A03.GP"' not in page
    kept = [text for name, text in typed.items() if name != "do"]
    assert all(text in page for text in kept)
    assert not Remark.objects.exists()


@pytest.mark.django_db
def test_a_reason_typed_too_late_is_shown_again(settings: Settings) -> None:
    world = make_world()
    submitted(world)
    typed = {"key": "k", "base": "{}", "A02.GP": "7", "why:A02.GP": "Seen in the ledger", "remark:x:none": "lost"}
    page = at_entry(world, settings).post(ADDRESS, typed).content.decode()
    assert "Seen in the ledger" in page


@pytest.mark.django_db(transaction=True)
def test_many_hands_open_one_month() -> None:
    world = make_world()
    start, opened, failed = Barrier(8), [], []

    def open_it() -> None:
        try:
            start.wait()
            opened.append(services.open_return(world.upazila, JULY, by=world.clerk, at=on(2023, 8, 3)).pk)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    hands = [Thread(target=open_it) for _ in range(8)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert not failed
    assert set(opened) == {Return.objects.get().pk}
    assert ReturnVersion.objects.count() == 1


def _in_threads(work: list[Any]) -> list[Exception]:
    failed: list[Exception] = []
    start = Barrier(len(work))

    def run(one: Any) -> None:
        try:
            start.wait()
            one()
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[one]) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failed


@pytest.mark.django_db(transaction=True)
def test_fifty_hands_save_different_cells_of_one_return() -> None:
    world = make_world()
    ret = services.open_return(world.upazila, JULY, by=world.clerk, at=on(2023, 8, 3))
    cells = [c.key for c in world.catalogue.entered_cells(world.upazila.kind) if not c.line.metric][:50]
    results = []

    def saver(number: int, cell: str) -> Any:
        change = services.CellChange(cell, number)
        by = (world.clerk, world.officer)[number % 2]
        return lambda: results.append(
            services.save_cells(ret, [change], key=f"k{number}", by=by, at=on(2023, 8, 3)).is_clean
        )

    assert not _in_threads([saver(number, cell) for number, cell in enumerate(cells)])
    assert all(results)
    version = ReturnVersion.objects.get()
    assert dict(version.values.values_list("cell", "amount")) == {cell: n for n, cell in enumerate(cells)}


@pytest.mark.django_db(transaction=True)
def test_of_many_hands_at_one_cell_one_wins_and_the_others_are_told() -> None:
    world = make_world()
    ret = services.open_return(world.upazila, JULY, by=world.clerk, at=on(2023, 8, 3))
    cell = next(c.key for c in world.catalogue.entered_cells(world.upazila.kind) if not c.line.metric)
    results = []

    def saver(number: int) -> Any:
        change = services.CellChange(cell, number)
        return lambda: results.append(
            services.save_cells(ret, [change], key=f"k{number}", by=world.clerk, at=on(2023, 8, 3))
        )

    assert not _in_threads([saver(number) for number in range(20)])
    won = [result for result in results if result.saved]
    assert len(won) == 1
    assert all(len(result.conflicts) == 1 for result in results if not result.saved)
