"""Visits with what their paper says of the family: who is asked for, where, and what to look at."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from geo_target.errors import Fault
from geo_target.fieldwork.paper_text import number_word, plain
from geo_target.fieldwork.visits import Visit

#: What the officer looks at, by why the family is uncovered. Nothing here judges anybody.
_REASONS: Mapping[str, str] = {
    "no_national_id": "NIK belum utuh: lihat KTP dan KK",
    "not_in_civil_registry": "NIK belum padan Dukcapil: lihat KTP dan KK",
    "not_in_register": "belum ada di register acuan: lengkapi data keluarga",
    "above_decile": "peringkat perlu ditinjau: perbarui keadaan rumah",
    "eligible_not_enrolled": "belum terdaftar di program: perbarui data keluarga",
    "enrolled_inactive": "pernah terdaftar: tanyakan sejak kapan berhenti",
    "moved_or_dead": "tercatat pindah atau meninggal: pastikan",
    "unfit_by_visit": "kunjungan lalu berhasil lain: tinjau lagi",
    "never_verified": "belum pernah dikunjungi",
}
_UNMATCHED = "belum padan dengan daftar penerima: lihat KTP dan KK"
_COVERED = "sudah menerima program: pastikan datanya"
_OTHER = "perbarui data keluarga"
_AGAIN = "kunjungan ulang; "
#: Said wherever what is asked for would be an empty paper or file.
NOTHING_TO_CARRY = Fault(
    "E-CARRY-NONE",
    id="tidak ada kunjungan untuk petugas, hari atau kelurahan itu; pilih yang lain, atau bagikan "
    "kunjungan di rencana",
    en="there is no visit of that officer, day or village; choose another one, or assign visits "
    "in the plan",
)


class Named(Protocol):
    """A family by name, as publishing/by_name.py reads it."""

    @property
    def name(self) -> str | None: ...  # noqa: D102
    @property
    def address(self) -> str | None: ...  # noqa: D102
    @property
    def national_id_masked(self) -> str | None: ...  # noqa: D102
    @property
    def family_card_number_masked(self) -> str | None: ...  # noqa: D102


@dataclass(frozen=True)
class VillageNames:
    """What a village and its district are called."""

    village: str
    district: str


@dataclass(frozen=True)
class CarriedVisit:
    """A visit as it is carried: plain texts, numbers masked to their last four digits.

    RT and RW are without leading zeros; an empty text is what the list does not say.
    """

    visit: Visit
    head_name: str
    address: str
    rt: str
    rw: str
    neighborhood: str
    national_id_masked: str
    family_card_number_masked: str
    village_name: str
    district_name: str
    reason: str
    programs: tuple[str, ...] = ()
    members: int | None = None

    @property
    def code(self) -> str:
        """What paper and forms name the visit by."""
        return self.visit.code


def carried(
    visit: Visit,
    named: Named | None,
    village: VillageNames,
    *,
    programs: Sequence[str] = (),
    members: int | None = None,
) -> CarriedVisit:
    """A visit with what may be printed of its family.

    Parameters
    ----------
    visit
        Of a plan.
    named
        The family by name; None where the run names nobody: paper has blanks then.
    village
        Names of its village.
    programs
        Short names of the programs that the family gets.
    members
        How many the list says.
    """
    target = visit.target
    return CarriedVisit(
        visit=visit,
        head_name=plain(named.name if named else None),
        address=plain(named.address if named else None),
        rt=number_word(target.rt),
        rw=number_word(target.rw),
        neighborhood=plain(target.neighborhood),
        national_id_masked=plain(named.national_id_masked if named else None),
        family_card_number_masked=plain(named.family_card_number_masked if named else None),
        village_name=plain(village.village),
        district_name=plain(village.district),
        reason=_reason(visit),
        programs=tuple(plain(program) for program in programs),
        members=members,
    )


def visits_of_officer(
    visits: Iterable[CarriedVisit], officer: str, *, day: date | None = None
) -> list[CarriedVisit]:
    """The visits of one officer, of one day or of all, in the order in which they are walked.

    Parameters
    ----------
    visits
        Of a plan; those of others are left out.
    officer
        Account name.
    day
        None: all days, those without a day last.
    """
    own = [
        carried_visit
        for carried_visit in visits
        if carried_visit.visit.officer == officer and day in {None, carried_visit.visit.day}
    ]
    return sorted(own, key=walk)


def walk(carried_visit: CarriedVisit) -> tuple[object, ...]:
    """Key to sort by: day, position in it, then village, RW and RT; what is not known last."""
    visit = carried_visit.visit
    target = visit.target
    return (
        visit.day or date.max,
        visit.position is None, visit.position or 0,
        target.village_code,
        not target.rw, target.rw or "",
        target.neighborhood or "",
        not target.rt, target.rt or "",
        visit.code,
    )  # fmt: skip


def _reason(visit: Visit) -> str:
    target = visit.target
    if target.coverage_state == "uncovered":
        why = _REASONS.get(target.reason or "", _OTHER)
    else:
        why = _UNMATCHED if target.coverage_state == "unmatched" else _COVERED
    return f"{_AGAIN}{why}" if visit.return_of else why
