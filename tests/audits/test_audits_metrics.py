from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from audits.choices import AuditState, Charge
from audits.services import collect
from audits.summaries import METRICS, proposals
from core.links import row_lines
from core.periods import Period
from tests.audits.factories_audits import make_audit
from tests.factories import Tree, make_tree
from tests.societies.factories_societies import at, keeper_of, make_society

pytestmark = pytest.mark.django_db

SEPTEMBER, OCTOBER = Period.month(2023, 9), Period.month(2023, 10)


@pytest.fixture
def tree() -> Tree:
    return make_tree()


def test_figures_of_a_month_with_their_rows(tree: Tree) -> None:
    general = make_audit(tree.upazila, AuditState.DONE, on=date(2023, 9, 30))
    brdb = make_audit(
        tree.upazila,
        AuditState.DONE,
        society=make_society(tree.upazila, sponsor="brdb"),
        net_profit=-1,
        on=date(2023, 9, 1),
    )
    make_audit(tree.upazila, AuditState.DONE, on=date(2023, 10, 1))
    make_audit(tree.upazila, AuditState.DONE, society=make_society(tree.upazila, tier="national"), net_profit=0)
    make_audit(tree.sibling, AuditState.DONE)
    make_audit(tree.upazila, AuditState.ALLOTTED)
    paid = date(2023, 10, 5)
    row = collect(
        audit=general, kind=Charge.FEE, amount=700_00, on=paid, challan="১", by=keeper_of(tree.upazila), at=at(paid)
    )
    september, october = proposals(tree.upazila, SEPTEMBER), proposals(tree.upazila, OCTOBER)
    completed = september["audits.completed"]
    assert {part: (f.amount, f.keys) for part, f in completed.items()} == {
        "GP": (1, (general.pk,)),
        "BP": (1, (brdb.pk,)),
    }
    money = {name: (parts[""].amount, parts[""].keys) for name, parts in september.items() if "" in parts}
    assert money == {
        "audits.fee_assessed": (10_000_00, (general.pk,)),
        "audits.fund_assessed": (3000_00, (general.pk,)),
        "audits.fee_collected": (0, ()),
        "audits.fund_collected": (0, ()),
    }
    collected = october["audits.fee_collected"][""]
    assert (collected.amount, collected.model, collected.keys) == (700_00, "audits.collection", (row.pk,))
    assert METRICS["audits.fee_collected"](tree.upazila, OCTOBER) == october["audits.fee_collected"]


def test_all_figures_cost_two_queries_whatever_the_number_of_audits(tree: Tree) -> None:
    for _ in range(10):
        make_audit(tree.upazila, AuditState.DONE)
    with CaptureQueriesContext(connection) as queries:
        proposals(tree.upazila, SEPTEMBER)
    assert len(queries) == 2


def test_rows_are_put_into_words_with_one_query_whatever_their_number(tree: Tree) -> None:
    audits = [make_audit(tree.upazila, AuditState.DONE) for _ in range(3)]
    paid = collect(
        audit=audits[0],
        kind=Charge.FEE,
        amount=700_00,
        on=date(2023, 10, 5),
        challan="T-১২",
        by=keeper_of(tree.upazila),
        at=at(date(2023, 10, 5)),
    )
    with CaptureQueriesContext(connection) as queries:
        lines = row_lines("audits.audit", [audit.pk for audit in reversed(audits)])
    assert len(queries) == 1
    assert [line.pk for line in lines] == [audit.pk for audit in reversed(audits)]
    assert lines[2].address == f"/audits/{audits[0].pk}/"
    assert lines[2].words.label == audits[0].society.name_bn
    with translation.override("en"):
        (line,) = row_lines("audits.collection", [paid.pk])
        assert line.words.note == "700 taka · 05/10/2023 · challan T-১২"
        event = audits[0].society.events.get()
        (line,) = row_lines("societies.statusevent", [event.pk])
        assert line.words.note == "Registered · 10/03/2021"
    (gone,) = row_lines("societies.society", [99999])
    assert (gone.address, gone.words.label) == ("", "99999")
