"""Papers of this room: the return of an office, the month over those below it, the nation's districts, what is
consolidated, a submission's receipt, the blank form, the annexes of a return, and of the returns below an office."""

from returns.papers.annexes import ANNEXES, annexes_paper
from returns.papers.annexes_below import ANNEXES_BELOW, annexes_below_paper
from returns.papers.blank_form import BLANK, blank_paper
from returns.papers.consolidated import CONSOLIDATED, consolidated_paper
from returns.papers.districts import DISTRICTS, districts_paper
from returns.papers.office_month import MONTH, month_paper
from returns.papers.office_return import RETURN, return_paper
from returns.papers.receipt import RECEIPT, receipt_paper

__all__ = [
    "ANNEXES",
    "ANNEXES_BELOW",
    "BLANK",
    "CONSOLIDATED",
    "DISTRICTS",
    "MONTH",
    "RECEIPT",
    "RETURN",
    "annexes_below_paper",
    "annexes_paper",
    "blank_paper",
    "consolidated_paper",
    "districts_paper",
    "month_paper",
    "receipt_paper",
    "return_paper",
]
