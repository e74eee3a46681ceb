"""Doubtful pairs of a snapshot, side by side, for somebody who says whether they are one family.

Light, for the web imports it: Parquet by pyarrow alone. Who may ask is not asked here.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any

#: Both files, as the manifest names them.
FILES = ("exact/pairs.parquet", "exact/pair_sides.parquet")

#: What stands between the words of a name or an address, and says nothing.
_BETWEEN = re.compile(r"[\W_]+")
#: ``rival: name: alike, birth date: missing, ...``: why, then how far each field agrees.
_LEVEL = re.compile(r"(name|birth date|sex|card|place): (\w[\w ]*)")


@dataclass(frozen=True)
class Doubt:
    """Why a run does not settle a pair by itself: how its reason begins, and plain words."""

    reason: str
    words: Mapping[str, str]


def _doubt(reason: str, id_: str, en: str) -> Doubt:
    return Doubt(reason, {"id": id_, "en": en})


_CONTRADICTED = ("Keputusan orang tentang keluarga-keluarga ini bertentangan.",
                 "What people have said of these families contradicts itself.")  # fmt: skip
_SETTLED_BEFORE = _doubt("settled before, the data have changed",
                         "Pernah diputuskan, tetapi datanya sudah berubah.",
                         "It was settled before, but its data have changed.")  # fmt: skip
DOUBTS = (
    _doubt("rival", "Ada keluarga lain yang hampir sama cocoknya.",
           "Another family fits nearly as well."),
    _doubt("weak", "Hanya sedikit data yang cocok.", "Little of the data fits."),
    _doubt("name", "Data lain cukup cocok, tetapi namanya berbeda.",
           "Other data fit well enough, but the names differ."),
    _doubt("several families share a number",
           "NIK atau nomor KK keluarga ini ada pada beberapa keluarga lain.",
           "Several other families have the NIK or the KK number of this family."),
    _doubt("very many bear the number",
           "Nomor ini dipakai sangat banyak keluarga, sehingga tidak membuktikan apa pun.",
           "Very many families bear this number, so it proves nothing."),
    _doubt("the names on the card are unlike",
           "Nomor KK-nya sama, tetapi tidak ada nama yang cocok.",
           "The KK number is the same, but no name fits."),
    _doubt("a name on the card is not known",
           "Nomor KK-nya sama, tetapi namanya tidak diketahui di salah satu daftar.",
           "The KK number is the same, but one list gives no name."),
    _doubt("one NIK, but other names and",
           "NIK-nya sama, tetapi namanya berbeda dan tidak ada nomor KK yang sama.",
           "The NIK is the same, but the names differ and no KK number is the same."),
    _SETTLED_BEFORE,
    _doubt("settled by", *_CONTRADICTED),
    _doubt("others have been settled apart", *_CONTRADICTED),
    _doubt("a person has settled that it is not one", *_CONTRADICTED),
)  # fmt: skip
_UNTOLD = _doubt("", "Program tidak dapat memastikannya sendiri.",
                 "The program cannot tell by itself.")  # fmt: skip


class Agreement(StrEnum):
    """How far two sides agree in a field."""

    SAME = "same"
    ALIKE = "alike"
    DIFFERENT = "different"
    UNKNOWN = "unknown"
    """One of them, or both, say nothing."""


@dataclass(frozen=True)
class Side:
    """A row of a register, as schemas.SNAPSHOT_PAIR_SIDES; numbers but for four digits hidden."""

    register: str
    register_family_id: str
    village_code: str | None = None
    head_name: str | None = None
    birth_date: date | None = None
    sex: str | None = None
    national_id_masked: str | None = None
    family_card_number_masked: str | None = None
    address: str | None = None
    neighborhood: str | None = None
    rt: str | None = None
    rw: str | None = None
    members: int | None = None
    has_national_id: bool = False

    @property
    def rt_rw(self) -> str | None:
        """RT and RW as people write them: ``001/002``."""
        return f"{self.rt or '–'}/{self.rw or '–'}" if self.rt or self.rw else None


@dataclass(frozen=True)
class DoubtfulPair:
    """Two rows that may be one family, as schemas.SNAPSHOT_PAIRS."""

    one: Side
    other: Side
    family_ids: tuple[str, str]
    """Ids in this archive."""
    probability: float | None
    reason: str
    matched_by: str
    fingerprint: str
    is_reopened: bool

    @cached_property
    def key(self) -> tuple[str, str, str, str]:
        """Register and id of both, the smaller side first, as decisions name it."""
        first, second = sorted(
            (side.register, side.register_family_id) for side in (self.one, self.other)
        )
        return (*first, *second)

    @property
    def village_codes(self) -> tuple[str | None, str | None]:
        """Villages that the sides state (Kemendagri, dots)."""
        return self.one.village_code, self.other.village_code

    @property
    def doubt(self) -> Doubt:
        """Why nobody but a person can tell."""
        return next((each for each in DOUBTS if self.reason.startswith(each.reason)), _UNTOLD)

    @property
    def was_decided(self) -> bool:
        """Whether it is in doubt although somebody settled it: what people say contradicts.

        Where the data have changed since, nobody has settled it as it is.
        """
        return self.matched_by == "decision" and self.doubt is not _SETTLED_BEFORE


@dataclass(frozen=True)
class Compared:
    """A field of both sides: what they say, and how far that agrees."""

    field: str
    one: Any
    other: Any
    agreement: Agreement


def doubtful_pairs(exact: Path) -> list[DoubtfulPair]:
    """All doubtful pairs of a run, in an order that is the same until the next run.

    Parameters
    ----------
    exact
        The folder exact/ of a snapshot.

    Returns
    -------
    list
        By village of the one side (those without last), then the likeliest first; a shared
        number stands above any likelihood.
    """
    # Most visitors settle no pair: they need not wait for this to be loaded.
    import pyarrow.compute as pc  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    pairs = pq.read_table(
        exact / "pairs.parquet", filters=pc.field("state") == "doubtful"
    ).to_pylist()
    sides = {}
    for row in pq.read_table(exact / "pair_sides.parquet").to_pylist():
        sides[row["register"], row["register_family_id"]] = Side(
            **{name: row[name] for name in Side.__dataclass_fields__}
        )
    return sorted((_pair(row, sides) for row in pairs), key=_order)


def compared(pair: DoubtfulPair) -> list[Compared]:
    """What the two sides say, field by field, in the order in which people look."""
    return list(_compared(pair, dict(_LEVEL.findall(pair.reason))))


def _compared(pair: DoubtfulPair, levels: Mapping[str, str]) -> Iterator[Compared]:
    one, other = pair.one, pair.other

    def field(name: str, agreement: Agreement) -> Compared:
        return Compared(name, getattr(one, name), getattr(other, name), agreement)

    def plain(name: str, *, alike: bool = False) -> Compared:
        return field(name, _agreement(getattr(one, name), getattr(other, name), alike=alike))

    yield plain("head_name", alike=levels.get("name") in {"alike", "part", "some"})
    yield plain("birth_date", alike=levels.get("birth date") in {"swapped", "1 January", "near"})
    yield Compared("sex", one.sex, other.sex, _agreement(_sex(one.sex), _sex(other.sex)))
    yield field("national_id_masked", _of_numbers(
        *(side.national_id_masked if side.has_national_id else None for side in (one, other)),
        is_shared=pair.matched_by == "nik",
    ))  # fmt: skip
    yield field("family_card_number_masked", _of_numbers(
        one.family_card_number_masked, other.family_card_number_masked,
        is_shared=pair.matched_by == "kk" or levels.get("card") == "same",
        is_alike=levels.get("card") == "one digit",
    ))  # fmt: skip
    yield plain("village_code")
    yield plain("rt_rw")
    yield plain("neighborhood")
    yield plain("address")
    yield plain("members")


def _agreement(one: object, other: object, *, alike: bool = False) -> Agreement:
    if one is None or other is None:
        return Agreement.UNKNOWN
    if _folded(one) == _folded(other):
        return Agreement.SAME
    return Agreement.ALIKE if alike else Agreement.DIFFERENT


def _of_numbers(
    one: str | None, other: str | None, *, is_shared: bool, is_alike: bool = False
) -> Agreement:
    """Of numbers four digits are known: the same four are no more than alike, unless shared."""
    found = _agreement(one, other, alike=is_alike)
    return Agreement.ALIKE if found is Agreement.SAME and not is_shared else found


def _folded(value: object) -> object:
    return _BETWEEN.sub(" ", value).strip().casefold() if isinstance(value, str) else value


def _sex(written: str | None) -> str | None:
    """``m`` or ``f`` of what registers write (L, P, 1, 2, Laki-laki ...), as linkage reads it."""
    first = (written or "").strip().lower()
    if first.startswith(("l", "1", "pria")):
        return "m"
    return "f" if first.startswith(("p", "2", "w")) else None


def _pair(row: Mapping[str, Any], sides: Mapping[tuple[str, str], Side]) -> DoubtfulPair:
    one = (row["register"], row["register_family_id"])
    other = (row["other_register"], row["other_register_family_id"])
    return DoubtfulPair(
        one=sides.get(one, Side(*one)),
        other=sides.get(other, Side(*other)),
        family_ids=(row["family_id"], row["other_family_id"]),
        **{name: row[name] for name in
           ("probability", "reason", "matched_by", "fingerprint", "is_reopened")},
    )  # fmt: skip


def _order(pair: DoubtfulPair) -> tuple[object, ...]:
    village = pair.one.village_code or pair.other.village_code
    likely = 1.0 if pair.probability is None else pair.probability
    return village is None, village or "", -likely, pair.key
