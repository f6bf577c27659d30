"""A figure with the rows behind it: how a register proposes an amount to the return."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """An integer amount (count, or poisha) and the register rows it was drawn from.

    ``model`` is a model label (``audits.audit``); ``keys`` its primary keys, ascending; ``digest`` hashes what they
    said.
    """

    amount: int
    model: str = ""
    keys: tuple[int, ...] = ()
    digest: str = ""


#: A register's metric: (office, period) to a figure for each part of the breakdown (``GP`` …), or ``""`` without one.
#: A part without rows may be absent; it then stands for zero with no rows.
Metric = Callable[[Any, Any], Mapping[str, Figure]]
#: All metrics of a register at once: (office, period) to each metric's figures by part.
Proposals = Callable[[Any, Any], Mapping[str, Mapping[str, Figure]]]


def metrics_of(proposals: Proposals, names: Iterable[str]) -> dict[str, Metric]:
    """Each named metric of a register that proposes all of them together."""

    def metric(name: str) -> Metric:
        return lambda office, period: proposals(office, period)[name]

    return {name: metric(name) for name in names}


def digest_of(content: object) -> str:
    """SHA-256 (hex) of any JSON-ready content, independent of key order."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()
