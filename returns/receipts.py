"""The receipt of a submission: which figures an office handed in, by their hash; the same for ever."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.evidence import digest_of
from offices.models import Officer
from returns.models import Return, ReturnVersion


@dataclass(frozen=True)
class Receipt:
    """What was submitted, when and by whom. ``figures`` counts the cells that ``data_hash`` (SHA-256) covers."""

    ret: Return
    number: int
    submitted_at: datetime
    submitted_by: Officer
    data_hash: str
    figures: int
    is_nil: bool

    @property
    def subject(self) -> str:
        """The paper's subject: a later submission of the month supersedes it."""
        return f"{self.ret.office.code}:{self.ret.period}"


def receipt_of(ret: Return, number: int | None = None) -> Receipt | None:
    """The receipt of a version (default: the last one submitted); None if it was not submitted."""
    versions = ret.versions.filter(submitted_at__isnull=False).select_related("submitted_by").order_by("-number")
    version = (versions.filter(number=number) if number else versions).first()
    if version is None or version.submitted_at is None or version.submitted_by is None:
        return None
    figures = version.values.order_by("cell").values_list("cell", "amount")
    return Receipt(
        ret=ret,
        number=version.number,
        submitted_at=version.submitted_at,
        submitted_by=version.submitted_by,
        data_hash=_hash_of(ret, version, [list(row) for row in figures]),
        figures=len(figures),
        is_nil=version.is_nil,
    )


def _hash_of(ret: Return, version: ReturnVersion, figures: list[list[object]]) -> str:
    form = f"{ret.form.code}/{ret.form.number}"
    return digest_of([ret.office.code, ret.period.key, form, version.number, figures])
