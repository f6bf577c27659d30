"""An agreement carried over to another year."""

from __future__ import annotations

import pytest

from contracts.choices import AgreementState
from contracts.cloning import clone_agreement
from contracts.models import Framework
from core.errors import UserError
from core.periods import FiscalYear
from tests.contracts.factories_contracts import JULY, make_agreement, make_preparer
from tests.factories import make_tree

pytestmark = pytest.mark.django_db
NEXT = FiscalYear(2026)


def test_a_clone_keeps_lines_moves_dates_and_marks_every_figure_proposed() -> None:
    tree = make_tree()
    first = make_agreement(tree)
    preparer = make_preparer(tree)
    clone = clone_agreement(agreement=first, fiscal_year=NEXT, by=preparer, at=JULY, is_demo=True)
    assert (clone.state, clone.is_demo, clone.fiscal_year) == (AgreementState.DRAFT, True, NEXT)
    assert clone.lines.count() == 39
    assert sum(clone.lines.values_list("marks", flat=True)) == 100_000
    assert clone.lines.get(code="2.1.1").target_1 == "566"
    assert clone.lines.get(code="2.1.1").sources["targets"] == ["proposed"] * 5
    assert clone.lines.get(code="2.1.1").actual_1 is None
    assert clone.lines.get(code="2.2.2").target_1 == "2026-07-31"
    assert [row.target for row in clone.outcomes.all()] == ["410", "566", "90"]
    framework = Framework.objects.get(code="apa-2026-27")
    assert framework.is_demo
    assert str(framework.data.deadline("sign")) == "2026-06-25"
    assert first.lines.get(code="2.2.2").target_1 == "2023-07-31"
    with pytest.raises(UserError):
        clone_agreement(agreement=first, fiscal_year=NEXT, by=preparer, at=JULY)
