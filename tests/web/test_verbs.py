"""A verb of the table of roles that nothing asks for would promise what nobody can do."""

import ast
from pathlib import Path

import geo_target
from geo_target.operations.roles import ROLES, Verb
from geo_target.web.access import VERBS
from tests.web.house import House

#: Asked for by `geo-target publish`.
BY_COMMAND = {Verb.APPROVE}


def test_every_verb_is_asked_for_by_a_page_or_a_command(house: House) -> None:
    views = house.app.view_functions.values()
    asked = {verb for view in views for verb in VERBS.get(vars(view)["access"], ())}
    assert set(Verb) - asked == BY_COMMAND
    package = Path(geo_target.__file__).parent
    tree = ast.parse((package / "operations" / "publications.py").read_text("utf-8"))
    named = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert {verb.name for verb in BY_COMMAND} <= named


def test_every_verb_is_some_roles() -> None:
    assert set(Verb) == {verb for rule in ROLES.values() for verb in rule.verbs}
