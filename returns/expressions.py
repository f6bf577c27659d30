"""The small language of formulas and rules: exact integers over line codes, read with Python's own parser.

Allowed are line codes (``A07``; a cell by ``A07.GP``), whole numbers, ``+ - *``, comparisons, ``and or not`` and the
functions ``max min abs``, ``total(A10)`` (the total whatever part is asked), ``prev(A09)`` (closing of the period
before), ``cum(D04)`` (since 1 July, this period included), ``june(F05)`` (closing of the June before the fiscal year)
and ``limit(ceiling)`` (a named amount of the part). A line with a breakdown is read at the part that is asked.
Whatever meets a blank is blank.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol


class ExpressionError(ValueError):
    """The text is no expression of this language; the message says where it fails."""


class Lookup(Protocol):
    """Where an expression finds figures: ``when`` is ``now``, ``prev``, ``cum`` or ``june``."""

    def figure(self, when: str, code: str, part: str | None, *, fixed: bool) -> int | None:
        """Figure of a line at a part (None: the total); ``fixed`` parts are taken as written."""
        ...

    def limit(self, name: str, part: str | None) -> int | None: ...


Answer = int | bool | None
Node = Callable[[Lookup, str | None], Answer]


@dataclass(frozen=True)
class Reference:
    """A line that an expression reads; ``part`` is ``""`` for the part asked, ``*`` for the total."""

    when: str
    code: str
    part: str = ""


@dataclass(frozen=True)
class Expression:
    """A parsed expression; ``references`` in order of appearance, ``limits`` the named amounts it asks for."""

    text: str
    references: tuple[Reference, ...]
    limits: tuple[str, ...]
    run: Node

    def evaluate(self, lookup: Lookup, part: str | None = None) -> Answer:
        """The value for a part (None: the total, or a line without breakdown); None if anything read is blank."""
        return self.run(lookup, part)


_WHEN = ("prev", "cum", "june")
_COMPARE: dict[type[ast.cmpop], Callable[[int, int], bool]] = {
    ast.Lt: lambda a, b: a < b,
    ast.LtE: lambda a, b: a <= b,
    ast.Gt: lambda a, b: a > b,
    ast.GtE: lambda a, b: a >= b,
    ast.Eq: lambda a, b: a == b,
    ast.NotEq: lambda a, b: a != b,
}
_BINARY: dict[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
}


def _max(values: Iterable[int]) -> int:
    return max(values)


def _min(values: Iterable[int]) -> int:
    return min(values)


def _abs(values: Iterable[int]) -> int:
    (value,) = values
    return abs(value)


_FUNCTIONS: dict[str, Callable[[Iterable[int]], int]] = {"max": _max, "min": _min, "abs": _abs}


@lru_cache(maxsize=2000)
def parse_expression(text: str) -> Expression:
    """Read an expression; raise `ExpressionError` for anything the language does not know."""
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError) as error:
        raise ExpressionError(f"{text!r} cannot be read") from error
    builder = _Builder(text)
    run = builder.build(tree.body)
    return Expression(text, tuple(builder.references), tuple(builder.limits), run)


class _Builder:
    """Turns the checked tree into nested functions once, so that evaluation walks no tree."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.references: list[Reference] = []
        self.limits: list[str] = []

    def build(self, node: ast.AST) -> Node:
        method = getattr(self, f"_{type(node).__name__.lower()}", None)
        if method is None:
            raise ExpressionError(f"{self.text!r}: {type(node).__name__} is not allowed")
        built: Node = method(node)
        return built

    def _constant(self, node: ast.Constant) -> Node:
        if type(node.value) is not int:
            raise ExpressionError(f"{self.text!r}: only whole numbers are allowed, not {node.value!r}")
        value: int = node.value
        return lambda _lookup, _part: value

    def _name(self, node: ast.Name) -> Node:
        return self._reference("now", node)

    def _attribute(self, node: ast.Attribute) -> Node:
        return self._reference("now", node)

    def _reference(self, when: str, node: ast.AST) -> Node:
        reference = self._read_reference(when, node)
        self.references.append(reference)
        code, fixed = reference.code, bool(reference.part)
        at = None if reference.part == "*" else reference.part
        return lambda lookup, part: lookup.figure(when, code, at if fixed else part, fixed=fixed)

    def _read_reference(self, when: str, node: ast.AST) -> Reference:
        if isinstance(node, ast.Name):
            return Reference(when, node.id)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            return Reference(when, node.value.id, node.attr)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "total":
            (inner,) = self._arguments(node, 1)
            if isinstance(inner, ast.Name):
                return Reference(when, inner.id, "*")
        raise ExpressionError(f"{self.text!r}: a line code is expected")

    def _arguments(self, node: ast.Call, count: int) -> list[ast.expr]:
        if node.keywords or len(node.args) != count:
            raise ExpressionError(f"{self.text!r}: wrong number of arguments")
        return node.args

    def _call(self, node: ast.Call) -> Node:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name in _WHEN:
            return self._reference(name, self._arguments(node, 1)[0])
        if name == "total":
            return self._reference("now", node)
        if name == "limit":
            return self._limit(self._arguments(node, 1)[0])
        if name in _FUNCTIONS and node.args and not node.keywords and (name != "abs" or len(node.args) == 1):
            return self._apply(_FUNCTIONS[name], [self.build(argument) for argument in node.args])
        raise ExpressionError(f"{self.text!r}: the function {name or '?'} is not known")

    def _limit(self, node: ast.expr) -> Node:
        if not isinstance(node, ast.Name):
            raise ExpressionError(f"{self.text!r}: limit() takes a name")
        name = node.id
        self.limits.append(name)
        return lambda lookup, part: lookup.limit(name, part)

    @staticmethod
    def _apply(function: Callable[[Iterable[int]], int], nodes: list[Node]) -> Node:
        def run(lookup: Lookup, part: str | None) -> Answer:
            values = [node(lookup, part) for node in nodes]
            present = [value for value in values if value is not None]
            return function(present) if len(present) == len(values) else None

        return run

    def _binop(self, node: ast.BinOp) -> Node:
        operate = _BINARY.get(type(node.op))
        if operate is None:
            raise ExpressionError(f"{self.text!r}: only + - * are allowed")
        return self._both(operate, self.build(node.left), self.build(node.right))

    @staticmethod
    def _both(operate: Callable[[int, int], Answer], left: Node, right: Node) -> Node:
        def run(lookup: Lookup, part: str | None) -> Answer:
            one, other = left(lookup, part), right(lookup, part)
            return None if one is None or other is None else operate(one, other)

        return run

    def _unaryop(self, node: ast.UnaryOp) -> Node:
        inner = self.build(node.operand)
        if isinstance(node.op, ast.USub):
            return self._apply(lambda values: -next(iter(values)), [inner])
        if isinstance(node.op, ast.Not):
            return self._apply(lambda values: not next(iter(values)), [inner])
        raise ExpressionError(f"{self.text!r}: this sign is not allowed")

    def _compare(self, node: ast.Compare) -> Node:
        sides = [self.build(side) for side in [node.left, *node.comparators]]
        tests = [_COMPARE.get(type(op)) for op in node.ops]
        pairs: list[Node] = []
        for number, test in enumerate(tests):
            if test is None:
                raise ExpressionError(f"{self.text!r}: this comparison is not allowed")
            pairs.append(self._both(test, sides[number], sides[number + 1]))
        return self._apply(lambda values: all(list(values)), pairs)

    def _boolop(self, node: ast.BoolOp) -> Node:
        nodes = [self.build(value) for value in node.values]
        join: Callable[[Iterable[int]], int] = all if isinstance(node.op, ast.And) else any
        return self._apply(join, nodes)
