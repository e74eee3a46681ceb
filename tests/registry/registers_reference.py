"""Registers joined by plain Python on all pairs: slow, and written apart from the SQL.

What is said of two rows of one register stands in registry/twins.py, of two registers in
registry/ladder.py.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from tests.registry.linkage_reference import Person, pairs_of, states_of

Ruling = tuple[str, str, bool]  # two rows by their ids, and whether they are one
Pair = tuple[str, str]
Verdict = tuple[str, str]  # state, matched_by


@dataclass(frozen=True)
class Row:
    """A row of a register; its id begins with its register's letter, so that no two are alike."""

    id: str
    head: str | None  # NIK of the head
    child: str | None  # NIK of another member
    card: str | None
    name: str | None
    village: str | None

    @property
    def niks(self) -> set[str]:
        return {nik for nik in (self.head, self.child) if nik}

    @property
    def numbers(self) -> set[str]:
        return self.niks | ({self.card} if self.card else set())


@dataclass
class Joined:
    """Rows by family, in order; the first row's id is the family's."""

    families: list[list[Row]]
    pairs: dict[Pair, Verdict]

    def family_of(self, row_id: str) -> str:
        return next(rows[0].id for rows in self.families if row_id in {row.id for row in rows})


def link(registers: Sequence[Sequence[Row]], rulings: Iterable[Ruling]) -> Joined:
    """Join registers; the order of the rows is that of the registers."""
    rulings = list(rulings)
    known, pairs = twins(registers[0], rulings)
    for rows in registers[1:]:
        ours, within = twins(rows, rulings)
        known, found = attached(ours, known, rulings)
        joined = Joined(known, {})
        pairs |= found | {
            pair: verdict for pair, verdict in within.items()
            if verdict[0] == "matched" or len({*map(joined.family_of, pair)}) == 2
        }  # fmt: skip
    return Joined(known, pairs)


def said(rulings: Iterable[Ruling], one: Iterable[Row], other: Iterable[Row]) -> set[bool]:
    ours, theirs = {row.id for row in one}, {row.id for row in other}
    return {
        is_same for a, b, is_same in rulings
        if (a in ours and b in theirs) or (b in ours and a in theirs)
    }  # fmt: skip


def twins(
    rows: Sequence[Row], rulings: Sequence[Ruling]
) -> tuple[list[list[Row]], dict[Pair, Verdict]]:
    verdicts = {
        (later.id, earlier.id): verdict for earlier, later in combinations(rows, 2)
        if (verdict := twin_verdict(later, earlier, said(rulings, [later], [earlier])))
    }  # fmt: skip
    groups = groups_of(rows, [pair for pair, (state, _) in verdicts.items() if state == "matched"])
    for group in groups:
        ids = {row.id for row in group}
        if any(False in said(rulings, [a], [b]) for a, b in combinations(group, 2)):
            verdicts |= {
                pair: ("doubtful", by) for pair, (state, by) in verdicts.items()
                if state == "matched" and set(pair) <= ids
            }  # fmt: skip
    groups = groups_of(rows, [pair for pair, (state, _) in verdicts.items() if state == "matched"])
    joined = Joined(groups, {})
    return groups, {
        pair: verdict for pair, verdict in verdicts.items()
        if verdict[0] == "matched" or len({*map(joined.family_of, pair)}) == 2
    }  # fmt: skip


def twin_verdict(later: Row, earlier: Row, told: set[bool]) -> Verdict | None:
    if told:
        return "doubtful" if len(
            told
        ) > 1 else "matched" if True in told else "unmatched", "decision"
    names_known = later.name and earlier.name
    same_card = bool(later.card) and later.card == earlier.card
    if later.head and later.head == earlier.head:
        unlike = names_known and later.name != earlier.name
        return ("doubtful", "nik") if not same_card and unlike else ("matched", "twin")
    if same_card:
        alike = names_known and later.name == earlier.name
        return ("matched", "twin") if alike or later.niks & earlier.niks else ("doubtful", "kk")
    return ("unmatched", "nik") if later.niks & earlier.niks else None


def groups_of(rows: Sequence[Row], joined: Iterable[Pair]) -> list[list[Row]]:
    group = {row.id: {row.id} for row in rows}
    for one, other in joined:
        merged = group[one] | group[other]
        group |= dict.fromkeys(merged, merged)
    return [
        [each for each in rows if each.id in group[row.id]]
        for i, row in enumerate(rows)
        if not any(before.id in group[row.id] for before in rows[:i])
    ]


def attached(
    ours: list[list[Row]], known: list[list[Row]], rulings: Sequence[Ruling]
) -> tuple[list[list[Row]], dict[Pair, Verdict]]:
    verdicts: dict[tuple[int, int], Verdict] = {}
    for i, our in enumerate(ours):
        told = {k: said(rulings, our, their) for k, their in enumerate(known)}
        same = [k for k, words in told.items() if True in words]
        for k in same:
            is_clear = same == [k] and told[k] == {True}
            verdicts[i, k] = ("matched" if is_clear else "doubtful", "decision")
        others = [k for k in told if told[k] == {False}]
        verdicts |= {(i, k): ("unmatched", "decision") for k in others}
        sharing = [k for k, their in enumerate(known)
                   if not told[k] and numbers(our) & numbers(their)]  # fmt: skip
        found = any(verdicts[i, k][0] == "matched" for k in same)
        candidates = len(sharing) + sum(verdicts[i, k][0] == "doubtful" for k in same)
        for k in sharing:
            by = "nik" if niks(our) & niks(known[k]) else "kk"
            clear = candidates == 1 and (by == "nik" or not unlike(our, known[k]))
            verdicts[i, k] = ("unmatched" if found else "matched" if clear else "doubtful", by)
    verdicts |= by_name(ours, known, verdicts)
    settle_apart(ours, verdicts, lambda a, b: said(rulings, ours[a], ours[b]) == {False})
    families = [list(rows) for rows in known]
    for i, our in enumerate(ours):
        (home,) = [k for (j, k), (state, _) in verdicts.items()
                   if j == i and state == "matched"] or [len(families)]  # fmt: skip
        families[home:] = [*families[home:], []] if home == len(families) else families[home:]
        families[home] += our
    return families, {(ours[i][0].id, known[k][0].id): v for (i, k), v in verdicts.items()}


def settle_apart(
    ours: list[list[Row]],
    verdicts: dict[tuple[int, int], Verdict],
    are_apart: Callable[[int, int], bool],
) -> None:
    """Two of which a person says that they are not one do not join the same family."""
    before = dict(verdicts)
    for (i, k), (state, by) in before.items():
        rivals = [
            before[j, k][1] for j in range(len(ours))
            if j != i and are_apart(i, j) and before.get((j, k), ("", ""))[0] == "matched"
        ]  # fmt: skip
        if state == "matched" and rivals:
            told = "decision" in rivals
            if told == (by == "decision"):
                verdicts[i, k] = ("doubtful", by)
            elif told:
                verdicts[i, k] = ("unmatched", by)


def by_name(
    ours: list[list[Row]], known: list[list[Row]], verdicts: Mapping[tuple[int, int], Verdict]
) -> dict[tuple[int, int], Verdict]:
    open_ = {pair for pair, (state, _) in verdicts.items() if state != "unmatched"}
    left = [head(str(i), rows) for i, rows in enumerate(ours) if i not in {i for i, _ in open_}]
    right = [head(str(k), rows) for k, rows in enumerate(known) if k not in {k for _, k in open_}]
    have = {"left": [p for p in left if niks(ours[int(p["id"])])]}
    lacking = [p for p in left if p not in have["left"]]
    theirs = [p for p in right if not niks(known[int(p["id"])])]
    found = pairs_of([p for p in lacking if p["name"]], right, least=-5)
    turned = pairs_of([p for p in theirs if p["name"]], have["left"], least=-5)
    found |= {(left_id, right_id): one for (right_id, left_id), one in turned.items()}
    settled = states_of(
        {pair: (weight, named) for pair, (weight, named, _) in found.items()
         if (int(pair[0]), int(pair[1])) not in verdicts},
        threshold=1, margin=5,
    )  # fmt: skip
    return {(int(i), int(k)): (state, "name") for (i, k), (state, _) in settled.items()}


def head(number: str, rows: Sequence[Row]) -> Person:
    def first(values: Iterable[str | None]) -> str | None:
        return next((value for value in values if value), None)

    return {
        "id": number, "name": first(row.name for row in rows), "birth_date": None, "sex": None,
        "family_card_number": first(row.card for row in rows), "rt": None, "rw": None,
        "neighborhood": None, "village_code": first(row.village for row in rows),
    }  # fmt: skip


def unlike(one: Iterable[Row], other: Iterable[Row]) -> bool:
    ours, theirs = {row.name for row in one} - {None}, {row.name for row in other} - {None}
    return bool(ours) and bool(theirs) and not ours & theirs


def numbers(rows: Iterable[Row]) -> set[str]:
    return {number for row in rows for number in row.numbers}


def niks(rows: Iterable[Row]) -> set[str]:
    return {nik for row in rows for nik in row.niks}
