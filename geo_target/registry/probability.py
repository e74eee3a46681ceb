"""How much it says that two people agree in a field: weights in bits, after Fellegi and Sunter.

A level of agreement weighs log2(m / u): m is its share among pairs that are the same person,
u among pairs that are not. m and the u of mistakes are fixed here and say so; the u of an
agreement is the share of the register that has the same value, so that SUHENDI says more than
MUHAMAD, and a village more than a town. Missing says nothing.

Levels of a field stand from the best to the worst, and a worse one never weighs more than a
better one, whatever the shares: the clamps below see to it, and a test.
"""

from dataclasses import dataclass

#: Share of the rows of the shorter list that are in the longer one at all.
EXPECTED = 0.9


@dataclass(frozen=True)
class Level:
    """A level of agreement: its word, when it holds (SQL of l and r), m, and u (SQL)."""

    word: str
    when: str
    m: float
    u: str

    @property
    def weight(self) -> str:
        """SQL of its weight in bits."""
        return f"log2({self.m} / ({self.u}))"


@dataclass(frozen=True)
class Field:
    """A field that is compared: what must be known of both, and its levels, best first.

    Where `unless` holds, which it does for a few pairs, the field says nothing.
    """

    name: str
    known: str
    levels: tuple[Level, ...]
    unless: str = "false"


_NAME_SHARE = "greatest(l.name_share, r.name_share)"
#: Of the shorter name the rarest word; both hold it, so that it is no rarer than the names.
_WORD_SHARE = (
    f"greatest({_NAME_SHARE}, if(len(l.words) <= len(r.words), l.word_share, r.word_share))"
)

_LIKENESS = "jaro_winkler_similarity(l.name, r.name)"

NAME = Field("name", "l.name is not null and r.name is not null", (
    Level("same", "l.name = r.name", 0.60, "least(0.4, l.name_share)"),
    Level("alike", f"len(l.words) = len(r.words) and {_LIKENESS} >= 0.92",
          0.16, f"least(0.2, greatest(0.001, {_NAME_SHARE}))"),
    Level("part", "list_has_all(l.words, r.words) or list_has_all(r.words, l.words)",
          0.15, f"least(0.2, greatest(0.001, {_WORD_SHARE}))"),
    Level("some", f"list_has_any(l.words, r.words) or {_LIKENESS} >= 0.85",
          0.03, "0.045"),
    Level("unlike", "true", 0.04, "0.95"),
))  # fmt: skip

_SWAPPED = (
    "day(l.birth_date) = month(r.birth_date) and month(l.birth_date) = day(r.birth_date) "
    "and year(l.birth_date) = year(r.birth_date)"
)
#: 1 January stands for an unknown day.
_IS_FIRST = "(dayofyear(l.birth_date) = 1 or dayofyear(r.birth_date) = 1)"
_SAME_YEAR = "year(l.birth_date) = year(r.birth_date)"
_SAME_DAY = (
    "day(l.birth_date) = day(r.birth_date) and month(l.birth_date) = month(r.birth_date) "
    "and abs(year(l.birth_date) - year(r.birth_date)) <= 10"
)

DATE = Field("birth date", "l.birth_date is not null and r.birth_date is not null", (
    Level("same", "l.birth_date = r.birth_date", 0.70, "least(0.015, l.birth_date_share)"),
    Level("swapped", _SWAPPED, 0.04, "least(0.001, greatest(0.0001, l.birth_date_share))"),
    Level("1 January", f"{_SAME_YEAR} and {_IS_FIRST}", 0.10, "0.003"),
    Level("near", f"({_SAME_DAY} and not {_IS_FIRST}) or ({_SAME_YEAR} "
          "and month(l.birth_date) = month(r.birth_date))", 0.08, "0.006"),
    Level("year", _SAME_YEAR, 0.03, "0.02"),
    Level("unlike", "true", 0.05, "0.97"),
))  # fmt: skip

SEX = Field("sex", "l.sex is not null and r.sex is not null", (
    Level("same", "l.sex = r.sex", 0.98, "0.6"),
    Level("unlike", "true", 0.02, "0.4"),
))  # fmt: skip

_SAME_CARD = "(l.card is not distinct from r.card and l.card is not null)"
#: Shared by a whole family, so that it never tells one of its members from another.
CARD = Field("card", "l.card is not null and r.card is not null", (
    Level("same", "l.card = r.card", 0.80, "least(0.001, l.card_share)"),
    Level("one digit", "if(length(l.card) = length(r.card), hamming(l.card, r.card), 9) = 1",
          0.05, "0.0001"),
    Level("unlike", "true", 0.15, "1.0"),
))  # fmt: skip

_SAME_VILLAGE = "l.village = r.village"
_SAME_RW = "(l.rw = r.rw or l.hamlet = r.hamlet)"
_OTHER_RW = "(l.rw <> r.rw or (l.rw is null or r.rw is null) and l.hamlet <> r.hamlet)"
#: Who shares a card lives together: their place says nothing again.
PLACE = Field("place", "l.village is not null and r.village is not null", (
    Level("rt", f"{_SAME_VILLAGE} and l.rw = r.rw and l.rt = r.rt",
          0.70, "0.03 * l.village_share"),
    Level("rw", f"{_SAME_VILLAGE} and {_SAME_RW} and not coalesce(l.rw <> r.rw, false)",
          0.14, "0.10 * l.village_share"),
    Level("village", f"{_SAME_VILLAGE} and not coalesce({_OTHER_RW}, false)",
          0.93, "l.village_share"),
    Level("other rw", _SAME_VILLAGE, 0.14, "0.83 * l.village_share"),
    Level("district", "l.district = r.district",
          0.03, "least(0.7, greatest(0.0005, l.district_share))"),
    Level("unlike", "true", 0.04, "1.0"),
), unless=_SAME_CARD)  # fmt: skip

FIELDS = (NAME, DATE, SEX, CARD, PLACE)


def level_sql(field: Field) -> str:
    """SQL of the word of the level that holds; ``missing`` where a side has nothing."""
    cases = " ".join(f"when {level.when} then '{level.word}'" for level in field.levels)
    return f"case when not ({field.known}) then 'missing' {cases} end"


def weight_sql(field: Field, level: str) -> str:
    """SQL of the weight in bits of a pair whose level is in the column `level`."""
    cases = " ".join(
        f"when {level} = '{each.word}' then {each.weight}" for each in field.levels
    )  # fmt: skip
    return f"case when {level} = 'missing' or {field.unless} then 0.0 {cases} end"


def prior_sql(rows: int) -> str:
    """SQL of the odds, in bits, that any pair at all is the same person.

    `rows` are those of the longer list: of the shorter one nobody is there more than once.
    """
    return f"log2({EXPECTED} / {max(1, rows)})"


def probability_sql(weight: str) -> str:
    """SQL of the probability that a weight in bits stands for."""
    return f"1 / (1 + pow(2, -least(greatest({weight}, -1000), 1000)))"
