"""docs/privacy tells of commands and tests that there are."""

import re
from pathlib import Path

import click
import pytest

from geo_target.cli import main

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted((ROOT / "docs" / "privacy").glob("*.md"))
COMMAND = re.compile(r"geo-target ((?:[a-z-]+ ?)+)")
TEST = re.compile(r"tests/[\w/]+\.py")


def test_the_four_are_there() -> None:
    names = {page.name for page in PAGES}
    assert names == {
        "record-of-processing.md", "dpia-template.md", "breach.md", "civil-registry.md"
    }  # fmt: skip


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_exists(page: Path) -> None:
    told = COMMAND.findall(page.read_text("utf-8"))
    assert told
    for words in told:
        command: click.Command = main
        for word in words.split():
            if not isinstance(command, click.Group):
                break
            assert word in command.commands, words
            command = command.commands[word]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_test_exists(page: Path) -> None:
    told = TEST.findall(page.read_text("utf-8"))
    assert [name for name in told if not (ROOT / name).is_file()] == []
    assert bool(told) is (page.name == "dpia-template.md")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_was_not_read_is_said_so(page: Path) -> None:
    text = page.read_text("utf-8")
    assert "[diperiksa ahli hukum]" in text
    assert "no legal advice" in text
