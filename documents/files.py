"""The store of files by the hash of their content. What was stored is never changed."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from documents.models import StoredFile


class DamagedFileError(OSError):
    """A stored file no longer has the bytes it was stored with, or is gone."""


def store_file(data: bytes, *, media_type: str, at: datetime) -> StoredFile:
    """Keep the bytes and return their row; the same bytes are kept once. The row is written after the bytes lie there.

    A half-written file of a killed worker has no row; it is noticed by its hash and written anew.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    stored = StoredFile(sha256=sha256, size=len(data), media_type=media_type, created_at=at)
    if _hash_at(stored.path) != sha256:
        _write(stored.path, data)
    row, _created = StoredFile.objects.get_or_create(
        sha256=sha256, defaults={"size": len(data), "media_type": media_type, "created_at": at}
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


def _hash_at(path: str) -> str | None:
    try:
        with default_storage.open(path) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return None


def _write(path: str, data: bytes) -> None:
    """Put the bytes at the path itself: the storage would give a taken name a suffix."""
    default_storage.delete(path)
    name = default_storage.save(path, ContentFile(data))
    if name != path:  # another worker wrote the same bytes in the same moment
        default_storage.delete(name)
        if _hash_at(path) != hashlib.sha256(data).hexdigest():
            raise DamagedFileError(path)
