"""Every write to returns, one module a noun; the names here are what other rooms, commands and pages call."""

from returns.services.baselines import enter_baseline, verify_baseline
from returns.services.entry import (
    CellChange,
    Conflict,
    Refusal,
    SaveResult,
    open_return,
    save_cells,
)
from returns.services.filling import confirm_proposals, fill_zeros, make_nil
from returns.services.forms import publish_form
from returns.services.remarks import write_remark
from returns.services.submission import SubmissionRefusedError, submit_return
from returns.services.targets import set_line_targets
from returns.services.verdict import send_back_return, verify_return

__all__ = [
    "CellChange",
    "Conflict",
    "Refusal",
    "SaveResult",
    "SubmissionRefusedError",
    "confirm_proposals",
    "enter_baseline",
    "fill_zeros",
    "make_nil",
    "open_return",
    "publish_form",
    "save_cells",
    "send_back_return",
    "set_line_targets",
    "submit_return",
    "verify_baseline",
    "verify_return",
    "write_remark",
]
