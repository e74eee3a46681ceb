"""Rules as people write them (``decile <= 4 and elderly > 0``), checked and turned into SQL.

Only names that are known, numbers, words, comparisons, ``in``, ``and``, ``or`` and ``not``: a rule
can ask of a family or a person, and do nothing else. What is not known of somebody stays unknown,
as in SQL: ``decile <= 4`` is neither true nor false of a family without a decile.
"""

import ast
from collections.abc import Mapping
from typing import Literal

Kind = Literal["number", "word", "flag"]

_COMPARED = {ast.Eq: "=", ast.NotEq: "<>", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
_OF_NUMBERS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
#: A rule that is longer is no rule that somebody can read aloud.
_LONGEST = 500
#: No infinity, and no NIK.
_MOST = 1e15


class RuleError(ValueError):
    """A rule that cannot be read; its message says which part, and what could stand there."""


def sql_of(rule: str, columns: Mapping[str, Kind]) -> str:
    """SQL of a rule over columns of these kinds: true, false, or null where it is not known.

    Raises
    ------
    RuleError
        If there is anything in it but what this module says.
    """
    if len(rule) > _LONGEST:
        raise RuleError(f"more than {_LONGEST} letters")
    try:
        tree = ast.parse(rule.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise RuleError(f"cannot be read: {rule!r}") from None
    return _condition(tree, columns)


def _condition(node: ast.expr, columns: Mapping[str, Kind]) -> str:
    if isinstance(node, ast.BoolOp):
        word = " and " if isinstance(node.op, ast.And) else " or "
        return f"({word.join(_condition(part, columns) for part in node.values)})"
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return f"(not {_condition(node.operand, columns)})"
    if isinstance(node, ast.Compare):
        return _comparison(node, columns)
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        return str(node.value).lower()
    if isinstance(node, ast.Name) and _kind(node, columns) == "flag":
        return f'"{node.id}"'
    raise RuleError(f"not a condition: {ast.unparse(node)}")


def _comparison(node: ast.Compare, columns: Mapping[str, Kind]) -> str:
    sides = [node.left, *node.comparators]
    parts = [
        _compared(one, operator, other, columns)
        for one, operator, other in zip(sides, node.ops, sides[1:], strict=False)
    ]
    return parts[0] if len(parts) == 1 else f"({' and '.join(parts)})"


def _compared(
    one: ast.expr, operator: ast.cmpop, other: ast.expr, columns: Mapping[str, Kind]
) -> str:
    if isinstance(operator, ast.In | ast.NotIn) and isinstance(other, ast.List | ast.Tuple):
        if not other.elts:
            raise RuleError("a list of nothing")
        values = [_value(each, columns) for each in other.elts]
        name, kind = _value(one, columns)
        _check_kinds({kind, *(k for _, k in values)}, one)
        word = "in" if isinstance(operator, ast.In) else "not in"
        return f"({name} {word} ({', '.join(sql for sql, _ in values)}))"
    if type(operator) not in _COMPARED:
        raise RuleError(f"not a comparison: {ast.unparse(one)} ... {ast.unparse(other)}")
    (left, kind), (right, other_kind) = _value(one, columns), _value(other, columns)
    _check_kinds({kind, other_kind}, one)
    if isinstance(operator, _OF_NUMBERS) and kind != "number":
        raise RuleError(f"only numbers are less or more: {ast.unparse(one)}")
    return f"({left} {_COMPARED[type(operator)]} {right})"


def _value(node: ast.expr, columns: Mapping[str, Kind]) -> tuple[str, Kind]:
    if isinstance(node, ast.Name):
        return f'"{node.id}"', _kind(node, columns)
    if isinstance(node, ast.Constant):
        value = node.value
        if isinstance(value, bool):
            return str(value).lower(), "flag"
        if isinstance(value, int | float) and abs(value) < _MOST:
            return repr(value), "number"
        if isinstance(value, str):
            return "'" + value.replace("'", "''") + "'", "word"
    raise RuleError(f"neither a name, a number nor a word: {ast.unparse(node)}")


def _kind(node: ast.Name, columns: Mapping[str, Kind]) -> Kind:
    if node.id not in columns:
        raise RuleError(f"unknown: {node.id}; known: {', '.join(sorted(columns))}")
    return columns[node.id]


def _check_kinds(kinds: set[Kind], node: ast.expr) -> None:
    if len(kinds) > 1:
        raise RuleError(f"a {' and a '.join(sorted(kinds))} are compared: {ast.unparse(node)}")
