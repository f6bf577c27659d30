"""The portal's own certificate authority: for demonstration and pilot, licensed by nobody, and it says so.

A root (P-256) is made once and signs two kinds of certificate: the portal's seal and the officers'. Private keys of
root and seal lie in ``settings.PORTAL_SECRETS_DIR``, encrypted under a key drawn from the server secret beside them:
that keeps a stray copy of one file useless, not a copy of the whole directory. Only the root's certificate leaves it.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID, ObjectIdentifier
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.errors import UserError

ROOT_NAME = "Cooperative returns portal: own demo and pilot authority"
SEAL_NAME = "Cooperative returns portal: seal (own demo and pilot authority)"
SEAL_NAME_BN = "পোর্টালের সিল (নিজস্ব প্রদর্শনী ও পাইলট কর্তৃপক্ষ)"
ORGANISATION = "Department of Cooperatives (demo and pilot)"
# History is signed at its own instants, so root and seal reach back before the first of them.
VALID_FROM = datetime(2020, 1, 1, tzinfo=UTC)
VALID_UNTIL = datetime(2045, 1, 1, tzinfo=UTC)
NAME = ObjectIdentifier("2.5.4.41")  # X.520 "name": the person's name in Bangla; a common name takes 21 letters of it
COMMON_NAME_BYTES = 64
ATTRIBUTE_CHARACTERS = 64


class AuthorityMissingError(UserError):
    """The certificate is here and a secret (``name``) is not: the secrets were not restored. Nothing new is made."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("The portal's own keys are not in their place, so that nobody can sign now. Tell the administrator.")
        )
        self.name = name


@dataclass(frozen=True)
class Authority:
    """A certificate and the private key to it."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


@dataclass(frozen=True)
class Holder:
    """Who an officer's certificate speaks of: the person, and the posting in which the key may sign."""

    name_bn: str
    name_en: str
    post_bn: str
    post_en: str
    office_bn: str
    office_en: str
    reference: str


def _secrets_dir() -> Path:
    directory = Path(settings.PORTAL_SECRETS_DIR)
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    return directory


def ca_path() -> Path:
    """Where the root's certificate lies for whoever verifies without the portal."""
    return Path(settings.PORTAL_HOME) / "ca.pem"


def _keep_once(path: Path, content: bytes) -> bytes:
    """Write a file that nobody has written yet, whole or not at all; of two writers the first wins."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(6)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_bytes()


def pepper() -> bytes:
    """The server secret (32 bytes) that every officer's key hangs on; made once, never in database or backups."""
    path = _secrets_dir() / "pepper"
    if not path.exists() and ca_path().exists():
        raise AuthorityMissingError(path.name)
    return bytes.fromhex((path.read_bytes() if path.exists() else _keep_once(path, _fresh_pepper())).decode())


def _fresh_pepper() -> bytes:
    return secrets.token_hex(32).encode()


def drawn_secret(purpose: str) -> bytes:
    """32 bytes for one purpose, drawn from the server secret."""
    return hmac.new(pepper(), purpose.encode(), hashlib.sha256).digest()


def root() -> Authority:
    """The root, made when first asked for; its certificate is exported to `ca_path`."""
    authority = _kept("root", str(_secrets_dir()))
    if not ca_path().exists():
        ca_path().parent.mkdir(parents=True, exist_ok=True)
        _keep_once(ca_path(), ca_pem(authority))
        ca_path().chmod(0o644)
    return authority


def trusted_pem() -> bytes:
    """The root's certificate as it was exported; needs none of the secrets once it was."""
    return ca_path().read_bytes() if ca_path().exists() else ca_pem(root())


def seal() -> Authority:
    """The portal's seal, under the root: it certifies that a paper is the portal's own."""
    root()
    return _kept("seal", str(_secrets_dir()))


def ca_pem(authority: Authority) -> bytes:
    return authority.certificate.public_bytes(serialization.Encoding.PEM)


@lru_cache(maxsize=8)
def _kept(kind: str, directory: str) -> Authority:
    path = Path(directory) / f"{kind}.pem"
    password = drawn_secret(f"authority {kind}").hex().encode()
    if path.exists():
        return _read(path.read_bytes(), password)
    if kind == "root" and ca_path().exists():
        raise AuthorityMissingError(path.name)
    made = make_root() if kind == "root" else make_seal(root())
    return _read(_keep_once(path, _written(made, password)), password)


def _written(authority: Authority, password: bytes) -> bytes:
    private = authority.key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(password),
    )
    return private + ca_pem(authority)


def _read(content: bytes, password: bytes) -> Authority:
    key = serialization.load_pem_private_key(content, password)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError("The authority's keys are elliptic-curve keys.")
    return Authority(x509.load_pem_x509_certificate(content), key)


def make_root() -> Authority:
    """A new self-signed root. It signs certificates only, at most one step deep."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name([(NameOID.COMMON_NAME, ROOT_NAME)])
    builder = _builder(name, name, key.public_key(), VALID_FROM, VALID_UNTIL, authority=True)
    builder = builder.add_extension(_key_usage(certificates=True), critical=True)
    return Authority(builder.sign(key, hashes.SHA256()), key)


def make_seal(root: Authority) -> Authority:
    """A new seal key with its certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name([(NameOID.COMMON_NAME, SEAL_NAME), (NAME, SEAL_NAME_BN)])
    return Authority(_issue(root, name, key.public_key(), VALID_FROM, VALID_UNTIL), key)


def issue_certificate(
    root: Authority, holder: Holder, public_key: ec.EllipticCurvePublicKey, *, starts_at: datetime, ends_at: datetime
) -> x509.Certificate:
    """An officer's certificate for one posting: English for every reader, Bangla beside it."""
    pairs = [
        (NameOID.COMMON_NAME, _cut_bytes(holder.name_en, COMMON_NAME_BYTES)),
        (NAME, holder.name_bn),
        (NameOID.TITLE, holder.post_en),
        (NameOID.TITLE, holder.post_bn),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, holder.office_en),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, holder.office_bn),
        (NameOID.SERIAL_NUMBER, holder.reference),
    ]
    return _issue(root, _name(pairs), public_key, starts_at, ends_at)


def read_holder(certificate: x509.Certificate) -> Holder:
    """What the authority says of the holder of a certificate; absent parts are blank."""

    def said(oid: ObjectIdentifier) -> list[str]:
        return [str(attribute.value) for attribute in certificate.subject.get_attributes_for_oid(oid)] or [""]

    posts, offices = said(NameOID.TITLE), said(NameOID.ORGANIZATIONAL_UNIT_NAME)
    name = said(NameOID.COMMON_NAME)[0]
    return Holder(
        name_bn=said(NAME)[0] or name,
        name_en=name,
        post_bn=posts[-1],
        post_en=posts[0],
        office_bn=offices[-1],
        office_en=offices[0],
        reference=said(NameOID.SERIAL_NUMBER)[0],
    )


def is_seal(certificate: x509.Certificate) -> bool:
    """Whether this is a certificate of the portal's seal (its trust is another question)."""
    return read_holder(certificate).name_en == SEAL_NAME


def _cut_bytes(text: str, limit: int) -> str:
    return text.encode()[:limit].decode(errors="ignore")


def _name(pairs: list[tuple[ObjectIdentifier, str]]) -> x509.Name:
    fixed = [(NameOID.COUNTRY_NAME, "BD"), (NameOID.ORGANIZATION_NAME, ORGANISATION)]
    return x509.Name(
        x509.NameAttribute(oid, text if oid == NAME else text[:ATTRIBUTE_CHARACTERS])
        for oid, text in [*fixed, *pairs]
        if text
    )


def _issue(
    root: Authority, name: x509.Name, public_key: ec.EllipticCurvePublicKey, starts_at: datetime, ends_at: datetime
) -> x509.Certificate:
    builder = _builder(name, root.certificate.subject, public_key, starts_at, ends_at, authority=False)
    builder = builder.add_extension(_key_usage(certificates=False), critical=True).add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(root.key.public_key()), critical=False
    )
    return builder.sign(root.key, hashes.SHA256())


def _builder(
    name: x509.Name,
    issuer: x509.Name,
    public_key: ec.EllipticCurvePublicKey,
    starts_at: datetime,
    ends_at: datetime,
    *,
    authority: bool,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        # Whole seconds, and a minute's grace for a clock that lags.
        .not_valid_before((starts_at - timedelta(minutes=1)).astimezone(UTC).replace(microsecond=0))
        .not_valid_after(ends_at.astimezone(UTC).replace(microsecond=0))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=0 if authority else None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
    )


def _key_usage(*, certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not certificates,
        content_commitment=not certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certificates,
        crl_sign=certificates,
        encipher_only=False,
        decipher_only=False,
    )
