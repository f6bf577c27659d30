"""Messages of rules: ``{#D04}`` is what people call a cell, ``{D04 - D01}`` an expression's value in its unit."""

from __future__ import annotations

import re
from collections.abc import Callable

from core.numbers import format_amount
from returns.catalogue import Catalogue
from returns.expressions import Lookup, parse_expression

_PLACE = re.compile(r"\{(#?)([^{}]+)\}")


class MessageError(ValueError):
    """A message has a brace that is not closed."""


def template_places(template: str) -> tuple[list[str], list[str]]:
    """The line codes a message names, and the expressions it shows. Raise `MessageError` for a stray brace."""
    rest = _PLACE.sub("", template)
    if "{" in rest or "}" in rest:
        raise MessageError(f"a brace is not closed in {template!r}")
    places = [(match[1], match[2].strip()) for match in _PLACE.finditer(template)]
    return [text for mark, text in places if mark], [text for mark, text in places if not mark]


def fill_template(template: str, catalogue: Catalogue, lookup: Lookup, part: str | None, *, bangla: bool) -> str:
    """The message for a part (None: the total), with cells named and figures in the reader's digits."""

    def put(match: re.Match[str]) -> str:
        if match[1]:
            return catalogue.code_of(_key(catalogue, match[2].strip(), part), bangla=bangla)
        return _figure(match[2], catalogue, lookup, part, bangla=bangla)

    replace: Callable[[re.Match[str]], str] = put
    return _PLACE.sub(replace, template)


def _key(catalogue: Catalogue, code: str, part: str | None) -> str:
    key = f"{code}.{part}"
    return key if part and key in catalogue.cells_by_key else code


def _figure(text: str, catalogue: Catalogue, lookup: Lookup, part: str | None, *, bangla: bool) -> str:
    expression = parse_expression(text)
    value = expression.evaluate(lookup, part)
    unit = catalogue.lines[expression.references[0].code].unit
    return format_amount(value, unit, bangla=bangla)
