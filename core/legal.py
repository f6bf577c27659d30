"""Dated settings of law: the rate, fee or limit that held on a day."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

from core.models import LegalSetting

DATA = Path(__file__).parent / "data" / "legal_settings.toml"


class UnknownSettingError(LookupError):
    """No such setting held on that day."""


def legal_values(on: date, *keys: str) -> tuple[int, ...]:
    """The values of several settings in force on a day, in the order asked, in one query."""
    rows = LegalSetting.objects.filter(key__in=keys, valid_from__lte=on).order_by("valid_from")
    found = dict(rows.values_list("key", "value"))
    if missing := [key for key in keys if key not in found]:
        raise UnknownSettingError(f"{', '.join(missing)} on {on}")
    return tuple(found[key] for key in keys)


def load_legal_settings(path: Path = DATA) -> int:
    """Write the settings of the data file; rows already there stay as they are. Returns how many the file holds."""
    rows = [LegalSetting(**entry) for entry in tomllib.loads(path.read_text("utf-8"))["setting"]]
    LegalSetting.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)
