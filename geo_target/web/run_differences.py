"""What differs between two runs besides the families: the question, the lists, the boundaries.

A change between two months is one of families only as far as these are the same.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _  # type: ignore[import-untyped]

from geo_target.web.atlas import Atlas
from geo_target.web.compared_sides import Side, called
from geo_target.web.figures import Figure, Record, added, count_of
from geo_target.web.history import question_of
from geo_target.web.language import day, own, whole
from geo_target.web.reach import told_of
from geo_target.web.store import Snapshot
from geo_target.web.subjects import Group
from geo_target.web.wording import program_names, register_word


@dataclass(frozen=True)
class Difference:
    """One thing in words, as each of the two runs has it."""

    what: str
    left: str
    right: str

    @property
    def is_one(self) -> bool:
        """Whether both runs have it alike."""
        return self.left == self.right


def definition_of(side: Side) -> str | None:
    """What a side's figures mean; None where it is what 'reached' means in its run."""
    group, title = side.indicator.subject.group, called(side.indicator)
    if group is Group.UNCOVERED:
        return None
    if group not in (Group.DEFINITIONS, Group.LENSES):
        on = day(side.snapshot.summary["definition"]["on"])
        return str(_("%(title)s, keadaan pada %(on)s.", title=title, on=on))
    definition = _named(side) or side.snapshot.summary["definition"]
    return str(
        _(
            "%(title)s. Tersentuh = terdaftar di %(programs)s pada %(on)s.",
            title=title, programs=_definition(definition), on=day(definition["on"]),
        )
    )  # fmt: skip


def differences_of(left: Side, right: Side, atlas: Atlas) -> tuple[Difference, ...]:
    """All that both runs say of themselves, what they do not have alike first."""
    runs = (left.snapshot.summary, right.snapshot.summary)
    rows = [
        _both(_("Tersentuh = terdaftar di"), [_definition(run["definition"]) for run in runs]),
        *_named_definition(left, right),
        _both(_("Bagian dari"), [str(side.indicator.unit) for side in (left, right)]),
        _both(_("Siapa yang dihitung"), [own(run["welfare"]) for run in runs]),
        _both(_("Daftar dasar"), [own(run["base"]["title"]) for run in runs]),
        *_lists(runs),
        _both(_("Batas wilayah"), _boundaries(runs, atlas)),
        _both(
            _("Angka terkecil yang ditampilkan"),
            [_("%(smallest)s KK", smallest=whole(run["smallest"])) for run in runs],
        ),
    ]
    return tuple(sorted(rows, key=lambda row: row.is_one))


def asks_alike(one: Snapshot, other: Snapshot) -> bool:
    """Whether two runs count the same families by the same definition."""
    return question_of(one.summary) == question_of(other.summary)


def causes_of(left: Side, right: Side) -> Record | None:
    """Why the uncovered families changed, where the right run followed on the left one."""
    registers = right.snapshot.registers
    changes = registers["changes"] if registers else None
    return changes if changes and changes["previous"] == left.run.run_id else None


def registers_of(left: Side, right: Side) -> list[tuple[str, Figure | None, Figure | None]]:
    """Families that each register lists in the whole area; None where a run does not have it.

    The sum of the combinations that it is in, and withheld where one of them is.
    """
    sides = [_registers(side.snapshot.registers) for side in (left, right)]
    names = dict.fromkeys(name for one in sides for name in one)
    return [(register_word(name), *(one.get(name) for one in sides)) for name in names]  # type: ignore[misc]


def _registers(told: Record | None) -> dict[str, Figure]:
    overlaps = told["overlaps"] if told else {"registers": (), "combinations": ()}
    counts = {
        name: [one["families"] for one in overlaps["combinations"] if name in one["registers"]]
        for name in overlaps["registers"]
    }
    return {name: told_of(None if None in own else sum(own)) for name, own in counts.items()}


def _both(what: str, words: Sequence[str]) -> Difference:
    left, right = words
    return Difference(what, left, right)


def _definition(definition: Record) -> str:
    names = program_names({"definition": definition})
    if definition["member_counts_for_family"]:
        return names
    every = _("%(programs)s; program perorangan: semua anggota harus terdaftar", programs=names)
    return str(every)


def _named_definition(left: Side, right: Side) -> Iterator[Difference]:
    """What a definition of the same name means in each run."""
    keys = {side.indicator.subject.key for side in (left, right)}
    if len(keys) == 1 and right.indicator.subject.group is Group.DEFINITIONS:
        found = [_named(side) for side in (left, right)]
        words = [_definition(one) if one else _("tidak ada") for one in found]
        yield _both(_("Definisi yang dipilih"), words)


def _named(side: Side) -> Record | None:
    """The definition that a figure is about, if it is about one by name and the run has it."""
    told = side.snapshot.coverage or {"definitions": ()}
    name = side.indicator.subject.key.removeprefix("definition-")
    return next((one for one in told["definitions"] if one["name"] == name), None)


def _lists(runs: Sequence[Record]) -> Iterator[Difference]:
    """Days and rows of the lists by what they are called; of several files one has several days.

    A list that was handed in again keeps its day, and seldom its rows.
    """
    found = [_files(run["sources"]) for run in runs]
    for title in dict.fromkeys(title for one in found for title in one):
        yield _both(title, [_told(one[title]) if title in one else _("tidak ada") for one in found])


def _files(sources: Sequence[Record]) -> dict[str, list[Record]]:
    files: dict[str, list[Record]] = {}
    for source in sources:
        files.setdefault(own(source["title"]), []).append(source)
    return files


def _told(files: Sequence[Record]) -> str:
    days = ", ".join(day(each) for each in sorted({str(one["as_of"]) for one in files}))
    rows = added([count_of(one, "rows") for one in files]).value
    if rows is None:
        return str(_("per %(days)s", days=days))
    return str(_("per %(days)s, %(rows)s baris", days=days, rows=whole(rows)))


def _boundaries(runs: Sequence[Mapping[str, Any]], atlas: Atlas) -> list[str]:
    words = [_("skematik") if run["boundaries"]["schematic"] else _("berkas batas") for run in runs]
    changed = atlas.changed()
    if changed and words[0] == words[1]:
        words[1] = _("%(words)s, %(count)s wilayah digambar lain", words=words[1], count=changed)
    return words
