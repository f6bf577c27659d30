"""A baseline that nobody has verified is corrected, by page and by workbook; a verified one says what to do instead."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.errors import UserError
from core.models import Activity
from core.periods import Period
from offices.choices import Post
from offices.models import Office, Officer
from returns import services
from returns.baseline_grid import closing_cells
from returns.judges import judged_by
from returns.models import Baseline
from returns.months import flows_before
from tests.factories import make_officer
from tests.racing import race
from tests.returns.factories_returns import World, make_world, on
from tests.returns.test_returns_baseline_book import consent_of, filled, post, template
from tests.returns.test_returns_baseline_pages import browser, typed

pytestmark = pytest.mark.django_db
OCTOBER = Period.month(2023, 10)
NOW = on(2023, 11, 3)
HERE = "/returns/patgram/baseline/"
BOOK = "/returns/lalmonirhat/baselines/"


@pytest.fixture
def world(clock: Callable[[datetime], None]) -> World:
    clock(NOW)
    return make_world()


@pytest.fixture
def keeper(world: World) -> Officer:
    return make_officer(Post.UPAZILA_OFFICER, world.tree.sibling)


def zeros(world: World, **figures: int) -> dict[str, int]:
    closings = dict.fromkeys((cell.key for cell in closing_cells(world.catalogue, "upazila")), 0)
    return closings | {cell.replace("__", "."): amount for cell, amount in figures.items()}


def entered(world: World, office: Office, by: Officer, **figures: int) -> Baseline:
    return services.enter_baseline(office, OCTOBER, closings=zeros(world, **figures), by=by, at=NOW)


def closing(kept: Baseline, cell: str) -> int | None:
    return kept.values.get(cell=cell).closing


def test_the_page_shows_what_stands_and_puts_other_figures_in_its_place(world: World, keeper: Officer) -> None:
    own = browser(keeper)
    own.post(HERE, typed(world) | {"c:A07.GP": "125", "s:A02.GP": "4"})
    kept = Baseline.objects.get(office=world.tree.sibling)
    assert 'href="?correct"' in own.get(HERE).content.decode()
    form = own.get(f"{HERE}?correct").content.decode()
    assert 'name="c:A07.GP" value="125"' in form and 'name="s:A02.GP" value="4"' in form
    stands = {"seen": kept.entered_at.isoformat()}
    assert own.post(HERE, typed(world) | stands | {"c:A07.GP": "১৫২"}).status_code == 302
    kept.refresh_from_db()
    assert (closing(kept, "A07.GP"), closing(kept, "A07"), kept.period) == (152, 152, OCTOBER)
    assert kept.values.get(cell="A02.GP").cumulative == 0
    act = Activity.objects.get(verb="returns.correct_baseline")
    assert (act.before["A07.GP"], act.after["A07.GP"]) == (125, 152)


def test_whose_figures_stood_there_verifies_them_no_more(world: World, keeper: Officer) -> None:
    admin = Officer.objects.get(username="system-admin-bd")
    figures = {"patgram": services.Brought(zeros(world, A07__GP=1))}
    district, do = world.tree.district, world.district_officer
    (kept,) = services.enter_baselines(district, OCTOBER, figures=figures, by=do, at=NOW)
    services.correct_baseline(kept, closings=zeros(world, A07__GP=2), seen_at=NOW, by=keeper, at=on(2023, 11, 4))
    kept = Baseline.objects.get(pk=kept.pk)
    assert (kept.entered_by, list(kept.former_hands.all())) == (keeper, [do])
    assert judged_by(do, [kept], NOW.date()) == [] and judged_by(world.joint_registrar, [kept], NOW.date()) == [kept]
    for wrong in (do, keeper, admin):
        with pytest.raises(PermissionDenied):
            services.verify_baseline(kept, by=wrong, at=on(2023, 11, 5))
    assert services.verify_baseline(kept, by=world.joint_registrar, at=on(2023, 11, 5)).verified_at


def test_the_same_figures_again_change_nothing(world: World, keeper: Officer) -> None:
    kept = entered(world, world.tree.sibling, keeper, A07__GP=3)
    services.correct_baseline(kept, closings=zeros(world, A07__GP=3), seen_at=NOW, by=keeper, at=on(2023, 11, 4))
    kept.refresh_from_db()
    assert kept.entered_at == NOW and not kept.former_hands.exists()
    assert not Activity.objects.filter(verb="returns.correct_baseline").exists()


def test_a_double_click_is_one_baseline_and_one_correction(world: World, keeper: Officer) -> None:
    own = browser(keeper)
    for figure, stands in (("5", ""), ("6", NOW.isoformat())):
        answers = [own.post(HERE, typed(world) | {"c:A07.GP": figure, "seen": stands}) for _twice in range(2)]
        assert [answer.status_code for answer in answers] == [302, 302]
    other = own.post(HERE, typed(world) | {"c:A07.GP": "7", "seen": ""})
    assert "Look at it again first" in other.content.decode()
    assert closing(Baseline.objects.get(office=world.tree.sibling), "A07.GP") == 6
    assert Activity.objects.filter(verb="returns.correct_baseline").count() == 1


@pytest.mark.parametrize("page", [HERE, BOOK])
def test_no_verdict_falls_on_figures_that_the_judge_has_not_seen(
    world: World, keeper: Officer, page: str, clock: Callable[[datetime], None]
) -> None:
    kept = entered(world, world.tree.sibling, keeper)
    judge = browser(world.district_officer)
    fields = dict(re.findall(r'name="(baseline|seen\d*)" value="([^"]+)"', judge.get(page).content.decode()))
    services.correct_baseline(
        kept, closings=zeros(world, A07__GP=9), seen_at=NOW, by=keeper, at=NOW + timedelta(minutes=1)
    )
    answer = judge.post(f"{page}verify/", fields, follow=True).content.decode()
    kept.refresh_from_db()
    assert "Look at it again first" in answer and kept.verified_at is None
    fields = dict(re.findall(r'name="(baseline|seen\d*)" value="([^"]+)"', judge.get(page).content.decode()))
    judge.post(f"{page}verify/", fields)
    kept.refresh_from_db()
    assert kept.verified_by == world.district_officer


@pytest.mark.django_db(transaction=True)
def test_two_who_enter_or_correct_at_once_leave_one_baseline(world: World, keeper: Officer) -> None:
    def enter() -> Baseline:
        return entered(world, world.tree.sibling, keeper, A07__GP=3)

    answers = race(enter, enter)
    assert answers.count("done") == 1, answers
    kept = Baseline.objects.get(office=world.tree.sibling)

    def verify() -> Baseline:
        return services.verify_baseline(kept, by=world.district_officer, at=NOW, seen_at=NOW)

    def correct() -> Baseline:
        later = NOW + timedelta(minutes=1)
        return services.correct_baseline(kept, closings=zeros(world, A07__GP=4), seen_at=NOW, by=keeper, at=later)

    assert race(verify, correct, correct).count("done") in (1, 2)
    kept.refresh_from_db()
    assert (kept.verified_at is not None, closing(kept, "A07.GP")) in ((True, 3), (False, 4))


def test_another_hand_in_between_is_named(world: World, keeper: Officer) -> None:
    kept = entered(world, world.tree.sibling, keeper)
    with pytest.raises(UserError, match=keeper.name_bn):
        services.correct_baseline(
            kept, closings=zeros(world, A07__GP=3), seen_at=on(2023, 11, 2), by=keeper, at=on(2023, 11, 4)
        )


def test_a_verified_one_stays_and_says_what_to_do(world: World, keeper: Officer) -> None:
    kept = entered(world, world.tree.sibling, keeper, A07__GP=3)
    services.verify_baseline(kept, by=world.district_officer, at=NOW)
    own = browser(keeper)
    assert 'href="?correct"' not in own.get(HERE).content.decode()
    assert "name=" not in own.get(f"{HERE}?correct").content.decode().split("<main")[1].split("</main")[0]
    answer = own.post(HERE, typed(world) | {"seen": NOW.isoformat()})
    assert (
        answer.status_code == 422
        and "Ask for an amendment of its first return, November 2023" in answer.content.decode()
    )
    with pytest.raises(UserError, match="amendment"):
        services.correct_baseline(kept, closings=zeros(world), seen_at=NOW, by=keeper, at=NOW)
    assert closing(kept, "A07.GP") == 3


def test_only_who_may_enter_may_correct(world: World, keeper: Officer) -> None:
    kept = entered(world, world.tree.sibling, keeper)
    for wrong in (world.officer, world.district_officer, world.joint_registrar):
        with pytest.raises(PermissionDenied):
            services.correct_baseline(kept, closings=zeros(world), seen_at=NOW, by=wrong, at=NOW)
    assert 'href="?correct"' not in browser(world.district_officer).get(HERE).content.decode()


def test_a_workbook_sent_again_takes_the_place_of_what_is_not_verified(world: World, keeper: Officer) -> None:
    entered(world, world.tree.sibling, keeper, A07__GP=3)
    client = browser(world.district_officer)
    content = template(client)
    again = post(client, filled(content, {}, {("A07.GP", 5): 8}))
    page = again.content.decode()
    assert "take its place: patgram" in page
    client.post(BOOK, consent_of(again))
    kept = Baseline.objects.get(office=world.tree.sibling)
    assert (closing(kept, "A07.GP"), kept.entered_by) == (8, world.district_officer)
    assert not Baseline.objects.filter(office=world.tree.third).exists(), "its column was blank"


def test_a_workbook_for_an_office_verified_meanwhile_is_refused(world: World, keeper: Officer) -> None:
    kept = entered(world, world.tree.sibling, keeper)
    client = browser(world.district_officer)
    content = filled(template(client), {5: 1}, {})
    consent = consent_of(post(client, content))
    services.verify_baseline(kept, by=world.district_officer, at=NOW)
    for answer in (client.post(BOOK, consent), post(client, content)):
        assert "Ask for an amendment" in answer.content.decode()


def test_an_upper_office_sees_how_far_its_districts_are(world: World, keeper: Officer) -> None:
    client = browser(world.joint_registrar)

    def told() -> tuple[list[str], int]:
        with CaptureQueriesContext(connection) as queries:
            page = client.get("/returns/rangpur-division/baselines/").content.decode()
        row = page.split('<th scope="row"><a href="/returns/lalmonirhat/baselines/">')[1].split("</tr>")[0]
        return [part.split(">")[-1].strip() for part in row.split("</td>")[:-1]], len(queries)

    first = told()
    assert first[0] == ["3", "1", "0", "▲ 2"]
    entered(world, world.tree.sibling, keeper)
    assert told() == (["3", "1", "◐ 1", "▲ 1"], first[1])
    assert "/returns/sylhet/" not in client.get("/returns/rangpur-division/baselines/").content.decode()
    assert client.get("/returns/sylhet-division/baselines/").status_code == 404


def test_what_adds_up_over_the_year_is_computed_from_the_flows_brought(world: World, keeper: Officer) -> None:
    """A district that begins in November: its revenue since July is that of its parts since July."""
    office, closings = world.tree.sibling, zeros(world)
    kept = services.enter_baseline(
        office, OCTOBER, closings=closings, cumulatives={"E03": 70_000, "E11": 20_000}, by=keeper, at=NOW
    )
    sums = dict(kept.values.exclude(cumulative=0).values_list("cell", "cumulative"))
    assert sums == {"E03": 70_000, "E11": 20_000, "E14": 90_000}
    services.verify_baseline(kept, by=world.district_officer, at=NOW)
    assert (flows_before(office, OCTOBER.next()) or {})["E14"] == 90_000
