"""Pages of agreements: what they show, where each figure leads, how many queries they take."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from pytest_django import Settings

from contracts.models import Achievement, Agreement
from contracts.now import late_sentence
from contracts.services import import_agreement, propose_agreement
from contracts.snapshots import keep_score
from offices.choices import OfficeKind
from offices.models import Officer
from tests.contracts.factories_contracts import JULY, make_agreement, make_preparer, real_file
from tests.factories import Tree, make_head, make_office, make_tree
from tests.returns.factories_rollup import AT, make_baseline, make_form, make_return

pytestmark = pytest.mark.django_db
HERE = "/agreements/lalmonirhat/2023-24/"


@pytest.fixture
def tree(settings: Settings) -> Tree:
    settings.PORTAL_CLOCK = AT
    return make_tree()


@pytest.fixture
def agreement(tree: Tree) -> Agreement:
    return make_agreement(tree)


def client_of(officer: Officer, language: str = "en") -> Client:
    client = Client()
    client.force_login(officer, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.cookies["django_language"] = language
    return client


def text_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_the_agreement_marks_what_stands_in_no_document(tree: Tree, agreement: Agreement) -> None:
    client = client_of(make_head(tree.district))
    html = client.get(HERE).content.decode()
    row = html[html.index('id="line-2.1.1"') :].partition("</tr>")[0]
    figures = re.findall(r'<td class="num">([^<]*)</td>', row)
    assert figures == ["6†", "553", "551*", "566", "509†", "453†", "396†", "340†", "600", "–"]
    assert "Excellent" in html
    heads = re.findall(r"<h2[^>]*>([^<]*)</h2>", html)
    assert "Section 3: performance plan" in heads and not re.search("[\u0985-\u09b9]", "".join(heads))


def test_the_score_leads_to_the_indicator_and_on_to_the_month(tree: Tree, agreement: Agreement) -> None:
    form = make_form()
    for office in (tree.upazila, tree.sibling):
        make_baseline(office, agreement.fiscal_year.months[0].previous(), form=form, by=make_preparer(tree))
        make_return(office, agreement.fiscal_year.months[0], {"D01": 300, "D04": 170}, form=form)
    client = client_of(make_head(tree.district))
    score = client.get(HERE + "score/").content.decode()
    assert f'href="{HERE}score/2.1.1/"' in score
    assert "56 more reaches 70: +0.60 marks" in score
    assert "Months without figures" in score
    assert "hatibandha" in score
    page = client.get(HERE + "score/2.1.1/").content.decode()
    assert "340 is exactly the target of the 60 per cent level" in page
    assert 'href="/months/lalmonirhat/2023-07/cells/D04/"' in page


def test_bangla_pages_show_bangla_digits_only(tree: Tree, agreement: Agreement) -> None:
    client = client_of(make_head(tree.district), "bn")
    for path in ("", "score/", "score/2.1.1/", "achievements/"):
        main = text_of(client, HERE + path).partition("প্রস্তুত")[0]
        figures = set(re.findall(r"(?<![A-Za-z.-])[0-9]+(?:\.[0-9]+)?", main))
        assert not figures, (path, figures)


def test_a_typed_achievement_is_written_refused_and_rewritten(tree: Tree, agreement: Agreement) -> None:
    client = client_of(make_head(tree.district))
    address = HERE + "score/1.2.1/"
    wrong = client.post(address, {"value": "two", "reason": "order 5"})
    assert wrong.status_code == 422
    assert "two" in wrong.content.decode()
    assert client.post(address, {"value": "২", "reason": ""}).status_code == 422
    assert not Achievement.objects.exists()
    done = client.post(address, {"value": "২", "reason": "স্মারক ৫, ১০/০৬/২০২৪"})
    assert (done.status_code, done["Location"]) == (302, address)
    assert Achievement.objects.get().value == "2"
    assert "80.00" in text_of(client, address)
    fed = client.post(HERE + "score/2.1.1/", {"value": "566", "reason": "order"})
    assert fed.status_code == 422
    assert "drawn from the monthly return" in fed.content.decode()


def test_the_superior_decides_on_the_page(tree: Tree, agreement: Agreement) -> None:
    lower, superior = make_head(tree.district), make_head(tree.division)
    assert client_of(lower).post(HERE + "propose/").status_code == 302
    page = client_of(superior)
    assert "agree, or send it back" in text_of(page, HERE)
    page.post(HERE + "decide/", {"send_back": "1", "reason": ""})
    assert Agreement.objects.get().state == "proposed"
    page.post(HERE + "decide/", {"agree": "1"})
    assert Agreement.objects.get().state == "agreed"
    assert client_of(lower).post(HERE + "decide/", {"agree": "1"}).status_code == 403


def test_pages_of_no_agreement_are_not_found(tree: Tree, agreement: Agreement) -> None:
    client = client_of(make_head(tree.district))
    for address in (HERE + "score/9.9.9/", "/agreements/lalmonirhat/2023-99/", "/agreements/nowhere/2023-24/"):
        assert client.get(address).status_code == 404


def agreements_of_more(tree: Tree, count: int) -> None:
    preparer = make_preparer(tree)
    for n in range(count):
        office = make_office(f"district-{n}", OfficeKind.DISTRICT, tree.division)
        text = real_file().decode().replace('office = "lalmonirhat"', f'office = "{office.code}"')
        keep_score(import_agreement(content=text.encode(), by=preparer, at=JULY).agreement, at=JULY)


def queries(client: Client, address: str, counter: Any) -> int:
    client.get(address)
    with counter() as found:
        assert client.get(address).status_code == 200
    return len(found)


def test_the_list_takes_the_same_queries_for_one_and_four(
    tree: Tree, agreement: Agreement, django_assert_max_num_queries: Any
) -> None:
    client = client_of(make_head(tree.division))
    one = queries(client, "/agreements/", lambda: CaptureQueriesContext(connection))
    agreements_of_more(tree, 3)
    assert queries(client, "/agreements/", lambda: CaptureQueriesContext(connection)) == one
    with django_assert_max_num_queries(16):
        client.get(HERE + "score/")


def test_a_proposal_waits_for_the_superior(tree: Tree, agreement: Agreement) -> None:
    lower = make_head(tree.district)
    propose_agreement(agreement=agreement, by=lower, at=JULY)
    assert "waits for Joint registrar" in text_of(client_of(lower), HERE)


def test_the_last_day_to_sign_is_written_as_every_day_is(agreement: Agreement) -> None:
    last = agreement.framework.data.deadline("sign")
    assert last is not None and f"{last:%d/%m/%Y}" in late_sentence_in("en", agreement, last + timedelta(days=1))
    assert "/" in late_sentence_in("bn", agreement, last + timedelta(days=1))


def late_sentence_in(language: str, agreement: Agreement, day: date) -> str:
    with translation.override(language):
        return late_sentence(agreement, day)
