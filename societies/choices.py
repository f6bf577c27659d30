"""Tiers, sponsors and classes of societies; the states of their life and the events that lead from one to the other."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.language import in_reader_language


class Tier(models.TextChoices):
    """Tiers of section 8 of the Cooperative Societies Act 2001 (স্তর)."""

    PRIMARY = "primary", _("Primary")
    CENTRAL = "central", _("Central")
    NATIONAL = "national", _("National")


class Sponsor(models.TextChoices):
    """Who fostered the society (উদ্যোগী সংস্থা). Returns know only two: BRDB (পউবো) and all others (সাধারণ)."""

    GENERAL = "general", _("General (the department)")
    BRDB = "brdb", _("BRDB")
    ASHRAYAN = "ashrayan", _("Ashrayan or Abashon")
    LGED_WMCA = "lged_wmca", _("Water management (LGED)")
    BWDB_WMCA = "bwdb_wmca", _("Water management (BWDB)")
    CVDP = "cvdp", _("Comprehensive village development")
    PROJECT = "project", _("A project of the department")
    OTHER = "other", _("Another body")


#: The parts of the return's breakdown in words.
PARTS = {
    "GP": _("General primary"),
    "GC": _("General central"),
    "BP": _("BRDB primary"),
    "BC": _("BRDB central"),
    "N": _("National"),
}


class Status(models.TextChoices):
    """Where a society stands (অবস্থা). ``MOVED`` stands only in the event by which it left an office."""

    FUNCTIONAL = "functional", _("functional")
    NON_FUNCTIONAL = "non_functional", _("non-functional")
    UNDER_LIQUIDATION = "under_liquidation", _("under liquidation")
    CANCELLED = "cancelled", _("registration cancelled")
    MOVED = "moved", _("moved to another office")


#: What counts in the register at a month's end: registered and not cancelled; liquidation cases still count.
LIVE = (Status.FUNCTIONAL, Status.NON_FUNCTIONAL, Status.UNDER_LIQUIDATION)


class EventKind(models.TextChoices):
    """What happened to a society's registration (অবস্থার পরিবর্তন)."""

    REGISTERED = "registered", _("Registered")
    MADE_NON_FUNCTIONAL = "made_non_functional", _("Found non-functional")
    REACTIVATED = "reactivated", _("Reactivated")
    PLACED_UNDER_LIQUIDATION = "placed_under_liquidation", _("Placed under liquidation")
    LIQUIDATION_WITHDRAWN = "liquidation_withdrawn", _("Liquidation withdrawn")
    CANCELLED = "cancelled", _("Registration cancelled")
    TRANSFERRED_OUT = "transferred_out", _("Transferred to another office")
    TRANSFERRED_IN = "transferred_in", _("Transferred from another office")


#: The look's shape of each status: the fuller, the livelier.
SHAPES = {
    Status.FUNCTIONAL: "verified",
    Status.NON_FUNCTIONAL: "draft",
    Status.UNDER_LIQUIDATION: "submitted",
    Status.CANCELLED: "missing",
    Status.MOVED: "returned",
}


@dataclass(frozen=True)
class Transition:
    """An event an officer may record: from which states, and into which."""

    sources: tuple[Status, ...]
    target: Status


TRANSITIONS: dict[EventKind, Transition] = {
    EventKind.MADE_NON_FUNCTIONAL: Transition((Status.FUNCTIONAL,), Status.NON_FUNCTIONAL),
    EventKind.REACTIVATED: Transition((Status.NON_FUNCTIONAL,), Status.FUNCTIONAL),
    EventKind.PLACED_UNDER_LIQUIDATION: Transition(
        (Status.FUNCTIONAL, Status.NON_FUNCTIONAL), Status.UNDER_LIQUIDATION
    ),
    EventKind.LIQUIDATION_WITHDRAWN: Transition((Status.UNDER_LIQUIDATION,), Status.FUNCTIONAL),
    EventKind.CANCELLED: Transition(LIVE, Status.CANCELLED),
}


def events_open_to(status: Status) -> list[EventKind]:
    """Events that may follow a state."""
    return [kind for kind, transition in TRANSITIONS.items() if status in transition.sources]


@dataclass(frozen=True)
class SocietyClass:
    """An occupational class (শ্রেণি); ``in_rules``: found in a text of the Rules of 2004."""

    code: str
    bn: str
    en: str
    in_rules: bool
    may_be_bank: bool

    @property
    def label(self) -> str:
        return f"{self.code} · {in_reader_language(self.bn, self.en)}"


@cache
def society_classes() -> dict[str, SocietyClass]:
    """The classes by code, as the data file lists them."""
    rows = tomllib.loads((Path(__file__).parent / "data" / "classes.toml").read_text())["classes"]
    return {
        row["code"]: SocietyClass(row["code"], row["bn"], row["en"], row["rules"], row.get("may_be_bank", False))
        for row in rows
    }
