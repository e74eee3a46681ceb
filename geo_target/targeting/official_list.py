"""An official list of priority villages (SK) beside the computed order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from geo_target.targeting.decided_rows import Faults, read_rows, whole
from geo_target.targeting.priority import visiting_order

_COLUMNS = ("sk_number", "date", "village_code", "order", "reason", "agency")
#: Numbers of a row that say why it is where it is.
_REASONS = (
    "priority_rank", "priority_score", "uncovered_families", "smoothed_exclusion_error",
    "unmatched_families", "first_share",
)  # fmt: skip


@dataclass(frozen=True)
class OfficialVillage:
    """A village that a decree names; `order` is None where the decree has none."""

    village_code: str
    order: int | None
    reason: str


@dataclass(frozen=True)
class OfficialList:
    """A decree: its number, its day, its villages as it lists them, and whose it is."""

    number: str
    day: date
    villages: Sequence[OfficialVillage]
    agency: str = ""

    def ranks(self, codes: Sequence[str]) -> list[int]:
        """Places of villages, as `capture.capture_curves` takes them; 0 where it names none.

        All are 1 where the decree has no order.
        """
        orders = {village.village_code: village.order or 1 for village in self.villages}
        return [orders.get(code, 0) for code in codes]


def read_official_list(file: Path, codes: Sequence[str]) -> OfficialList:
    """Read a decree; in TOML ``sk_number`` and ``date`` stand once, above ``[[village]]``.

    Parameters
    ----------
    file
        ``sk_number``, ``date`` (2025-09-01), ``village_code`` (with or without dots); ``order``
        (1 goes first; in all rows or in none), ``reason`` and ``agency`` may be left out.
    codes
        Villages of the area.

    Raises
    ------
    ConfigError
        ``E-OFFICIAL-LIST``, every row that is wrong at once.
    """
    faults = Faults(file, "E-OFFICIAL-LIST")
    rows = read_rows(faults, _COLUMNS, _COLUMNS[:3])
    orders = [row["order"] for _, row in rows]
    found: dict[str, OfficialVillage] = {}
    for number, row in rows:
        code = faults.village(number, row["village_code"], codes, found)
        faults.day(number, row["date"])
        if not row["sk_number"]:
            faults.add(number, "sk_number", "tulis nomor SK", "write the number of the decree")
        for column in ("sk_number", "reason", "agency"):
            faults.words(number, column, row[column])
        order = _order(row["order"], orders, faults, number)
        found[code] = OfficialVillage(code, order, row["reason"])
    heads = {(row["sk_number"], row["date"], row["agency"]) for _, row in rows}
    if len(heads) > 1:
        faults.add(None, "sk_number", "satu berkas memuat satu SK, satu tanggal dan satu instansi; "
                   "pisahkan", "a file has one decree of one day and one agency; part "
                   "them")  # fmt: skip
    faults.told()
    ((sk_number, day, agency),) = heads
    return OfficialList(sk_number, date.fromisoformat(day), tuple(found.values()), agency)


def _order(text: str, orders: Sequence[str], faults: Faults, row: int) -> int | None:
    if not any(orders):
        return None
    if not whole(text):
        faults.add(row, "order", "tulis urutan 1, 2, 3 ... di semua baris, atau kosongkan semua",
                   "write the order 1, 2, 3 ... in all rows, or in none")  # fmt: skip
    elif orders.count(text) > 1:
        faults.add(row, "order", "urutan ini ada dua kali; perbaiki", "this order is there twice; "
                   "mend it")  # fmt: skip
    return whole(text)


def compare_lists(
    official: OfficialList, ranked: pd.DataFrame, first: int | None = None
) -> pd.DataFrame:
    """Villages of the decree, and as many at the head of the computed order.

    A village whose count is not shown has no rank: it is on the decree alone, and that says
    nothing of its count.

    Parameters
    ----------
    ranked
        All villages of the area by ``village_code``, with ``priority_rank`` (1 first, equals
        share one, missing where not ranked).
    first
        How many of the order are held against the decree, equals of the last too; None means as
        many as it names.

    Returns
    -------
    DataFrame
        By ``village_code``, in the order of visiting: ``on`` (both, official, computed), ``why``
        (agreed; ranked_lower: it is on the decree, and behind; not_ranked: a number of it is
        missing; not_named: by the decree), ``official_order``, ``official_reason``, and those of
        rank, score, families and rates that `ranked` has.
    """
    named = {village.village_code: village for village in official.villages}
    ranks = ranked["priority_rank"].astype("Int64")
    head = set(ranks.index[(ranks <= (first or len(named))).fillna(value=False)])
    rows = []
    for code in visiting_order(ranked):
        if (village := named.get(code)) is not None:
            behind = "not_ranked" if pd.isna(ranks[code]) else "ranked_lower"
            on, why = ("both", "agreed") if code in head else ("official", behind)
            rows.append((code, on, why, village.order, village.reason))
        elif code in head:
            rows.append((code, "computed", "not_named", None, ""))
    columns = ["village_code", "on", "why", "official_order", "official_reason"]
    found = pd.DataFrame(rows, columns=columns).set_index("village_code")
    numbers = [name for name in _REASONS if name in ranked.columns]
    return found.astype({"official_order": "Int64"}).join(ranked[numbers])
