"""A stream encrypted under a passphrase, in chunks that cannot be altered, exchanged, or cut off unnoticed.

The file: a header of 108 bytes, then chunks. Integers are big-endian.

    16  "APA portal safe", line feed      4  version 1, log2 of the chunk size, lanes, zero (a byte each)
     4  Argon2id passes                   4  Argon2id memory in KiB            16  salt
    32  HMAC-SHA-256 of the bytes so far under the second half of the key: tells a wrong passphrase
    32  SHA-256 of the bytes so far: tells damage from a wrong passphrase

    key (64 bytes) = Argon2id(passphrase, salt); chunks are AES-256-GCM under its first half, with the nonce
    chunk number (11 bytes) and 1 for the last chunk, else 0 (a byte); each is chunk size + 16 bytes, the last shorter
"""

from __future__ import annotations

import hashlib
import hmac
import io
import os
import struct
from dataclasses import dataclass
from typing import BinaryIO

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.keeping.errors import DamagedBackupError, WrongPassphraseError

MAGIC = b"APA portal safe\n"
VERSION = 1
TAG = 16
_PARAMETERS = struct.Struct(">16sBBBxII16s")
HEADER = _PARAMETERS.size + 64
# What a header may ask of this machine before anything in it is proved.
_MOST_PASSES, _MOST_KIB, _MOST_LANES = 16, 1 << 20, 16


@dataclass(frozen=True)
class Cost:
    """What a guess at the passphrase costs, and how much lies in a chunk (a power of two)."""

    passes: int = 3
    kib: int = 64 * 1024
    lanes: int = 4
    chunk_bits: int = 20


def _keys(secret: bytes, salt: bytes, cost: Cost) -> tuple[AESGCM, bytes]:
    key = hash_secret_raw(secret, salt, cost.passes, cost.kib, cost.lanes, 64, Type.ID)
    return AESGCM(key[:32]), key[32:]


def _nonce(number: int, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


class SealedWriter(io.RawIOBase):
    """Write plain bytes; the file gets sealed ones. Only `close` makes it whole; the file itself stays open."""

    def __init__(self, file: BinaryIO, secret: bytes, cost: Cost | None = None) -> None:
        cost = cost or Cost()
        self._file, self._buffer, self._number = file, bytearray(), 0
        self._size = 1 << cost.chunk_bits
        salt = os.urandom(16)
        self._cipher, mac = _keys(secret, salt, cost)
        head = _PARAMETERS.pack(MAGIC, VERSION, cost.chunk_bits, cost.lanes, cost.passes, cost.kib, salt)
        head += hmac.digest(mac, head, "sha256")
        file.write(head + hashlib.sha256(head).digest())

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._buffer += data
        while len(self._buffer) > self._size:  # a full one waits: it may be the last
            self._seal(bytes(self._buffer[: self._size]), is_last=False)
            del self._buffer[: self._size]
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._seal(bytes(self._buffer), is_last=True)
        super().close()

    def _seal(self, chunk: bytes, *, is_last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, is_last), chunk, None))
        self._number += 1


class SealedReader(io.RawIOBase):
    """Read plain bytes from a sealed file; every byte given was proved.

    `DamagedBackupError` as soon as something is not as written, `WrongPassphraseError` at once.
    """

    def __init__(self, file: BinaryIO, secret: bytes) -> None:
        self._file, self._buffer, self._number, self._done = file, memoryview(b""), 0, False
        head = file.read(HEADER)
        if not head.startswith(MAGIC[: len(head)]) or not head:
            raise DamagedBackupError("this is not a backup of the portal, or its beginning is damaged")
        if len(head) < HEADER or hashlib.sha256(head[:-32]).digest() != head[-32:]:
            raise DamagedBackupError("the backup's head is damaged")
        _magic, version, bits, lanes, passes, kib, salt = _PARAMETERS.unpack(head[:-64])
        if version != VERSION:
            raise DamagedBackupError(f"the backup has format {version}; this software reads format {VERSION}")
        sound = 0 < passes <= _MOST_PASSES and 0 < lanes <= _MOST_LANES and 8 * lanes <= kib <= _MOST_KIB
        if not (sound and 10 <= bits <= 24):
            raise DamagedBackupError("the backup's head asks for what no backup needs")
        self._size = 1 << bits
        self._cipher, mac = _keys(secret, salt, Cost(passes, kib, lanes, bits))
        if not hmac.compare_digest(hmac.digest(mac, head[:-64], "sha256"), head[-64:-32]):
            raise WrongPassphraseError("the passphrase does not open this backup")
        self._ahead = file.read(self._size + TAG)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        parts, missing = [], size if size >= 0 else 1 << 62
        while missing and (self._buffer or self._open_next()):
            part, self._buffer = self._buffer[:missing], self._buffer[missing:]
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)

    def _open_next(self) -> bool:
        """Whether another chunk was there; an empty one only is where nothing was written."""
        if self._done:
            return False
        sealed, self._ahead = self._ahead, self._file.read(self._size + TAG)
        self._done = not self._ahead
        try:
            self._buffer = memoryview(self._cipher.decrypt(_nonce(self._number, self._done), sealed, None))
        except (InvalidTag, ValueError) as error:
            where = HEADER + self._number * (self._size + TAG)
            raise DamagedBackupError(f"the backup is damaged or cut off (after byte {where})") from error
        self._number += 1
        return bool(self._buffer)
