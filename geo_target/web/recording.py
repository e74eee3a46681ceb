"""An answer that came in by a page or a device: read, kept, and what its sender is told."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from string import ascii_lowercase
from typing import Any

from flask import request
from flask_babel import gettext as _  # type: ignore[import-untyped]

from geo_target.errors import Fault
from geo_target.fieldwork.answers import read_answer
from geo_target.fieldwork.conflicts import statement_of
from geo_target.fieldwork.form_fields import choice_lists
from geo_target.fieldwork.outcomes import CORRECTABLE, Outcome
from geo_target.fieldwork.visit_codes import printed, read_code
from geo_target.long_numbers import mask_numbers
from geo_target.operations.outcome_batch import OrphanReason, Taken
from geo_target.operations.own_entries import TAKEN_BACK
from geo_target.operations.roles import Verb
from geo_target.operations.visibility import visible
from geo_target.publishing.by_name import families_by_id
from geo_target.web import visitors
from geo_target.web.language import language, own
from geo_target.web.names import NamesRefusedError, names_of
from geo_target.web.pages import store
from geo_target.web.said_answers import Said
from geo_target.web.store import NoSnapshotError, Served
from geo_target.web.village_reach import reach_of

_OK, _NOT_FOUND, _CONFLICT, _UNREADABLE = 200, 404, 409, 422
#: Statuses of what is no answer to a visit; it is kept all the same.
_STATUS = {
    OrphanReason.UNKNOWN: _NOT_FOUND, OrphanReason.FOREIGN: _NOT_FOUND,
    OrphanReason.CLOSED: _CONFLICT, OrphanReason.WITHDRAWN: _CONFLICT,
}  # fmt: skip


@dataclass(frozen=True)
class Recorded:
    """What became of one answer."""

    state: str
    """new, repeated, version, conflict, orphan, or unreadable: the last alone is not kept."""
    status: int
    """Of the reply."""
    message: str
    warnings: Sequence[str] = ()
    faults: Sequence[str] = ()
    outcome: Outcome | None = None

    @property
    def is_answer(self) -> bool:
        """Whether it is the answer to a visit now."""
        return self.status == _OK

    def told(self) -> dict[str, Any]:
        """For a script or a device."""
        return {"state": self.state, "message": self.message, "warnings": list(self.warnings),
                "faults": list(self.faults)}  # fmt: skip


def keep(said: Said, *, is_typed: bool = False) -> Recorded:
    """Read an answer and keep it; it is on the disk when this returns.

    Somebody sits at the other end: where a part of it cannot be read nothing is kept, and they
    are asked again.

    Parameters
    ----------
    is_typed
        Somebody has typed the code of the visit: a slip in it is told, not kept.
    """
    code = said.get("visit_code")
    if is_typed and code and read_code(code) is None:
        slip = _("Kode %(code)s salah ketik: periksa hurufnya satu per satu.", code=code[:20])
        return Recorded("unreadable", _UNREADABLE, str(slip), faults=[str(slip)])
    doors = visitors.doors()
    around = _Around(said.get("visit_code", ""))
    answer = read_answer(
        {**said, **around.given(said)}, source="keyboard", received_at=doors.clock(),
        villages=around.villages, village_of=around.reach,
    )  # fmt: skip
    if answer.outcome is None or answer.faults:
        faults = [words_of(fault) for fault in answer.faults]
        return Recorded("unreadable", _UNREADABLE, " ".join(faults), faults=faults)
    bounds = visible(visitors.user(), Verb.RECORD_VISITS)
    taken = doors.visit_outcomes.take([answer.outcome], by=visitors.actor(), bounds=bounds)
    if is_typed and taken.repeated and _was_changed(answer.outcome):
        # What was said first holds again: the time parts it from the version that it was.
        again = replace(answer.outcome, device_at=doors.clock())
        taken = doors.visit_outcomes.take([again], by=visitors.actor(), bounds=bounds)
    return _recorded(answer.outcome, taken)


def _was_changed(outcome: Outcome) -> bool:
    """Whether one's own entry says something else by now."""
    name = visitors.actor().name
    kept = visitors.doors().own_entries.entry(outcome.submission_id, by=name)
    if kept is None or kept.orphan_reason == TAKEN_BACK:
        return False
    now = kept.outcome
    return (now.visit_code, statement_of(now)) != (outcome.visit_code, statement_of(outcome))


class _Around:
    """What the list and the map say of the visit that is answered, where it is theirs."""

    def __init__(self, code: str) -> None:
        bounds = visible(visitors.user(), Verb.RECORD_VISITS)
        found = visitors.doors().visit_plans.visit(code, within=bounds) if code else None
        self._visit = found.visit if found else None
        self._served = _served()
        self.villages: Mapping[str, str] = (
            {code: self._visit.target.village_code} if self._visit else {}
        )
        self.reach: Callable[[float, float, str], float | None] | None = (
            reach_of(self._served.snapshot) if self._served else None
        )

    def given(self, said: Said) -> Said:
        """What the list says, of what is corrected alone: the server's word, not the form's."""
        if self._visit is None or not any(f"corrected_{name}" in said for name in CORRECTABLE):
            return {}
        return {f"given_{name}": value for name, value in listed(self._served, self._visit).items()}


def listed(served: Served | None, visit: Any) -> dict[str, str]:
    """What the list says of the family of a visit, by the name of what may be corrected."""
    target = visit.target
    found = {"rt": target.rt, "rw": target.rw,
             "neighborhood": mask_numbers(target.neighborhood or "")}  # fmt: skip
    try:
        exact = names_of(served.snapshot) if served else None
    except NamesRefusedError:
        exact = None
    family = families_by_id(exact, [target.family_id]).get(target.family_id) if exact else None
    if family:
        found |= {
            "head_name": family.name, "address": family.address,
            "head_national_id": family.national_id_masked,
            "family_card_number": family.family_card_number_masked,
        }  # fmt: skip
    return {name: value for name, value in found.items() if value}


def new_submission_id() -> str:
    """An id for an answer that is about to be given: letters alone, for digits might be a NIK."""
    return "".join(secrets.choice(ascii_lowercase) for _each in range(28))


def is_asked_for_json() -> bool:
    """Whether a script or a device asks, rather than a form."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return request.is_json or best == "application/json"


def words_of(fault: Fault) -> str:
    """A fault as a sentence, with the field that it is about."""
    words = fault.id if language() == "id" else fault.en
    where = f"{fault.column}: " if fault.column else ""
    return f"{where}{words[:1].upper()}{words[1:]}."


def outcome_words(code: str) -> str:
    """What an outcome is called."""
    return next(
        (own({"id": c.id, "en": c.en}) for c in choice_lists()["outcome"] if c.name == code), code
    )


def warning_words(code: str) -> str:
    """What a warning means for whoever has just sent the answer."""
    words = {
        "W-OUTCOME-CLOCK": _("Tanggal perangkat tidak masuk akal; waktu server yang dipakai."),
        "W-OUTCOME-ACCURACY": _("Ketelitian titik lebih buruk dari 100 m; titik ditandai."),
        "W-OUTCOME-MOCK": _("Titik berasal dari lokasi tiruan; titik ditandai."),
        "W-OUTCOME-PLACE": _("Titik jauh dari kelurahannya; titik ditandai."),
        "W-OUTCOME-MASKED": _("Ada nomor panjang di catatan; nomor itu disamarkan."),
    }
    return str(words.get(code, code))


def orphan_words(reason: OrphanReason) -> str:
    """Why an outcome was kept apart; another's visit is not to be told from none."""
    if _STATUS[reason] == _CONFLICT:
        return str(_("kunjungannya sudah ditutup atau ditarik; disimpan terpisah untuk "
                     "koordinator"))  # fmt: skip
    return str(_("tidak ada kunjungan Anda dengan kode ini; disimpan terpisah untuk koordinator"))


def _served() -> Served | None:
    try:
        return store().current()
    except NoSnapshotError:
        return None


def _recorded(outcome: Outcome, taken: Taken) -> Recorded:
    code = printed(outcome.visit_code) if outcome.visit_code else str(_("keluarga baru"))
    name = outcome_words(outcome.outcome)
    warnings = [warning_words(each) for each in taken.warnings]
    if taken.orphans:
        reason = taken.orphans[0].reason
        return Recorded(
            "orphan", _STATUS[reason], f"{code}: {orphan_words(reason)}.", outcome=outcome
        )
    if taken.conflicts:
        words = _("%(code)s: %(outcome)s. Ada jawaban lain untuk kunjungan ini; keduanya disimpan, "
                  "koordinator memilih.", code=code, outcome=name)  # fmt: skip
        return Recorded("conflict", _OK, str(words), warnings, outcome=outcome)
    state = "version" if taken.versions else "repeated" if taken.repeated else "new"
    words = {
        "new": _("%(code)s tersimpan: %(outcome)s.", code=code, outcome=name),
        "version": _("%(code)s diubah: %(outcome)s.", code=code, outcome=name),
        "repeated": _("%(code)s sudah tersimpan: %(outcome)s.", code=code, outcome=name),
    }[state]
    return Recorded(state, _OK, str(words), warnings, outcome=outcome)
