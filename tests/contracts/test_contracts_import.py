"""Importing an agreement: everything or nothing, and a fault named in one line."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils.translation import override

from contracts.choices import AgreementState
from contracts.framework import framework_file, read_framework, read_toml
from contracts.models import Agreement, AgreementLine, Framework
from contracts.services import (
    agree_agreement,
    import_agreement,
    load_framework,
    propose_agreement,
    send_back_agreement,
    write_achievement,
)
from core.errors import UserError
from core.models import Activity
from offices.choices import Post
from tests.contracts.factories_contracts import JULY, changed_file, make_agreement, make_preparer, real_file
from tests.factories import Tree, make_head, make_officer, make_tree

pytestmark = pytest.mark.django_db
AUDIT = "[566, 509, 453, 396, 340]"


@pytest.fixture
def tree() -> Tree:
    return make_tree()


def test_the_framework_of_2023_24_has_34_core_and_5_governance_indicators_of_100_marks() -> None:
    data = read_framework(read_toml(framework_file("apa-2023-24").read_bytes()))
    core = [e for code, e in data.catalogue.items() if not code.startswith("M")]
    assert (len(core), len(data.catalogue), data.total) == (34, 39, 100_000)
    assert sum(e["marks"] for e in core) == 70
    assert [level.bn for level in data.levels] == ["অসাধারণ", "অতি উত্তম", "উত্তম", "চলতি মান", "চলতি মানের নিম্নে"]
    assert {e["method"] for e in core} == {"sum", "average", "cumulative", "date"}


def test_the_real_agreement_is_imported_with_the_document_s_figures_marked(tree: Tree) -> None:
    agreement = make_agreement(tree)
    assert agreement.state == AgreementState.DRAFT
    assert agreement.party("lower", "bn") == "জেলা সমবায় কর্মকর্তা, জেলা সমবায় কার্যালয়, লালমনিরহাট"
    audit = agreement.lines.get(code="2.1.1")
    assert audit.target_texts == ("566", "509", "453", "396", "340")
    assert audit.sources["targets"] == ["document", *["proposed"] * 4]
    assert (audit.sources["marks"], audit.actual_2, audit.actual_1, audit.projection_1) == (
        "proposed",
        "553",
        "551",
        "600",
    )
    assert [row.target for row in agreement.outcomes.all()] == ["410", "566", "90"]
    assert sum(agreement.lines.values_list("marks", flat=True)) == 100_000
    calendar = agreement.lines.get(code="2.2.2")
    assert calendar.target_1 == "2023-07-31"
    assert agreement.lines.get(code="2.4.1").target_5 is None


def test_importing_twice_changes_nothing_and_a_changed_file_replaces_the_draft(tree: Tree) -> None:
    preparer = make_preparer(tree)
    first = import_agreement(content=real_file(), by=preparer, at=JULY)
    again = import_agreement(content=real_file(), by=preparer, at=JULY)
    assert (first.is_changed, again.is_changed, again.agreement) == (True, False, first.agreement)
    changed = changed_file((AUDIT, "[560, 509, 453, 396, 340]"))
    third = import_agreement(content=changed, by=preparer, at=JULY)
    assert third.agreement == first.agreement
    assert third.agreement.lines.get(code="2.1.1").target_1 == "560"
    assert AgreementLine.objects.count() == 39
    assert Activity.objects.filter(verb="contracts.import_agreement").count() == 2


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('code = "2.1.1"\nmarks = 6', 'code = "2.1.1"\nmarks = 7', "area 2 add up to 36"),
        (AUDIT, "[566, 570, 453, 396, 340]", "Line 2.1.1: the target of “Very good” (570)"),
        (AUDIT, '["", 509, 453, 396, 340]', "Line 2.1.1: the target of the best level is missing"),
        (AUDIT, "[566, 509]", "Line 2.1.1: “targets” must list five values"),
        (AUDIT, '["৫৬৬টি", 509, 453, 396, 340]', "Line 2.1.1: “targets” says “৫৬৬টি”"),
        (AUDIT, "[566, -1, 453, 396, 340]", "Line 2.1.1: “targets” says “-1”"),
        (AUDIT, "[566.5, 509, 453, 396, 340]", "Line 2.1.1: “targets” says “566.5”"),
        ('"31-07-2023"', '"31-07-2024"', "Line 2.2.2"),
        ('"31-07-2023"', '"31-02-2023"', "Line 2.2.2: “targets” says “31-02-2023”"),
        ('office = "lalmonirhat"', 'office = "nowhere"', "no office with the code “nowhere”"),
        ('superior = "rangpur-division"', 'superior = "sylhet-division"', "is not the superior office"),
        ('framework = "apa-2023-24"', 'framework = "gpms-2031-32"', "no framework “gpms-2031-32”"),
        ('framework = "apa-2023-24"', 'framework = "../../secrets"', "no framework"),
        ('fiscal_year = "2023-24"', 'fiscal_year = "2023-25"', "no fiscal year"),
        ('fiscal_year = "2023-24"', 'fiscal_year = "2024-25"', "2024-25"),
        ('code = "1.1.2"', 'code = "1.1.1"', "Line 1.1.1 stands twice"),
        ('code = "1.1.2"', 'code = "9.9.9"', "Line 9.9.9"),
        ('post_bn = "যুগ্ম নিবন্ধক"', 'post_bn = ""', "[parties.superior]: “post_bn” is missing"),
        ("[[line]]", "[[line", "not TOML"),
        ('source = { marks = "proposed"', 'source = { marks = "gospel"', "must be one of document"),
    ],
)
def test_a_fault_is_named_and_nothing_is_saved(tree: Tree, old: str, new: str, said: str) -> None:
    preparer = make_preparer(tree)
    with override("en"), pytest.raises(UserError) as caught:
        import_agreement(content=changed_file((old, new)), by=preparer, at=JULY)
    assert said in str(caught.value.message)
    assert "\n" not in str(caught.value.message)
    assert not Agreement.objects.exists()


@pytest.mark.parametrize("content", [b"\xff\xfe", b"", b"line = 3", b"x" * 1_000_001, b'framework = "apa-2023-24"'])
def test_what_is_no_agreement_file_is_refused(tree: Tree, content: bytes) -> None:
    with pytest.raises(UserError):
        import_agreement(content=content, by=make_preparer(tree), at=JULY)


def test_only_who_prepares_for_the_office_may_import(tree: Tree) -> None:
    with pytest.raises(PermissionDenied):
        import_agreement(content=real_file(), by=make_head(tree.foreign_district), at=JULY)
    assert import_agreement(content=real_file(), by=make_head(tree.district), at=JULY).is_changed


def test_proposed_is_not_replaced_and_the_superior_agrees_or_sends_back(tree: Tree) -> None:
    lower, superior = make_head(tree.district), make_head(tree.division)
    agreement = propose_agreement(agreement=make_agreement(tree, by=lower), by=lower, at=JULY)
    with pytest.raises(UserError):
        import_agreement(content=changed_file((AUDIT, "[560, 509, 453, 396, 340]")), by=lower, at=JULY)
    with pytest.raises(PermissionDenied):
        agree_agreement(agreement=agreement, by=lower, at=JULY)
    with pytest.raises(UserError):
        send_back_agreement(agreement=agreement, reason=" ", by=superior, at=JULY)
    agreement = send_back_agreement(agreement=agreement, reason="লক্ষ্য কম", by=superior, at=JULY)
    assert agreement.state == AgreementState.DRAFT
    agreement = propose_agreement(agreement=agreement, by=lower, at=JULY)
    agreement = agree_agreement(agreement=agreement, by=superior, at=JULY)
    with pytest.raises(UserError):
        agree_agreement(agreement=agreement, by=superior, at=JULY)
    verbs = Activity.objects.filter(subject=f"contracts.agreement:{agreement.pk}").values_list("verb", flat=True)
    assert {v.partition(".")[2] for v in verbs} == {
        "import_agreement",
        "propose_agreement",
        "send_back_agreement",
        "agree_agreement",
    }


def test_an_achievement_needs_a_reason_a_value_of_its_kind_and_a_line_without_feed(tree: Tree) -> None:
    head = make_head(tree.district)
    agreement = make_agreement(tree, by=head)
    model = agreement.lines.get(code="1.2.1")
    written = write_achievement(line=model, value="২", reason="দুটি মডেল সমিতি", by=head, at=JULY)
    assert written.value == "2"
    changed = write_achievement(line=model, value="3", reason="আরও একটি", by=head, at=JULY)
    assert (changed.pk, changed.value) == (written.pk, "3")
    day = agreement.lines.get(code="2.2.2")
    assert write_achievement(line=day, value="০৫/০৮/২০২৩", reason="আদেশ", by=head, at=JULY).value == "2023-08-05"
    for value, reason in [("2.5", "x"), ("abc", "x"), ("", "x"), ("2", ""), ("2", "x" * 1001)]:
        with pytest.raises(UserError):
            write_achievement(line=model, value=value, reason=reason, by=head, at=JULY)
    with pytest.raises(UserError):
        write_achievement(line=agreement.lines.get(code="2.1.1"), value="5", reason="x", by=head, at=JULY)
    with pytest.raises(PermissionDenied):
        write_achievement(line=model, value="3", reason="x", by=make_head(tree.foreign_district), at=JULY)


def test_a_frozen_framework_cannot_change(tree: Tree) -> None:
    preparer = make_preparer(tree)
    content = framework_file("apa-2023-24").read_bytes()
    row = load_framework(content=content, by=preparer, at=JULY)
    assert load_framework(content=content, by=preparer, at=JULY).pk == row.pk
    Framework.objects.update(frozen_at=JULY)
    with pytest.raises(UserError):
        load_framework(content=content.replace(b"Excellent", b"Superb"), by=preparer, at=JULY)


def test_the_database_itself_refuses_a_scale_without_its_best_target(tree: Tree) -> None:
    make_agreement(tree)
    with pytest.raises(IntegrityError), transaction.atomic():
        AgreementLine.objects.update(target_1=None)


def test_the_import_command_writes_for_the_performance_cell(tree: Tree, tmp_path: Path) -> None:
    path = tmp_path / "agreement.toml"
    path.write_bytes(real_file())
    with pytest.raises(CommandError):
        call_command("import_agreement", path)
    make_officer(Post.PERFORMANCE_ADMIN, tree.department)
    out = StringIO()
    call_command("import_agreement", path, stdout=out)
    assert out.getvalue().startswith("lalmonirhat 2023-24")
    with pytest.raises(CommandError):
        call_command("import_agreement", tmp_path / "none.toml")
    path.write_bytes(changed_file((AUDIT, "[566, 570, 453, 396, 340]")))
    with pytest.raises(CommandError):
        call_command("import_agreement", path)


def run_line(*args: str) -> str:
    out = StringIO()
    call_command("score_line", *args, stdout=out)
    return out.getvalue()


def test_the_calculator_speaks_json() -> None:
    answer = json.loads(run_line("--targets", "566,509,453,396,340", "--achieved", "551", "--json"))
    assert answer["raw"] == "97.37"
    assert answer["how"]["upper"] == {"percent": "100", "target": "566"}
    assert answer["how"]["exact"] == "1850/19"
    dates = run_line(
        "--targets", "31-12-2022,10-01-2023,20-01-2023,31-01-2023,", "--achieved", "৩১-০১-২০২৩", "--dates", "--json"
    )
    assert json.loads(dates)["raw"] == "70.00"
    assert (
        json.loads(run_line("--targets", "11.13,11.12,11.11,11.10,11.09", "--achieved", "11.13", "--json"))["raw"]
        == "100.00"
    )


@pytest.mark.parametrize(
    ("targets", "achieved"), [("5,6,3,2,1", "2"), ("5,4", "2"), (",,,,", "2"), ("5,4,3,2,x", "2"), ("5,4,3,2,1", "two")]
)
def test_the_calculator_refuses_clearly(targets: str, achieved: str) -> None:
    with pytest.raises(CommandError) as caught:
        run_line("--targets", targets, "--achieved", achieved)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "passage",
    [
        "framework = " + "9" * 5000,
        "framework = " + "[" * 5000,
        'framework = "' + "x" * 5000 + '"',
        'framework = "../../../etc/passwd"',
        'framework = "a\\u0000b"',
    ],
)
def test_a_file_made_to_break_the_reader_is_refused(tree: Tree, passage: str) -> None:
    content = changed_file(('framework = "apa-2023-24"', passage))
    with pytest.raises(UserError):
        import_agreement(content=content, by=make_preparer(tree), at=JULY)


@pytest.mark.parametrize(
    "change",
    [
        ("marks = 2", "marks = 1e999999999"),
        ("[texts]", "[texts]\nwrong = 5"),
        ("[parties.lower]", "parties.lower = 5\n[more]"),
        ("[parties.lower]", "[[parties.lower]]"),
        ("[[outcome]]", "[[activity]]\ncode = [1]\nbn = 1\nen = 1\narea = [1]\n\n[[outcome]]"),
        ("[[outcome]]", '[[area]]\ncode = "1"\nbn = 1\nen = 1\nblock = "1"\nmarks = "1/0"\n\n[[outcome]]'),
    ],
)
def test_a_wrong_type_anywhere_is_told_in_one_line(tree: Tree, change: tuple[str, str]) -> None:
    with pytest.raises(UserError):
        import_agreement(content=changed_file(change), by=make_preparer(tree), at=JULY)
    assert not Agreement.objects.exists()
