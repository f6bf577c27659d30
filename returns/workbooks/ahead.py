"""Reading workbooks in processes of their own, while the one that imports judges and writes.

A reader tells first whose figures its files bring, then gives what it could read; whatever else becomes of a file
(refused, damaged, vanished, a reader that died) the importing process finds out by reading that file itself, so that
there is one place that says what is wrong.
"""

from __future__ import annotations

import fcntl
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any

from django.conf import settings

from returns.workbooks.delivery import Delivery, Key, offices_in, read_delivery

READERS = 2
#: Fewer files are read sooner than a reader starts.
WORTHWHILE = 16
#: How many bytes a reader may be ahead; a delivery takes about 5 KB.
_AHEAD = 1024 * 1024


class Ahead:
    """What readers tell of some files, each in order; None where this process has to look itself."""

    def __init__(self, files: int, readers: Sequence[_Reader]) -> None:
        self._files = files
        self._readers = readers
        told = [iter(reader.next() or ()) for reader in readers]
        #: Office and month of each delivery in each file.
        self.offices: list[list[Key] | None] = [self._turn(number, told) for number in range(files)]

    @staticmethod
    def _turn(number: int, told: Sequence[Iterator[list[Key]]]) -> list[Key] | None:
        return next(told[number % len(told)], None) if told else None

    def deliveries(self) -> Iterator[Delivery | None]:
        """To be asked once."""
        for number in range(self._files):
            yield self._readers[number % len(self._readers)].next() if self._readers else None


@contextmanager
def read_ahead(paths: Sequence[Path], *, readers: int = READERS) -> Iterator[Ahead]:
    """Readers at work on the files, if they are many, until the block ends."""
    files = [path.absolute() for path in paths]
    count = readers if len(files) >= WORTHWHILE else 0
    with ExitStack() as stack:
        yield Ahead(len(files), [stack.enter_context(_Reader(files[number::readers])) for number in range(count)])


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

    def next(self) -> Any:
        """Its next answer; None once it has died."""
        try:
            return pickle.load(self._answers)  # noqa: S301  what our own process wrote
        except (EOFError, pickle.UnpicklingError):
            return None


def _serve(orders: IO[bytes], answers: IO[bytes]) -> None:
    files = pickle.load(orders)  # noqa: S301  what the process that started us wrote
    pickle.dump([_brought(path) for path in files], answers)
    answers.flush()
    for path in files:
        pickle.dump(_read(path), answers)
        answers.flush()


def _brought(path: Path) -> list[Key] | None:
    try:
        return offices_in(path)
    except Exception:  # whatever it is, the importing process meets it too, and says so
        return None


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
