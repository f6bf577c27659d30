"""The country for the national measures: the upazilas' months up to the one before last, and the last as workbooks.

``python -m bench.country`` builds it in the instance named by the environment, once. The workbooks lie in
``PORTAL_HOME/workbooks``, each the portal's own template as an office fills it in and saves it.
"""

from __future__ import annotations

import os
import sys
from io import BytesIO
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "apa_portal.settings")
if __name__ == "__main__":
    django.setup()

from django.conf import settings
from django.db import transaction
from openpyxl import load_workbook

from core.clock import now as instant_now
from core.clock import today
from core.legal import load_legal_settings
from core.periods import Period
from core.workbooks.tables import typed_number
from demo.accounts import make_people
from demo.country import begin, filings_of
from demo.figures import Figures
from demo.filing import Hands
from demo.heads import make_heads
from demo.places import Start, invent_profile
from demo.registers import instant
from offices.choices import OfficeKind
from offices.models import Office
from offices.tree import load_offices
from returns.models import Baseline, Return, ReturnVersion
from returns.published import catalogue_of, form_for
from returns.services import publish_form
from returns.services.composing import store_returns
from returns.services.forms import FORM_FILE
from returns.sheet import load_sheet
from returns.workbooks.layout import SHEET, Column
from returns.workbooks.template import write_template

IMPORTER, JUDGE = "admin.bd", "cell.bd"
#: Months that stand in the portal before the one that is imported.
MONTHS = 3


def month() -> Period:
    """The month that is imported: the last full one."""
    return Period.of(today()).previous()


def workbooks() -> Path:
    return Path(settings.PORTAL_HOME) / "workbooks"


def build() -> None:
    """Everything, district by district; what stands is left as it is."""
    until = month()
    first = until.shift(-MONTHS)
    load_offices()
    load_legal_settings()
    with transaction.atomic():
        people = make_people()
    publish_form(FORM_FILE, by=people[JUDGE], at=instant(Period.month(2023, 6).first, 10))
    workbooks().mkdir(exist_ok=True)
    for district in Office.objects.filter(kind=OfficeKind.DISTRICT).order_by("path"):
        _fill(district, first.previous(), until)


def _fill(district: Office, baseline: Period, until: Period) -> None:
    offices = list(Office.objects.filter(parent=district, kind=OfficeKind.UPAZILA).order_by("path"))
    with transaction.atomic():
        heads = make_heads([district, *offices])
    begun = set(Baseline.objects.filter(office__in=offices).values_list("office", flat=True))
    for office in offices:
        if office.pk in begun:
            continue
        hands = Hands(office, heads[office.code], heads[district.code])
        with transaction.atomic():
            book, months = begin(Start(office, invent_profile(office, district), baseline), hands, until)
            figures = months.pop(until)
            store_returns([book.compose(filing) for filing in filings_of(office, months, until)])
            (workbooks() / f"{office.code}.xlsx").write_bytes(_filled(office, until, figures))


def _filled(office: Office, period: Period, figures: Figures) -> bytes:
    """The month's template as an office program saves it: what is planned typed in, zeros elsewhere."""
    ret = Return(office=office, office_path=office.path, period=period, form=form_for(period))
    template = write_template(load_sheet(ret, ReturnVersion(ret=ret, number=1)), at=instant_now())
    book, cells = load_workbook(BytesIO(template)), catalogue_of(ret.form).cells_by_key
    for row in book[SHEET].iter_rows(min_row=4):
        code, now = row[Column.CODE - 1].value, row[Column.NOW - 1]
        if code and not now.protection.locked:
            now.value = typed_number(figures.get(code, 0), cells[code].line.unit)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


if __name__ == "__main__":
    build()
    sys.stdout.write(f"{len(list(workbooks().glob('*.xlsx')))} workbooks of {month()}\n")
