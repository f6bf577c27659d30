"""Every write to frameworks and agreements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from contracts.checks import Warned, check_marks, check_structure, warnings_of
from contracts.choices import ALLOWED, AgreementState
from contracts.drafts import AgreementDraft, LineDraft, OutcomeDraft, Trend, parse_file, read_agreement
from contracts.framework import FrameworkData, framework_file, read_framework
from contracts.models import Achievement, Agreement, AgreementLine, Framework, OutcomeRow
from contracts.papers import KIND
from contracts.values import BadValueError, ValueType, read_value, store_value
from core.activity import record_activity
from core.errors import UserError
from core.evidence import digest_of
from core.periods import FiscalYear
from core.text import clean_text
from documents.services import request_document
from offices.models import Office, Officer, Posting
from offices.rights import require_right

MAX_REASON = 1000


@transaction.atomic
def load_framework(*, content: bytes, by: Officer, at: datetime, is_demo: bool = False) -> Framework:
    """Write a framework from its TOML file. The same content changes nothing; a frozen one cannot change."""
    parsed = parse_file(content)
    data = checked_framework(parsed)
    digest = digest_of(parsed)
    row = Framework.objects.select_for_update().filter(code=data.code).first()
    if row is not None and row.digest == digest:
        return row
    if row is not None and row.frozen_at is not None:
        raise UserError(
            _("The framework %(code)s was frozen when its first agreement was signed. Give the new one another code.")
            % {"code": data.code}
        )
    if row is not None and row.agreements.filter(state=AgreementState.AGREED).exists():
        raise UserError(
            _("An agreement under the framework %(code)s waits for its signatures. Give the new one another code.")
            % {"code": data.code}
        )
    row, _made = Framework.objects.update_or_create(
        code=data.code,
        defaults={
            "fiscal_year": FiscalYear.parse(data.fiscal_year),
            "content": parsed,
            "digest": digest,
            "is_demo": is_demo,
            "loaded_at": at,
        },
    )
    record_activity("contracts.load_framework", row, by=by, at=at, after={"digest": digest})
    return Framework.objects.get(pk=row.pk)


def checked_framework(content: dict[str, Any]) -> FrameworkData:
    """Read a framework and check its marks; raise `UserError` at the first fault."""
    try:
        data = read_framework(content)
        catalogue = list(data.catalogue)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise UserError(_("The framework lacks something or says it wrongly: %(error)s.") % {"error": error}) from error
    check_structure(data.areas, data.activities, data)
    if data.total != 100_000:
        raise UserError(_("The blocks of the framework must add up to 100 marks."))
    if catalogue:
        parties = {"post_bn": "-", "post_en": "-", "office_bn": "-", "office_en": "-"}
        example = {
            "fiscal_year": data.fiscal_year,
            "office": "-",
            "superior": "-",
            "parties": {"lower": parties, "superior": parties},
            "line": [{"code": entry["code"]} for entry in content["indicator"]],
        }
        draft = read_agreement(example, data)
        check_marks(draft.lines, data.areas, data.blocks)
    return data


def ensure_framework(*, code: str, by: Officer, at: datetime) -> Framework:
    """The framework of a code; one that the portal brings is loaded on first use. `UserError` if there is none."""
    code = clean_text(code)[:60]
    row = Framework.objects.filter(code=code).first()
    if row is not None:
        return row
    path = framework_file(code)
    if not code or not path.is_file():
        raise UserError(_("There is no framework “%(code)s”. Load it first.") % {"code": code})
    return load_framework(content=path.read_bytes(), by=by, at=at)


@dataclass(frozen=True)
class Imported:
    """What an import did: the agreement, whether anything changed, and what deserves a second look."""

    agreement: Agreement
    is_changed: bool
    warnings: list[Warned]


@transaction.atomic
def import_agreement(*, content: bytes, by: Officer, at: datetime, is_demo: bool = False) -> Imported:
    """Write a draft agreement from its TOML file, whole or not at all; `UserError` names the first fault.

    Importing again replaces the draft; the same file changes nothing; what was proposed is not replaced.
    """
    parsed = parse_file(content)
    framework = ensure_framework(code=str(parsed.get("framework", "")), by=by, at=at)
    draft = read_agreement(parsed, framework.data)
    if draft.year != framework.fiscal_year:
        raise UserError(
            _("The framework %(code)s is for %(year)s, not for %(other)s.")
            % {"code": framework.code, "year": framework.fiscal_year.label(), "other": draft.year.label()}
        )
    office, superior = _party_offices(draft)
    posting = require_right(by, "contracts.prepare_agreement", office)
    old = Agreement.objects.select_for_update().filter(office=office, fiscal_year=draft.year).first()
    warnings = warnings_of(draft.lines)
    if old is not None and old.digest == draft.digest:
        return Imported(old, False, warnings)
    agreement = _write_draft(old, draft, framework, office, superior, at, is_demo)
    record_activity(
        "contracts.import_agreement",
        agreement,
        by=by,
        at=at,
        office_path=office.path,
        post=posting.post,
        before={"digest": old.digest} if old else {},
        after={"digest": draft.digest, "lines": len(draft.lines)},
    )
    return Imported(agreement, True, warnings)


def _party_offices(draft: AgreementDraft) -> tuple[Office, Office]:
    office = Office.objects.select_related("parent").filter(code=draft.office).first()
    if office is None:
        raise UserError(_("There is no office with the code “%(code)s”.") % {"code": draft.office[:60]})
    superior = Office.objects.filter(code=draft.superior).first()
    if superior is None:
        raise UserError(_("There is no office with the code “%(code)s”.") % {"code": draft.superior[:60]})
    if office.parent_id != superior.pk:
        raise UserError(
            _("%(superior)s is not the superior office of %(office)s: an agreement joins an office and its superior.")
            % {"superior": superior, "office": office}
        )
    return office, superior


def _write_draft(
    old: Agreement | None,
    draft: AgreementDraft,
    framework: Framework,
    office: Office,
    superior: Office,
    at: datetime,
    is_demo: bool,
) -> Agreement:
    if old is not None and old.state != AgreementState.DRAFT:
        raise UserError(
            _("The agreement of %(office)s for %(year)s is %(state)s already; only a draft can be replaced.")
            % {"office": office, "year": draft.year.label(), "state": old.get_state_display()}
        )
    fields: dict[str, Any] = {
        "superior": superior,
        "framework": framework,
        "parties": draft.parties,
        "structure": draft.structure,
        "texts": draft.texts,
        "digest": draft.digest,
        "is_demo": is_demo,
        "changed_at": at,
    }
    if old is None:
        agreement = Agreement.objects.create(office=office, fiscal_year=draft.year, created_at=at, **fields)
    else:
        agreement = old
        for name, value in fields.items():
            setattr(agreement, name, value)
        agreement.save(update_fields=list(fields))
        agreement.lines.all().delete()
        agreement.outcomes.all().delete()
    AgreementLine.objects.bulk_create(_line_row(agreement, n, line) for n, line in enumerate(draft.lines, 1))
    OutcomeRow.objects.bulk_create(_outcome_row(agreement, n, row) for n, row in enumerate(draft.outcomes, 1))
    return Agreement.objects.get(pk=agreement.pk)


def _line_row(agreement: Agreement, position: int, line: LineDraft) -> AgreementLine:
    kind = line.value_type
    targets = {f"target_{n}": store_value(value, kind) for n, value in enumerate(line.targets, 1)}
    return AgreementLine(
        agreement=agreement,
        position=position,
        code=line.code,
        area=line.area,
        activity=line.activity,
        name_bn=line.bn,
        name_en=line.en,
        unit_bn=line.unit_bn,
        unit_en=line.unit_en,
        method=line.method,
        value_type=kind,
        scoring=line.scoring,
        direction=line.direction or "",
        roll_up=line.roll_up,
        marks=line.marks,
        sources=line.sources,
        note_bn=line.note_bn,
        note_en=line.note_en,
        evidence=line.evidence,
        actual_1_is_provisional=line.actual_1_is_provisional,
        feed_data=line.feed.to_json() if line.feed else None,
        **targets,
        **_trend(line.trend, kind),
    )


def _outcome_row(agreement: Agreement, position: int, row: OutcomeDraft) -> OutcomeRow:
    names = dict(row.texts)
    return OutcomeRow(
        agreement=agreement,
        position=position,
        name_bn=names.pop("bn"),
        name_en=names.pop("en"),
        value_type=row.value_type,
        target=store_value(row.target, row.value_type),
        **names,
        **_trend(row.trend, row.value_type),
    )


def _trend(trend: Trend, kind: ValueType) -> dict[str, str | None]:
    return {name: store_value(value, kind) for name, value in vars(trend).items()}


def locked(agreement: Agreement) -> Agreement:
    """The row as it stands now, held for this transaction."""
    return Agreement.objects.select_for_update(of=("self",)).with_names().get(pk=agreement.pk)


def check_superior(agreement: Agreement, posting: Posting) -> None:
    """Raise `UserError` unless the posting is of the superior office that the agreement names: offices may move."""
    if posting.office_id != agreement.superior_id:
        raise UserError(
            _("The agreement is with %(superior)s, which is no longer the superior office of %(office)s.")
            % {"superior": agreement.superior, "office": agreement.office}
        )


def _move(agreement: Agreement, to: AgreementState) -> None:
    if to not in ALLOWED[AgreementState(agreement.state)]:
        raise UserError(
            _("The agreement is %(state)s; this step is no longer open. Load the page again.")
            % {"state": agreement.get_state_display()}
        )
    agreement.state = to


@transaction.atomic
def propose_agreement(*, agreement: Agreement, by: Officer, at: datetime) -> Agreement:
    """Put a draft before the superior office."""
    row = locked(agreement)
    posting = require_right(by, "contracts.prepare_agreement", row)
    _move(row, AgreementState.PROPOSED)
    row.proposed_at = at
    row.save(update_fields=["state", "proposed_at"])
    _record("contracts.propose_agreement", row, by, at, posting.post)
    return row


@transaction.atomic
def agree_agreement(*, agreement: Agreement, by: Officer, at: datetime) -> Agreement:
    """The superior office agrees to what was proposed; its text is final from here on, and its paper is made."""
    row = locked(agreement)
    posting = require_right(by, "contracts.agree_agreement", row)
    check_superior(row, posting)
    _move(row, AgreementState.AGREED)
    row.agreed_at = at
    row.document = request_document(kind=KIND, arguments={"agreement": row.pk}, by=by, at=at)
    row.save(update_fields=["state", "agreed_at", "document"])
    _record("contracts.agree_agreement", row, by, at, posting.post)
    return row


@transaction.atomic
def send_back_agreement(*, agreement: Agreement, reason: str, by: Officer, at: datetime) -> Agreement:
    """The superior office sends a proposal back to draft and says why."""
    row = locked(agreement)
    posting = require_right(by, "contracts.agree_agreement", row)
    why = checked_reason(reason)
    _move(row, AgreementState.DRAFT)
    row.save(update_fields=["state"])
    _record("contracts.send_back_agreement", row, by, at, posting.post, reason=why)
    return row


@transaction.atomic
def write_achievement(*, line: AgreementLine, value: str, reason: str, by: Officer, at: datetime) -> Achievement:
    """Write what a line that no register feeds has achieved, in its own unit, with the reason (source, evidence)."""
    agreement = locked(line.agreement)
    posting = require_right(by, "contracts.record_achievement", agreement)
    if agreement.state == AgreementState.EVALUATED:
        raise UserError(_("The agreement has been evaluated; its achievements can no longer change."))
    if line.feed is not None:
        raise UserError(
            _("Line %(code)s is drawn from the monthly return. Correct the return instead.") % {"code": line.code},
            cell=line.code,
        )
    exact = _achieved(line, value)
    why = checked_reason(reason, line.code)
    old = Achievement.objects.select_for_update().filter(line=line).first()
    row, _made = Achievement.objects.update_or_create(
        line=line, defaults={"value": exact, "reason": why, "written_by": by, "written_at": at}
    )
    record_activity(
        "contracts.write_achievement",
        row,
        by=by,
        at=at,
        office_path=agreement.office.path,
        post=posting.post,
        before={"value": old.value, "reason": old.reason} if old else {},
        after={"line": line.code, "value": exact, "reason": why},
    )
    return row


def _achieved(line: AgreementLine, value: str) -> str:
    try:
        exact = store_value(read_value(value, line.kind), line.kind)
    except BadValueError as error:
        raise UserError(
            _("“%(value)s” is no %(kind)s. Write, for example, %(example)s.")
            % {"value": value[:40], "kind": line.kind.label, "example": _EXAMPLES[line.kind]},
            cell=line.code,
        ) from error
    if exact is None:
        raise UserError(_("Write what was achieved."), cell=line.code)
    return exact


_EXAMPLES = {ValueType.COUNT: "১২", ValueType.NUMBER: "৫৪.৫", ValueType.PERCENT: "৯২.৫", ValueType.DATE: "৩১-০৭-২০২৩"}


def checked_reason(reason: str, cell: str = "") -> str:
    """A reason, clean and of bearable length; `UserError` without one."""
    why = clean_text(reason)
    if not why:
        raise UserError(_("Write the reason in a sentence."), cell=cell)
    if len(why) > MAX_REASON:
        raise UserError(_("The reason is longer than 1,000 characters. Shorten it."), cell=cell)
    return why


def _record(verb: str, row: Agreement, by: Officer, at: datetime, post: str, **after: Any) -> None:
    record_activity(
        verb, row, by=by, at=at, office_path=row.office.path, post=post, after={"state": row.state, **after}
    )
