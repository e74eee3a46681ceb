"""Of which families figures tell: the uncovered by each definition, by program, of groups, data."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask_babel import LazyString  # type: ignore[import-untyped]
from flask_babel import lazy_gettext as _

from geo_target.web.coverage_words import lens_words
from geo_target.web.figures import Record
from geo_target.web.reach import LISTED
from geo_target.web.store import Snapshot


class Group(StrEnum):
    """Subjects that stand together where one is chosen."""

    UNCOVERED = "uncovered"
    DEFINITIONS = "definitions"
    PROGRAMS = "programs"
    LENSES = "lenses"
    QUALITY = "quality"

    @property
    def words(self) -> str:
        """What the group is called."""
        return str(_GROUPS[self])


_GROUPS: Mapping[Group, Any] = {
    Group.UNCOVERED: _("Belum tersentuh"),
    Group.DEFINITIONS: _("Definisi lain"),
    Group.PROGRAMS: _("Program"),
    Group.LENSES: _("Kelompok keluarga"),
    Group.QUALITY: _("Mutu data"),
}


@dataclass(frozen=True)
class Subject:
    """Of which families a figure tells: `part` of `base`, columns whose sum each is.

    `lazy_of` says what the base is; both words are of the language in which they are asked for.
    """

    key: str
    group: Group
    lazy_title: Any
    part: tuple[str, ...]
    base: tuple[str, ...]
    lazy_of: Any
    tone: str = "uncovered"

    @property
    def title(self) -> str:
        """What it is called; it has words of the data, and a lazy string is never escaped."""
        return str(self.lazy_title)

    @property
    def of(self) -> str:
        """Of whom its share is."""
        return str(self.lazy_of)


_COMPARED = ("covered_families", "uncovered_families")
OWN = Subject(
    "uncovered", Group.UNCOVERED, _("Keluarga belum tersentuh"), _COMPARED[1:], _COMPARED,
    _("dari yang padan"),
)  # fmt: skip
LOCATED = Subject(
    "located", Group.QUALITY, _("Keluarga yang punya titik"), ("located_families",), (LISTED,),
    _("dari yang terdaftar"), "located",
)  # fmt: skip
_MATCHED = Subject(
    "matched", Group.QUALITY, _("Keluarga yang padan"), _COMPARED, (LISTED,),
    _("dari yang terdaftar"), "located",
)  # fmt: skip


def subjects_of(snapshot: Snapshot) -> Iterator[Subject]:
    """What a run knows; of older ones without coverage their own definition and the data."""
    yield OWN
    if (told := snapshot.coverage) is not None:
        yield from map(_of_definition, [one for one in told["definitions"] if not one["is_own"]])
        for one in told["programs"]:
            if one["is_carried"] and one["is_current"]:
                yield from _of_program(one)
        yield from (_of_lens(str(one["lens"])) for one in told["lenses"] if one["is_known"])
    yield LOCATED
    yield _MATCHED
    if told is not None:
        yield Subject(
            "stale", Group.QUALITY, _("Keluarga dengan bukti usang"), ("stale",), (LISTED,),
            _("dari yang terdaftar"), "located",
        )  # fmt: skip


def _of_definition(one: Record) -> Subject:
    names = ", ".join(str(program["short_name"]) for program in one["programs"])
    columns = (f"covered {one['name']}", f"uncovered {one['name']}")
    return Subject(
        f"definition-{one['name']}", Group.DEFINITIONS,
        _("Belum tersentuh: %(definition)s", definition=str(one["title"] or names)),
        columns[1:], columns, _("dari yang padan"),
    )  # fmt: skip


def _of_program(one: Record) -> Iterator[Subject]:
    code, name = str(one["code"]), str(one["short_name"])
    of = _("dari yang terdaftar")
    yield Subject(
        f"enrolled-{code}", Group.PROGRAMS, _("%(program)s: penerima", program=name),
        (f"enrolled {code}",), (LISTED,), of, "enrolled",
    )  # fmt: skip
    if one["is_judged"]:
        yield Subject(
            f"missed-{code}", Group.PROGRAMS,
            _("%(program)s: layak, belum terdaftar", program=name),
            (f"uncovered {code}",), (LISTED,), of,
        )  # fmt: skip


def _of_lens(lens: str) -> Subject:
    called = LazyString(lambda: lens_words().get(lens, lens))
    return Subject(
        f"lens-{lens}", Group.LENSES, _("Belum tersentuh: %(group)s", group=called),
        (lens,), (f"all {lens}",), _("dari kelompoknya"),
    )  # fmt: skip
