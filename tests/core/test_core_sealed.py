"""A sealed stream gives back every byte or nothing: altered, cut off, lengthened, exchanged chunks are noticed."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.keeping.errors import DamagedBackupError, WrongPassphraseError
from core.keeping.sealed import HEADER, TAG, Cost, SealedReader, SealedWriter

SECRET = b"a passphrase of the tests"
CHEAP = Cost(passes=1, kib=64, lanes=1, chunk_bits=10)
CHUNK = 1024 + TAG


def sealed(*pieces: bytes) -> bytes:
    file = io.BytesIO()
    with SealedWriter(file, SECRET, CHEAP) as writer:
        for piece in pieces:
            writer.write(piece)
    return file.getvalue()


def opened(data: bytes, secret: bytes = SECRET, step: int = -1) -> bytes:
    reader, found = SealedReader(io.BytesIO(data), secret), b""
    while piece := reader.read(step):
        found += piece
    return found


@given(st.lists(st.binary(max_size=3000), max_size=4), st.integers(1, 5000))
def test_what_was_written_is_read_in_pieces_of_any_size(pieces: list[bytes], step: int) -> None:
    data = sealed(*pieces)
    assert opened(data) == opened(data, step=step) == b"".join(pieces)


@pytest.mark.parametrize("size", [0, 1, 1023, 1024, 1025, 2048, 2049])
def test_a_cut_at_any_byte_is_noticed(size: int) -> None:
    data = sealed(b"x" * size)
    for end in {*range(0, len(data), 7), *range(len(data) - 20, len(data)), HEADER, HEADER + CHUNK} - {len(data)}:
        if end < len(data):
            with pytest.raises(DamagedBackupError):
                opened(data[:end])


def test_a_flipped_bit_in_any_byte_is_noticed() -> None:
    data = sealed(bytes(range(256)) * 6)
    for place in range(0, len(data)):
        harmed = bytearray(data)
        harmed[place] ^= 1 << place % 8
        with pytest.raises(DamagedBackupError):
            opened(bytes(harmed))


def exchanged(data: bytes) -> bytes:
    body = data[HEADER:]
    return data[:HEADER] + body[CHUNK : 2 * CHUNK] + body[:CHUNK] + body[2 * CHUNK :]


HARM: dict[str, Callable[[bytes], bytes]] = {
    "lengthened": lambda data: data + b"\0",
    "a chunk twice": lambda data: data[: HEADER + CHUNK] + data[HEADER:],
    "two chunks exchanged": exchanged,
    "a chunk left out": lambda data: data[:HEADER] + data[HEADER + CHUNK :],
    "last chunk left out": lambda data: data[: HEADER + 2 * CHUNK],
    "the body of another": lambda data: data[:HEADER] + sealed(b"y" * 2500)[HEADER:],
    "something else": lambda data: b"%PDF-1.7\n" + data,
}


@pytest.mark.parametrize("how", HARM)
def test_what_was_rearranged_is_noticed(how: str) -> None:
    with pytest.raises(DamagedBackupError):
        opened(HARM[how](sealed(b"x" * 2500)))


def test_a_wrong_passphrase_is_told_from_damage() -> None:
    with pytest.raises(WrongPassphraseError):
        opened(sealed(b"x" * 2500), b"another passphrase")


@pytest.mark.parametrize("cost", [Cost(passes=1, kib=1 << 30), Cost(passes=1 << 20), Cost(chunk_bits=40, kib=64)])
def test_a_hostile_head_gets_neither_hours_nor_gigabytes(cost: Cost) -> None:
    head = bytearray(sealed(b"x")[:HEADER])
    head[17], head[18] = cost.chunk_bits, cost.lanes
    head[20:28] = cost.passes.to_bytes(4, "big") + cost.kib.to_bytes(4, "big")
    head[-32:] = hashlib.sha256(head[:-32]).digest()
    with pytest.raises(DamagedBackupError, match="what no backup needs"):
        opened(bytes(head))


def test_two_files_of_one_passphrase_share_no_byte_of_body() -> None:
    first, second = sealed(b"x" * 1024), sealed(b"x" * 1024)
    assert first[HEADER:] != second[HEADER:]
    assert b"x" * 16 not in first
