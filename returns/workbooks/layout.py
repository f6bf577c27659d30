"""Where things stand in the workbook of a return: one row a cell of the form, one column for what is typed."""

from __future__ import annotations

from enum import IntEnum

#: The sheet that is filled in, and the hidden one that says what the workbook is.
SHEET = "রিটার্ন"
IDENTITY = "_portal"
KIND = "apa-portal return"
SCHEMA = "1"


class Column(IntEnum):
    """Columns of the sheet, from 1."""

    CODE = 1
    LABEL = 2
    PART = 3
    UNIT = 4
    LAST = 5
    NOW = 6
    REGISTER = 7
    REASON = 8
    REMARK = 9
