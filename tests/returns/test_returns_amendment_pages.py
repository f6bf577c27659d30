"""An amendment as browsers without JavaScript meet it: typing, preview, proposal, decision, versions side by side."""

from __future__ import annotations

import html
import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from pytest_django import Settings

from contracts.consequences import scores_moved
from contracts.summaries import scorecard_of
from core.periods import Period
from documents.models import Document
from documents.services import request_document
from jobs.services import run_waiting_jobs
from returns import services
from returns.amending import changes_of, suppose
from returns.amendment_models import Amendment
from returns.choices import AmendmentState
from returns.models import TotalValue
from returns.preview import Preview, moves_of, preview_of
from returns.rollup import compute_total
from tests.contracts.factories_contracts import make_agreement
from tests.returns.factories_amendments import (
    ASKED,
    DECIDED,
    REASON,
    SEPTEMBER,
    approved,
    figure,
    in_force,
    proposed,
    three_months,
    written,
)
from tests.returns.factories_returns import AUGUST, JULY, World, after, make_world, submitted, verified
from tests.societies.factories_societies import at, make_society

pytestmark = pytest.mark.django_db
HERE = "/returns/hatibandha/2023-07/"


@pytest.fixture(autouse=True)
def _clock(settings: Settings) -> None:
    settings.PORTAL_CLOCK = ASKED


def browser(world: World, who: str = "officer", language: str = "bn") -> Client:
    client = Client()
    client.cookies["django_language"] = language
    client.force_login(getattr(world, who))
    return client


def words(page: bytes) -> str:
    """The page's text."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.decode())).split())


def preview(world: World, ret: object, **figures: int) -> Preview:
    amendment = written(world, ret, **figures)  # type: ignore[arg-type]
    return preview_of(suppose(amendment.ret, changes_of(amendment)), at=ASKED)


def test_from_the_verified_return_to_the_approval_in_a_few_clicks() -> None:
    world, july, august, _september = three_months()
    office, superior = browser(world), browser(world, "district_officer")
    assert f'href="{HERE}amend/"' in office.get(HERE).content.decode()
    page = office.get(HERE + "amend/").content.decode()
    assert page.count('inputmode="decimal"') == len(world.catalogue.entered_cells("upazila"))
    sent = office.post(HERE + "amend/", {"2023-07:K02": "১২", "2023-07:G02": "", "reason": REASON}, follow=True)
    amendment = Amendment.objects.get()
    assert amendment.state == AmendmentState.DRAFT
    there = f"{HERE}amendments/{amendment.pk}/"
    assert sent.redirect_chain == [(there, 302)]
    text = words(sent.content)
    assert "১০ → ১২" in text and "আগস্ট ২০২৩" in text and "২ → ৪" in text and REASON in text
    assert in_force(july).number == 1, "a preview changes nothing"
    office.post(there, {"do": "propose"})
    assert there in superior.get("/returns/queue/").content.decode()
    assert there in superior.get(reverse("reports:home")).content.decode()
    assert there in office.get(HERE).content.decode()
    page = superior.get(there).content.decode()
    seen = re.search(r'name="seen" value="(\w+)"', page)
    assert seen is not None and "মঞ্জুর" in page
    superior.post(there, {"do": "approve", "seen": seen[1]})
    assert figure(july, "K02") == 12 and figure(august, "K01") == 12
    text = words(office.get(HERE + "versions/").content)
    assert "সংস্করণ ১ ও ২ পাশাপাশি" in text and REASON in text and "১০" in text and "১২" in text
    assert "জের টানা" in words(office.get("/returns/hatibandha/2023-08/").content)
    assert "সংশোধিত" in words(office.get("/returns/").content)


def test_refused_with_a_reason_and_withdrawn() -> None:
    world, july, _august, _september = three_months()
    amendment = proposed(world, july, K02=12)
    there = f"{HERE}amendments/{amendment.pk}/"
    office, superior = browser(world), browser(world, "district_officer")
    assert "কেন" in words(superior.post(there, {"do": "refuse", "reason": " "}, follow=True).content)
    superior.post(there, {"do": "refuse", "reason": "কাগজ নেই।"})
    assert "কাগজ নেই।" in words(office.get(there).content)
    second = proposed(world, july, K02=12)
    office.post(f"{HERE}amendments/{second.pk}/", {"do": "withdraw"})
    second.refresh_from_db()
    assert second.state == AmendmentState.WITHDRAWN


def test_nobody_but_the_office_and_its_superior_sees_an_amendment() -> None:
    world, july, _august, _september = three_months()
    amendment = proposed(world, july, K02=12)
    there = f"{HERE}amendments/{amendment.pk}/"
    assert browser(world, "clerk").get(HERE + "amend/").status_code == 403
    assert browser(world, "clerk").get(there).status_code == 200
    assert browser(world, "clerk").post(there, {"do": "withdraw"}).status_code == 403
    assert browser(world, "joint_registrar").post(there, {"do": "approve"}).status_code == 403
    assert browser(world, "district_officer").post(there, {"do": "propose"}).status_code == 403
    assert browser(world).get("/returns/patgram/2023-07/amend/").status_code == 404
    assert browser(world).get(f"/returns/hatibandha/2023-08/amendments/{amendment.pk}/").status_code == 404
    assert browser(world).post(there, {"do": "nonsense"}).status_code == 302
    amendment.refresh_from_db()
    assert amendment.state == AmendmentState.PROPOSED


@pytest.mark.parametrize("text", ["৫a", "1e3", "-4", "९", "1.5"])
def test_what_is_no_number_stays_in_its_field(text: str) -> None:
    world, _july, _august, _september = three_months()
    data = {"2023-07:K02": text, "2023-07:G02": "৭", "reason": REASON, "also": ["2023-08", "x", "1899-01"]}
    answer = browser(world).post(HERE + "amend/", data)
    assert answer.status_code == 422
    assert 'value="৭"' in answer.content.decode()
    assert not Amendment.objects.exists()


def test_a_broken_later_month_is_named_and_its_figures_can_be_amended_too() -> None:
    world, july, august, _september = three_months()
    office = browser(world)
    text = words(office.post(HERE + "amend/", {"2023-07:K02": "7", "reason": REASON}, follow=True).content)
    assert "আগস্ট ২০২৩ (V03.K04)" in text and "প্রস্তাব করুন" not in text
    page = office.get(HERE + "amend/?also=2023-08").content.decode()
    assert 'name="2023-08:K03"' in page and 'value="৭"' in page
    data = {"2023-07:K02": "7", "2023-08:K03": "5", "also": "2023-08", "reason": REASON}
    text = words(office.post(HERE + "amend/", data, follow=True).content)
    assert "৮ → ৫" in text and "V03" not in text
    amendment = Amendment.objects.get()
    services.propose_amendment(amendment, by=world.officer, at=ASKED)
    services.approve_amendment(amendment, by=world.district_officer, at=DECIDED)
    assert (figure(july, "K04"), figure(august, "K03"), figure(august, "K04")) == (7, 5, 2)


def test_a_crossed_amendment_offers_to_be_renewed() -> None:
    world, july, _august, september = three_months()
    later = proposed(world, september, K02=5)
    approved(world, july, K02=12)
    there = f"/returns/hatibandha/2023-09/amendments/{later.pk}/"
    assert 'value="approve"' not in browser(world, "district_officer").get(there).content.decode()
    assert 'value="renew"' in browser(world).get(there).content.decode()
    page = browser(world).post(there, {"do": "renew"}, follow=True)
    assert 'value="propose"' in page.content.decode()


def test_registers_that_changed_after_the_submission_ask_for_an_amendment() -> None:
    world = make_world()
    verified(world, JULY)
    assert "রেজিস্টার বদলেছে" not in words(browser(world).get(HERE).content)
    make_society(world.upazila, reg_on=date(2023, 7, 10), at=at(date(2023, 9, 1)))
    text = words(browser(world).get(HERE).content)
    assert "রেজিস্টার বদলেছে" in text and "রিটার্নে ০, রেজিস্টারে এখন ১" in text
    assert "রেজিস্টার বদলেছে" not in words(browser(world, "district_officer").get(HERE).content)
    assert "রেজিস্টারে এখন ১" in words(browser(world).get(HERE + "amend/").content)


def test_the_preview_moves_every_superiors_total_by_what_the_approval_moves_it() -> None:
    world, july, _august, _september = three_months()
    above = (world.tree.district, world.tree.division, world.tree.department)
    for office in above:
        for period in (JULY, AUGUST, SEPTEMBER):
            compute_total(office, period, at=ASKED)
    shown = preview(world, july, K02=12, J10__ASHRAYAN=500_00, J09__ASHRAYAN=100_00)
    assert shown.superiors == above
    told = {
        (office.code, month.period, row.code): change.new
        for month in shown.months
        for row in month.rows
        for office, change in zip(shown.superiors, row.above, strict=True)
        if change is not None
    }
    approved(world, july, K02=12, J10__ASHRAYAN=500_00, J09__ASHRAYAN=100_00)
    codes = {cell.key: world.catalogue.code_of(cell.key, bangla=True) for cell in world.catalogue.cells}
    before = {
        (one.total.office.code, one.total.period, codes[one.cell]): one.amount
        for one in TotalValue.objects.select_related("total__office")
    }
    for office in above:
        for period in (JULY, AUGUST, SEPTEMBER):
            compute_total(office, period, at=DECIDED)
    now = {
        (one.total.office.code, one.total.period, codes[one.cell]): one.amount
        for one in TotalValue.objects.select_related("total__office")
    }
    assert told == {key: amount for key, amount in now.items() if amount != before.get(key)}
    assert ("lalmonirhat", JULY, "ঞ১২") in told, "ratios move too"


def test_the_preview_asks_the_same_few_questions_whatever_the_months() -> None:
    world = make_world()
    july = verified(world, JULY, K02=10)
    counts = []
    for last in (AUGUST, Period.month(2024, 6)):
        period = AUGUST if last == AUGUST else SEPTEMBER
        while period <= last:
            verified(world, period)
            period = period.next()
        changes = changes_of(written(world, july, K02=12))
        preview_of(suppose(july, changes), at=after(last, 9))  # what a process reads once is not counted
        with CaptureQueriesContext(connection) as asked:
            shown = preview_of(suppose(july, changes), at=after(last, 9))
        counts.append(len(asked))
    assert len(shown.months) == 12 and all(month.rows for month in shown.months)
    assert counts[0] == counts[1] <= 12, counts


@pytest.mark.full
def test_papers_of_superseded_figures_are_named_renewed_and_stay_citable() -> None:
    world, july, _august, _september = three_months()
    asked = [
        ("returns.return", "hatibandha", "2023-07"),
        ("returns.return", "hatibandha", "2023-08"),
        ("returns.month", "lalmonirhat", "2023-07"),
        ("returns.month", "lalmonirhat", "2023-09"),
    ]
    old = [
        request_document(kind=kind, arguments={"office": office, "period": month}, by=None, at=ASKED)
        for kind, office, month in asked
    ]
    other = request_document(
        kind="returns.month", arguments={"office": "lalmonirhat", "period": "2023-08"}, by=None, at=ASKED
    )
    run_waiting_jobs()
    shown = preview(world, july, K02=12)
    assert set(shown.papers) == {*old, other}
    services.withdraw_amendment(Amendment.objects.get(), by=world.officer, at=ASKED)
    shown = preview(world, july, G02=4)
    assert set(shown.papers) == {*old, other}, "and what shows the year so far"
    services.withdraw_amendment(Amendment.objects.open().get(), by=world.officer, at=ASKED)
    approved(world, july, K02=12)
    run_waiting_jobs()
    for document in old:
        document.refresh_from_db()
        assert document.superseded_by.is_ready
        page = Client().get(f"/v/{document.code}", follow=True).content.decode()
        assert document.superseded_by.printed_code in page
        assert browser(world, "district_officer").get(f"/documents/{document.code}/file/").content[:5] == b"%PDF-"
    text = browser(world).get(HERE + "versions/").content.decode()
    assert old[0].printed_code in text and old[0].superseded_by.printed_code in text
    assert Document.objects.filter(kind="returns.return", subject="hatibandha:2023-07").count() == 2


def test_the_preview_names_the_scores_that_would_move_and_by_how_much() -> None:
    world, july, _august, _september = three_months()
    agreement = make_agreement(world.tree, at=ASKED)
    amendment = proposed(world, july, I02=40, I03=20)
    before = scorecard_of(agreement, at=ASKED).composite
    with translation.override("en"):
        (told,) = scores_moved(moves_of(suppose(july, changes_of(amendment))), at=ASKED)
    services.approve_amendment(amendment, by=world.district_officer, at=DECIDED)
    after_it = scorecard_of(agreement, at=DECIDED).composite
    assert before != after_it
    assert (told.before, told.after) == (f"{float(before):.2f}", f"{float(after_it):.2f}")
    assert "lalmonirhat" in told.label


def test_a_submitted_later_month_moves_no_total() -> None:
    world = make_world()
    july = verified(world, JULY, K02=10)
    submitted(world, AUGUST, K03=8)
    shown = preview(world, july, K02=12)
    assert [(month.period, month.counts) for month in shown.months] == [(JULY, True), (AUGUST, False)]
