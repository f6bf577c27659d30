"""The shipped form: what it computes, what it finds, and how it says so."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from returns.catalogue import Catalogue
from returns.choices import LineKind, Severity
from returns.levels import form_of_kinds
from returns.reading import CatalogueError, read_catalogue
from returns.rules import Context, blanks, check, compute, percent
from tests.returns.factories_returns import form_data

CATALOGUE: Catalogue = form_of_kinds(read_catalogue(form_data()), ["upazila"])
ENTERED = [cell.key for cell in CATALOGUE.entered_cells("upazila")]
PARTS = ("GP", "GC", "BP", "BC")


def zeros(**amounts: int) -> dict[str, int | None]:
    typed: dict[str, int | None] = {cell.replace("__", "."): amount for cell, amount in amounts.items()}
    nothing: dict[str, int | None] = dict.fromkeys(ENTERED, 0)
    return nothing | typed


def context(month: int = 10, **previous: int) -> Context:
    closings: dict[str, int | None] = {cell.key: 0 for cell in CATALOGUE.cells}
    closings |= {cell.replace("__", "."): amount for cell, amount in previous.items()}
    return Context(month, previous=closings, targets=dict.fromkeys([f"D01.{p}" for p in PARTS] + ["F01"], 100))


def codes(amounts: dict[str, int | None], where: Context) -> set[tuple[str, str]]:
    return {(f.rule, f.cell) for f in check(CATALOGUE, compute(CATALOGUE, amounts, where), where)}


def test_the_form_has_its_86_lines_in_eleven_sections() -> None:
    assert len(CATALOGUE.lines) == 86
    assert [section.code for section in CATALOGUE.sections] == list("ABCDEFGHIJK")
    assert all(line.bn and line.en and line.help_bn and line.help_en for line in CATALOGUE.lines.values())


def test_rajshahi_in_february_2025() -> None:
    amounts = compute(CATALOGUE, zeros(A02__GP=5, A04__GP=14), context(2, A07__GP=1353, A07__BP=2022))
    assert (amounts["A07.GP"], amounts["A07.BP"], amounts["A07"]) == (1344, 2022, 3366)


def test_jibannagar_recovers_56_per_cent() -> None:
    amounts = compute(CATALOGUE, zeros(J10__ASHRAYAN=169_970_400), context(J11__ASHRAYAN=95_821_100))
    assert amounts["J12.ASHRAYAN"] == amounts["J12"] == 5638


@given(upper=st.integers(0, 10**15), lower=st.integers(1, 10**15))
def test_a_rate_is_rounded_half_up_to_hundredths(upper: int, lower: int) -> None:
    rate = percent(upper, lower)
    assert rate is not None
    assert (2 * rate - 1) * lower <= 20_000 * upper < (2 * rate + 1) * lower


amounts_of_a_month = st.fixed_dictionaries({cell: st.integers(0, 10**6) for cell in ENTERED})


@given(entered=amounts_of_a_month)
def test_totals_and_closings_hold_for_any_figures(entered: dict[str, int]) -> None:
    where = context(A07__GP=10**7, B07=10**8)
    cells = compute(CATALOGUE, dict(entered), where)
    for line in CATALOGUE.lines.values():
        if line.breakdown and not line.ratio:
            assert cells[line.code] == sum(cells[f"{line.code}.{p.code}"] or 0 for p in CATALOGUE.parts_of(line))
    assert cells["A07.GP"] == 10**7 + entered["A02.GP"] + entered["A03.GP"] - entered["A04.GP"] - entered["A05.GP"]
    assert cells["E14"] == entered["E03"] + entered["E06"] + entered["E11"] + entered["E12"]
    assert not {f.rule for f in check(CATALOGUE, cells, where)} & {"V10", "V11", "V14"}


@given(blank=st.sampled_from(ENTERED), entered=amounts_of_a_month)
def test_a_blank_never_counts_as_zero(blank: str, entered: dict[str, int]) -> None:
    cells = compute(CATALOGUE, entered | {blank: None}, context())
    line = CATALOGUE.cells_by_key[blank].line
    assert cells[blank] is None and cells[line.code] is None
    (finding,) = blanks(CATALOGUE, cells)
    assert (finding.cell, finding.severity) == (blank, Severity.BLOCK)


@pytest.mark.parametrize(
    ("rule", "cell", "amounts", "previous"),
    [
        ("V03.A07", "A04.GP", {"A04__GP": 2}, {"A07__GP": 1}),
        ("V04", "A08.BP", {"A08__BP": 1}, {}),
        ("V05", "A10", {"A10__GP": 1, "A02__GP": 1}, {}),
        ("V06a", "H03", {"H03": 1}, {"H05": 1}),
        ("V06b", "A04", {"A04__GP": 1}, {"A07__GP": 1}),
        ("V03.B07", "B05", {"B05": 1}, {}),
        ("V03.B08", "B06", {"B06": 1}, {}),
        ("V13.E03", "E03", {"E03": 1}, {}),
        ("V13.E09", "E09", {"E09": 1}, {}),
        ("V03.H05", "H03", {"H04": 1}, {}),
        ("V03.J08", "J07.ASHRAYAN", {"J07__ASHRAYAN": 1}, {}),
        ("V03.K04", "K03", {"K03": 1}, {}),
        ("V03.K08", "K07", {"K07": 1}, {}),
        ("A11", "A11.GP", {"A11__GP": 1}, {}),
        ("V09", "B09", {}, {"A07__GP": 1}),
        ("V09.new", "B03", {"A02__BP": 1}, {}),
        ("V11.target", "D04.GP", {"D04__GP": 101}, {}),
        ("D02", "D02.GC", {"D02__GC": 101}, {}),
        ("D07", "D07.GP", {"D07__GP": 1}, {}),
        ("V12.E05", "E05", {"E05": 100_00}, {}),
        ("V12.E06", "E06", {"E06": 100_00}, {}),
        ("E12", "E12", {"E11": 1000_00}, {}),
        ("F05", "F05", {"F05": 1}, {}),
        ("F08", "F08", {"F08": 1}, {}),
        ("V16.I01", "I02", {"I01": 1, "I02": 19}, {}),
        ("V16.I04", "I05", {"I04": 1, "I05": 31}, {}),
        ("J05", "J05.ASHRAYAN", {"J05__ASHRAYAN": 1}, {}),
        ("V18", "J04.ASHRAYAN", {"J04__ASHRAYAN": 30_001_00, "J05__ASHRAYAN": 1}, {}),
        ("V17", "J10.ASHRAYAN", {"J09__ASHRAYAN": 1}, {}),
        ("V21.A08", "A08.GP", {"A08__GP": 6}, {}),
        ("V21.C04", "C04", {"C04": 60_000_000}, {}),
        ("V23.C08", "C08", {"C08": 10**12 + 1}, {}),
    ],
)
def test_each_rule_finds_what_it_is_for(
    rule: str, cell: str, amounts: dict[str, int], previous: dict[str, int]
) -> None:
    assert (rule, cell) in codes(zeros(**amounts), context(**previous))
    assert (rule, cell) not in codes(zeros(), context())


def test_rules_of_the_year_are_asked_in_their_month() -> None:
    at_july = Context(7, previous={"A08": 90}, targets=dict.fromkeys([f"D01.{p}" for p in PARTS], 25))
    assert ("D01", "D01") in codes(zeros(), at_july)
    assert ("D01", "D01") not in codes(zeros(), Context(8, previous={"A08": 90}, targets=at_july.targets))
    past_it = Context(9, before={"D04.GP": 26}, targets={"D01.GP": 25})
    assert not any(rule == "V11.target" for rule, _cell in codes(zeros(D04__GP=1), past_it)), "told once a year"
    due = Context(9, june={"F05": 2}, before={"F03": 5}, targets={"F01": 4})
    assert ("V15", "F03") in codes(zeros(F04=2), due)
    assert ("V15", "F03") not in codes(zeros(F04=1), due)


def test_a_message_names_cell_value_and_remedy_in_both_languages() -> None:
    where = Context(10, before={"D04.GP": 540}, targets={"D01.GP": 540})
    findings = check(CATALOGUE, compute(CATALOGUE, zeros(D04__GP=11), where), where)
    (found,) = [finding for finding in findings if finding.rule == "V11.target"]
    assert found.bn == (
        "জুলাই থেকে নিরীক্ষা ৫৫১টি, বার্ষিক লক্ষ্যমাত্রা (ঘ০১ সাধারণ প্রাথমিক) ৫৪০টি। ঘ০৪ সাধারণ প্রাথমিক ঠিক করুন, না হয় মন্তব্য লিখুন।"
    )
    assert "551 audits since July" in found.en and "540" in found.en


def broken(change: str) -> dict[str, Any]:
    data = form_data()
    lines = {line["code"]: line for section in data["sections"] for line in section["lines"]}
    rules = {rule["code"]: rule for rule in data["rules"]}
    exec(change, {"lines": lines, "rules": rules, "data": data})  # noqa: S102 - the cases stand below
    return data


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("lines['A07']['formula'] = 'A01 + A06'", "A06"),
        ("lines['E04']['formula'] = 'E10'; lines['E10']['formula'] = 'E04'", "circle"),
        ("lines['A01']['opening_of'] = 'A99'", "A99"),
        ("lines['E14']['formula'] = 'E03 / 2'", "allowed"),
        ("lines['E14']['formula'] = ''", "no formula"),
        ("lines['B03']['breakdown'] = 'colour'", "colour"),
        ("lines['B03']['code'] = 'C03'", "C03"),
        ("lines['B03']['colour'] = 'red'", "colour"),
        ("lines['B03']['levels'] = ['village']", "village"),
        ("lines['B04']['code'] = 'B03'", "twice"),
        ("rules['V05']['condition'] = 'A10 == J04'", "breakdown"),
        ("rules['V05']['cell'] = 'Z01'", "Z01"),
        ("rules['V05']['bn'] = '{A12}'", "A12"),
        ("rules['V05']['bn'] = 'খোলা {A10'", "brace"),
        ("rules['V18']['condition'] = 'J04 <= limit(floor)'", "floor"),
        ("rules['V05']['code'] = 'V04'", "twice"),
        ("del data['due_day']", "due_day"),
        ("data['valid_from'] = 'July'", "July"),
    ],
)
def test_a_catalogue_that_does_not_hold_together_is_refused(change: str, says: str) -> None:
    with pytest.raises((CatalogueError, ValueError), match=says):
        read_catalogue(broken(change))


def test_openings_copy_the_line_they_open() -> None:
    where = context(A07__GP=7, E04=5, K08=3)
    cells = compute(CATALOGUE, {}, where)
    assert (cells["A01.GP"], cells["E01"], cells["K05"]) == (7, 5, 3)
    assert all(line.opening_of for line in CATALOGUE.lines.values() if line.kind is LineKind.OPENING)
