"""The whole office tree from its data file: department, 8 divisions, 64 districts, 495 upazilas, 10 thanas.

The file's last column says how sure a name is: ``fact``, or ``recalled`` for the metropolitan thanas, whose number is
known (Dhaka 6, Chattogram 2, Rajshahi 1, Khulna 1) but whose names are not confirmed by a source.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from core.text import clean_text
from offices.choices import OfficeKind
from offices.models import FormerPlace, Office
from offices.paths import child_path

DATA = Path(__file__).parent / "data" / "offices.csv"


@dataclass(frozen=True)
class OfficeRow:
    """One line of the file; parents stand before their children."""

    code: str
    kind: OfficeKind
    parent: str
    name_bn: str
    name_en: str


def read_offices(path: Path = DATA) -> list[OfficeRow]:
    """The rows of an office file, names in NFC."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            OfficeRow(r["code"], OfficeKind(r["kind"]), r["parent"], clean_text(r["name_bn"]), clean_text(r["name_en"]))
            for r in csv.DictReader(file)
        ]


@transaction.atomic
def load_offices(path: Path = DATA) -> int:
    """Add the offices of the file that are not there yet, below their superiors; existing ones keep their paths.

    Returns how many were added.
    """
    by_code = {office.code: office for office in Office.objects.all()}
    used: dict[str, int] = defaultdict(int)
    # A path is never given twice: the months of an office that left it still stand under it.
    former = FormerPlace.objects.values_list("path", flat=True)
    for place in [*(office.path for office in by_code.values()), *former]:
        used[place[:-3]] = max(used[place[:-3]], int(place[-3:]))
    added = 0
    for level in _by_level([row for row in read_offices(path) if row.code not in by_code]):
        offices = []
        for row in level:
            parent = by_code.get(row.parent)
            above = parent.path if parent else ""
            used[above] += 1
            offices.append(
                Office(
                    code=row.code,
                    kind=row.kind,
                    parent=parent,
                    name_bn=row.name_bn,
                    name_en=row.name_en,
                    path=child_path(above, used[above]),
                )
            )
        Office.objects.bulk_create(offices)
        by_code |= {office.code: office for office in offices}
        added += len(offices)
    return added


def _by_level(rows: list[OfficeRow]) -> list[list[OfficeRow]]:
    """Rows grouped from the department downwards, so that a level's superiors exist before it."""
    kinds = [
        (OfficeKind.DEPARTMENT,),
        (OfficeKind.DIVISION,),
        (OfficeKind.DISTRICT,),
        (OfficeKind.UPAZILA, OfficeKind.THANA),
    ]
    return [[row for row in rows if row.kind in level] for level in kinds]
