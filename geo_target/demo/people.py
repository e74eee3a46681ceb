"""Members of families: relation, sex, birth date, name, and synthetic identity numbers.

NIK and KK numbers carry district 98 and 99, which no regency has: nobody can be meant.
"""

import numpy as np
import pandas as pd

from geo_target.demo.columns import Days, Flags, Floats, Ints, Text, draw, text, words
from geo_target.demo.names import person_names

NIK_DISTRICT = 98
KK_DISTRICT = 99
#: P3KE of 2023: everybody is born by then.
BORN_BY = np.datetime64("2023-08-01", "D")
_KK_ISSUED_FROM = np.datetime64("2009-01-01", "D")
_YEAR_DAYS = 365.25

RELATIONS = (
    "KEPALA KELUARGA", "ISTRI", "ANAK", "MENANTU", "CUCU", "ORANG TUA", "FAMILI LAIN",
)  # fmt: skip
HEAD, WIFE, CHILD, IN_LAW, GRANDCHILD, PARENT, OTHER = range(len(RELATIONS))

WORK = (
    "BURUH HARIAN LEPAS", "PETANI/PEKEBUN", "PEDAGANG KECIL", "NELAYAN", "BURUH TANI",
    "PENGEMUDI OJEK", "TUKANG BANGUNAN", "ASISTEN RUMAH TANGGA", "WIRASWASTA", "TIDAK BEKERJA",
)  # fmt: skip
WORK_WEIGHTS = (0.24, 0.16, 0.12, 0.04, 0.12, 0.07, 0.08, 0.05, 0.05, 0.07)

#: Heads without a NIK in the register of the poor, and members (small children).
HEADS_WITHOUT_NIK = 0.03
MEMBERS_WITHOUT_NIK = 0.015


def draw_people(
    rng: np.random.Generator, families: pd.DataFrame, regency: Ints, *, strangers: Ints
) -> pd.DataFrame:
    """Draw the members of all families, and strangers whom no register knows.

    Parameters
    ----------
    families
        With ``members`` and ``village``.
    regency
        Regency code as a number of four digits, by row of villages.
    strangers
        Village (row) of each stranger.

    Returns
    -------
    DataFrame
        One row a person, families in their order and the head first; strangers at the
        end with ``family`` -1: ``family`` (row), ``village`` (row where they live),
        ``position`` (0 is the head), ``relation`` (index into RELATIONS), ``is_woman``,
        ``born`` (day), ``name``, ``nik`` (everyone's true one), ``lacks_nik`` (P3KE
        does not know it), ``person_id``.
    """
    members = families["members"].to_numpy(dtype=np.int64)
    family = np.repeat(np.arange(len(families)), members)
    position = np.arange(len(family)) - np.repeat(np.cumsum(members) - members, members)
    family = np.r_[family, np.full(len(strangers), -1)]
    position = np.r_[position, np.zeros(len(strangers), dtype=np.int64)]
    village = np.r_[np.repeat(families["village"].to_numpy(), members), strangers]
    relation, is_woman = relate(rng, family, position, members)
    born = birth_days(rng, family, position, relation)
    count = len(family)
    return pd.DataFrame(
        {
            "family": family,
            "village": village,
            "position": position,
            "relation": relation,
            "is_woman": is_woman,
            "born": born,
            "name": person_names(rng, is_woman),
            "nik": identity_numbers(regency[village], NIK_DISTRICT, born, is_woman),
            "lacks_nik": _lacks_nik(rng, family, position, relation),
            "person_id": text(10**8 + rng.permutation(count).astype(np.int64) * 7),
        }
    )


def relation_names(relation: Ints) -> Text:
    """Relations as registers write them."""
    return words(RELATIONS, relation)


def identity_numbers(regency: Ints, district: int, days: Days, is_woman: Flags) -> Text:
    """Unique numbers of 16 digits: region, date (women's day + 40), serial from 0001."""
    years = days.astype("datetime64[Y]")
    months = days.astype("datetime64[M]")
    day = (days - months).astype(np.int64) + 1 + 40 * is_woman
    month = (months - years).astype(np.int64) + 1
    year = (years.astype(np.int64) + 1970) % 100
    head = ((regency * 100 + district) * 100 + day) * 10**4 + month * 100 + year
    return text(head * 10**4 + _serials(head))


def family_cards(
    rng: np.random.Generator,
    regency: Ints,
    *,
    since: np.datetime64 = _KK_ISSUED_FROM,
    until: np.datetime64 = BORN_BY,
) -> Text:
    """A KK number for each family, by the day of its issue, from `since` to before `until`.

    Numbers are unique among those of one call, and among calls whose days do not meet.
    """
    span = int((until - since).astype(np.int64))
    issued = since + rng.integers(0, span, len(regency)).astype("timedelta64[D]")
    return identity_numbers(regency, KK_DISTRICT, issued, np.zeros(len(regency), dtype=np.bool_))


def _serials(head: Ints) -> Ints:
    """Number rows of the same `head` from 1 in their order."""
    order = np.argsort(head, kind="stable")
    ordered = head[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    first = np.repeat(starts, np.diff(np.r_[starts, len(head)]))
    serial = np.empty(len(head), dtype=np.int64)
    serial[order] = np.arange(len(head)) - first + 1
    return serial


def relate(
    rng: np.random.Generator, family: Ints, position: Ints, members: Ints
) -> tuple[Ints, Flags]:
    """Relation to the head, and sex: 87 % of heads are men, nearly all of them married."""
    count = len(members)
    man_heads = rng.random(count) < np.where(members > 1, 0.87, 0.4)
    couple = man_heads & (members > 1) & (rng.random(count) < 0.94)
    relation = CHILD + draw(rng, 5, len(family), (0.88, 0.03, 0.04, 0.03, 0.02))
    second = position == 1
    # A second person who is no wife is a child or a parent of the head.
    no_wife = np.where(rng.random(len(family)) < 0.85, CHILD, PARENT)
    relation[second] = np.where(couple[family[second]], WIFE, no_wife[second])
    relation[position == 0] = HEAD
    is_woman = rng.random(len(family)) < 0.49
    is_head = (position == 0) & (family >= 0)
    is_woman[is_head] = ~man_heads[family[is_head]]
    is_woman[relation == WIFE] = True
    return relation, is_woman


def birth_days(rng: np.random.Generator, family: Ints, position: Ints, relation: Ints) -> Days:
    """Birth days that go with the head's: ages in years on the day of P3KE."""
    count = len(family)
    is_head = position == 0
    own = np.clip(22 + rng.gamma(3.2, 8.5, count), 20, 92)
    heads = np.flatnonzero(is_head)
    head = own[heads[np.cumsum(is_head) - 1]]
    age = np.select(
        [is_head, relation == WIFE, relation == CHILD, relation == PARENT],
        [
            own,
            np.clip(head - rng.normal(4, 4, count), 18, 88),
            _child_ages(rng, head),
            np.clip(head + rng.normal(23, 3, count), 40, 97),
        ],
        np.where(relation == GRANDCHILD, rng.uniform(0.2, 12, count), rng.uniform(16, 45, count)),
    )
    days: Days = BORN_BY - np.ceil(age * _YEAR_DAYS).astype(np.int64).astype("timedelta64[D]")
    return days


def _child_ages(rng: np.random.Generator, head: Floats) -> Floats:
    """Children are 17 to 40 years younger than the head, and leave at about 30."""
    age = head - rng.uniform(18, 40, len(head))
    young = rng.uniform(0.1, np.maximum(0.5, np.minimum(head - 17, 28)))
    ages: Floats = np.where((age < 0.1) | (age > 30), young, age)
    return ages


def _lacks_nik(rng: np.random.Generator, family: Ints, position: Ints, relation: Ints) -> Flags:
    """Who is in registers without a NIK.

    Every family keeps a usable one: a head lacks it only beside a wife, and of the
    others only the third and later ones may.
    """
    count = len(family)
    has_wife = np.r_[relation[1:] == WIFE, False]
    head: Flags = (position == 0) & has_wife & (rng.random(count) < HEADS_WITHOUT_NIK / 0.77)
    later: Flags = (position >= 2) & (rng.random(count) < MEMBERS_WITHOUT_NIK)
    return (head | later) & (family >= 0)


def ages(people: pd.DataFrame) -> Ints:
    """Age in years that each person reached in 2023, the year of P3KE."""
    born: Days = people["born"].to_numpy().astype("datetime64[Y]")
    return 2023 - (born.astype(np.int64) + 1970)
