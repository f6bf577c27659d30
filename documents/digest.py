"""One hash for everything that stands on a paper."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from django.utils import translation

from core.evidence import digest_of
from documents.registry import Paper
from documents.rendering import LANGUAGE, template_version


def data_hash_of(kind: str, paper: Paper) -> str:
    """Hash of the paper's content, sources and look; the code that will be printed on it is no part of it."""
    with translation.override(LANGUAGE):
        attached = [(a.name, hashlib.sha256(a.content).hexdigest()) for a in paper.attachments]
        said = {f.name: _plain(getattr(paper, f.name)) for f in fields(paper) if f.name != "attachments"}
        return digest_of([kind, template_version(paper.template), said, attached])


def _plain(value: Any) -> Any:
    """Frozen dataclasses, mappings and sequences as JSON-ready data in a fixed order; anything else as its text."""
    if value is None or (isinstance(value, bool | int | str) and not isinstance(value, Enum)):
        return value
    if is_dataclass(value) and not isinstance(value, type):
        return [type(value).__name__, *(_plain(getattr(value, f.name)) for f in fields(value))]
    if isinstance(value, Mapping):
        return sorted(([str(key), _plain(item)] for key, item in value.items()), key=lambda pair: pair[0])
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted(str(item) for item in value)
    return str(value)
