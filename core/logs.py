"""The portal's log: standard error, one line for each event, so that any collector can read it."""

from __future__ import annotations

import logging


class OneLineFormatter(logging.Formatter):
    """Folds an exception's traceback into the line of its event."""

    def format(self, record: logging.LogRecord) -> str:
        return " ⏎ ".join(line for line in super().format(record).splitlines() if line.strip())


class FirstLine(logging.Filter):
    """Cuts an event to the first line of its message: beat writes its whole call stack behind each message that a
    broker did not take, every few seconds as long as that is down."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = record.getMessage().partition("\n")[0], ()
        return True
