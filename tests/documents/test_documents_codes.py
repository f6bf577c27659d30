"""The printed code: random, canonical, forgiving to the reader."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from documents.codes import ALPHABET, LENGTH, group_code, new_code, parse_code

codes = st.text(ALPHABET, min_size=LENGTH, max_size=LENGTH)


def test_new_codes_are_canonical_and_differ() -> None:
    made = {new_code() for _ in range(200)}
    assert len(made) == 200
    assert all(parse_code(code) == code for code in made)


@given(codes)
def test_a_code_is_read_back_however_it_is_typed(code: str) -> None:
    assert parse_code(group_code(code)) == code
    assert parse_code(f"  {group_code(code).lower().replace('-', ' ')} ") == code
    assert parse_code(code.replace("1", "I").replace("0", "o")) == code


def test_bangla_digits_are_read() -> None:
    assert parse_code("১২৩৪-ABCD-EFGH-০৯৮৭") == "1234ABCDEFGH0987"


@given(st.text(max_size=40))
def test_anything_else_is_no_code(text: str) -> None:
    code = parse_code(text)
    assert code is None or (len(code) == LENGTH and set(code) <= set(ALPHABET))


def test_wrong_lengths_and_letters_are_refused() -> None:
    for text in ("", "ABCD", "U" * 16, "ABCDEFGH0123456", "ABCDEFGH012345678", "../../etc/passwd"):
        assert parse_code(text) is None
