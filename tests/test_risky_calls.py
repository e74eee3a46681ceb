"""What no line of the program does: run text as code, unpickle, hand markup through."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1] / "geo_target"
TEMPLATES = PACKAGE.parent / "templates"

#: Modules that rebuild objects, follow references of XML, or start programs.
MODULES = {"pickle", "marshal", "shelve", "dill", "yaml", "xml", "lxml", "subprocess", "ctypes"}
CALLS = {"eval", "exec", "compile", "__import__", "render_template_string", "Markup", "system",
         "popen", "from_string"}  # fmt: skip


def used(tree: ast.AST) -> Iterator[str]:
    """Top names of imported modules, and names of what is called."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").split(".")[0]
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Name):
                yield called.id
            elif isinstance(called, ast.Attribute) and called.attr != "compile":  # re.compile
                yield called.attr


def test_no_module_runs_text_or_rebuilds_objects() -> None:
    files = sorted(PACKAGE.rglob("*.py"))
    assert len(files) > 50
    found = {
        f"{file.relative_to(PACKAGE)}: {name}"
        for file in files
        for name in set(used(ast.parse(file.read_text("utf-8")))) & (MODULES | CALLS)
    }
    assert found == set()


def test_no_template_hands_markup_through() -> None:
    templates = sorted(TEMPLATES.rglob("*.html"))
    assert len(templates) > 5
    unescaped = re.compile(r"\|\s*safe\b|autoescape\s+false|\|\s*tojson|Markup\(")
    assert [str(file) for file in templates if unescaped.search(file.read_text("utf-8"))] == []


def test_every_form_that_changes_something_brings_its_token() -> None:
    """By the one macro, and no form of a question does: its address would hold the token."""
    form = re.compile(r"<form\b.*?</form>", re.DOTALL)
    forms = [(file.name, found) for file in sorted(TEMPLATES.rglob("*.html"))
             for found in form.findall(file.read_text("utf-8"))]  # fmt: skip
    assert len(forms) > 20
    wrong = [(name, found[:80]) for name, found in forms
             if ("{{ token() }}" in found) != ('method="post"' in found)
             or "csrf_token" in found]  # fmt: skip
    assert wrong == []


def test_no_script_writes_markup() -> None:
    scripts = sorted((PACKAGE / "static").glob("*.js"))
    assert len(scripts) > 2
    sinks = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function"
    )
    assert [file.name for file in scripts if sinks.search(file.read_text("utf-8"))] == []
