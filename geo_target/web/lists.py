"""The lists of a run: whose they are, how old, what of them is used, and how they match."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from geo_target.agencies import agencies
from geo_target.web.figures import Figure, Record, State, share_of
from geo_target.web.priority_words import called
from geo_target.web.reach import told_of
from geo_target.web.store import Snapshot

#: More days than these are more than six months.
OLD_DAYS = 184


@dataclass(frozen=True)
class ListRow:
    """A list.

    Attributes
    ----------
    number
        Its place in the configuration, from 1.
    agency
        Who handed it in, as its paper says; None where none is named.
    keeper
        Who of the region usually keeps such lists, as geodata/agencies.toml says.
    age_days
        On the day of the run.
    match
        Of a recipient list, see tables/registers.json.
    """

    number: int
    source: Record
    agency: str | None
    keeper: str | None
    age_days: int | None
    match: Record | None

    @property
    def is_old(self) -> bool:
        """Whether it is more than six months old."""
        return self.age_days is not None and self.age_days > OLD_DAYS

    @property
    def unusable(self) -> Figure:
        """Rows that were set aside or stood there twice; blank ones are no loss."""
        parts = [self.source[name] for name in ("quarantined", "duplicates")]
        return told_of(None if None in parts else sum(parts))

    @property
    def set_aside(self) -> Figure:
        """Cells without which their row was read."""
        return told_of(self.source["set_aside"])

    @property
    def unlinked(self) -> Figure:
        """Rows of a recipient list that are of no family."""
        return told_of(self.match["unlinked"]) if self.match else Figure(State.NO_DATA)

    @property
    def enrollments(self) -> Figure:
        """Rows of a recipient list that could be compared."""
        return told_of(self.match["enrollments"]) if self.match else Figure(State.NO_DATA)

    def matched(self, way: str) -> Figure:
        """Share of its rows that a key joins with a family: ``nik``, ``kk``, ..., ``linked``."""
        if self.match is None:
            return Figure(State.NO_DATA)
        ways: Mapping[str, int | None] = {**self.match["ways"], "linked": self.match["linked"]}
        if way not in ways:
            return Figure(State.NO_DATA)
        return share_of(told_of(ways[way]), self.enrollments)


def lists_of(snapshot: Snapshot) -> list[ListRow]:
    """Lists in the order of the configuration."""
    told = snapshot.registers or {"matches": ()}
    matches: dict[int, Record] = {one["list"]: one for one in told["matches"]}
    keepers = {profile: called(one.name) for one in agencies().values() for profile in one.profiles}
    on = date.fromisoformat(snapshot.summary["as_of"])
    return [
        ListRow(
            number=number,
            source=source,
            agency=matches.get(number, {}).get("agency"),
            keeper=keepers.get(source["profile"]),
            age_days=_age(source["as_of"], on),
            match=matches.get(number),
        )
        for number, source in enumerate(snapshot.summary["sources"], start=1)
    ]


def _age(day: str | None, on: date) -> int | None:
    return None if not day else max(0, (on - date.fromisoformat(day[:10])).days)
