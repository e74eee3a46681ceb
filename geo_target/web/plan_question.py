"""What the coordinator asks of a new plan, as an address says it."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from flask_babel import gettext as _  # type: ignore[import-untyped]
from werkzeug.datastructures import MultiDict

from geo_target.fieldwork.selection import OPEN_STATES, Order, Wanted
from geo_target.fieldwork.visits import Officer
from geo_target.settings import Fieldwork

#: Words of the address for what the program calls otherwise.
STATES = MappingProxyType({"belum": "uncovered", "belum-padan": "unmatched"})
ORDERS: Mapping[str, Order] = MappingProxyType(
    {"klaster": "cluster", "bukti": "evidence", "nilai": "value", "daftar": "list"}
)
LONGEST_TITLE = 120
MOST_DAYS = 250
_COUNT = re.compile(r"[1-9][0-9]{0,4}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Question:
    """A form as it was filled in; `wrong` has a sentence for each field that cannot be read."""

    wanted: Wanted
    officers: frozenset[str]
    """Keys of some officers; none is everybody."""
    starts_on: date
    days: int | None
    ends_on: date | None
    wrong: Mapping[str, str]
    is_asked: bool
    """Whether somebody has asked, and is not looking at the empty form."""

    def sent(self, officers: Sequence[Officer], key: Any) -> list[Officer]:
        """Those who are to go."""
        return [each for each in officers if not self.officers or key(each.name) in self.officers]


def question_of(
    args: "MultiDict[str, str]",
    *,
    today: date,
    agreed: Fieldwork,
    districts: Collection[str] | None = None,
) -> Question:
    """Read the form; what cannot be read is left out and told.

    Parameters
    ----------
    today
        A plan that begins earlier is refused; without a day it begins the day after.
    agreed
        On what terms visits are planned.
    districts
        Of whoever plans: others cannot be asked for. None is all.
    """
    wrong: dict[str, str] = {}
    starts_on = _day(args, "mulai", wrong) or date.fromordinal(today.toordinal() + 1)
    ends_on = _day(args, "selesai", wrong)
    days = _count(args, "hari", wrong, most=MOST_DAYS)
    if starts_on < today:
        wrong["mulai"] = _("Hari mulai sudah lewat; pilih hari ini atau sesudahnya.")
    if ends_on is not None and ends_on < starts_on:
        wrong["selesai"] = _("Hari selesai lebih awal dari hari mulai.")
    if days is not None and ends_on is not None:
        wrong["hari"] = _("Isi salah satu: jumlah hari, atau hari selesai.")
    named = args.getlist("kecamatan")
    states = [STATES[word] for word in args.getlist("keadaan") if word in STATES]
    wanted = Wanted(
        cluster_ids=tuple(args.getlist("klaster")),
        village_codes=tuple(args.getlist("kelurahan")),
        district_codes=tuple(c for c in named if districts is None or c in districts),
        reasons=tuple(args.getlist("alasan")),
        states=tuple(states) or OPEN_STATES,
        evidence_before=_day(args, "bukti", wrong),
        not_visited_since=agreed.not_again_days,
        returns_after=agreed.returns_after_days,
        order=ORDERS.get(args.get("urutan", ""), "cluster"),
        limit=_count(args, "batas", wrong),
    )
    return Question(
        wanted=wanted,
        officers=frozenset(args.getlist("petugas")),
        starts_on=starts_on,
        days=days,
        ends_on=ends_on,
        wrong=wrong,
        is_asked="mulai" in args,
    )


def _day(args: "MultiDict[str, str]", name: str, wrong: dict[str, str]) -> date | None:
    text = args.get(name, "").strip()
    if not text:
        return None
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    wrong[name] = _("Tanggal ini tidak ada; tulis seperti 2026-01-31.")
    return None


def _count(
    args: "MultiDict[str, str]", name: str, wrong: dict[str, str], *, most: int = 99_999
) -> int | None:
    text = args.get(name, "").strip()
    if not text:
        return None
    if not _COUNT.fullmatch(text) or int(text) > most:
        wrong[name] = _("Tulis angka dari 1 sampai %(most)s.", most=most)
        return None
    return int(text)
