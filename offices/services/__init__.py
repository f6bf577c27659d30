"""Every write to offices, officers and postings, one module a noun; the names here are what others call."""

from offices.services.administrators import create_administrator, seat_for_administrator
from offices.services.life import (
    Foreseen,
    check_has_superior,
    close_office,
    foresee_move,
    move_office,
    open_office,
)
from offices.services.officer_lists import OfficersRefusedError, take_officers
from offices.services.officers import (
    Invitation,
    change_own_password,
    close_officer,
    create_officer,
    invite_officer,
    reopen_officer,
    reset_password,
    update_officer,
)
from offices.services.postings import appoint_officer, end_posting

__all__ = [
    "Foreseen",
    "Invitation",
    "OfficersRefusedError",
    "appoint_officer",
    "change_own_password",
    "check_has_superior",
    "close_office",
    "close_officer",
    "create_administrator",
    "create_officer",
    "end_posting",
    "foresee_move",
    "invite_officer",
    "move_office",
    "open_office",
    "reopen_officer",
    "reset_password",
    "seat_for_administrator",
    "take_officers",
    "update_officer",
]
