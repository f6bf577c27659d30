"""The language of formulas and rules: exact, small, closed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from returns.expressions import ExpressionError, parse_expression


class Figures:
    """Answers by key; ``now`` figures stand in ``cells``."""

    def __init__(self, cells: dict[str, int | None]) -> None:
        self.cells = cells

    def figure(self, when: str, code: str, part: str | None, *, fixed: bool) -> int | None:
        return self.cells.get(f"{when}:{code}.{part}" if part else f"{when}:{code}")

    def limit(self, name: str, part: str | None) -> int | None:
        return self.cells.get(f"limit:{name}")


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os')",
        "A01.GP.real",
        "A01 / 2",
        "A01 ** 9",
        "1.5 * A01",
        "'A01'",
        "[A01]",
        "A01 if A02 else 0",
        "lambda: 1",
        "max()",
        "abs(A01, A02)",
        "prev(1)",
        "cum(A01, A02)",
        "sum(A01)",
        "A01 in A02",
        "True",
        "A01 +",
        "",
        "limit(3)",
    ],
)
def test_what_the_language_does_not_know_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse_expression(text)


@given(a=st.integers(), b=st.integers(), c=st.integers())
def test_arithmetic_is_exact_for_any_integers(a: int, b: int, c: int) -> None:
    figures = Figures({"now:A01": a, "now:A02": b, "prev:A03": c})
    assert parse_expression("max(A01 * A02 - prev(A03), 0)").evaluate(figures) == max(a * b - c, 0)
    assert parse_expression("A01 <= A02 <= prev(A03)").evaluate(figures) == (a <= b <= c)
    assert parse_expression("(A01 > 0) == (A02 > 0) or not A01 < -5").evaluate(figures) == (
        (a > 0) == (b > 0) or not a < -5
    )


@given(known=st.integers())
def test_a_blank_makes_the_answer_blank(known: int) -> None:
    figures = Figures({"now:A01": known, "now:A02": None})
    assert parse_expression("A01 + A02").evaluate(figures) is None
    assert parse_expression("A01 <= A02").evaluate(figures) is None
    assert parse_expression("max(A01, A02)").evaluate(figures) is None


def test_a_name_is_read_at_the_part_asked_and_fixed_names_where_they_say() -> None:
    figures = Figures({"now:A10.GP": 3, "now:A10": 9, "now:A10.BP": 4, "limit:ceiling": 5})
    assert parse_expression("A10").evaluate(figures, "GP") == 3
    assert parse_expression("total(A10)").evaluate(figures, "GP") == 9
    assert parse_expression("A10.BP").evaluate(figures, "GP") == 4
    assert parse_expression("A10 * limit(ceiling)").evaluate(figures, "GP") == 15
