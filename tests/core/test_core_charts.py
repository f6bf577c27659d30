"""Charts: exact places, safe text, nothing a strict content policy or the PDF engine would refuse."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from core import charts
from core.charts import Column, Mark, bullet_chart, progress_bar, spark, trend_chart

MARKS = [Mark(percent, str(percent * 5)) for percent in (100, 90, 80, 70, 60)]
SVG = "{http://www.w3.org/2000/svg}"


def drawn(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text)  # noqa: S314 - our own drawing


def bullet(score: Fraction | int | None) -> ElementTree.Element:
    return drawn(bullet_chart(score, MARKS, title="নিরীক্ষা", description="five levels", place="৫৫১"))


def diamond_x(svg: ElementTree.Element) -> Fraction:
    paths = [path.get("d", "") for path in svg.iter(f"{SVG}path")]
    (found,) = [match for d in paths if (match := re.match(r"M([\d.]+) [\d.]+l6 6", d))]
    return Fraction(found[1])


def test_every_chart_is_an_image_with_words_and_presentation_attributes_only() -> None:
    pictures = [
        bullet_chart(75, MARKS, title="t", description="d", place="5"),
        spark([1, None, 3], title="t", description="d"),
        trend_chart([Column("Jul", 3, "3"), Column("Aug", None, "")], title="t", description="d"),
        progress_bar(3, 5, title="t", description="d"),
    ]
    for picture in pictures:
        svg = drawn(picture)
        assert svg.get("role") == "img"
        assert [svg.findtext(f"{SVG}title"), svg.findtext(f"{SVG}desc")] == ["t", "d"]
        assert "style" not in picture and "class" not in picture and "script" not in picture


def test_what_people_named_is_escaped() -> None:
    picture = spark([1], title='<script>alert("x")</script>', description="a & b")
    assert "<script" not in picture
    assert drawn(picture).findtext(f"{SVG}desc") == "a & b"


def test_the_mark_stands_where_the_score_is_and_the_highest_level_at_the_end() -> None:
    sixty, eighty, full = (diamond_x(bullet(score)) for score in (60, 80, 100))
    assert full == 302 and eighty - sixty == full - eighty


@given(st.fractions(60, 100), st.fractions(60, 100))
def test_a_better_score_never_stands_further_left(one: Fraction, other: Fraction) -> None:
    low, high = sorted((one, other))
    assert diamond_x(bullet(low)) <= diamond_x(bullet(high))


def test_below_the_scale_is_an_arrow_and_no_score_is_no_mark() -> None:
    assert not [p for p in bullet(12).iter(f"{SVG}path") if "l6 6" in p.get("d", "")]
    assert charts.RED in [p.get("fill") for p in bullet(12).iter(f"{SVG}path")]
    assert charts.RED not in [p.get("fill") for p in bullet(None).iter(f"{SVG}path")]


def test_a_month_without_a_figure_breaks_the_line() -> None:
    svg = drawn(spark([1, 2, None, 4, 5], title="t", description="d"))
    assert [len(line.get("points", "").split()) for line in svg.iter(f"{SVG}polyline")] == [2, 2]
    assert len(list(drawn(spark([None, None], title="t", description="d")).iter(f"{SVG}polyline"))) == 0


@given(st.lists(st.none() | st.integers(-(10**14), 10**14), max_size=14))
def test_a_spark_stays_inside_its_picture(values: list[int | None]) -> None:
    svg = drawn(spark(values, title="t", description="d"))
    for line in svg.iter(f"{SVG}polyline"):
        for point in line.get("points", "").split():
            x, y = map(Fraction, point.split(","))
            assert 0 <= x <= 120 and 0 <= y <= 28


def test_columns_start_at_zero_and_the_largest_fills_the_height() -> None:
    svg = drawn(
        trend_chart([Column("a", 5, "5"), Column("b", 10, "10"), Column("c", None, "")], title="t", description="d")
    )
    assert [rect.get("height") for rect in svg.iter(f"{SVG}rect")] == ["68", "136"]


@pytest.mark.parametrize(("done", "of", "width"), [(0, 5, "0"), (1, 2, "79"), (9, 5, "158"), (1, 0, "0")])
def test_a_bar_shows_the_part_done(done: int, of: int, width: str) -> None:
    assert list(drawn(progress_bar(done, of, title="t")).iter(f"{SVG}rect"))[1].get("width") == width


def test_charts_use_the_tokens() -> None:
    css = Path(settings.BASE_DIR, "static/css/tokens.css").read_text()
    tokens = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", css))
    for name in ("INK", "MUTED", "GREEN", "GREEN_PALE", "RED", "SHEET", "LINE", "LINE_STRONG"):
        assert getattr(charts, name) == tokens[name.lower().replace("_", "-")], name
