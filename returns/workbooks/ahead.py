"""Reading workbooks in processes of their own, while the one that imports judges and writes.

A reader gives what it could read; whatever else becomes of a file (refused, damaged, vanished, a reader that died) the
importing process finds out by reading that file itself, so that there is one place that says what is wrong.
"""

from __future__ import annotations

import fcntl
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from django.conf import settings

from returns.workbooks.delivery import Delivery, read_delivery

READERS = 2
#: Fewer files are read sooner than a reader starts.
WORTHWHILE = 16
#: How many bytes a reader may be ahead; a delivery takes about 5 KB.
_AHEAD = 1024 * 1024


def read_ahead(paths: Sequence[Path], *, readers: int = READERS) -> Iterator[Delivery | None]:
    """What stands in each file, in order; None where this process has to look itself."""
    if len(paths) < WORTHWHILE:
        yield from (None for _path in paths)
        return
    files = [path.absolute() for path in paths]
    with ExitStack() as stack:
        answers = [stack.enter_context(_Reader(files[number::readers])) for number in range(readers)]
        for number in range(len(files)):
            yield answers[number % readers].next()


class _Reader:
    """A process that reads some files one after another; it waits when it is too far ahead, and ends with us."""

    def __init__(self, files: Sequence[Path]) -> None:
        self._process = subprocess.Popen(  # noqa: S603  this module, by the Python that runs us
            [sys.executable, "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=settings.BASE_DIR
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._answers: IO[bytes] = self._process.stdout
        fcntl.fcntl(self._answers, getattr(fcntl, "F_SETPIPE_SZ", fcntl.F_GETFD), _AHEAD)
        with self._process.stdin as orders:
            pickle.dump(list(files), orders)

    def __enter__(self) -> _Reader:
        return self

    def __exit__(self, *_error: object) -> None:
        self._answers.close()
        self._process.kill()
        self._process.wait()

    def next(self) -> Delivery | None:
        try:
            answer: Delivery | None = pickle.load(self._answers)  # noqa: S301  what our own process wrote
        except (EOFError, pickle.UnpicklingError):  # it died
            return None
        return answer


def _serve(orders: IO[bytes], answers: IO[bytes]) -> None:
    for path in pickle.load(orders):  # noqa: S301  what the process that started us wrote
        pickle.dump(_read(path), answers)
        answers.flush()


def _read(path: Path) -> Delivery | None:
    try:
        return read_delivery(path, path.name) if path.suffix.lower() == ".xlsx" else None
    except Exception:  # whatever it is, the importing process meets it too, and says so
        return None


if __name__ == "__main__":
    try:
        _serve(sys.stdin.buffer, sys.stdout.buffer)
    except BrokenPipeError:  # nobody listens any more
        os._exit(0)
