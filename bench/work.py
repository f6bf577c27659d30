"""What the national measures have done by processes of their own, as the portal's workers do it.

``python -m bench.work``: says "ready", then does what each line of its input asks for (a JSON list: verb and words) and
answers in a line: the seconds it took, and what came of it.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "apa_portal.settings")
django.setup()

from django.db import transaction  # noqa: E402
from openpyxl import load_workbook  # noqa: E402

from bench.country import JUDGE, month  # noqa: E402
from core.clock import now, today  # noqa: E402
from core.numbers import parse_amount  # noqa: E402
from core.workbooks.reading import SheetCell  # noqa: E402
from documents import engine  # noqa: E402
from documents.centre import lines_of  # noqa: E402
from documents.choices import DocumentState  # noqa: E402
from documents.services import request_document  # noqa: E402
from jobs.services import execute_job  # noqa: E402
from offices.models import Office, Officer, Posting  # noqa: E402
from returns import services  # noqa: E402
from returns.models import Return, Total, TotalValue  # noqa: E402
from returns.papers import MONTH  # noqa: E402
from returns.published import catalogue_of, form_for  # noqa: E402
from returns.rollup import compute_total, fresh_total  # noqa: E402


def country() -> tuple[dict[str, str | None], str]:
    """Each office's superior, and the month."""
    return dict(Office.objects.values_list("code", "parent__code")), month().key


def agree(out: str) -> int:
    """How many figures of the peer's workbooks are the portal's totals too; any other is an error."""
    form, agreed = form_for(month()), 0
    cells = {cell.key: cell for cell in catalogue_of(form).cells if cell.is_entered}
    for path in sorted(Path(out).glob("*.xlsx")):
        mine = dict(
            TotalValue.objects.filter(total__office__code=path.stem, total__period=month()).values_list(
                "cell", "amount"
            )
        )
        sheet = load_workbook(path, read_only=True).worksheets[0]
        place = next(sheet.iter_rows(max_row=1, values_only=True)).index(path.stem)
        for row in sheet.iter_rows(min_row=2, values_only=True):
            if row[0] in cells:
                theirs = parse_amount(SheetCell("", 1, 1, row[place]).text, cells[row[0]].line.unit)
                assert mine.get(row[0]) == theirs, f"{path.stem} {row[0]}: {mine.get(row[0])} here, {theirs} there"
                agreed += 1
    return agreed


def due() -> list[str]:
    """The offices whose month's paper the report centre would make now, for the department's performance cell."""
    lines = lines_of(Officer.objects.get(username=JUDGE), Office.objects.get(parent=None), month())
    return [line.possible.office.code for line in lines if line.is_due and line.possible.kind == MONTH]


def print_months(*codes: str) -> int:
    """Ask for the months' papers of some offices and make those that are not there yet; how many were made."""
    made = 0
    for code in codes:
        paper = request_document(kind=MONTH, arguments={"office": code, "period": month().key}, by=None, at=now())
        if paper.job_id is not None and paper.state != DocumentState.READY:
            made += execute_job(paper.job_id)
            paper.refresh_from_db()
        assert paper.state == DocumentState.READY, f"the paper of {code}: {paper.state} {paper.error}"
    return made


def warm_up() -> None:
    """What a worker that has printed before has at hand."""
    engine.render_pdf("<p>১</p>", at=now())


def correct() -> str:
    """One office amends a figure and its superior approves; the totals above follow. Its code."""
    ret = Return.objects.filter(period=month(), state="verified").select_related("office__parent").order_by("pk")[0]
    head, superior = (
        Posting.objects.in_force(today()).filter(office=office).select_related("officer")[0].officer
        for office in (ret.office, ret.office.parent)
    )
    stands = ret.versions.get(state="verified").values.get(cell="K02").amount
    amendment = services.write_amendment(ret, figures={"K02": (stands or 0) + 1}, reason="সংশোধন", by=head, at=now())
    services.propose_amendment(amendment, by=head, at=now())
    services.approve_amendment(amendment, by=superior, at=now())
    fresh_total(Office.objects.get(parent=None), month(), at=now())
    return ret.office.code


def roll_up() -> float:
    """Every total of the month anew, from none; how long it took. What was there stays."""
    with transaction.atomic():
        TotalValue.objects.filter(total__period=month()).delete()
        Total.objects.filter(period=month()).delete()
        begun = time.perf_counter()
        compute_total(Office.objects.get(parent=None), month(), at=now())
        passed = time.perf_counter() - begun
        assert Total.objects.filter(period=month()).count() == 73, "totals are missing"
        transaction.set_rollback(True)
    return passed


VERBS: dict[str, Callable[..., Any]] = {
    "country": country,
    "agree": agree,
    "due": due,
    "print": print_months,
    "correct": correct,
    "roll up": roll_up,
}


def main() -> None:
    warm_up()
    sys.stdout.write('"ready"\n')
    sys.stdout.flush()
    for line in sys.stdin:
        verb, *words = json.loads(line)
        begun = time.perf_counter()
        answer = VERBS[verb](*words)
        sys.stdout.write(json.dumps([time.perf_counter() - begun, answer]) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
