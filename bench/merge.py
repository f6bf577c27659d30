"""The peer: what an office without a portal would write. Plain openpyxl, no Django, run as a program of its own.

``python bench/merge.py FOLDER TREE OUT``: reads each workbook of the folder once, adds up "this month" cell by cell
over districts, divisions and the nation, and writes one workbook for each of them, the offices below it side by side;
the nation's has its districts on a second sheet. ``TREE`` is a JSON object: each office's superior. It checks nothing,
keeps no versions, and knows no rules.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook

CODE, LABEL, NOW = 0, 1, 5
Figures = dict[str, dict[str, float]]


def read(folder: Path, labels: dict[str, str]) -> Figures:
    """Figures by office and cell."""
    figures: Figures = {}
    for path in sorted(folder.glob("*.xlsx")):
        book = load_workbook(path, read_only=True, data_only=True)
        mine: dict[str, float] = {}
        for row in book.worksheets[0].iter_rows(min_row=4, values_only=True):
            if len(row) > NOW and row[CODE]:
                labels[str(row[CODE])] = str(row[LABEL])
                if isinstance(row[NOW], int | float):
                    mine[str(row[CODE])] = row[NOW]
        figures[path.stem] = mine
        book.close()
    return figures


def add_up(figures: Figures, above: dict[str, str | None]) -> dict[str, Figures]:
    """By superior: the figures of each office right below it, and its own under its own name."""
    below: dict[str, Figures] = defaultdict(dict)
    for office, mine in figures.items():
        child, superior = office, above[office]
        while superior is not None:
            for place, name in ((superior, child), (superior, superior)):
                sums = below[place].setdefault(name, {})
                for cell, amount in mine.items():
                    sums[cell] = sums.get(cell, 0) + amount
            child, superior = superior, above[superior]
    return below


def write(book: Any, office: str, columns: Figures, labels: dict[str, str], *, on_one_width: bool = True) -> None:
    sheet = book.create_sheet(office)
    names = [*sorted(columns.keys() - {office}), *({office} & columns.keys())]
    sheet.append(["", "", *names])
    for cell, label in labels.items():
        line: list[Any] = [cell, label, *(columns[name].get(cell) for name in names)]
        sheet.append(line)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = on_one_width


def main() -> None:
    folder, tree, out = (Path(word) for word in sys.argv[1:])
    labels: dict[str, str] = {}
    above = json.loads(tree.read_text())
    below = add_up(read(folder, labels), above)
    out.mkdir(parents=True, exist_ok=True)
    for office, columns in below.items():
        book = Workbook(write_only=True)
        write(book, office, columns, labels)
        if above[office] is None:
            districts = {name: sums[name] for name, sums in below.items() if above[name] in columns.keys() - {office}}
            write(book, "districts", districts, labels, on_one_width=False)
        book.save(out / f"{office}.xlsx")


if __name__ == "__main__":
    main()
