"""The office tree of the data file, and what its paths promise."""

from __future__ import annotations

import unicodedata
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offices.models import Office
from offices.paths import ancestor_paths, child_path, is_within, subtree_range
from offices.tree import load_offices, read_offices

PATHS = st.lists(st.integers(1, 998), min_size=1, max_size=4).map(
    lambda numbers: "".join(child_path("", n) for n in numbers)
)


def test_the_file_holds_the_whole_country() -> None:
    rows = read_offices()
    kinds = Counter(row.kind.value for row in rows)
    assert kinds == {"department": 1, "division": 8, "district": 64, "upazila": 495, "thana": 10}
    assert len({row.code for row in rows}) == len(rows)
    assert all(row.name_bn == unicodedata.normalize("NFC", row.name_bn) for row in rows)


def test_a_name_that_occurs_twice_carries_its_district() -> None:
    codes = {row.code for row in read_offices()}
    assert {"kaliganj-lalmonirhat", "kaliganj-gazipur", "rangpur-division", "rangpur", "shaistaganj"} <= codes
    assert "kaliganj" not in codes


@pytest.mark.django_db
def test_loading_twice_adds_nothing_and_keeps_paths() -> None:
    assert load_offices() == 578
    before = dict(Office.objects.values_list("code", "path"))
    assert load_offices() == 0
    assert dict(Office.objects.values_list("code", "path")) == before


@pytest.mark.django_db
def test_a_subtree_is_a_path_range() -> None:
    load_offices()
    district = Office.objects.get(code="lalmonirhat")
    below = set(Office.objects.below(district).leaves().values_list("code", flat=True))
    assert below == {"aditmari", "hatibandha", "kaliganj-lalmonirhat", "lalmonirhat-sadar", "patgram"}


@given(PATHS, PATHS)
def test_range_and_prefix_agree(top: str, path: str) -> None:
    low, high = subtree_range(top)
    assert (low <= path < high) == is_within(path, top)


@given(PATHS)
def test_ancestors_are_nearest_first(path: str) -> None:
    above = ancestor_paths(path)
    assert [len(p) for p in above] == sorted((len(p) for p in above), reverse=True)
    assert all(is_within(path, p) and p != path for p in above)


def test_an_office_has_room_for_998_below_it() -> None:
    with pytest.raises(ValueError, match="998"):
        child_path("001", 999)
