"""What a backup holds: a tar, sealed as a whole, that begins with its summary and ends with the list of its members.

    backup.json        who made it, of what: see `Summary`
    database.*         `database.dump` (pg_dump, custom format) or `database.sqlite3.gz`
    home/NAME          papers of the home, such as the root's certificate
    files/PATH         the store of files, everything in it
    manifest.jsonl     a line {"name", "size", "sha256"} for each member before it

Nothing here keeps a list of members in memory: a country's papers are many.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, BinaryIO, cast

from core.keeping.errors import DamagedBackupError
from core.keeping.sealed import Cost, SealedReader, SealedWriter

SUMMARY, MANIFEST, FILES, HOME = "backup.json", "manifest.jsonl", "files/", "home/"
_PIECE = 1 << 20
_LONGEST_SUMMARY = 1 << 24


@dataclass(frozen=True)
class Summary:
    """What a backup is of: ``counts`` are rows by table, ``secrets`` fingerprints of what stayed outside, by name."""

    made_at: str
    software: str
    database: str
    server: str
    database_size: int
    migrations: list[str]
    counts: dict[str, int]
    secrets: dict[str, str] = field(default_factory=dict)


@dataclass
class Contents:
    """What a backup holds, as counted while it was written or read."""

    summary: Summary
    members: int = 0
    size: int = 0


class _Hashed(io.RawIOBase):
    """Passes bytes on and hashes them."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source, self.sha256, self.size = source, hashlib.sha256(), 0

    def read(self, size: int = -1) -> bytes:
        data = self._source.read(size)
        self.sha256.update(data)
        self.size += len(data)
        return data


def _line(name: str, hashed: _Hashed) -> bytes:
    return json.dumps({"name": name, "size": hashed.size, "sha256": hashed.sha256.hexdigest()}).encode() + b"\n"


def write_archive(
    file: BinaryIO, secret: bytes, summary: Summary, members: Iterator[tuple[str, Path]], cost: Cost | None = None
) -> Contents:
    """Write the members, each by its name and where it lies, one after another."""
    contents = Contents(summary)
    with SealedWriter(file, secret, cost) as sealed, TemporaryFile() as lines:
        tar = tarfile.open(fileobj=sealed, mode="w|", format=tarfile.PAX_FORMAT, bufsize=_PIECE)  # noqa: SIM115

        def add(name: str, source: IO[bytes], size: int) -> _Hashed:
            entry, hashed = tarfile.TarInfo(name), _Hashed(source)
            entry.size, entry.mode = size, 0o600
            tar.addfile(entry, cast(IO[bytes], hashed))
            tar.members.clear()  # type: ignore[attr-defined]
            return hashed

        text = json.dumps(asdict(summary), ensure_ascii=False, indent=1).encode()
        lines.write(_line(SUMMARY, add(SUMMARY, io.BytesIO(text), len(text))))
        for name, path in members:
            with path.open("rb") as source:
                hashed = add(name, source, os.fstat(source.fileno()).st_size)
            lines.write(_line(name, hashed))
            contents.members += 1
            contents.size += hashed.size
        size = lines.tell()
        lines.seek(0)
        add(MANIFEST, lines, size)
        tar.close()
    return contents


Keep = Callable[[str, IO[bytes]], None]


def read_archive(file: BinaryIO, secret: bytes, keep: Keep | None = None) -> Contents:
    """Read the whole backup and prove it; ``keep`` gets each member but the summary as a stream, to read to its end.

    `DamagedBackupError` if anything is not as written. Who keeps members has proved the file before: a fault found
    late leaves those before it with ``keep``.
    """
    sealed = SealedReader(file, secret)
    try:
        with tarfile.open(fileobj=sealed, mode="r|", bufsize=_PIECE) as tar:
            contents = _read_members(tar, keep)
        while sealed.read(_PIECE):
            pass
    except (tarfile.TarError, EOFError, ValueError, KeyError, TypeError) as error:
        raise DamagedBackupError(f"the backup's contents do not hold together ({error})") from error
    return contents


def _read_members(tar: tarfile.TarFile, keep: Keep | None) -> Contents:
    expected = hashlib.sha256()
    contents: Contents | None = None
    while (entry := tar.next()) is not None:
        tar.members.clear()  # type: ignore[attr-defined]
        name, hashed = entry.name, _Hashed(tar.extractfile(entry) or io.BytesIO())
        stream = cast(IO[bytes], hashed)
        if contents is None:
            contents = Contents(_summary(name, stream))
        elif name == MANIFEST:
            _drain(stream)
            if hashed.sha256.digest() != expected.digest():
                raise DamagedBackupError("the backup's members are not those of its list")
            return contents
        else:
            _check_name(name)
            if keep is not None:
                keep(name, stream)
            _drain(stream)
            contents.members += 1
            contents.size += hashed.size
        expected.update(_line(name, hashed))
    raise DamagedBackupError("the backup has no list of its members")


def _summary(name: str, stream: IO[bytes]) -> Summary:
    if name != SUMMARY:
        raise DamagedBackupError("the backup does not begin with its summary")
    found: dict[str, Any] = json.loads(stream.read(_LONGEST_SUMMARY))
    return Summary(**found)


def _check_name(name: str) -> None:
    """A name that could leave the folder it is for is nobody's."""
    if name.startswith("/") or ".." in name.split("/"):
        raise DamagedBackupError(f"the backup names {name}")


def _drain(stream: IO[bytes]) -> None:
    while stream.read(_PIECE):
        pass
