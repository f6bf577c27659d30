"""The year of an office as its returns add up, in the shape that feeds read."""

from __future__ import annotations

from datetime import datetime

from contracts.achievements import YearCells
from core.errors import UserError
from core.periods import FiscalYear
from offices.models import Office
from returns.summaries import year_of


def year_cells(office: Office, year: FiscalYear, *, at: datetime) -> YearCells:
    """The office's verified year; a year before any form was published has no figures."""
    try:
        figures = year_of(office, year, at=at)
    except UserError:
        return YearCells(year, {}, {})
    missing = {period: codes for period, codes in figures.missing.items() if codes}
    return YearCells(year, figures.months, figures.before, missing, figures.data_at, figures.catalogue)
