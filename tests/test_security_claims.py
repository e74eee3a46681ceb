"""docs/security.md claims nothing without a test, and says who may do what as the program does."""

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from geo_target.deliveries.delivery import MOST_FILES
from geo_target.deliveries.safe_names import SUFFIXES
from geo_target.deliveries.uploads import LARGEST, MOST_UNFINISHED
from geo_target.operations.audit_reading import NAMING
from geo_target.operations.passwords import ADVISED, LONGEST, SHORTEST
from geo_target.operations.roles import ROLES, Verb
from geo_target.operations.sessions import ABSOLUTE, IDLE
from geo_target.operations.throttle import (
    PER_ACCOUNT,
    PER_ACCOUNT_AND_ADDRESS,
    PER_ADDRESS,
    WINDOW,
)
from geo_target.settings import Access, Retention
from geo_target.web.app import LARGEST_BODY
from geo_target.web.requests import PIECE

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "security.md").read_text("utf-8")
NAMED = re.compile(r"(tests/[\w/]+\.py)::(\w+)")
VERB = re.compile(r"(user|snapshot)\.[a-z-]+|sign-(in|out)[a-z-]*")
ITEM = re.compile(r"\d+\.\d+\.\d+")

#: The part of ASVS 5.0.0 that this project holds itself to: section and its last item.
CHOSEN = """
1.2.1-4 1.2.10 1.3.6-7 1.3.12 1.5.1-2 2.2.1-3 2.3.3 2.3.5 2.4.1 3.2.1-2 3.3.1-4 3.4.1-6 3.5.1
3.5.3 4.1.1 5.1.1 5.2.1-5 5.3.2-3 5.4.1-2 6.2.1-11 6.3.1-4 7.1.1-3 7.2.1-4 7.3.1-2 7.4.1-5
8.1.1-2 8.2.1-3 8.3.1-2 13.4.1-2 14.1.1-2 14.2.1-4 14.2.6-8 14.3.1-3 15.3.1 15.3.3 15.4.2
16.1.1 16.2.1-5 16.3.1-4 16.4.1-3 16.5.1-4
"""


def chosen() -> Iterator[str]:
    for words in CHOSEN.split():
        first, _, last = words.partition("-")
        section, _, number = first.rpartition(".")
        for each in range(int(number), int(last or number) + 1):
            yield f"{section}.{each}"


def section(title: str) -> str:
    """What stands under a heading, to the next one of any level."""
    found = re.search(rf"^#+ {re.escape(title)}\n(.*?)(?=^#+ |\Z)", PAGE, re.DOTALL | re.MULTILINE)
    assert found, title
    return found.group(1)


def table(title: str) -> list[list[str]]:
    """Cells of the table under a heading, without its two first lines."""
    lines = [line for line in section(title).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


@cache
def names_in(file: str) -> frozenset[str]:
    """Names of the tests in a file, by reading alone."""
    path = ROOT / file
    tree = ast.parse(path.read_text("utf-8")) if path.is_file() else ast.Module([], [])
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    return frozenset(each.name for each in functions if each.name.startswith("test_"))


def test_every_test_that_is_named_exists() -> None:
    named = NAMED.findall(PAGE)
    assert len(named) > 100
    assert [f"{file}::{name}" for file, name in named if name not in names_in(file)] == []


@pytest.mark.parametrize("title", ["Threats", "Faults", "ASVS 5.0.0: claimed"])
def test_every_line_names_a_test(title: str) -> None:
    rows = table(title)
    assert len(rows) >= 20
    assert [row[0] for row in rows if not NAMED.search(row[-1])] == []


def test_every_item_is_claimed_or_not_and_stands_once() -> None:
    rows = (*table("ASVS 5.0.0: claimed"), *table("ASVS 5.0.0: not claimed"))
    items = [item for row in rows for item in ITEM.findall(row[0])]
    assert sorted(items) == sorted(chosen())


def test_every_threat_is_answered_or_said_to_wait() -> None:
    rows = (*table("Threats"), *table("Not yet"))
    threats = [threat for row in rows for threat in re.findall(r"\bT\d+", row[0])]
    assert sorted(threats) == sorted(f"T{number}" for number in range(1, 31))


def test_every_fault_is_answered() -> None:
    faults = [row[0].split(" ")[0] for row in table("Faults")]
    assert faults == [f"R{number}" for number in range(1, 21)]


def test_the_table_of_roles_is_the_one_of_the_program() -> None:
    rows = {verb.value: [verb in rule.verbs for rule in ROLES.values()] for verb in Verb}
    lines = [line for line in section("Roles").splitlines() if line.startswith("|")]
    expected = [
        f"| may | {' | '.join(role.value for role in ROLES)} |",
        f"|---|{'---|' * len(ROLES)}",
        *(
            f"| {verb} | {' | '.join('x' if may else '-' for may in cells)} |"
            for verb, cells in rows.items()
        ),
        f"| of | {' | '.join(rule.scope.value for rule in ROLES.values())} |",
    ]
    assert lines == expected, "\n".join(expected)


def test_limits_are_those_of_the_program() -> None:
    words = " ".join(section("Limits").split())
    minutes = int(WINDOW.total_seconds() // 60)
    for said in (
        f"{int(IDLE.total_seconds() // 60)} minutes without a request",
        f"{int(ABSOLUTE.total_seconds() // 3600)} hours after signing in",
        f"{PER_ACCOUNT_AND_ADDRESS} wrong passwords for an account from an address, "
        f"{PER_ACCOUNT} for an account from anywhere, or {PER_ADDRESS} from an address "
        f"within {minutes} minutes",
        f"{SHORTEST} to {LONGEST} characters; {ADVISED} or more",
        f"{Access().persons_per_hour} families an hour",
        f"pieces of at most {PIECE // 1024} KiB, up to {LARGEST // 10**9} GB a file, with "
        f"{MOST_UNFINISHED} unfinished uploads an account and {MOST_FILES} files that wait",
        f"at most {LARGEST_BODY // 1024} KiB",
        f"({', '.join(sorted(suffix[1:] for suffix in SUFFIXES))})",
    ):
        assert said in words


def test_the_sessions_of_the_agencys_sign_in_are_written_down() -> None:
    text = (ROOT / "docs" / "single-sign-on.md").read_text("utf-8")
    words = text.split("## Two sessions")[1].split("\n## ")[0]
    assert f"{int(IDLE.total_seconds() // 60)} minutes without a request" in words
    hours = f"{int(ABSOLUTE.total_seconds() // 3600)} hours at most"
    assert words.count(hours) == 2
    for said in ("users disable", "signing out", "asks again", "Neither ends the other"):
        assert said in words


def test_every_class_of_data_says_what_it_asks_for() -> None:
    rows = {row[0]: row[1:] for row in table("Classes of data")}
    assert list(rows) == [
        "whole numbers", "specific", "general", "small counts", "shown", "secrets", "audit log",
    ]  # fmt: skip
    for name, cells in rows.items():
        assert all(cells), name
        assert NAMED.search(cells[-1]), name
    limits = Retention()
    assert f"`exact_days` {limits.exact_days} days" in rows["specific"][4]
    assert f"visits {limits.visits_days}" in rows["specific"][4]
    assert f"as sent {limits.sources_days} days" in rows["general"][4]
    assert f"sessions {limits.sessions_days} day" in rows["secrets"][4]


def test_nothing_is_imported_whose_version_is_not_fixed() -> None:
    """Whoever slips a package in has to name it where versions are fixed."""
    pinned = re.findall(
        r"^([\w.-]+)==", (ROOT / "constraints.txt").read_text("utf-8"), re.MULTILINE
    )
    known = {name.lower().replace("_", "-") for name in pinned}
    owners = packages_distributions()
    foreign = {
        name: owners.get(name, ["?"])
        for name in imported()
        if name not in sys.stdlib_module_names and name != "geo_target"
    }
    assert len(foreign) > 15
    known_of = {name: {one.lower().replace("_", "-") for one in names} & known
                for name, names in foreign.items()}  # fmt: skip
    assert [name for name, found in known_of.items() if not found] == []


def imported() -> set[str]:
    """Top names of every module that the program imports, at its top or later."""
    found = set()
    for file in (ROOT / "geo_target").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                found |= {each.name.split(".")[0] for each in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.split(".")[0])
    return found


def events() -> Iterator[str]:
    """Every verb that a line of the program gives to the audit log as it is."""
    for file in (ROOT / "geo_target").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            given = isinstance(node, ast.keyword) and node.arg == "verb"
            value = node.value if isinstance(node, ast.keyword) else node
            text = value.value if isinstance(value, ast.Constant) else None
            if isinstance(text, str) and (given or VERB.fullmatch(text)):
                yield text


def test_every_event_of_the_log_is_listed() -> None:
    listed = set(re.findall(r"`([a-z.-]+)`", section("Logs")))
    found = set(events())
    assert {"user.add", "sign-in", "audit.who-saw", "audit.export", "snapshot.publish"} <= found
    assert set(NAMING) <= listed
    only_allowed = {verb.value for verb in Verb} - set(NAMING)
    assert found - only_allowed - listed == set()
