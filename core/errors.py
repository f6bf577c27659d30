"""Errors that a person can cause and mend."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


class UserError(Exception):
    """What was asked cannot be done; ``message`` says what was wrong and what to do, in the reader's language.

    ``cell`` names the field or cell concerned, if there is one.
    """

    def __init__(self, message: str | StrPromise, *, cell: str = "") -> None:
        super().__init__(str(message))
        self.message = message
        self.cell = cell
