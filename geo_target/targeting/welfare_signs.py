"""The signs of Kepmensos 262/HUK/2022, read from what lists say of a family and its house.

A sign is there, is not there, or is not known. A word that the decree does not judge, or that
puts what it names together with what it does not (``semen/bata merah``), leaves it unknown.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

SHELTER = "has_shelter"
#: The sign is there where the answer is this one.
_ANSWERS = {"head_works": False, "food_insecure": True, "food_above_half": True,
            "bought_clothes": False}  # fmt: skip
#: Words of DTSEN's and Regsosek's codes, of P3KE, and plain ones, with small letters and
#: without dots: those with which the sign is there, and those with which it is not. Plain
#: "tembok" may be plastered or not; "=< 900 watt" may be 450.
_WORDS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "floor": (
        ("tanah", "plester", "plesteran", "semen"),
        ("marmer", "granit", "keramik", "parket/vinil", "ubin/tegel/teraso", "ubin/keramik",
         "ubin", "tegel", "teraso", "kayu/papan", "kayu", "papan", "bambu"),
    ),
    "wall": (
        ("bambu", "anyaman bambu", "plesteran anyaman bambu/kawat", "kawat", "anyaman kawat",
         "papan", "papan kayu", "kayu/papan", "terpal", "kardus", "rumbia", "seng",
         "tembok tanpa plester", "tembok tanpa diplester", "tembok tidak diplester"),
        ("tembok diplester", "tembok plester", "gypsum", "grc"),
    ),
    "toilet": (
        ("bersama", "umum", "umum/bersama", "komunal", "mck komunal", "mck umum", "tidak ada",
         "tidak punya"),
        ("sendiri", "milik sendiri"),
    ),
    "power": (
        ("450", "450 va", "450 watt", "tanpa listrik", "tidak ada listrik"),
        ("900", "900 va", "900 watt", "> 900 watt", "1300", "1300 va", "1300 watt", "2200",
         "2200 va", "2200 watt", "lebih dari 2200 watt"),
    ),
    # With electricity the power tells; without it nothing else must.
    "lighting": (("bukan listrik", "tanpa listrik", "tidak ada listrik"), ()),
}  # fmt: skip
#: Words of a wall or floor that say nothing of it.
_NOTHING = ("kosong", "tidak ada", "-", "0")


@dataclass(frozen=True)
class Sign:
    """One of the decree's eight: its words, and the columns that tell of it."""

    columns: tuple[str, ...]
    id: str
    en: str

    def sql(self, present: Collection[str]) -> str:
        """SQL: true, false, or null where it is not known; one column that has it is enough."""
        told = [_told(column) for column in self.columns if column in present]
        return f"greatest({', '.join(told)})" if told else "cast(null as boolean)"


SIGNS = (
    Sign(("head_works",), "kepala keluarga tidak bekerja", "the head does not work"),
    Sign(
        ("food_insecure",),
        "pernah tidak makan atau khawatir tidak makan dalam setahun terakhir",
        "went without food, or feared to, in the last year",
    ),
    Sign(
        ("food_above_half",),
        "pengeluaran untuk makanan lebih dari separuh pengeluaran",
        "food is more than half of the spending",
    ),
    Sign(
        ("bought_clothes",),
        "tidak membeli pakaian dalam setahun terakhir",
        "bought no clothes in the last year",
    ),
    Sign(
        ("floor",),
        "lantai sebagian besar tanah atau plesteran",
        "the floor is mostly earth or plaster",
    ),
    Sign(
        ("wall",),
        "dinding bambu, kawat, papan kayu, terpal, kardus, tembok tanpa plester, rumbia atau seng",
        "walls of bamboo, wire, plank, tarpaulin, cardboard, unplastered brick, thatch or zinc",
    ),
    Sign(
        ("toilet",),
        "tidak punya jamban sendiri, atau memakai jamban komunal",
        "no toilet of its own, or a communal one",
    ),
    Sign(("power", "lighting"), "listrik 450 VA atau tanpa listrik", "450 VA or no electricity"),
)
#: What the rule reads, beyond what every run knows of a family.
COLUMNS = (SHELTER, *(column for sign in SIGNS for column in sign.columns))


def judged_by_signs(present: Collection[str], least: int, extreme: int) -> str:
    """SQL of the class by how many signs are known to be there.

    Parameters
    ----------
    present
        Columns of the families that may hold any of `COLUMNS`; the others are not known.
    least, extreme
        Signs of the poor, and of the extreme poor (not fewer).

    Returns
    -------
    str
        ``extreme_poor`` without shelter, or with `extreme` known signs; else ``poor`` with
        `least` of them; ``other`` where even all that is not known would make fewer, and the
        family lives somewhere; else ``unknown``.
    """
    signs = [f"cast({sign.sql(present)} as integer)" for sign in SIGNS]
    known = " + ".join(f"coalesce({sign}, 0)" for sign in signs)
    at_most = " + ".join(f"coalesce({sign}, 1)" for sign in signs)
    shelter = SHELTER if SHELTER in present else "cast(null as boolean)"
    return f"""case when not {shelter} or {known} >= {extreme} then 'extreme_poor'
        when {known} >= {least} then 'poor'
        when {at_most} < {least} and ({" or ".join([shelter, *_houses(present)])}) then 'other'
        else 'unknown' end"""


def _houses(present: Collection[str]) -> list[str]:
    """SQL that is true of a family whose house is described: it has one."""
    nothing = _listed(_NOTHING)
    return [f"{_plain(c)} not in ({nothing})" for c in ("wall", "floor") if c in present]


def _told(column: str) -> str:
    if column in _ANSWERS:
        return f"{column} = {_ANSWERS[column]}"
    there, not_there = _WORDS[column]
    otherwise = f"when {_plain(column)} in ({_listed(not_there)}) then false" if not_there else ""
    return f"case when {_plain(column)} in ({_listed(there)}) then true {otherwise} end"


def _plain(column: str) -> str:
    return f"lower(trim(regexp_replace(replace({column}, '.', ''), '\\s+', ' ', 'g')))"


def _listed(words: Collection[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)
