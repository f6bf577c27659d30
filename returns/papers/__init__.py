"""Papers of this room: the return of an office, the month over those below it, what is consolidated, a
submission's receipt, the blank form, the annexes of a return."""

from returns.papers.annexes import ANNEXES, annexes_paper
from returns.papers.blank_form import BLANK, blank_paper
from returns.papers.consolidated import CONSOLIDATED, consolidated_paper
from returns.papers.office_month import MONTH, month_paper
from returns.papers.office_return import RETURN, return_paper
from returns.papers.receipt import RECEIPT, receipt_paper

__all__ = [
    "ANNEXES",
    "BLANK",
    "CONSOLIDATED",
    "MONTH",
    "RECEIPT",
    "RETURN",
    "annexes_paper",
    "blank_paper",
    "consolidated_paper",
    "month_paper",
    "receipt_paper",
    "return_paper",
]
