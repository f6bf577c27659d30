"""Annexes 2 and 3: the rows behind the submitted figures as they were said then, beside the lines of the form."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pypdfium2
import pytest
from django.test import Client
from pytest_django import Settings

from audits.choices import AuditState
from audits.models import Audit
from audits.services import reopen_audit
from core.errors import UserError
from documents.engine import render_paper
from documents.models import Document
from documents.registry import Paper, build_paper
from documents.rendering import render_html
from documents.services import request_document
from returns import services
from returns.annexes import CHANGED, GONE, KEPT, Annexes, annexes_of
from returns.models import Return
from returns.papers import ANNEXES
from returns.sheet import load_sheet
from societies.choices import EventKind
from societies.models import Society
from societies.services import change_status, withdraw_event
from tests.audits.factories_audits import make_audit
from tests.returns.factories_amendments import approved
from tests.returns.factories_papers import settle
from tests.returns.factories_returns import JULY, World, after, fill, make_world
from tests.societies.factories_societies import make_society

pytestmark = pytest.mark.django_db
HERE = "/returns/hatibandha/2023-07/annexes/"
IN_JULY, WHY = date(2023, 7, 20), "ভুল সারি।"


@pytest.fixture
def world(settings: Settings) -> World:
    settings.PORTAL_CLOCK = after(JULY, 10)
    return make_world()


def happened(world: World, *, registered: int = 2, audits: int = 2) -> None:
    """A July in which societies were registered, one of them cancelled again, and audits were done."""
    for number in range(registered):
        society = make_society(world.upazila, reg_on=date(2023, 7, 5), by=world.officer, name_bn=f"নতুন কুঁড়ি {number}")
    for number in range(audits):
        old = make_society(world.upazila, reg_on=date(2023, 7, 2), by=world.officer, name_bn=f"প্রভাতী সমিতি {number}")
        make_audit(world.upazila, AuditState.DONE, society=old, on=IN_JULY, net_profit=(number + 1) * 50_000_00)
    change_status(
        society=society, kind=EventKind.CANCELLED, on=IN_JULY, by=world.officer, at=after(JULY, 1), reason="আবেদনে।"
    )


def sent(world: World, *against: tuple[str, int]) -> Return:
    """July entered (``against`` the registers with a reason), every warning answered, submitted."""
    ret = services.open_return(world.upazila, JULY, by=world.clerk, at=after(JULY))
    changes = [services.CellChange(cell, amount, reason="খাতায় আছে।") for cell, amount in against]
    services.save_cells(ret, changes, key="against", by=world.clerk, at=after(JULY))
    fill(ret, by=world.clerk, at=after(JULY))
    settle(ret, by=world.clerk)
    services.submit_return(ret, by=world.officer, at=after(JULY))
    return ret


def found(ret: Return, *, number: int = 0) -> Annexes:
    version = ret.versions.get(number=number) if number else ret.versions.order_by("-number")[0]
    return annexes_of(load_sheet(ret, version))


def names(rows: Any) -> list[str]:
    return [one.row.name_bn for one in rows]


def paper() -> Paper:
    return build_paper(ANNEXES, {"office": "hatibandha", "period": "2023-07"})


def asked(world: World, day: int) -> Document:
    arguments = {"office": "hatibandha", "period": "2023-07"}
    return request_document(kind=ANNEXES, arguments=arguments, by=world.officer, at=after(JULY, day))


def text_of(paper: Paper) -> str:
    return re.sub(r"<[^>]+>", " ", render_html(paper, code="0" * 16).partition("</head>")[2])


def test_the_rows_behind_the_figures_are_listed_and_come_to_the_lines(world: World) -> None:
    happened(world)
    annexes = found(sent(world))
    assert names(annexes.registered) == ["প্রভাতী সমিতি 0", "প্রভাতী সমিতি 1", "নতুন কুঁড়ি 0", "নতুন কুঁড়ি 1"]
    assert names(annexes.cancelled) == ["নতুন কুঁড়ি 1"]
    assert names(annexes.audits) == ["প্রভাতী সমিতি 0", "প্রভাতী সমিতি 1"]
    assert annexes.sum_of("net_profit") == 150_000_00
    listed = {check.code: (check.listed, check.stated) for check in annexes.checks}
    assert listed["ক০২"] == (4, 4) and listed["ক০৪"] == (1, 1) and listed["ঘ০৪"] == (2, 2)
    fee = annexes.sum_of("fee")
    assert fee > 0 and listed["ঙ০২"] == (fee, fee)
    assert annexes.agrees and not annexes.has_moved and not annexes.later


def test_what_the_register_takes_back_stays_listed_and_is_told(world: World) -> None:
    happened(world)
    ret = sent(world)
    before = found(ret)
    audit = before.audits[1].row
    reopen_audit(audit=_audit(audit.pk), reason=WHY, by=world.officer, at=after(JULY, 5))
    cancelled = Society.objects.get(name_bn="নতুন কুঁড়ি 1")
    last = cancelled.events.order_by("-sequence")[0]
    withdraw_event(event=last, reason=WHY, by=world.officer, at=after(JULY, 5))
    Society.objects.filter(name_bn="নতুন কুঁড়ি 0").update(reg_no="৯৯")
    make_society(world.upazila, reg_on=date(2023, 7, 30), by=world.officer, name_bn="দেরিতে লেখা", at=after(JULY, 6))
    now = found(ret)
    assert [one.row for one in now.audits] == [one.row for one in before.audits], "said as at the submission"
    assert [one.standing for one in now.audits] == [KEPT, GONE]
    assert (names(now.cancelled), now.cancelled[0].standing) == (["নতুন কুঁড়ি 1"], GONE)
    assert [one.standing for one in now.registered] == [KEPT, KEPT, CHANGED, KEPT]
    assert names(now.later) == ["দেরিতে লেখা"]
    assert now.agrees and now.has_moved, "the submitted figures stand on what was submitted"


def test_a_figure_written_against_the_registers_differs_with_its_reason(world: World) -> None:
    happened(world)
    ret = sent(world, ("A02.GP", 5), ("A08.GP", 4))
    (check,) = [check for check in found(ret).checks if check.code == "ক০২"]
    assert (check.listed, check.stated, check.agrees) == (4, 5, False)
    assert check.reasons == (("ক০২ সাধারণ প্রাথমিক", "খাতায় আছে।"),)
    assert "মেলে না" in text_of(paper()) and "খাতায় আছে।" in text_of(paper())


def test_a_draft_lists_what_the_registers_say_now_and_is_not_printed(world: World) -> None:
    happened(world)
    ret = services.open_return(world.upazila, JULY, by=world.clerk, at=after(JULY))
    annexes = found(ret)
    assert annexes.is_draft and len(annexes.audits) == 2 and annexes.agrees, "nothing is stated that could differ"
    with pytest.raises(UserError):
        paper()
    client = Client()
    client.force_login(world.clerk)
    assert client.post(HERE).headers["Location"] == HERE
    assert not Document.objects.exists()


def test_an_amended_version_keeps_what_the_earlier_one_kept(world: World) -> None:
    happened(world)
    ret = sent(world)
    services.verify_return(ret, by=world.district_officer, at=after(JULY, 4))
    before = found(ret)
    reopen_audit(audit=_audit(before.audits[1].row.pk), reason=WHY, by=world.officer, at=after(JULY, 5))
    approved(world, ret, B03=25)
    after_it = found(ret, number=2)
    assert [one.row for one in after_it.audits] == [one.row for one in before.audits]
    assert found(ret, number=1).audits == after_it.audits


def test_the_paper_has_every_row_and_a_moved_register_makes_a_new_one(world: World) -> None:
    happened(world)
    sent(world)
    first = paper()
    pages = pypdfium2.PdfDocument(render_paper(first, code="0" * 16).data)
    text = "\n".join(page.get_textpage().get_text_range() for page in pages)
    missed = {word for word in re.findall(r"[\u0980-\u09ff\u200c\u200d]+", text_of(first)) if word not in text}
    assert not missed
    assert "পৃষ্ঠা ১ /" in text and "১,৫০,০০০" in text
    document = asked(world, 5)
    assert asked(world, 6) == document, "unchanged: not rendered again"
    Society.objects.filter(name_bn="নতুন কুঁড়ি 0").update(reg_no="৯৯")
    assert asked(world, 7).supersedes == document
    assert "◆ রেজিস্টারে পরে সংশোধিত" in text_of(paper())


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_as_often_for_three_rows_as_for_one(
    world: World, rows: int, django_assert_num_queries: Any
) -> None:
    happened(world, registered=rows, audits=rows)
    sent(world)
    client = Client()
    client.force_login(world.district_officer)
    client.get(HERE)
    with django_assert_num_queries(15):
        answer = client.get(HERE).content.decode()
    assert answer.count("/audits/") >= rows and "নতুন কুঁড়ি" in answer


def test_a_month_without_rows_says_so(world: World) -> None:
    sent(world)
    client = Client(headers={"accept-language": "en"})
    client.cookies["django_language"] = "en"
    client.force_login(world.officer)
    assert client.get(HERE).content.decode().count("No rows in this month.") == 3
    assert text_of(paper()).count("এ মাসে কোনো সারি নেই।") == 3


def _audit(pk: int) -> Audit:
    return Audit.objects.get(pk=pk)
