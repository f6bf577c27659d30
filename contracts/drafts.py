"""An agreement file read into a draft: nothing is written, and the first fault is told with its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NoReturn

from django.utils.translation import gettext as _

from contracts.checks import check_codes, check_line, check_marks, check_structure
from contracts.choices import Provenance, RollUp, Scoring, Side
from contracts.feeds import BadFeedError, Feed
from contracts.framework import Activity, Area, FrameworkData, read_activities, read_areas, read_toml, thousandths
from contracts.scoring import Direction
from contracts.values import BadValueError, ValueType, read_value
from core.errors import UserError
from core.evidence import digest_of
from core.periods import FiscalYear, PeriodError
from core.text import clean_text

MAX_BYTES = 1_000_000
MAX_LINES = 200
LEVELS = 5
PARTY_KEYS = ("post_bn", "post_en", "office_bn", "office_en")


@dataclass(frozen=True)
class Trend:
    """Two years back, last year, and the two projections; exact, None where unknown."""

    actual_2: Fraction | None = None
    actual_1: Fraction | None = None
    projection_1: Fraction | None = None
    projection_2: Fraction | None = None


@dataclass(frozen=True)
class LineDraft:
    """One indicator as the file and the framework's catalogue together say it."""

    code: str
    area: str
    activity: str
    bn: str
    en: str
    unit_bn: str
    unit_en: str
    method: str
    value_type: ValueType
    scoring: Scoring
    direction: Direction | None
    roll_up: RollUp
    marks: int
    targets: tuple[Fraction | None, ...]
    trend: Trend
    sources: dict[str, Any]
    feed: Feed | None
    evidence: str = ""
    note_bn: str = ""
    note_en: str = ""
    actual_1_is_provisional: bool = True


@dataclass(frozen=True)
class OutcomeDraft:
    """A row of section 2."""

    texts: dict[str, str]
    value_type: ValueType
    trend: Trend
    target: Fraction | None


@dataclass(frozen=True)
class AgreementDraft:
    """A whole file, checked."""

    office: str
    superior: str
    year: FiscalYear
    parties: dict[str, dict[str, str]]
    texts: dict[str, Any]
    areas: tuple[Area, ...]
    activities: tuple[Activity, ...]
    structure: dict[str, Any]
    lines: tuple[LineDraft, ...]
    outcomes: tuple[OutcomeDraft, ...]
    digest: str = field(default="")


def parse_file(content: bytes) -> dict[str, Any]:
    """TOML to data; raise `UserError` with the place for anything that is no TOML, and for a file beyond 1 MB."""
    if len(content) > MAX_BYTES:
        raise UserError(_("The file is larger than one megabyte. An agreement is a few kilobytes of text."))
    try:
        return read_toml(content)
    except UnicodeDecodeError as error:
        raise UserError(_("The file is not text in UTF-8. Save it as UTF-8 and try again.")) from error
    except (ValueError, RecursionError) as error:  # also numbers and nestings without end
        raise UserError(_("The file is not TOML: %(error)s.") % {"error": error}) from error


def read_agreement(content: dict[str, Any], framework: FrameworkData) -> AgreementDraft:
    """Read and check a parsed file against its framework; raise `UserError` at the first fault."""
    top = _Table(content, _("The file"))
    year = _year(top)
    areas = _entries(content, "area") or [_entry(a) for a in framework.areas]
    activities = _entries(content, "activity") or [_entry(a) for a in framework.activities]
    structure = {"areas": areas, "activities": activities}
    try:
        area_rows, activity_rows = read_areas(areas), read_activities(activities)
        check_structure(area_rows, activity_rows, framework)
    except (KeyError, ValueError, TypeError) as error:
        raise UserError(_("An area or activity of the file lacks something: %(error)s.") % {"error": error}) from error
    lines = _lines(content, framework, {a.code: a.area for a in activity_rows})
    check_codes(_("Line"), (line.code for line in lines))
    for line in lines:
        check_line(line, framework, year)
    check_marks(lines, area_rows, framework.blocks)
    return AgreementDraft(
        office=top.text("office"),
        superior=top.text("superior"),
        year=year,
        parties=_parties(content),
        texts=_texts(content, top),
        areas=area_rows,
        activities=activity_rows,
        structure=structure,
        lines=lines,
        outcomes=tuple(_outcome(entry, n) for n, entry in enumerate(_entries(content, "outcome"), 1)),
        digest=digest_of(content),
    )


def _texts(content: dict[str, Any], top: _Table) -> dict[str, Any]:
    """The prose: texts, or lists of texts."""
    texts = content.get("texts", {})
    parts = texts.values() if isinstance(texts, dict) else [None]
    if not all(isinstance(word, str) for part in parts for word in (part if isinstance(part, list) else [part])):
        top.fault(_("“%(key)s” must hold texts") % {"key": "texts"})
    return dict(texts)


class _Table:
    """A table of the file that says which of its entries is missing or wrong."""

    def __init__(self, content: Mapping[str, Any], place: str) -> None:
        self.content = content
        self.place = place

    def text(self, key: str, default: str | None = None) -> str:
        value = self.content.get(key, default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            self.fault(_("“%(key)s” is missing") % {"key": key})
        return clean_text(value)

    def number(self, key: str, kind: ValueType) -> Fraction | None:
        return self.exact(key, self.content.get(key), kind)

    def exact(self, key: str, raw: Any, kind: ValueType) -> Fraction | None:
        try:
            return read_value(raw, kind)
        except BadValueError as error:
            return self.fault(
                _("“%(key)s” says “%(value)s”, which is no %(kind)s")
                % {"key": key, "value": str(error)[:60], "kind": kind.label}
            )

    def trend(self, kind: ValueType) -> Trend:
        keys = ("actual_2", "actual_1", "projection_1", "projection_2")
        return Trend(**{key: self.number(key, kind) for key in keys})

    def fault(self, what: str) -> NoReturn:
        raise UserError(_("%(place)s: %(what)s.") % {"place": self.place, "what": what})


def _year(top: _Table) -> FiscalYear:
    try:
        return FiscalYear.parse(top.text("fiscal_year"))
    except PeriodError as error:
        return top.fault(_("“%(value)s” is no fiscal year; write 2023-24") % {"value": str(error)[:20]})


def _entries(content: dict[str, Any], key: str) -> list[dict[str, Any]]:
    entries = content.get(key, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise UserError(_("“%(key)s” must be written as [[%(key)s]] tables.") % {"key": key})
    if len(entries) > MAX_LINES:
        raise UserError(_("More than %(count)s [[%(key)s]] tables.") % {"count": MAX_LINES, "key": key})
    return entries


def _entry(row: Area | Activity) -> dict[str, Any]:
    if isinstance(row, Area):
        marks = row.marks // 1000 if row.marks % 1000 == 0 else str(Fraction(row.marks, 1000))
        return {"code": row.code, "bn": row.bn, "en": row.en, "block": row.block, "marks": marks}
    return {"code": row.code, "bn": row.bn, "en": row.en, "area": row.area}


def _parties(content: dict[str, Any]) -> dict[str, dict[str, str]]:
    parties = content.get("parties", {})
    found: dict[str, dict[str, str]] = {}
    for side in Side:
        party = parties.get(side.value) if isinstance(parties, dict) else None
        table = _Table(party if isinstance(party, dict) else {}, f"[parties.{side.value}]")
        found[side.value] = {key: table.text(key) for key in PARTY_KEYS}
    return found


def _lines(content: dict[str, Any], framework: FrameworkData, areas: dict[str, str]) -> tuple[LineDraft, ...]:
    lines = []
    for number, entry in enumerate(_entries(content, "line"), 1):
        code = str(entry.get("code") or _("number %(number)s") % {"number": number})
        merged = {**framework.catalogue.get(code, {}), **entry}
        lines.append(_line(_Table(merged, _("Line %(code)s") % {"code": code}), areas))
    if not lines:
        raise UserError(_("The file has no [[line]] tables."))
    return tuple(lines)


def _line(table: _Table, areas: dict[str, str]) -> LineDraft:
    kind = _word(table, "value_type", ValueType)
    activity = table.text("activity")
    if activity not in areas:
        table.fault(_("the activity “%(word)s” is not there") % {"word": activity})
    direction = table.text("direction", "")
    return LineDraft(
        code=table.text("code"),
        area=areas[activity],
        activity=activity,
        bn=table.text("bn"),
        en=table.text("en"),
        unit_bn=table.text("unit_bn"),
        unit_en=table.text("unit_en"),
        method=table.text("method"),
        value_type=kind,
        scoring=_word(table, "scoring", Scoring, Scoring.SCALE),
        direction=_word(table, "direction", Direction) if direction else None,
        roll_up=_word(table, "roll_up", RollUp, RollUp.OWN),
        marks=_marks(table),
        targets=_targets(table, kind),
        trend=table.trend(kind),
        sources=_sources(table),
        feed=_feed(table),
        evidence=table.text("evidence", ""),
        note_bn=table.text("note_bn", ""),
        note_en=table.text("note_en", ""),
        actual_1_is_provisional=bool(table.content.get("actual_1_is_provisional", True)),
    )


def _word(table: _Table, key: str, words: Any, default: Any = None) -> Any:
    raw = table.content.get(key, default)
    try:
        return words(raw)
    except ValueError:
        choice = ", ".join(word.value for word in words)
        table.fault(_("“%(key)s” must be one of %(choice)s") % {"key": key, "choice": choice})


def _marks(table: _Table) -> int:
    try:
        return thousandths(table.content.get("marks"))
    except (ValueError, ZeroDivisionError):
        return table.fault(_("“marks” must be a number with at most three decimal places"))


def _targets(table: _Table, kind: ValueType) -> tuple[Fraction | None, ...]:
    raw = table.content.get("targets")
    if not isinstance(raw, list) or len(raw) != LEVELS:
        table.fault(_('“targets” must list five values, best first; write "" for a blank level'))
    return tuple(table.exact("targets", value, kind) for value in raw)


def _sources(table: _Table) -> dict[str, Any]:
    """Where marks, targets (each) and the trend come from; whatever the file does not say is proposed."""
    raw = table.content.get("source", Provenance.PROPOSED.value)
    if isinstance(raw, str):
        raw = {"marks": raw, "targets": raw}
    if not isinstance(raw, dict):
        table.fault(_("“source” must be a word or a table"))
    marks = raw.get("marks", Provenance.PROPOSED.value)
    targets = raw.get("targets", Provenance.PROPOSED.value)
    targets = [targets] * LEVELS if isinstance(targets, str) else targets
    trend = raw.get("trend", Provenance.DOCUMENT.value)
    words = [marks, trend, *targets] if isinstance(targets, list) and len(targets) == LEVELS else [None]
    if any(word not in Provenance.values for word in words):
        table.fault(_("“source” must be one of %(choice)s") % {"choice": ", ".join(Provenance.values)})
    return {"marks": marks, "targets": targets, "trend": trend}


def _feed(table: _Table) -> Feed | None:
    raw = table.content.get("feed")
    if not raw:
        return None
    try:
        return Feed.from_json(raw)
    except (BadFeedError, TypeError, AttributeError) as error:
        return table.fault(_("the feed “%(text)s” is not understood") % {"text": str(error)[:80]})


def _outcome(entry: dict[str, Any], number: int) -> OutcomeDraft:
    table = _Table(entry, _("Outcome %(number)s") % {"number": number})
    kind: ValueType = _word(table, "value_type", ValueType)
    needed = ("bn", "en", "indicator_bn", "indicator_en", "unit_bn", "unit_en")
    texts = {key: table.text(key) for key in needed}
    texts |= {key: table.text(key, "") for key in ("partners_bn", "partners_en", "data_bn", "data_en")}
    texts["source"] = _word(table, "source", Provenance, Provenance.PROPOSED).value
    return OutcomeDraft(texts, kind, table.trend(kind), table.number("target", kind))
