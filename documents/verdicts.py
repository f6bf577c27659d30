"""What a verification says: the verdict, one sentence of reason, who signed, and what is known of the paper."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, StrEnum
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from core.language import in_reader_language
from documents.codes import group_code

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    from documents.authority import Holder


class Outcome(StrEnum):
    """Valid and invalid are certain; unknown is what this authority cannot judge, or what is not finished."""

    VALID = "valid"
    INVALID = "invalid"
    UNKNOWN = "unknown"


class Trust(StrEnum):
    """Whose word a signature rests on."""

    OWN_AUTHORITY = "portal's own authority (demo and pilot)"
    NONE = "none"


class Reason(Enum):
    """Every sentence a verification can end in, with its outcome."""

    SOUND = (
        Outcome.VALID,
        _("The file is as it was signed, and every signature is of the portal's own authority (demo and pilot)."),
    )
    NOTHING = (Outcome.UNKNOWN, _("The file is empty."))
    TOO_LARGE = (Outcome.UNKNOWN, _("The file is too large to be a document of the portal."))
    NOT_PDF = (Outcome.UNKNOWN, _("This is not a PDF file."))
    ENCRYPTED = (Outcome.UNKNOWN, _("The file is locked with a password; documents of the portal never are."))
    BROKEN = (Outcome.UNKNOWN, _("The file is damaged: it ends too early and carries no signature."))
    UNSIGNED = (Outcome.UNKNOWN, _("The file carries no electronic signature."))
    FOREIGN = (
        Outcome.UNKNOWN,
        _("The signature is not of the portal's authority; whether it can be trusted cannot be told here."),
    )
    UNFINISHED = (
        Outcome.UNKNOWN,
        _("What has been signed is unaltered, but a signature is still missing; do not take it for the signed paper."),
    )
    IMITATED = (
        Outcome.INVALID,
        _("The signature bears the name of the portal's authority but was not given by it: an imitation."),
    )
    MIXED = (Outcome.INVALID, _("Beside the portal's signatures the file carries one that is not of its authority."))
    CUT = (Outcome.INVALID, _("The file has been cut short: it ends before its signatures do."))
    ALTERED = (Outcome.INVALID, _("The file was altered after it was signed."))
    APPENDED = (Outcome.INVALID, _("Something was added to the file after the last signature."))
    FORBIDDEN_CHANGE = (
        Outcome.INVALID,
        _("Between the signatures the file was changed in a way that its seal does not allow."),
    )
    NOT_SEALED = (Outcome.INVALID, _("The portal's seal is missing: the signatures stand on a paper not its own."))
    OUT_OF_DATE = (Outcome.INVALID, _("A certificate was not in force at the time of signing."))
    UNREADABLE = (Outcome.INVALID, _("The file is signed but damaged; its signatures cannot be checked."))
    REVOKED = (Outcome.INVALID, _("A key had been revoked before the time of signing."))

    def __init__(self, outcome: Outcome, sentence: StrPromise) -> None:
        self.outcome = outcome
        self.sentence = sentence


@dataclass(frozen=True)
class FoundSignature:
    """One signature: the holder as the certificate names them, the claimed instant, and whose word it rests on."""

    holder: Holder | None
    at: datetime | None
    trust: Trust
    is_seal: bool = False
    serial: int = 0

    @property
    def name(self) -> str:
        return in_reader_language(self.holder.name_bn, self.holder.name_en) if self.holder else ""

    @property
    def post(self) -> str:
        return in_reader_language(self.holder.post_bn, self.holder.post_en) if self.holder else ""

    @property
    def office(self) -> str:
        return in_reader_language(self.holder.office_bn, self.holder.office_en) if self.holder else ""

    @property
    def serial_text(self) -> str:
        """The certificate's serial number as programs show it."""
        return f"{self.serial:x}"

    def as_json(self) -> dict[str, str | None]:
        return {
            "name": self.name,
            "post": self.post,
            "office": self.office,
            "at": self.at.isoformat() if self.at else None,
            "trust": str(self.trust),
        }


@dataclass(frozen=True)
class FoundDocument:
    """What the file says of itself, and (only where the portal's records were asked) what they add.

    ``is_current`` and ``is_kept`` are None while no records were asked. ``is_kept``: these very bytes are in the store.
    """

    code: str | None = None
    title: str = ""
    superseded_by: str | None = None
    is_current: bool | None = None
    is_kept: bool | None = None

    @property
    def printed_code(self) -> str:
        """The code in fours, as it stands on the pages."""
        return group_code(self.code) if self.code else ""

    def as_json(self) -> dict[str, str | bool | None]:
        return {"code": self.code, "title": self.title, "superseded_by": self.superseded_by, "current": self.is_current}


@dataclass(frozen=True)
class Verdict:
    """The answer about one file. ``intact`` and ``trusted`` are None where they could not be told."""

    why: Reason
    intact: bool | None = None
    trusted: bool | None = None
    signatures: tuple[FoundSignature, ...] = ()
    document: FoundDocument = FoundDocument()
    sha256: str = ""

    @property
    def verdict(self) -> Outcome:
        return self.why.outcome

    @property
    def reason(self) -> StrPromise:
        return self.why.sentence

    @property
    def is_valid(self) -> bool:
        return self.verdict is Outcome.VALID

    @property
    def signers(self) -> tuple[FoundSignature, ...]:
        """The people; the portal's seal left out."""
        return tuple(signature for signature in self.signatures if not signature.is_seal)

    def because(self, why: Reason) -> Verdict:
        return replace(self, why=why)

    def as_json(self) -> dict[str, Any]:
        return {
            "verdict": str(self.verdict),
            "reason": str(self.reason),
            "intact": self.intact,
            "trusted": self.trusted,
            "signatures": [signature.as_json() for signature in self.signatures],
            "document": self.document.as_json(),
        }
