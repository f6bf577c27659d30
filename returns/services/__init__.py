"""Every write to returns, one module a noun; the names here are what other rooms, commands and pages call."""

from returns.services.amendments import (
    StaleAmendmentError,
    approve_amendment,
    propose_amendment,
    refuse_amendment,
    renew_amendment,
    withdraw_amendment,
    write_amendment,
)
from returns.services.baselines import (
    Brought,
    brought_of,
    correct_baseline,
    enter_baseline,
    enter_baselines,
    told_verified,
    verify_baseline,
    verify_baselines,
)
from returns.services.cells import attach_file, clear_flag, flag_cell, remove_file, write_comment
from returns.services.clearing import clear_returns
from returns.services.deadlines import grant_time, set_deadline
from returns.services.deliveries import DeliveryRefusedError, check_delivery, import_return, take_delivery
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
from returns.services.many import import_returns
from returns.services.remarks import write_remark
from returns.services.reviews import review_return
from returns.services.submission import SubmissionRefusedError, submit_return
from returns.services.targets import set_line_targets
from returns.services.verdict import send_back_return, verify_return

__all__ = [
    "Brought",
    "CellChange",
    "Conflict",
    "DeliveryRefusedError",
    "Refusal",
    "SaveResult",
    "StaleAmendmentError",
    "SubmissionRefusedError",
    "approve_amendment",
    "attach_file",
    "brought_of",
    "check_delivery",
    "clear_flag",
    "clear_returns",
    "confirm_proposals",
    "correct_baseline",
    "enter_baseline",
    "enter_baselines",
    "fill_zeros",
    "flag_cell",
    "grant_time",
    "import_return",
    "import_returns",
    "make_nil",
    "open_return",
    "propose_amendment",
    "publish_form",
    "refuse_amendment",
    "remove_file",
    "renew_amendment",
    "review_return",
    "save_cells",
    "send_back_return",
    "set_deadline",
    "set_line_targets",
    "submit_return",
    "take_delivery",
    "told_verified",
    "verify_baseline",
    "verify_baselines",
    "verify_return",
    "withdraw_amendment",
    "write_amendment",
    "write_comment",
    "write_remark",
]
