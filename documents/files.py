"""The store of files by the hash of their content. What was stored is never changed."""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import lru_cache, partial
from io import SEEK_END, BytesIO
from typing import IO, Any, cast

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from documents.models import StoredFile


class DamagedFileError(OSError):
    """A stored file no longer has the bytes it was stored with, or is gone."""


def store_file(data: bytes, *, media_type: str, at: datetime) -> StoredFile:
    """Keep the bytes and return their row; see `store_stream`."""
    return store_stream(BytesIO(data), media_type=media_type, at=at)


def store_stream(file: IO[bytes], *, media_type: str, at: datetime) -> StoredFile:
    """Keep what an open file holds and return its row; the same bytes are kept once, and never all in memory.

    The row is written after the bytes lie there. A half-written file of a killed worker has no row; it is noticed by
    its hash and written anew.
    """
    sha256, size = _hash_of(file), file.seek(0, SEEK_END)
    stored = StoredFile(sha256=sha256, size=size, media_type=media_type, created_at=at)
    if _hash_at(stored.path) != sha256:
        _write(stored.path, file, sha256)
    row, _created = StoredFile.objects.get_or_create(
        sha256=sha256, defaults={"size": size, "media_type": media_type, "created_at": at}
    )
    return row


def read_file(stored: StoredFile) -> bytes:
    """The bytes, proved by their hash; raise `DamagedFileError` if they are not what was stored."""
    try:
        with default_storage.open(stored.path) as file:
            data: bytes = file.read()
    except FileNotFoundError as error:
        raise DamagedFileError(stored.path) from error
    if hashlib.sha256(data).hexdigest() != stored.sha256:
        raise DamagedFileError(stored.path)
    return data


def open_file(stored: StoredFile) -> File[bytes]:
    """The file to be sent piece by piece, proved by its hash before; raise `DamagedFileError` like `read_file`."""
    try:
        file: File[bytes] = default_storage.open(stored.path)
    except FileNotFoundError as error:
        raise DamagedFileError(stored.path) from error
    if _hash_of(file) != stored.sha256:
        file.close()
        raise DamagedFileError(stored.path)
    file.seek(0)
    return file


def is_whole(stored: StoredFile) -> bool:
    """Whether the bytes lie there as they were stored. A file is hashed once in a process, and again once its size or
    the time of its last change says otherwise."""
    try:
        size, changed = default_storage.size(stored.path), default_storage.get_modified_time(stored.path)
    except FileNotFoundError:
        return False
    return size == stored.size and _hash_of_state(stored.path, changed) == stored.sha256


@lru_cache(maxsize=100_000)
def _hash_of_state(path: str, changed: datetime) -> str | None:
    return _hash_at(path)


def remove_file(stored: StoredFile) -> bool:
    """Let go of a file that can be made again; False if any other row still points to it."""
    try:
        with transaction.atomic():
            stored.delete()
    except (ProtectedError, IntegrityError):
        return False
    transaction.on_commit(partial(default_storage.delete, stored.path))
    return True


def _hash_of(file: IO[bytes] | File[bytes]) -> str:
    file.seek(0)
    return hashlib.file_digest(cast(Any, file), "sha256").hexdigest()


def _hash_at(path: str) -> str | None:
    try:
        with default_storage.open(path) as file:
            return _hash_of(file)
    except FileNotFoundError:
        return None


def _write(path: str, file: IO[bytes], sha256: str) -> None:
    """Put the bytes at the path itself: the storage would give a taken name a suffix."""
    default_storage.delete(path)
    file.seek(0)
    name = default_storage.save(path, File(file))
    if name != path:  # another worker wrote the same bytes in the same moment
        default_storage.delete(name)
        if _hash_at(path) != sha256:
            raise DamagedFileError(path)
