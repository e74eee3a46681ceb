"""What an address asks to be compared: on each side a month and a figure, or many small maps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from geo_target.web.compared_sides import Side, is_alike, kinds_of, side_of
from geo_target.web.districts import comes_by_district
from geo_target.web.indicators import Indicator, Level, Measure, indicators_of
from geo_target.web.runs import Run, last_of_each_day, read_run
from geo_target.web.store import Snapshot

#: More small maps than these are not told apart on one screen.
MOST = 12

View = Literal["dua", "selisih", "kecil"]
Series = Literal["bulan", "pokok"]
#: Edges of changes: a small one, a clear one, a large one. Of shares they are points.
_STEPS: Mapping[Measure, tuple[float, float]] = {
    Measure.COUNT: (10, 50),
    Measure.RATE: (0.05, 0.2),
    Measure.SHARE: (0.05, 0.2),
    Measure.KM2: (5, 20),
    Measure.PER_1000: (5, 20),
}
#: A district has about ten times the families of a village.
_OF_DISTRICTS = 10


@dataclass(frozen=True)
class Question:
    """What an address asks; `kinds` are the figures that either run can tell."""

    runs: tuple[Run, ...]
    left: tuple[Run, Snapshot, Indicator]
    right: tuple[Run, Snapshot, Indicator]
    view: View
    series: Series
    district: str | None
    kinds: tuple[Indicator, ...]

    @property
    def level(self) -> Level:
        """What is colored: districts where the map begins with them and none is opened."""
        by_district = comes_by_district(self.right[1]) and self.district is None
        return "districts" if by_district else "villages"

    @property
    def words(self) -> dict[str, str]:
        """The address of this question."""
        (left, _snapshot, kind), (right, _snapshot, other) = self.left, self.right
        words = {
            "kiri": kind.key, "bulan_kiri": left.run_id,
            "kanan": other.key, "bulan_kanan": right.run_id, "tampil": self.view,
        }  # fmt: skip
        if self.view == "kecil":
            words["deret"] = self.series
        return words | ({"kec": self.district} if self.district else {})

    @property
    def has_one_scale(self) -> bool:
        """Whether the two figures are told by one measure; else they have no difference."""
        return self.left[2].measure is self.right[2].measure

    @property
    def listing(self) -> Indicator:
        """How families of a register are told."""
        return next(one for one in self.kinds if one.key == "families")

    def steps(self) -> tuple[float, ...]:
        """Edges of the classes of changes."""
        measure = self.right[2].measure
        times = _OF_DISTRICTS if measure is Measure.COUNT and self.level == "districts" else 1
        return tuple(times * step for step in _STEPS[measure])


def question_of(
    asked: Mapping[str, str], runs: tuple[Run, ...], current: Snapshot
) -> Question | None:
    """Understand an address; None for what the archive does not know.

    What it does not say: on the right the current run, on the left the last one of an earlier
    day, of both the uncovered families; of one run two figures that have a difference.
    """
    view, series = asked.get("tampil", "dua"), asked.get("deret", "bulan")
    right = _right(asked, runs, current)
    left = right and _left(asked, runs, right, current)
    if not (left and right) or view not in ("dua", "selisih", "kecil"):
        return None
    kinds = {one.key: one for _run, snapshot in (left, right) for one in kinds_of(snapshot)}
    first = asked.get("kanan", asked.get("kiri", "uncovered"))
    if first not in kinds:
        return None
    is_one_run = left[0] == right[0] and view != "kecil"
    second = asked.get("kiri", _another(kinds, first) if is_one_run else first)
    codes = {str(v["district_code"]) for v in right[1].villages.values()}
    district = asked.get("kec") or None
    is_open = district is None or (district in codes and comes_by_district(right[1]))
    if second not in kinds or series not in ("bulan", "pokok") or not is_open:
        return None
    return Question(
        runs, (*left, kinds[second]), (*right, kinds[first]),
        view, series, district, tuple(kinds.values()),  # type: ignore[arg-type]
    )  # fmt: skip


_Chosen = tuple[Run, Snapshot]


def _right(asked: Mapping[str, str], runs: Sequence[Run], current: Snapshot) -> _Chosen | None:
    wanted = asked.get("bulan_kanan", runs[0].run_id)
    return _first_whole([run for run in runs if run.run_id == wanted], current)


def _left(
    asked: Mapping[str, str], runs: tuple[Run, ...], right: _Chosen, current: Snapshot
) -> _Chosen | None:
    wanted = asked.get("bulan_kiri")
    if wanted is not None:
        return _first_whole([run for run in runs if run.run_id == wanted], current)
    earlier = [run for run in last_of_each_day(runs) if run.as_of < right[0].as_of]
    return _first_whole(earlier, current) or right


def _first_whole(runs: Sequence[Run], current: Snapshot) -> _Chosen | None:
    for run in runs:
        if (snapshot := read_run(run, current)) is not None:
            return run, snapshot
    return None


def _another(kinds: Mapping[str, Indicator], key: str) -> str:
    """A figure by the same measure, to be held beside one of the same run."""
    measure = kinds[key].measure
    return next((k for k, one in kinds.items() if one.measure is measure and k != key), key)


def small_sides(question: Question, current: Snapshot) -> tuple[list[Side], int]:
    """Sides of small maps, and how many more there would be.

    Months, oldest first, of the figure on the right; or in its run all figures of its kind.
    """
    run, snapshot, indicator = question.right
    asked = (question.level, question.district)
    if question.series == "pokok":
        alike = [one for one in indicators_of(snapshot) if is_alike(one, indicator)]
        return [side_of(run, snapshot, one, *asked) for one in alike[:MOST]], len(alike[MOST:])
    days = last_of_each_day(question.runs)
    sides = [
        side_of(each, read, indicator, *asked)
        for each in reversed(days[:MOST])
        if (read := read_run(each, current)) is not None
    ]
    return sides, len(days[MOST:])
