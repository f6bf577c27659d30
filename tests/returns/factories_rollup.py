"""Returns made row by row, as they stand once entered, for tests that only read them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from core.evidence import digest_of
from core.periods import Period
from offices.models import Office, Officer
from returns.choices import ReturnState
from returns.models import Baseline, BaselineValue, Form, Return, ReturnVersion, Value

AT = datetime(2024, 7, 3, 4, 0, tzinfo=UTC)
JUNE = Period.month(2024, 6)
_seconds = count()


def line(code: str, kind: str, **more: Any) -> dict[str, Any]:
    """A line of a form whose labels are its code."""
    words = {"bn": f"{code} (বাংলা)", "en": code, "help_bn": "সহায়িকা।", "help_en": "Help."}
    return {"code": code, "kind": kind, **words, **more}


#: A form of a few lines of every kind of aggregation.
SMALL_FORM: dict[str, Any] = {
    "code": "MR",
    "number": 1,
    "valid_from": "2023-07",
    "due_day": 5,
    "breakdowns": {
        "tier": [
            {"code": "GP", "bn": "সাধারণ প্রাথমিক", "en": "General primary"},
            {"code": "BP", "bn": "পউবো প্রাথমিক", "en": "BRDB primary"},
        ],
        "scheme": [{"code": "ASHRAYAN", "bn": "আশ্রয়ণ", "en": "Ashrayan"}],
    },
    "sections": [
        {
            "code": "D",
            "letter": "ঘ",
            "bn": "নিরীক্ষা",
            "en": "Audit",
            "breakdown": "tier",
            "lines": [
                line("D01", "target"),
                line("D04", "flow", target="D01"),
                line("D05", "computed", formula="cum(D04)"),
                line("D06", "computed", formula="max(D01 - D05, 0)"),
            ],
        },
        {
            "code": "E",
            "letter": "ঙ",
            "bn": "রাজস্ব",
            "en": "Revenue",
            "unit": "taka",
            "lines": [
                line("E01", "opening", opening_of="E04"),
                line("E02", "flow"),
                line("E03", "flow"),
                line("E04", "computed", formula="E01 + E02 - E03"),
            ],
        },
        {
            "code": "J",
            "letter": "ঞ",
            "bn": "প্রকল্প",
            "en": "Schemes",
            "unit": "taka",
            "breakdown": "scheme",
            "lines": [
                line("J10", "stock"),
                line("J11", "stock"),
                line("J12", "computed", unit="percent", ratio=["J11", "J10"]),
            ],
        },
    ],
}


def make_form(catalogue: Mapping[str, Any] = SMALL_FORM) -> Form:
    """A published form."""
    return Form.objects.create(
        code=catalogue["code"],
        number=catalogue["number"],
        valid_from=Period.parse(catalogue["valid_from"]),
        catalogue=catalogue,
        digest=digest_of(catalogue),
        published_at=AT - timedelta(days=400),
    )


def make_return(
    office: Office,
    period: Period,
    amounts: Mapping[str, int | None],
    *,
    form: Form,
    state: ReturnState = ReturnState.VERIFIED,
    submitted_at: datetime | None = None,
) -> ReturnVersion:
    """An office's return with one version in a state, and its values as they are."""
    submitted = submitted_at or AT if state is not ReturnState.DRAFT else None
    ret = Return.objects.create(
        office=office, office_path=office.path, period=period, form=form, state=state, first_submitted_at=submitted
    )
    return add_version(ret, amounts, state=state)


def make_clerk(name: str) -> Officer:
    """Somebody who acts where nobody asks by what right."""
    officer, _made = Officer.objects.get_or_create(username=name, defaults={"name_bn": name, "name_en": name})
    return officer


def add_version(ret: Return, amounts: Mapping[str, int | None], *, state: ReturnState) -> ReturnVersion:
    """The next version of a return."""
    submitted = state is not ReturnState.DRAFT
    decided = state in (ReturnState.VERIFIED, ReturnState.RETURNED, ReturnState.SUPERSEDED)
    version = ReturnVersion.objects.create(
        ret=ret,
        number=ret.versions.count() + 1,
        state=state,
        opened_at=AT,
        submitted_at=AT if submitted else None,
        submitted_by=make_clerk("enterer") if submitted else None,
        decided_at=AT + timedelta(seconds=next(_seconds)) if decided else None,
        decided_by=make_clerk("judge") if decided else None,
        reason="ভুল" if state is ReturnState.RETURNED else "",
        superseded_at=AT if state is ReturnState.SUPERSEDED else None,
    )
    Value.objects.bulk_create(
        Value(version=version, cell=cell, amount=amount, entered_at=AT) for cell, amount in amounts.items()
    )
    Return.objects.filter(pk=ret.pk).update(state=state)
    return version


def make_baseline(
    office: Office,
    period: Period,
    *,
    form: Form,
    by: Officer,
    closing: Mapping[str, int] | None = None,
    cumulative: Mapping[str, int] | None = None,
) -> Baseline:
    """What an office brings from before the portal, verified."""
    baseline = Baseline.objects.create(
        office=office, period=period, form=form, entered_by=by, entered_at=AT, verified_by=by, verified_at=AT
    )
    closing, cumulative = closing or {}, cumulative or {}
    BaselineValue.objects.bulk_create(
        BaselineValue(baseline=baseline, cell=cell, closing=closing.get(cell), cumulative=cumulative.get(cell, 0))
        for cell in {*closing, *cumulative}
    )
    return baseline
