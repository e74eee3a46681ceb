"""Coverage, reasons and evidence by village: exact, read for one request.

Light, for the web imports it: Parquet by pyarrow alone. Who may ask is not asked here.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: Files of exact/ by the name of their table; a run of an older version has none of them.
TABLES = (
    "program_villages", "program_persons", "definition_villages", "reason_villages",
    "lens_villages", "convergence_villages", "evidence_villages", "flag_villages",
    "verified_errors",
)  # fmt: skip

#: What a program is to a family or a person; they add up (targeting/program_states.py).
STATES = (
    "covered", "covered_undecided", "enrolled_not_eligible", "uncovered", "unmatched",
    "not_eligible", "undecided",
)  # fmt: skip

Row = Mapping[str, Any]


@dataclass(frozen=True)
class ProgramCounts:
    """Families or persons (`unit`) of a village by what a program is to them."""

    program: str
    unit: str
    states: Mapping[str, int]

    @property
    def all(self) -> int:
        """All of them: each has one state."""
        return sum(self.states.values())

    @property
    def is_judged(self) -> bool:
        """Whether the rule says anything of any of them."""
        return self.all > self.states["covered_undecided"] + self.states["undecided"]

    @property
    def exclusion(self) -> tuple[int, int]:
        """Of the eligible of whom it is known: on no list, and all."""
        missed = self.states["uncovered"]
        return missed, self.states["covered"] + missed

    @property
    def inclusion(self) -> tuple[int, int]:
        """Of the enrolled of whom it is known: not eligible, and all."""
        wrong = self.states["enrolled_not_eligible"]
        return wrong, self.states["covered"] + wrong


@dataclass(frozen=True)
class VillageCoverage:
    """What is known of a village; extreme-poor families where nothing else is said.

    Attributes
    ----------
    definitions
        ``definition``, ``families``, and ``covered_families``, ``uncovered_families``,
        ``unmatched_families``, which add up to them.
    poor, everybody
        Families by program, of the extreme poor and of all.
    persons
        Persons of all families, by program.
    reasons
        ``reason``, ``office``, ``families``: of the uncovered of the run's own definition.
    lenses
        ``lens``, ``families``, the three states, and of ``extreme_poor_families`` those of
        whom nobody has said: ``unknown_families``.
    strategies, programs
        Families by the strategies that reach them (``1+2``), and by how many programs do.
    evidence
        See village_schemas.EVIDENCE_VILLAGES; None without extreme-poor families.
    flags
        ``program``, ``year``, ``flagged_families`` = ``flagged_covered_families`` +
        ``flagged_uncovered_families`` + those that are unmatched.
    verified
        See village_schemas.VERIFIED_ERRORS: of the village, its district and the area, in
        this order, as far as anybody was visited.
    """

    definitions: Sequence[Row]
    poor: Sequence[ProgramCounts]
    everybody: Sequence[ProgramCounts]
    persons: Sequence[ProgramCounts]
    reasons: Sequence[Row]
    lenses: Sequence[Row]
    strategies: Mapping[str, int]
    programs: Mapping[int, int]
    evidence: Row | None
    flags: Sequence[Row]
    verified: Sequence[Row]


def coverage_of_village(exact: Path, village_code: str) -> VillageCoverage:
    """Read what the tables say of a village.

    Parameters
    ----------
    exact
        The folder exact/ of a snapshot.
    village_code
        Kemendagri, dots.
    """
    found = {name: _rows(exact, name, village_code) for name in TABLES if name != "verified_errors"}
    families, persons = found["program_villages"], found["program_persons"]
    strategies: Counter[str] = Counter()
    programs: Counter[int] = Counter()
    for row in found["convergence_villages"]:
        strategies[row["strategies"]] += row["families"]
        programs[row["programs"]] += row["families"]
    return VillageCoverage(
        definitions=found["definition_villages"],
        poor=_by_program([row for row in families if row["is_poor"]], "families"),
        everybody=_by_program(families, "families"),
        persons=_by_program(persons, "persons"),
        reasons=found["reason_villages"],
        lenses=found["lens_villages"],
        strategies=strategies,
        programs=programs,
        evidence=next(iter(found["evidence_villages"]), None),
        flags=found["flag_villages"],
        verified=_verified(exact, village_code),
    )


def uncovered_of_villages(
    exact: Path, villages: Collection[str], definition: str
) -> Mapping[str, Row]:
    """``families`` and the three states of a definition, by village code."""
    return {
        row["village_code"]: row
        for row in _rows(exact, "definition_villages")
        if row["definition"] == definition and row["village_code"] in villages
    }


def offices_of_villages(exact: Path, villages: Collection[str]) -> Mapping[str, Mapping[str, int]]:
    """Uncovered families by village code and by the office that can change it."""
    found: dict[str, Counter[str]] = {}
    for row in _rows(exact, "reason_villages"):
        if row["village_code"] in villages:
            found.setdefault(row["village_code"], Counter())[row["office"]] += row["families"]
    return found


def _by_program(rows: Sequence[Row], unit: str) -> list[ProgramCounts]:
    """Rows of a village, of the poor and of others, added up by program."""
    found: dict[str, Counter[str]] = {}
    for row in rows:
        counts = found.setdefault(row["program"], Counter())
        counts.update({state: int(row[f"{state}_{unit}"]) for state in STATES})
    return [ProgramCounts(program, unit, found[program]) for program in sorted(found)]


def _verified(exact: Path, village_code: str) -> list[Row]:
    wanted = (("village", village_code), ("district", village_code.rsplit(".", 1)[0]),
              ("area", None))  # fmt: skip
    found = {(row["level"], row["code"]): row for row in _rows(exact, "verified_errors")}
    return [found[key] for key in wanted if found.get(key, {}).get("visited_families")]


def _rows(exact: Path, name: str, village_code: str | None = None) -> list[dict[str, Any]]:
    # Most visitors open no such page: they need not wait for this to be loaded.
    import pyarrow.compute as pc  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    asked = None if village_code is None else pc.field("village_code") == village_code
    rows: list[dict[str, Any]] = pq.read_table(exact / f"{name}.parquet", filters=asked).to_pylist()
    return rows
