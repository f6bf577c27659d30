"""The portal's log: standard error, one line for each event, so that any collector can read it."""

from __future__ import annotations

import logging


class OneLineFormatter(logging.Formatter):
    """Folds an exception's traceback into the line of its event."""

    def format(self, record: logging.LogRecord) -> str:
        return " ⏎ ".join(line for line in super().format(record).splitlines() if line.strip())
