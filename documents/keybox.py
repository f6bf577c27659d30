"""An officer's private key under a passphrase: Argon2id, the server secret, AES-256-GCM. Pure: no rows, no settings.

The passphrase is made by the portal (60 bits). A copy of the database holds the box and not the server secret; a copy
of the secret holds no passphrase. Whoever controls the running server while an officer signs has both: that is
outside what this protects.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from base64 import b64decode, b64encode
from typing import Any

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.numbers import to_ascii_digits
from documents.codes import ALPHABET, MISREAD, group_code

PASSPHRASE_LETTERS = 12
PASSPHRASE_BITS = 5 * PASSPHRASE_LETTERS
_NOT_IN_CODE = re.compile(r"[^0-9A-Z]")
# About 0.1 s and 64 MiB a try (RFC 9106's second choice is t=3, m=64 MiB, p=4).
ARGON2 = {"time": 3, "memory": 65536, "lanes": 1}


class WrongPassphraseError(Exception):
    """This passphrase (or this server) does not open this box."""


def new_passphrase() -> str:
    """Twelve letters and digits in fours, 60 bits from the system's random source; shown once, kept by the officer."""
    return group_code("".join(secrets.choice(ALPHABET) for _ in range(PASSPHRASE_LETTERS)).lower())


def lock_key(key: ec.EllipticCurvePrivateKey, passphrase: str, *, secret: bytes, bound_to: str) -> dict[str, Any]:
    """Close a private key into a box (JSON-ready). ``bound_to`` names its row: a box moved to another does not open."""
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    plain = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    wrapping = _wrapping_key(passphrase, salt, secret, ARGON2)
    closed = AESGCM(wrapping).encrypt(nonce, plain, bound_to.encode())
    return {"argon2id": ARGON2, "salt": _text(salt), "nonce": _text(nonce), "aes256gcm": _text(closed)}


def open_key(box: dict[str, Any], passphrase: str, *, secret: bytes, bound_to: str) -> ec.EllipticCurvePrivateKey:
    """The private key of a box. Raise `WrongPassphraseError`."""
    wrapping = _wrapping_key(passphrase, b64decode(box["salt"]), secret, box["argon2id"])
    try:
        plain = AESGCM(wrapping).decrypt(b64decode(box["nonce"]), b64decode(box["aes256gcm"]), bound_to.encode())
    except InvalidTag as error:
        raise WrongPassphraseError from error
    key = serialization.load_der_private_key(plain, None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise WrongPassphraseError
    return key


def _wrapping_key(passphrase: str, salt: bytes, secret: bytes, cost: dict[str, int]) -> bytes:
    # The server secret goes in before Argon2id: without it every guess costs the full work and still fails.
    peppered = hmac.new(secret, _typed(passphrase).encode(), hashlib.sha256).digest()
    return hash_secret_raw(peppered, salt, cost["time"], cost["memory"], cost["lanes"], 32, Type.ID)


def _typed(passphrase: str) -> str:
    """As it was meant: any case, blanks or dashes, Bangla digits, I and L for 1, O for 0."""
    return _NOT_IN_CODE.sub("", to_ascii_digits(passphrase).upper()).translate(MISREAD)


def _text(raw: bytes) -> str:
    return b64encode(raw).decode()
