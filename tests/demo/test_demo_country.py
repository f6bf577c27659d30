"""The country beside the first district: written in bulk, row for row what the services would have written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

import pypdfium2
import pytest
from django.db.models import Model

from core.legal import load_legal_settings
from core.models import Activity
from core.periods import DHAKA, Period
from demo import country
from demo.country import fill_district
from demo.filing import REMARK, Filing, Hands, reason_for
from demo.heads import make_heads
from demo.places import Start, invent_profile
from demo.registers import instant
from demo.rest import ask_to_close
from documents.choices import DocumentState
from documents.files import read_file
from documents.models import Document
from jobs.choices import JobState
from jobs.services import execute_job
from offices.choices import Post
from offices.models import Office
from returns.checks import look_at
from returns.choices import ReturnState
from returns.dossiers import dossiers_of
from returns.models import Remark, Return, ReturnVersion, TotalValue, Value
from returns.published import catalogue_of
from returns.rollup import compute_total
from returns.services import (
    CellChange,
    SubmissionRefusedError,
    fill_zeros,
    open_return,
    publish_form,
    save_cells,
    submit_return,
    verify_return,
    write_remark,
)
from returns.services.composing import store_returns
from returns.services.forms import FORM_FILE
from returns.sources import proposals_for
from returns.worklist import newest_versions
from tests.factories import make_office, make_officer, make_tree

pytestmark = pytest.mark.django_db

UNTIL = Period.month(2024, 8)
OF_VERSION = ("version__ret__office", "version__ret__period")


@pytest.fixture(autouse=True)
def _now(clock: Callable[[datetime], None]) -> None:
    clock(datetime(2026, 11, 20, 10, tzinfo=DHAKA))


@pytest.fixture
def district() -> Office:
    """A district with two upazilas, below a division, under a published form."""
    tree = make_tree()
    make_office("fenchuganj", parent=tree.foreign_district)
    load_legal_settings()
    publish_form(FORM_FILE, by=make_officer(Post.SYSTEM_ADMIN, tree.department), at=instant(UNTIL.first, 9))
    return tree.foreign_district


def file_by_services(hands: Hands, filing: Filing) -> None:
    """What `demo.filing` writes, act by act."""
    ret = open_return(hands.office, filing.period, by=hands.head, at=filing.opened_at)
    if filing.submitted_at is None:
        return
    asked = proposals_for(catalogue_of(ret.form).cells, hands.office, filing.period)
    changes = [
        CellChange(cell, amount, reason=reason_for(cell) if cell in asked and amount else "")
        for cell, amount in filing.figures.items()
    ]
    assert save_cells(ret, changes, key="k", by=hands.head, at=filing.entered_at).is_clean
    fill_zeros(ret, by=hands.head, at=filing.entered_at)
    try:
        submit_return(ret, by=hands.head, at=filing.submitted_at)
    except SubmissionRefusedError as refused:
        for finding in refused.findings:
            write_remark(ret, rule=finding.rule, cell=finding.cell, text=REMARK, by=hands.head, at=filing.entered_at)
        submit_return(ret, by=hands.head, at=filing.submitted_at)
    if filing.verified_at is not None:
        verify_return(ret, by=hands.superior, at=filing.verified_at)


def rows_of(model: type[Model], *besides: str, order: Iterable[str]) -> list[dict[str, Any]]:
    names = [field.attname for field in model._meta.concrete_fields if field.attname not in ("id", *besides)]
    return list(model._default_manager.order_by(*order).values(*names))


def everything(district: Office, periods: Iterable[Period]) -> dict[str, list[Any]]:
    """Every row about the returns, with public names in place of keys."""
    for period in periods:
        compute_total(district, period, at=instant(UNTIL.next().first, 9))
    rows: dict[str, list[Any]] = {
        "returns": rows_of(Return, order=("office", "period")),
        "versions": rows_of(ReturnVersion, "ret_id", order=("ret__office", "ret__period")),
        "values": rows_of(Value, "version_id", order=("version__ret__office", "version__ret__period", "cell")),
        "remarks": rows_of(
            Remark, "version_id", order=("version__ret__office", "version__ret__period", "cell", "rule")
        ),
        "totals": rows_of(TotalValue, "total_id", order=("total__period", "cell")),
    }
    acts = Activity.objects.filter(subject__startswith="returns.return:").order_by("office_path", "at", "verb", "pk")
    fields = ("at", "actor", "post", "office_path", "verb", "before", "after")
    rows["activities"] = sorted(acts.values_list(*fields), key=str)
    return rows


def clear() -> None:
    for model in (TotalValue, Remark, Value, ReturnVersion, Return):
        model.objects.all().delete()
    Activity.objects.filter(subject__startswith="returns.return:").delete()


def test_bulk_writes_what_the_services_write(district: Office) -> None:
    upazilas = list(Office.objects.filter(parent=district).order_by("path"))
    heads = make_heads([district, *upazilas])
    baseline = Period.month(2024, 4)  # mid-year: the flows since July come along; then a new year begins
    filed: list[tuple[Hands, Filing]] = []
    for office in upazilas:
        hands = Hands(office, heads[office.code], heads[district.code])
        book, months = country.begin(Start(office, invent_profile(office, district), baseline), hands, UNTIL)
        for n, (period, figures) in enumerate(months.items()):
            late, last = n * 3, period == UNTIL
            day = period.last + timedelta(days=1 + late)
            figures = figures | ({"F05": figures["F05"] + 40} if n == 1 else {})  # a warning, to be answered
            filing = Filing(
                period,
                figures,
                opened_at=instant(period.next().first, 9),
                entered_at=instant(day, 10),
                submitted_at=None if last and office == upazilas[0] else instant(day, 12),
                verified_at=None if last else instant(day + timedelta(days=1), 15),
            )
            filed.append((hands, filing))
            store_returns([book.compose(filing)])
    periods = list(baseline.next().until(UNTIL))
    in_bulk = everything(district, periods)
    clear()
    for hands, filing in filed:
        file_by_services(hands, filing)
    by_services = everything(district, periods)
    assert in_bulk["remarks"], "no warning was met"
    for name, rows in by_services.items():
        assert in_bulk[name] == rows, name
    assert len(by_services["values"]) > 1000


@pytest.mark.full
def test_closing_a_division_adds_up_and_prints_with_progress(district: Office) -> None:
    fill_district(district, UNTIL)
    assert district.parent is not None
    job = ask_to_close(district.parent, UNTIL)
    assert execute_job(job.pk)
    job.refresh_from_db()
    made = set(Document.objects.filter(state=DocumentState.READY).values_list("kind", "subject"))
    verified = Return.objects.filter(period=UNTIL, state=ReturnState.VERIFIED).count()
    dossiers = dossiers_of(list(newest_versions().filter(ret__period=UNTIL)))
    doubts = {doubt.check for dossier in dossiers.values() for doubt in look_at(dossier).doubts}
    assert dossiers and "override" not in doubts, "the country's month by exception would show every return"
    assert Counter(kind for kind, _subject in made) == {"returns.return": verified, "returns.month": 2}
    steps = job.done_steps, job.all_steps, job.result["documents"]
    assert (job.state, *steps) == (JobState.DONE, len(made), len(made), len(made))
    paper = Document.objects.filter(kind="returns.month").order_by("pk").last()
    assert paper is not None and paper.file is not None
    pages = pypdfium2.PdfDocument(read_file(paper.file))
    assert all("প্রদর্শনী উপাত্ত" in page.get_textpage().get_text_range() for page in pages)
