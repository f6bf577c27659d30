"""The framework of a year as data: levels, blocks, methods, scoring policy, calendar, texts and indicator catalogue.

Nothing of one scheme is code: another year or another system (GPMS) is another file. Marks are integer thousandths.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

from contracts.scoring import Policy
from core.language import in_reader_language

DATA = Path(__file__).parent / "data"
#: Marks as written: ``6``, ``6.002``, ``1/2``; an exponent of nine digits would take all memory.
_MARKS = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,6}|/[1-9][0-9]{0,3})?")


@dataclass(frozen=True)
class Named:
    """Something with a Bangla and an English name."""

    code: str
    bn: str
    en: str

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return in_reader_language(self.bn, self.en)


@dataclass(frozen=True)
class Level(Named):
    """A column of the scale (অসাধারণ …); ``code`` is its per cent."""

    percent: int = 0


@dataclass(frozen=True)
class Block(Named):
    """A part of the agreement with its own sum of marks (core 70, governance 30)."""

    marks: int = 0


@dataclass(frozen=True)
class Area(Named):
    """A performance area (কর্মসম্পাদন ক্ষেত্র) of a block; its indicators' marks add up to its own."""

    block: str = ""
    marks: int = 0


@dataclass(frozen=True)
class Activity(Named):
    """An activity (কার্যক্রম) of an area; ``code`` starts with the area's."""

    area: str = ""


@dataclass(frozen=True)
class Step:
    """A deadline of the scheme's calendar."""

    step: str
    on: date
    bn: str
    en: str


@dataclass(frozen=True)
class FrameworkData:
    """A whole framework. ``catalogue`` holds the indicator tables by code, as the file has them."""

    code: str
    fiscal_year: str
    bn: str
    en: str
    levels: tuple[Level, ...]
    below: Named
    blocks: tuple[Block, ...]
    methods: dict[str, Named]
    policy: Policy
    calendar: tuple[Step, ...]
    texts: dict[str, Any]
    areas: tuple[Area, ...]
    activities: tuple[Activity, ...]
    catalogue: dict[str, dict[str, Any]]

    @cached_property
    def total(self) -> int:
        """All marks, in thousandths."""
        return sum(block.marks for block in self.blocks)

    def level_of(self, raw: Fraction) -> Named:
        """The name of a per cent: the best level it reaches, or "below"."""
        return next((level for level in self.levels if raw >= level.percent), self.below)

    def deadline(self, step: str) -> date | None:
        """The day of a step, if the calendar has it."""
        return next((s.on for s in self.calendar if s.step == step), None)


def thousandths(raw: Any) -> int:
    """Marks of a file (``6``, ``"0.5"``, ``6.002``) as integer thousandths; raise `ValueError` beyond three places."""
    if not _MARKS.fullmatch(str(raw)):
        raise ValueError(str(raw)[:20])
    scaled = Fraction(str(raw)) * 1000
    if scaled.denominator != 1 or scaled < 0:
        raise ValueError(str(raw))
    return int(scaled)


def read_toml(content: bytes) -> dict[str, Any]:
    """A TOML file as JSON-ready data (dates as ISO text). Raise `tomllib.TOMLDecodeError` or `UnicodeDecodeError`."""
    found: dict[str, Any] = _plain(tomllib.loads(content.decode("utf-8-sig"), parse_float=str))
    return found


def read_framework(content: dict[str, Any]) -> FrameworkData:
    """The framework of a file's or row's content; raise `KeyError`, `ValueError` or `TypeError` where it is no such."""
    levels = tuple(Level(str(e["percent"]), e["bn"], e["en"], int(e["percent"])) for e in content["levels"])
    return FrameworkData(
        code=content["code"],
        fiscal_year=content["fiscal_year"],
        bn=content["bn"],
        en=content["en"],
        levels=levels,
        below=Named("", content["below_bn"], content["below_en"]),
        blocks=tuple(Block(e["code"], e["bn"], e["en"], thousandths(e["marks"])) for e in content["block"]),
        methods={e["code"]: Named(e["code"], e["bn"], e["en"]) for e in content["method"]},
        policy=Policy.from_json(content["scoring"], [level.percent for level in levels]),
        calendar=tuple(Step(e["step"], date.fromisoformat(e["on"]), e["bn"], e["en"]) for e in content["calendar"]),
        texts=content["texts"],
        areas=read_areas(content["area"]),
        activities=read_activities(content["activity"]),
        catalogue={e["code"]: e for e in content["indicator"]},
    )


def read_areas(entries: list[dict[str, Any]]) -> tuple[Area, ...]:
    return tuple(Area(e["code"], e["bn"], e["en"], e["block"], thousandths(e["marks"])) for e in entries)


def read_activities(entries: list[dict[str, Any]]) -> tuple[Activity, ...]:
    return tuple(Activity(e["code"], e["bn"], e["en"], e["area"]) for e in entries)


def framework_file(code: str) -> Path:
    """Where the framework of a code lies, if the portal brings it."""
    return DATA / "frameworks" / f"{Path(code).name}.toml"


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value
