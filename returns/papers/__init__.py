"""Papers of this room: the return of an office, and the month of an office over those below it."""

from returns.papers.office_month import MONTH, month_paper
from returns.papers.office_return import RETURN, return_paper

__all__ = ["MONTH", "RETURN", "month_paper", "return_paper"]
