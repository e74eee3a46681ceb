"""Every verb and kind of object of the audit log has words, in both languages."""

import ast
import re
from pathlib import Path

import pytest

import geo_target
from geo_target.operations.roles import Role, Verb
from geo_target.web.audit_words import object_words, role_words, verb_words
from tests.web.house import House

PACKAGE = Path(geo_target.__file__).parent
PAGE = (PACKAGE.parent / "docs" / "security.md").read_text("utf-8")
#: Verbs that a role may have and that no entry is written of: their pages name nobody.
NEVER_WRITTEN = {
    Verb.PUBLIC_MAP, Verb.MEETING_MAP, Verb.EDIT_MEETING, Verb.APPROVE, Verb.MANAGE_USERS,
}  # fmt: skip


def documented() -> set[str]:
    """Verbs that docs/security.md lists."""
    listed = PAGE.split("Verbs: ")[1].split("Who types a command")[0]
    return set(re.findall(r"`([a-z-]+(?:\.[a-z-]+)*)`", listed))


def kinds() -> set[str]:
    """Every text that a module gives to `object_type`."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            given = node.value if isinstance(node, ast.keyword) else None
            if isinstance(node, ast.keyword) and node.arg == "object_type" and isinstance(
                given, ast.Constant
            ):  # fmt: skip
                found.add(str(given.value))
    return found


def test_every_verb_of_the_log_has_words(house: House) -> None:
    with house.app.test_request_context():
        known = set(verb_words())
    assert documented() - known == set()
    assert {verb.value for verb in set(Verb) - NEVER_WRITTEN} - known == set()
    assert known - documented() - {verb.value for verb in Verb} == set()


def test_every_kind_of_object_has_words(house: House) -> None:
    with house.app.test_request_context():
        assert len(kinds()) > 10
        assert kinds() - set(object_words()) == set()


@pytest.mark.parametrize("language", ["id", "en"])
def test_no_two_verbs_read_the_same(house: House, language: str) -> None:
    with house.app.test_request_context(headers={"Accept-Language": language}):
        words = [*verb_words().values()]
        assert len(set(words)) == len(words)
        assert set(role_words()) == {role.value for role in Role} - {Role.PUBLIC.value}
