"""Messages as files, for the embedded default: kombu's transport, made safe for several processes and for a crash.

The library opens a message's file before it writes it, so that a worker may take it empty, and ends at what it cannot
read. Here a message gets its name once it is whole, and one that is broken is left out: its job's row is the truth, and
the sweeper sends for it again.
"""

from __future__ import annotations

import logging
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.json import dumps

logger = logging.getLogger(__name__)


class Channel(filesystem.Channel):
    """Puts a message in its place whole, and passes over what is none."""

    def _put(self, queue: str, payload: Any, **_words: Any) -> None:  # type: ignore[override]
        name = f"{time.time_ns()}_{uuid4()}.{queue}.msg"
        folder = Path(self.data_folder_out)
        part = folder / f".{name}"  # nobody takes a hidden one
        try:
            part.write_text(dumps(payload), encoding="utf-8")  # type: ignore[no-untyped-call]
            part.replace(folder / name)
        except OSError as error:
            raise ChannelError(f"Cannot add {name} to {folder}") from error

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        while True:
            try:
                return super()._get(queue)  # type: ignore[no-untyped-call]
            except ValueError as error:  # by now it is out of the way
                logger.warning("a message could not be read and was left out (%s)", error)

    def _queue_bind(self, exchange: str, *where: Any) -> None:
        try:
            super()._queue_bind(exchange, *where)  # type: ignore[no-untyped-call]
        except ValueError:  # the machine stopped while the list was written
            file: str = self._exchange_file(exchange)  # type: ignore[no-untyped-call]
            Path(file).unlink(missing_ok=True)
            super()._queue_bind(exchange, *where)  # type: ignore[no-untyped-call]


class Transport(filesystem.Transport):
    """What ``filesystem://`` means here (`apa_portal.celery`)."""

    Channel = Channel
