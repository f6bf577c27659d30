"""The portal's authority: made once, kept apart, honest about what it is."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID
from pytest_django import Settings

from documents import authority
from documents.authority import AuthorityMissingError, read_holder
from tests.documents.factories_documents_signing import AT, make_hand, make_holder, make_signer

LONG_NAME = "আবুল কালাম মোহাম্মদ শাহরিয়ার হোসেন চৌধুরী তালুকদার"


@pytest.fixture
def home(tmp_path: Path, settings: Settings) -> Iterator[Path]:
    settings.PORTAL_HOME = tmp_path / "home"
    settings.PORTAL_SECRETS_DIR = tmp_path / "secrets"
    yield tmp_path
    authority._kept.cache_clear()


def test_root_and_seal_are_made_once_and_only_the_certificate_leaves_the_secrets(home: Path) -> None:
    first, seal = authority.root(), authority.seal()
    authority._kept.cache_clear()
    assert authority.root().certificate == first.certificate
    assert authority.seal().certificate == seal.certificate
    seal.certificate.verify_directly_issued_by(first.certificate)
    assert authority.ca_path().read_bytes() == authority.ca_pem(first)
    assert [path.name for path in (home / "home").iterdir()] == ["ca.pem"]
    for path in (home / "secrets").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert b"BEGIN PRIVATE KEY" not in path.read_bytes()


def test_lost_secrets_stop_the_portal_instead_of_making_a_second_authority(home: Path) -> None:
    authority.root()
    authority._kept.cache_clear()
    (home / "secrets" / "root.pem").unlink()
    with pytest.raises(AuthorityMissingError):
        authority.root()
    (home / "secrets" / "pepper").unlink()
    with pytest.raises(AuthorityMissingError):
        authority.pepper()


def test_every_certificate_says_that_the_authority_is_for_demo_and_pilot() -> None:
    hand = make_hand()
    for certificate in (hand.root.certificate, hand.seal.certificate, hand.lower.certificate):
        issuer = certificate.issuer.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
        assert "demo and pilot" in str(issuer)


def test_an_officers_certificate_signs_papers_only_and_for_a_limited_time() -> None:
    certificate = make_hand().lower.certificate
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.digital_signature and usage.content_commitment and not usage.key_cert_sign
    assert not certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert certificate.not_valid_after_utc - certificate.not_valid_before_utc < timedelta(days=800)
    assert certificate.not_valid_before_utc <= AT


def test_bangla_names_beyond_the_limit_of_common_names_stand_whole_beside_them() -> None:
    assert len(LONG_NAME) > 21
    holder = make_holder(LONG_NAME, "Abul Kalam Mohammad Shahriar Hossain Chowdhury Talukder of Lalmonirhat Sadar")
    certificate = make_signer(make_hand().root, holder).certificate
    common = str(certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)
    assert len(common.encode()) <= 64
    assert read_holder(certificate).name_bn == LONG_NAME
    assert read_holder(certificate).office_bn == holder.office_bn
