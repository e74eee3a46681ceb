"""The whole table of roles, so that a change of it shows."""

import pytest

from geo_target.operations.roles import ROLES, Role, Scope, Verb, may

# One column a role, in the order of the heading.
MATRIX = """
verb                 public viewer secretary operator officer field-officer coordinator analyst approver auditor admin
map.public.read      x      x      x         x        x       x             x           x       x        x       x
map.meeting.read     -      x      x         x        x       x             x           x       x        -       -
meeting.edit         -      -      x         -        -       -             -           -       -        -       -
counts.exact.read    -      -      -         -        x       -             x           x       -        -       -
list.upload          -      -      -         x        -       -             -           -       -        -       -
quarantine.own.read  -      -      -         x        -       -             -           -       -        -       -
run.start            -      -      -         x        -       -             -           x       -        -       -
snapshot.approve     -      -      -         -        -       -             -           -       x        -       -
family.read          -      -      -         -        x       -             x           -       -        -       -
national-id.reveal   -      -      -         -        x       -             -           -       -        -       -
family.export        -      -      -         -        x       -             -           -       -        -       -
pair.settle          -      -      -         -        -       -             x           -       -        -       -
visit.assign         -      -      -         -        x       -             x           -       -        -       -
visit.own.read       -      -      -         -        -       x             -           -       -        -       -
visit.carry          -      -      -         -        x       x             x           -       -        -       -
visit.record         -      -      -         -        x       x             x           -       -        -       -
pseudonym.read       -      -      -         -        -       -             -           x       -        -       -
pseudonym.export     -      -      -         -        -       -             -           x       -        -       -
audit.read           -      -      -         -        -       -             -           -       -        x       x
user.manage          -      -      -         -        -       -             -           -       -        -       x
"""  # noqa: E501

HEAD, *LINES = (line.split() for line in MATRIX.strip().splitlines())
CELLS = [
    (role, verb, cell == "x")
    for verb, *cells in LINES
    for role, cell in zip(HEAD[1:], cells, strict=True)
]


@pytest.mark.parametrize(("role", "verb", "is_allowed"), CELLS)
def test_matrix(role: str, verb: str, *, is_allowed: bool) -> None:
    assert may(role, verb) is is_allowed


def test_the_matrix_is_whole() -> None:
    assert [verb for verb, *_ in LINES] == [verb.value for verb in Verb]
    assert HEAD[1:] == [role.value for role in Role] == [role.value for role in ROLES]


@pytest.mark.parametrize(
    ("role", "verb"),
    [("root", "map.public.read"), ("admin", "*"), ("", ""), ("Admin", "user.manage")],
)
def test_what_is_not_listed_is_denied(role: str, verb: str) -> None:
    assert not may(role, verb)


def test_nobody_both_proposes_and_approves() -> None:
    assert not [role for role in Role if may(role, Verb.START_RUN) and may(role, Verb.APPROVE)]


def test_scopes() -> None:
    narrow = {role.value: rule.scope for role, rule in ROLES.items() if rule.scope != Scope.AREA}
    assert narrow == {"officer": Scope.DISTRICTS, "field-officer": Scope.ASSIGNED}


def test_the_table_cannot_be_changed_while_it_runs() -> None:
    with pytest.raises(TypeError):
        ROLES[Role.PUBLIC] = ROLES[Role.ADMIN]  # type: ignore[index]
