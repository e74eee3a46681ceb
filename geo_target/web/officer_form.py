"""The form of an officer: as it was filled in, and the officer that it says."""

import re
from dataclasses import dataclass
from datetime import date

from werkzeug.datastructures import MultiDict

from geo_target.errors import Fault
from geo_target.fieldwork.visits import Officer, OfficerKind

_MOST_DAYS_OFF = 120
_COUNT = re.compile(r"[0-9]{1,3}")


@dataclass(frozen=True)
class Filled:
    """What somebody wrote."""

    name: str = ""
    display_name: str = ""
    kind: str = OfficerKind.OPERATOR.value
    villages: tuple[str, ...] = ()
    home: str = ""
    visits_per_day: str = "12"
    days_off: str = ""

    def officer(self) -> Officer | Fault:
        """The officer, or why it is none."""
        if self.kind not in {kind.value for kind in OfficerKind}:
            return _KIND
        if not _COUNT.fullmatch(self.visits_per_day):
            return _PACE
        try:
            off = frozenset(map(date.fromisoformat, re.split(r"[\s,;]+", self.days_off.strip())
                                if self.days_off.strip() else []))  # fmt: skip
        except ValueError:
            return _DAYS
        if len(off) > _MOST_DAYS_OFF:
            return _DAYS
        return Officer(
            name=self.name,
            display_name=self.display_name or self.name,
            kind=OfficerKind(self.kind),
            villages=self.villages,
            home_village_code=self.home or None,
            visits_per_day=int(self.visits_per_day),
            days_off=off,
        )


def filled_in(form: "MultiDict[str, str]") -> Filled:
    """What a form says."""
    return Filled(
        name=form.get("nama", "").strip().lower(),
        display_name=" ".join(form.get("nama_lengkap", "").split()),
        kind=form.get("jenis", ""),
        villages=tuple(form.getlist("kelurahan")),
        home=form.get("rumah", ""),
        visits_per_day=form.get("sehari", "").strip(),
        days_off=form.get("libur", "")[:3000],
    )


def filled_of(officer: Officer) -> Filled:
    """The form for an officer that is there."""
    return Filled(
        name=officer.name,
        display_name=officer.display_name,
        kind=officer.kind.value,
        villages=tuple(officer.villages),
        home=officer.home_village_code or "",
        visits_per_day=str(officer.visits_per_day),
        days_off=" ".join(sorted(day.isoformat() for day in officer.days_off)),
    )


_KIND = Fault(
    "E-OFFICER-KIND",
    id="pilih jenisnya: operator kelurahan atau pendamping",
    en="choose the kind: operator of a kelurahan or facilitator",
    column="jenis",
)
_PACE = Fault(
    "E-OFFICER-PACE",
    id="tulis kunjungan sehari sebagai angka, misalnya 12",
    en="write visits a day as a number, 12 say",
    column="sehari",
)
_DAYS = Fault(
    "E-OFFICER-DAYS",
    id="ada hari libur yang tidak terbaca; tulis seperti 2026-12-24, dipisah spasi",
    en="a day off cannot be read; write it like 2026-12-24, parted by blanks",
    column="libur",
)
