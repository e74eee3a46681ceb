"""What is learned from visits: shrunk where they are few, honest about what is not known."""

import random
from math import exp, log, prod

import pytest

from geo_target.fieldwork.confirmation_rates import Learned, Met, learn, rate_of
from geo_target.fieldwork.outcomes import Outcome
from geo_target.fieldwork.visit_values import (
    Pace,
    by_value,
    is_confirmed,
    met_of,
    most_valuable,
    value_of,
)
from geo_target.fieldwork.visits import Target, Visit
from tests.fieldwork.villages import families, ids


def seen(text: str) -> list[Met]:
    """Rows ``village rw visits confirmed``."""
    found = []
    for line in text.strip().splitlines():
        village, rw, visits, confirmed = line.split()
        people = families(f"{village} {rw} 001 {visits}")
        found += [Met(someone, n < int(confirmed)) for n, someone in enumerate(people)]
    return found


@pytest.mark.parametrize(
    ("outcome", "programs", "confirmed"),
    [
        ("found_eligible", None, True), ("found_eligible", (), True),
        ("eligible_with_intervention", (), True), ("found_eligible", ("PKH",), False),
        ("better_off", (), False), ("not_found", None, False), ("new_family", (), False),
    ],
)  # fmt: skip
def test_who_counts_as_confirmed(
    outcome: str,
    programs: tuple[str, ...] | None,
    confirmed: bool,  # noqa: FBT001
) -> None:
    assert is_confirmed(Outcome("s", "c", outcome, "odk", programs=programs)) is confirmed


def test_programs_that_the_definition_does_not_count_cover_nobody() -> None:
    asked = Outcome("s", "c", "found_eligible", "odk", programs=("PBI_APBD",))
    assert is_confirmed(asked, ["PKH", "SEMBAKO"])
    assert not is_confirmed(asked, ["PBI_APBD"])


def test_the_last_answer_of_a_known_visit_counts() -> None:
    answers = [
        Outcome("1", "c1", "not_found", "odk"), Outcome("2", "c1", "found_eligible", "odk"),
        Outcome("3", "c9", "found_eligible", "odk"), Outcome("4", "", "new_family", "odk"),
    ]  # fmt: skip
    visit = Visit("c1", Target("1", "a.1"))
    assert met_of(answers, [visit]) == [Met(visit.target, is_confirmed=True)]


def test_before_the_first_visit_all_are_worth_the_same() -> None:
    learned = learn([])
    people = families("a.1 001 001 3\na.2 002 001 3")
    values = value_of(people, learned)
    assert {round(v.chance, 9) for v in values} == {0.5}
    assert len({v.per_hour for v in values}) == 1
    assert values[0].low < 0.05 * 60 / values[0].minutes  # anything may be
    assert values[0].high > 0.95 * 60 / values[0].minutes
    assert ids(most_valuable(people[::-1], learned)) == ids(people)


def test_a_group_with_few_visits_is_drawn_toward_the_others() -> None:
    learned = learn(seen("a.1 001 40 30\na.2 001 40 10\na.3 001 2 2\na.4 001 40 20"))
    chance = {v: rate_of(Target("x", v, rw="001"), learned).mean for v in ("a.1", "a.2", "a.3")}
    assert 0.25 < chance["a.2"] < 0.4
    assert 0.6 < chance["a.1"] < 0.75
    assert 0.5 < chance["a.3"] < 0.85  # two of two is not all


def test_an_interval_is_wider_where_less_was_seen() -> None:
    learned = learn(seen("a.1 001 60 30\na.1 002 3 1\na.2 001 60 40\na.3 001 60 25"))
    rws = [Target("x", "a.1", rw="001"), Target("y", "a.1", rw="002"), Target("z", "a.9", rw="1")]
    widths = [(v.high - v.low) * v.minutes for v in value_of(rws, learned)]
    assert widths == sorted(widths)
    assert all(v.low < v.per_hour < v.high for v in value_of(rws, learned))


def test_the_way_to_an_rw_is_shared() -> None:
    people = families("a.1 001 001 4\na.1 002 001 1")
    values = value_of(people, learn([]), pace=Pace(30, 5, 20))
    assert [v.minutes for v in values] == [40, 40, 40, 40, 55]
    assert by_value(values)["a.1/001/001-1"] == pytest.approx(0.5 * 60 / 40)


def test_what_is_learned_does_not_hang_on_the_order() -> None:
    met = seen("a.1 001 9 5\na.2 001 7 1\na.3 003 5 3")
    mixed = random.Random(3).sample(met, len(met))
    for someone in (Target("x", "a.1", rw="001"), Target("y", "a.3", rw="009")):
        assert rate_of(someone, learn(met)).mean == pytest.approx(
            rate_of(someone, learn(mixed)).mean
        )


# ------------------------------------------------------------ a world whose truth is known


def chance_of(target: Target, effects: dict[object, float]) -> float:
    odds = -0.3 + sum(
        effects[key]
        for key in (target.coverage_state, target.village_code, (target.village_code, target.rw))
    )
    return 1 / (1 + exp(-odds))


def world(seed: int) -> tuple[list[Target], dict[str, float], list[bool]]:
    """Families of 12 villages with 6 RW each; their chances, and what a visit would find."""
    chance = random.Random(seed)
    effects: dict[object, float] = {"uncovered": 0.6, "unmatched": -0.6}
    people = []
    for village in (f"a.{n}" for n in range(12)):
        effects[village] = chance.gauss(0, 0.7)
        for rw in (f"{n:03d}" for n in range(6)):
            effects[village, rw] = chance.gauss(0, 0.5)
            for state in ("uncovered", "unmatched"):
                people += families(f"{village} {rw} {state} 6", coverage_state=state)
    truth = {t.family_id: chance_of(t, effects) for t in people}
    return people, truth, [chance.random() < truth[t.family_id] for t in people]


def learned_of(seed: int, visits: int) -> tuple[Learned, list[Target], dict[str, float]]:
    people, truth, found = world(seed)
    numbers = random.Random(-seed).sample(range(len(people)), visits)
    learned = learn([Met(people[n], found[n]) for n in numbers])
    return learned, [t for n, t in enumerate(people) if n not in set(numbers)], truth


@pytest.mark.parametrize("visits", [60, 200, 400])
def test_what_is_learned_beats_the_bare_mean_and_raw_rates(visits: int) -> None:
    """Squared error of chances, over ten worlds, against a mean of all and a rate of each RW."""
    errors = {"learned": 0.0, "mean": 0.0, "raw": 0.0}
    for seed in range(10):
        learned, rest, truth = learned_of(seed, visits)
        mean = learned.confirmed / learned.visits
        raw = {rw: shown / n for rw, (n, shown) in _raw(seed, visits).items()}
        for target in rest:
            real = truth[target.family_id]
            errors["learned"] += (rate_of(target, learned).mean - real) ** 2
            errors["mean"] += (mean - real) ** 2
            errors["raw"] += (raw.get((target.village_code, target.rw), mean) - real) ** 2
    assert errors["learned"] < 0.75 * errors["mean"]
    assert errors["learned"] < 0.75 * errors["raw"]


def _raw(seed: int, visits: int) -> dict[object, tuple[int, int]]:
    people, _, found = world(seed)
    shown: dict[object, tuple[int, int]] = {}
    for n in random.Random(-seed).sample(range(len(people)), visits):
        key = (people[n].village_code, people[n].rw)
        before = shown.get(key, (0, 0))
        shown[key] = (before[0] + 1, before[1] + found[n])
    return shown


@pytest.mark.parametrize("visits", [60, 200, 400])
def test_intervals_hold_the_truth_about_as_often_as_they_say(visits: int) -> None:
    inside = total = 0
    for seed in range(10):
        learned, rest, truth = learned_of(seed, visits)
        for value in value_of(rest, learned):
            real = truth[value.family_id] * 60 / value.minutes
            inside += value.low <= real <= value.high
            total += 1
    assert 0.88 <= inside / total <= 0.995


def test_the_order_by_value_confirms_more_than_that_of_the_list() -> None:
    """And less than an order by the truth, which nobody has."""
    gained = []
    for seed in range(10):
        learned, rest, truth = learned_of(seed, 200)
        half = len(rest) // 4
        by = {
            "value": most_valuable(rest, learned)[:half], "list": rest[:half],
            "truth": sorted(rest, key=lambda t: -truth[t.family_id])[:half],
        }  # fmt: skip
        found = {name: sum(truth[t.family_id] for t in some) for name, some in by.items()}
        assert found["value"] < found["truth"]
        gained.append(log(found["value"] / found["list"]))
    assert sum(gained) / len(gained) > 0.15
    assert min(gained) > 0


def test_the_strength_is_that_of_all_strengths_by_what_they_explain() -> None:
    """Brute force: what the groups showed under each strength, by numerical integration."""
    alike = learn(seen("\n".join(f"a.{n} 001 30 15" for n in range(12))))
    apart = learn(seen("\n".join(f"a.{n} 001 30 {25 if n % 2 else 5}" for n in range(12))))
    assert apart.strengths[1] < 5
    assert alike.strengths[1] > 50
    assert apart.strengths[1] == pytest.approx(
        _integrated([(30, 25), (30, 5)] * 6, apart.overall.mean), rel=1e-3
    )


def _integrated(groups: list[tuple[int, int]], mean: float) -> float:
    grid = [(n + 0.5) / 2000 for n in range(2000)]

    def likelihood(strength: float) -> float:
        a, b = strength * mean, strength * (1 - mean)
        prior = [p ** (a - 1) * (1 - p) ** (b - 1) for p in grid]
        shown = [
            sum(w * p**k * (1 - p) ** (n - k) for w, p in zip(prior, grid, strict=True))
            for n, k in groups
        ]
        return float(prod(each / sum(prior) for each in shown))

    strengths = [2.0**power for power in range(1, 9)]
    weights = [likelihood(strength) for strength in strengths]
    return sum(weights) / sum(w / s for w, s in zip(weights, strengths, strict=True))
