"""Rules in words: what they mean in SQL, and what is no rule."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_target.expressions import Kind, RuleError, sql_of
from geo_target.workbench import Workbench

COLUMNS: Mapping[str, Kind] = {
    "decile": "number", "elderly": "number", "village_kind": "word", "is_listed": "flag",
}  # fmt: skip


def answer(rule: str, **facts: Any) -> bool | None:
    known = {"decile": None, "elderly": None, "village_kind": None, "is_listed": None, **facts}
    kinds = {"decile": "int", "elderly": "int", "village_kind": "varchar", "is_listed": "boolean"}
    cells = ", ".join(f"cast($%d as {kinds[n]}) as {n}" % i for i, n in enumerate(known, start=1))
    with Workbench() as bench:
        sql = f"select {sql_of(rule, COLUMNS)} from (select {cells})"
        found: bool | None = bench.execute(sql, list(known.values()))[0][0]
        return found


@pytest.mark.parametrize(
    ("rule", "facts", "expected"),
    [
        ("decile <= 4", {"decile": 4}, True),
        ("decile <= 4", {"decile": 5}, False),
        ("decile <= 4", {}, None),  # not known
        ("decile <= 4 and elderly > 0", {"decile": 5}, False),  # whatever the other is
        ("decile <= 4 and elderly > 0", {"decile": 4}, None),
        ("decile <= 4 or elderly > 0", {"decile": 4}, True),
        ("not decile <= 4", {"decile": 5}, True),
        ("1 <= decile <= 2", {"decile": 3}, False),
        ("village_kind == 'desa'", {"village_kind": "desa"}, True),
        ("village_kind in ['desa', 'nagari']", {"village_kind": "kelurahan"}, False),
        ("village_kind not in ('desa',)", {"village_kind": "kelurahan"}, True),
        ("village_kind == 'it''s'", {"village_kind": "its"}, True),  # two words side by side
        ('village_kind == "it\'s"', {"village_kind": "it's"}, True),
        ("is_listed and decile != 1", {"is_listed": True, "decile": 2}, True),
        ("is_listed == False", {"is_listed": False}, True),
        ("True", {}, True),
    ],
)
def test_what_a_rule_says(rule: str, facts: Mapping[str, Any], expected: bool | None) -> None:  # noqa: FBT001
    assert answer(rule, **facts) is expected


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("desil <= 4", "known: decile, elderly, is_listed, village_kind"),
        ("decile <= '4'", "number and a word"),
        ("village_kind > 'a'", "only numbers"),
        ("decile", "not a condition"),
        ("decile + 1 <= 4", "neither a name"),
        ("decile in []", "nothing"),
        ("decile is None", "not a comparison"),
        ("decile <=", "cannot be read"),
        ("", "cannot be read"),
        ("__import__('os')", "not a condition"),
        ("decile.real <= 4", "neither a name"),
        ("(lambda: decile)() <= 4", "neither a name"),
        ("decile <= 1e999", "neither a name"),
        ("f'{decile}' == 'x'", "neither a name"),
        ("decile <= 4; drop table t1", "cannot be read"),
        ("decile <= 4 " * 60, "letters"),
    ],
)
def test_what_is_no_rule(rule: str, said: str) -> None:
    with pytest.raises(RuleError, match=said.replace("(", r"\(")):
        sql_of(rule, COLUMNS)


@settings(deadline=None, max_examples=40)
@given(st.text(max_size=60))
def test_a_word_never_ends_its_quotes(word: str) -> None:
    if word.isprintable():
        assert answer(f"village_kind == {word!r}", village_kind=word) is True
