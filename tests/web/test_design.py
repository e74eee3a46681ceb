"""The visual language: colors and sizes have names, and every text can be read where it stands."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from benchmarks.screens import SCREENS
from geo_target.resources import resource_dir
from geo_target.web import faults

STATIC = Path(faults.__file__).parents[1] / "static"
CSS = (STATIC / "geo-target.css").read_text("utf-8")
DOC = Path(faults.__file__).parents[2] / "docs" / "design.md"
ROW = re.compile(
    r"^\| `--([\w-]+)` \| `--([\w-]+)` \| (?:.+ \| )?([\d.]+) \| ([\d.]+) \|$", re.MULTILINE
)
RAW = re.compile(r"(?:#[0-9a-fA-F]{3,8}\b|rgba?\([^)]*\)|font-size: [\d.]+rem)")
RAMPS = (
    *([f"{name}-{step}" for step in range(6)] for name in ("need", "know")),
    *([*(f"{name}-{step}" for step in (1, 2, 3))] for name in ("fall", "rise")),
)


def block(selector: str) -> str:
    found = re.search(rf"^{re.escape(selector)} \{{(.*?)\}}", CSS, re.DOTALL | re.MULTILINE)
    assert found
    return found.group(1)


def tokens(css: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", css))


LIGHT = tokens(block(":root"))
PROJECTOR = {**LIGHT, **tokens(block("html.projector"))}


def luminance(color: str) -> float:
    """Of WCAG 2.2, from 0 (black) to 1 (white)."""
    digits = color[1:] if len(color) == 7 else "".join(digit * 2 for digit in color[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def pairs(heading: str) -> list[tuple[str, str, str, str]]:
    """Rows of a table of docs/design.md: token, token, contrast, contrast on a projector."""
    part = DOC.read_text("utf-8").split(f"\n### {heading}\n")[1].split("\n#")[0]
    found = ROW.findall(part)
    assert found
    return found


def test_contrast_as_it_is_defined() -> None:
    assert contrast("#000000", "#fff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(
    ("heading", "least"), [("Text on its ground", 4.5), ("Lines and marks", 3)]
)
def test_everything_can_be_read_where_it_stands(heading: str, least: float) -> None:
    for one, other, told, told_on_a_projector in pairs(heading):
        for theme, written in ((LIGHT, told), (PROJECTOR, told_on_a_projector)):
            ratio = contrast(theme[one], theme[other])
            assert ratio >= least, (one, other, ratio)
            assert written == f"{ratio:.1f}", (one, other, "docs/design.md tells another ratio")


def test_a_projector_shows_no_text_paler() -> None:
    darker = [name for name in PROJECTOR if PROJECTOR[name] != LIGHT[name]]
    assert darker
    assert all(luminance(PROJECTOR[name]) < luminance(LIGHT[name]) for name in darker)


@pytest.mark.parametrize("ramp", RAMPS, ids=lambda ramp: ramp[0])
def test_each_class_of_a_ramp_is_told_from_the_next(ramp: list[str]) -> None:
    """By its lightness alone, so that no color need be seen; a photocopy tells them too."""
    steps = [luminance(LIGHT[name]) for name in ramp]
    assert steps == sorted(steps, reverse=True)
    for one, other in pairwise(ramp):
        assert contrast(LIGHT[one], LIGHT[other]) >= 1.15


def test_colors_and_sizes_are_named_once() -> None:
    """A raw value in a rule would be one that a theme or a measure of contrast does not reach."""
    named = {value: name for name, value in reversed(list(LIGHT.items()))}
    raw = []
    for file in STATIC.glob("*.css"):
        css = re.sub(r"(?ms)^(?::root|html\.projector) \{.*?\}", "", file.read_text("utf-8"))
        css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
        raw += [(file.name, value, f"var(--{named.get(value, '?')})") for value in RAW.findall(css)]
    assert raw == []


def test_every_block_ends_before_the_next_head() -> None:
    """A brace that a merge has lost would put all that follows into a rule for small screens."""
    for file in STATIC.glob("*.css"):
        depth = 0
        for line in file.read_text("utf-8").splitlines():
            assert not (line.startswith("/* ----") and depth), (file.name, line)
            told = re.sub(r"/\*.*?\*/", "", line)
            depth += told.count("{") - told.count("}")
        assert depth == 0, file.name


def test_every_name_that_is_used_is_defined() -> None:
    css = "".join(file.read_text("utf-8") for file in STATIC.glob("*.css"))
    used = set(re.findall(r"var\(--([\w-]+)", css))
    assert used - set(re.findall(r"--([\w-]+):", css)) == set()


def test_every_page_has_its_part_and_its_picture() -> None:
    words = DOC.read_text("utf-8")
    shown = re.findall(r"^!\[[^\]]+\]\(screens/([\w-]+)\.png\)$", words, re.MULTILINE)
    assert shown == [screen.name for screen in SCREENS]


def test_every_page_says_what_it_shows_when_there_is_nothing() -> None:
    states = DOC.read_text("utf-8").split("\n## States\n")[1].split("\n## ")[0]
    listed = set(re.findall(r"^\| ([a-z-]+(?:, [a-z-]+)*) \|", states, re.MULTILINE))
    names = {name for each in listed for name in each.split(", ")}
    assert names >= {screen.name for screen in SCREENS}


def test_what_moves_stands_still_where_that_is_asked_for() -> None:
    assert "@media (prefers-reduced-motion: reduce)" in CSS
    assert "@media (forced-colors: active)" in CSS
    templates = resource_dir("templates").rglob("*.html")
    assert not [file.name for file in templates if "<marquee" in file.read_text("utf-8")]


def test_every_table_stands_in_a_box_that_tells_when_it_is_too_wide() -> None:
    fixed = {"pair", "decided"}  # columns of a fixed share, and one that is set anew on a phone
    tables = [
        (file.name, found.group(1), file.read_text("utf-8")[: found.start()].rstrip()[-160:])
        for file in resource_dir("templates").rglob("*.html")
        for found in re.finditer(r'<table class="plain-table([^"]*)"', file.read_text("utf-8"))
    ]
    assert len(tables) > 60
    loose = [(name, kind) for name, kind, before in tables
             if not fixed & set(kind.split()) and 'class="wide' not in before]  # fmt: skip
    assert loose == []
