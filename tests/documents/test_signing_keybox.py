"""An officer's key opens with the passphrase and the server secret together, and with nothing less."""

from __future__ import annotations

import json
import re

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from core.numbers import to_bangla_digits
from documents.keybox import PASSPHRASE_BITS, WrongPassphraseError, lock_key, new_passphrase, open_key

SECRET = b"s" * 32


@pytest.fixture(scope="module")
def private() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def test_a_passphrase_holds_at_least_fifty_bits_and_is_easy_to_copy() -> None:
    made = {new_passphrase() for _ in range(200)}
    assert len(made) == 200
    assert PASSPHRASE_BITS >= 50
    assert all(re.fullmatch(r"[0-9a-hjkmnp-tv-z]{4}(-[0-9a-hjkmnp-tv-z]{4}){2}", phrase) for phrase in made)


def test_the_box_opens_however_the_passphrase_is_typed(private: ec.EllipticCurvePrivateKey) -> None:
    box = json.loads(json.dumps(lock_key(private, "k7mf-01xw-9dja", secret=SECRET, bound_to="a")))
    for typed in ("k7mf-01xw-9dja", " K7MF 01XW 9DJA ", "k7mfo1xw9dja", to_bangla_digits("k7mf-0lxw-9dja")):
        opened = open_key(box, typed, secret=SECRET, bound_to="a")
        assert opened.private_numbers() == private.private_numbers()


def test_a_copy_of_the_database_cannot_open_it_even_with_the_passphrase(private: ec.EllipticCurvePrivateKey) -> None:
    box = lock_key(private, "k7mf-01xw-9dja", secret=SECRET, bound_to="a")
    with pytest.raises(WrongPassphraseError):
        open_key(box, "k7mf-01xw-9dja", secret=b"t" * 32, bound_to="a")


def test_neither_a_wrong_passphrase_nor_another_row_opens_it(private: ec.EllipticCurvePrivateKey) -> None:
    box = lock_key(private, "k7mf-01xw-9dja", secret=SECRET, bound_to="a")
    with pytest.raises(WrongPassphraseError):
        open_key(box, "k7mf-01xw-9djb", secret=SECRET, bound_to="a")
    with pytest.raises(WrongPassphraseError):
        open_key(box, "k7mf-01xw-9dja", secret=SECRET, bound_to="b")
