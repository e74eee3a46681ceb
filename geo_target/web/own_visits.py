"""The open visits of whoever asks, with the names that they need at the door."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _  # type: ignore[import-untyped]

from geo_target.errors import Fault, NotFoundError
from geo_target.fieldwork.visit_codes import printed, read_code
from geo_target.fieldwork.visits import Visit
from geo_target.long_numbers import mask_numbers
from geo_target.operations.roles import Verb
from geo_target.operations.visibility import visible
from geo_target.operations.visit_rows import PlannedVisit, Status
from geo_target.publishing.by_name import NamedFamily, families_by_id
from geo_target.web import visitors
from geo_target.web.names import names_of, subjects_of, tell
from geo_target.web.store import Served

#: What an officer is shown of a family, as the log names it.
FIELDS = ("name", "address", "national_id_masked", "family_card_number_masked", "reason")


@dataclass(frozen=True)
class OwnVisit:
    """A visit as its officer sees it; numbers but for four digits are hidden."""

    visit: Visit
    village: str
    reason: str
    family: NamedFamily | None
    """None: the run that is shown does not name it any more."""

    @property
    def printed(self) -> str:
        """The code as paper has it."""
        return printed(self.visit.code)

    @property
    def name(self) -> str | None:
        """Of the head."""
        return self.family.name if self.family else None

    @property
    def address(self) -> str | None:
        """Where the family lives."""
        return self.family.address if self.family else None

    @property
    def neighborhood(self) -> str:
        """Of the address, as the plan has it."""
        return mask_numbers(self.visit.target.neighborhood or "")

    @property
    def national_id_masked(self) -> str | None:
        """Of the head, its last four digits."""
        return self.family.national_id_masked if self.family else None

    @property
    def family_card_number_masked(self) -> str | None:
        """Its last four digits."""
        return self.family.family_card_number_masked if self.family else None


def own_planned() -> list[PlannedVisit]:
    """Open visits of this request's user with their plans, in the order in which they are made."""
    theirs = visible(visitors.user(), Verb.READ_OWN_VISITS)
    found = visitors.doors().visit_plans.visits(within=theirs, open_only=True)
    return sorted(found, key=lambda each: _walk(each.visit))


def own_visits() -> list[Visit]:
    """The same without their plans."""
    return [each.visit for each in own_planned()]


def may_read_own() -> bool:
    """Whether this request's user has visits of their own, or may have."""
    return visible(visitors.user(), Verb.READ_OWN_VISITS).visits_of is not None


def own_visit(asked: str) -> Visit:
    """The open visit of this request's user under a code.

    Raises
    ------
    NotFoundError
        If it is somebody else's, closed, or none: nobody learns which.
    """
    code, theirs = read_code(asked), visible(visitors.user(), Verb.READ_OWN_VISITS)
    found = visitors.doors().visit_plans.visit(code, within=theirs) if code else None
    if found is None or found.status is not Status.OPEN:
        visitors.deny(code or "visit", object_type="visit", verb=Verb.READ_OWN_VISITS)
        raise no_visit()
    return found.visit


def named(served: Served, visits: Sequence[Visit], *, object_id: str) -> list[OwnVisit]:
    """Visits with the names of their families; first it is written down who is shown them.

    Parameters
    ----------
    object_id
        What the log calls that which is opened: the code of a visit, or a day.

    Raises
    ------
    NamesRefusedError, LookedUpTooOftenError
        As `names_of` and `tell`.
    """
    ids = [visit.target.family_id for visit in visits]
    families = families_by_id(names_of(served.snapshot), ids) if visits else {}
    shown = [families[each] for each in ids if each in families]
    tell(
        Verb.READ_OWN_VISITS, object_type="visit", object_id=object_id, fields=FIELDS,
        subjects=[s for one in shown for s in subjects_of(one.family_id, one.national_id_key)],
        persons=len(shown), run_id=served.snapshot.run_id,
    )  # fmt: skip
    return [
        OwnVisit(visit, village_name(served, visit), reason_of(visit),
                 families.get(visit.target.family_id))
        for visit in visits
    ]  # fmt: skip


def village_name(served: Served, visit: Visit) -> str:
    """Name of the village, or its code where the run has it no more."""
    village = served.snapshot.villages.get(visit.target.village_code)
    return str(village["village_name"]) if village else visit.target.village_code


def reason_of(visit: Visit) -> str:
    """What somebody looks at there, in plain words that judge nobody."""
    target = visit.target
    if target.coverage_state == "unmatched":
        return str(_("belum padan dengan daftar penerima: lihat KTP dan KK"))
    if target.coverage_state != "uncovered":
        return str(_("sudah menerima program: pastikan datanya"))
    return _reasons().get(target.reason or "") or str(_("perbarui data keluarga"))


def _reasons() -> Mapping[str, str]:
    """The words of papers (fieldwork/carried_visits.py), in the language of this request."""
    return {
        "no_national_id": _("NIK belum utuh: lihat KTP dan KK"),
        "not_in_civil_registry": _("NIK belum padan Dukcapil: lihat KTP dan KK"),
        "not_in_register": _("belum ada di register acuan: lengkapi data keluarga"),
        "above_decile": _("peringkat perlu ditinjau: perbarui keadaan rumah"),
        "eligible_not_enrolled": _("belum terdaftar di program: perbarui data keluarga"),
        "enrolled_inactive": _("pernah terdaftar: tanyakan sejak kapan berhenti"),
        "moved_or_dead": _("tercatat pindah atau meninggal: pastikan"),
        "unfit_by_visit": _("kunjungan lalu berhasil lain: tinjau lagi"),
        "never_verified": _("belum pernah dikunjungi"),
    }


def days_of(visits: Sequence[Visit]) -> list[tuple[date | None, int]]:
    """Days with how many visits, those without a day last."""
    days = sorted({v.day for v in visits}, key=lambda day: (day is None, day or date.min))
    return [(day, sum(v.day == day for v in visits)) for day in days]


def no_visit() -> NotFoundError:
    """The same for what is not there, closed or another one's."""
    return NotFoundError(
        Fault("E-VISIT-NONE", id="tidak ada kunjungan ini", en="there is no such visit")
    )


def _walk(visit: Visit) -> tuple[object, ...]:
    target = visit.target
    return (
        visit.day or date.max, visit.position is None, visit.position or 0, target.village_code,
        target.rw is None, target.rw or "", target.rt is None, target.rt or "", visit.code,
    )  # fmt: skip
