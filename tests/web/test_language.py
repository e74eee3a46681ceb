"""No word is left in one language only."""

import ast
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from geo_target.resources import resource_dir
from geo_target.web import faults
from geo_target.web.language import CATALOG

WEB = Path(faults.__file__).parent


def english() -> Catalog:
    with CATALOG.open("rb") as file:
        return read_po(file, locale="en")


def used() -> set[str | tuple[str, ...]]:
    templates = extract_from_dir(
        resource_dir("templates"), [("**.html", "jinja2.ext:babel_extract")]
    )
    code = extract_from_dir(WEB, [("**.py", "python")])
    return {found[2] for found in (*templates, *code)}


def test_every_string_has_its_english() -> None:
    catalog = english()
    missing = []
    for words in used():
        message = catalog.get(words if isinstance(words, str) else words[0])
        given = message.string if message else ""
        if not all([given] if isinstance(given, str) else given or [""]):
            missing.append(words)
    assert missing == []


def test_no_translation_is_left_over() -> None:
    known = {message.id for message in english() if message.id}
    assert known - used() == set()


def test_translations_fill_in_the_same_values() -> None:
    for message in english():
        assert list(message.check(english())) == []


def test_every_fault_page_has_both_languages() -> None:
    tree = ast.parse(Path(faults.__file__).read_text(encoding="utf-8"))
    calls = [
        n for n in ast.walk(tree) if isinstance(n, ast.Call) and ast.unparse(n.func) == "Words"
    ]
    assert len(calls) % 2 == 0
