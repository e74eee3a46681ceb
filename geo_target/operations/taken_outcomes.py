"""What became of outcomes that came in."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class OrphanReason(StrEnum):
    """Why an outcome is not the answer to a visit."""

    UNKNOWN = "unknown"
    """No visit has this code, or a family that is not listed has no village."""
    FOREIGN = "foreign"
    """The visit is not theirs, or lies in another district: not to be told from unknown."""
    CLOSED = "closed"
    """The plan is closed."""
    WITHDRAWN = "withdrawn"
    """Nobody was to go any more."""


@dataclass(frozen=True)
class Orphaned:
    """An outcome that was kept as an orphan."""

    submission_id: str
    visit_code: str
    reason: OrphanReason


@dataclass(frozen=True)
class Taken:
    """What became of outcomes: given = new + repeated + versions + orphans."""

    new: int = 0
    repeated: int = 0
    versions: int = 0
    conflicts: tuple[str, ...] = ()
    """Codes of visits whose answers differ by now; these are among new and versions."""
    orphans: tuple[Orphaned, ...] = ()
    warnings: Mapping[str, int] = field(default_factory=dict)
    """Codes of warnings of what is new, with how often."""

    @property
    def given(self) -> int:
        """How many outcomes came in."""
        return self.new + self.repeated + self.versions + len(self.orphans)

    def __add__(self, other: "Taken") -> "Taken":
        return Taken(
            self.new + other.new,
            self.repeated + other.repeated,
            self.versions + other.versions,
            tuple(dict.fromkeys((*self.conflicts, *other.conflicts))),
            self.orphans + other.orphans,
            Counter(self.warnings) + Counter(other.warnings),
        )

    def text(self) -> str:
        """Counts, for the audit log."""
        told = {"new": self.new, "repeated": self.repeated, "versions": self.versions,
                "conflicts": len(self.conflicts), "orphans": len(self.orphans)}  # fmt: skip
        why = Counter(each.reason.value for each in self.orphans)
        return " ".join(f"{name}={count}" for name, count in {**told, **why}.items() if count)
