"""No word is left in one language only, and no number is written as the other one does."""

import ast
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from flask import Flask, render_template_string

from geo_target.resources import resource_dir
from geo_target.web import faults
from geo_target.web.language import CATALOG, COOKIE, day, percent, signed, whole
from geo_target.web.priority_words import decimal

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
    catalogue = english()
    for message in catalogue:
        assert list(message.check(catalogue)) == []


def test_every_fault_page_has_both_languages() -> None:
    tree = ast.parse(Path(faults.__file__).read_text(encoding="utf-8"))
    calls = [
        n for n in ast.walk(tree) if isinstance(n, ast.Call) and ast.unparse(n.func) == "Words"
    ]
    assert len(calls) % 2 == 0


# ---------------------------------------------------------------------- words outside the catalogue

#: Units, short names and names of things that are the same in both languages.
SAME = {"KK", "RW", "RT", "NIK", "KB", "MB", "Rp", "km", "Gi", "Moran", "ID", "EN", "Bahasa",
        "Language", "Indonesia", "English", "GeoPackage"}  # fmt: skip
_JINJA = re.compile(
    r"\{% block body_class %\}.*?\{% endblock %\}|\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", re.S
)
_SAID = ("aria-label", "title", "placeholder", "alt")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
#: What a script would say by itself, and not by words that the page brings.
_SCRIPT_SAYS = re.compile(
    r"""(?:textContent|innerText|title|placeholder|ariaLabel)\s*[+]?=\s*["`][^"`]*[A-Za-z]{2}"""
    r"""|setAttribute\(\s*"(?:aria-label|title|placeholder|alt)",\s*["`][^"`]*[A-Za-z]{2}"""
    r"""|(?:alert|confirm|createTextNode)\(\s*["`][^"`]*[A-Za-z]{2}"""
    r"""|["`][A-Z][a-z]+ [a-z]+[^"`]*["`]"""
)


class Hard(HTMLParser):
    """Words of a template that stand outside `_()`."""

    def __init__(self) -> None:
        super().__init__()
        self.words: set[str] = set()
        self._is_quiet = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._is_quiet = tag in {"script", "style"}
        for name, value in attrs:
            if name in _SAID:
                self.words |= set(_LETTERS.findall(value or ""))

    def handle_endtag(self, tag: str) -> None:
        self._is_quiet = self._is_quiet and not tag

    def handle_data(self, data: str) -> None:
        if not self._is_quiet:
            self.words |= set(_LETTERS.findall(data))


def hard_words(template: str) -> set[str]:
    parser = Hard()
    tags = re.sub(r"(</?)\{\{.*?\}\}", r"\1b", template)  # <{{ tag }}>
    macros = re.sub(
        r"\{% if [^%]*%\} [\w-]+=\"[^<>]*?\"\{% endif %\}", " ", tags
    )  # of one attribute
    parser.feed(_JINJA.sub(" ", macros))
    return parser.words - SAME


def test_no_template_speaks_one_language_only() -> None:
    wrong = {
        str(file.relative_to(resource_dir("templates"))): found
        for file in resource_dir("templates").rglob("*.html")
        if (found := hard_words(file.read_text("utf-8")))
    }
    assert wrong == {}


def test_the_search_for_hard_words_finds_them() -> None:
    assert hard_words('<p>{{ _("Peta") }} Peta <b title="Tutup"></b> 12 KK</p>') == {
        "Peta", "Tutup",
    }  # fmt: skip


def test_no_script_speaks_by_itself() -> None:
    scripts = WEB.parent / "static"
    said = {
        file.name: _SCRIPT_SAYS.findall(re.sub(r"\$\{[^}]*\}", "", file.read_text("utf-8")))
        for file in scripts.glob("*.js")
    }
    assert {name: found for name, found in said.items() if found} == {}
    for wrong in ('name.textContent = "Memuat";', 'x.setAttribute("title", "Tutup")',
                  'const words = "Belum ada data";', "alert(`Salah`)"):  # fmt: skip
        assert _SCRIPT_SAYS.search(wrong)


# --------------------------------------------------------------------------- numbers and plurals

FILES = "%(num)s berkas belum selesai dibaca."


@pytest.mark.parametrize(
    ("number", "indonesian", "english"),
    [
        (0, "0 berkas", "0 files are"),
        (1, "1 berkas", "1 file is"),
        (2, "2 berkas", "2 files are"),
        (1234, "1.234 berkas", "1,234 files are"),
    ],
)
def test_one_and_many(app: Flask, number: int, indonesian: str, english: str) -> None:
    counted = f'{{{{ ngettext("{FILES}", "{FILES}", n) }}}}'
    for asked, said in (("id", indonesian), ("en", english)):
        with app.test_request_context(headers={"Cookie": f"{COOKIE}={asked}"}):
            assert render_template_string(counted, n=number).startswith(said + " ")


def test_one_is_not_many_in_english() -> None:
    """Each plural has both forms, and they differ in more than the number."""
    plurals = [message for message in english() if isinstance(message.id, tuple)]
    assert plurals
    assert [message.id[0] for message in plurals if len(set(message.string or ())) < 2] == []


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("id", "1.234 1.234,5 43\u00a0% <\u00a01\u00a0% 1 Oktober 2025"),
        ("en", "1,234 1,234.5 43% <\u00a01% 1 October 2025"),
    ],
)
def test_numbers_shares_and_days(app: Flask, asked: str, written: str) -> None:
    with app.test_request_context(headers={"Cookie": f"{COOKIE}={asked}"}):
        told = [whole(1234), decimal(1234.5), percent(0.43), percent(0.001), day("2025-10-01")]
    assert " ".join(told) == written


def test_a_number_that_was_written_before_is_written_in_the_language_that_is_asked(
    app: Flask,
) -> None:
    told = []
    for asked in ("id", "en", "id", "en"):
        with app.test_request_context(headers={"Cookie": f"{COOKIE}={asked}"}):
            told.append([whole(12345), decimal(1234.5), percent(0.43), decimal(-0.0), signed(-2)])
    assert told[0] == told[2] == ["12.345", "1.234,5", "43\u00a0%", "0,0", "−2"]
    assert told[1] == told[3] == ["12,345", "1,234.5", "43%", "0.0", "−2"]


def test_no_template_writes_a_count_as_the_machine_does() -> None:
    """A length that is shown goes through `whole`: 1.234 in one language, 1,234 in the other."""
    bare = re.compile(r"(?<![\"'])\{\{\s*[\w.]+\s*\|\s*length\s*\}\}")
    wrong = [
        file.name for file in resource_dir("templates").rglob("*.html")
        if bare.search(file.read_text("utf-8"))
    ]  # fmt: skip
    assert wrong == []
    assert bare.search("<p>{{ rows|length }}</p>")
