"""The 'berkas dinas' of what visits found: families to propose in SIKS-NG, encrypted, on a letter.

New families come from the answers; of listed ones the base register is read again, since no
snapshot has a number as it is written. The audit log knows of the file before it is there.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geo_target import pipeline
from geo_target.civil_registry_export import check_file, check_letter, check_papers
from geo_target.deliveries.private_files import write_bytes
from geo_target.field_desk import Desk
from geo_target.fieldwork.visit_lists import Finding
from geo_target.intake.profiles import profile_named
from geo_target.operations.audit import Actor, AuditLog, Entry
from geo_target.operations.kept_outcomes import asks_for_return
from geo_target.operations.numbers import keyed_id
from geo_target.places.gazetteer import area_name, read_gazetteer
from geo_target.publishing.civil_registry_book import Letter
from geo_target.publishing.encrypted_workbook import (
    check_encryption,
    encrypted_workbook,
    new_passphrase,
)
from geo_target.publishing.proposal_book import TITLE, Proposal, cover_of, sheet_of
from geo_target.publishing.visit_targets import reasons_of
from geo_target.stages import Stages
from geo_target.workbench import Workbench, query

_OPERATOR = Actor(name="command-line", role="admin")
_ELIGIBLE = frozenset({"found_eligible", "eligible_with_intervention"})
#: Why somebody is uncovered whom the register that programs rest on does not list.
_NOT_IN_REGISTER = "not_in_register"
_LISTED = (
    "head_name", "address", "rt", "rw", "head_national_id", "family_card_number", "members",
)  # fmt: skip


@dataclass(frozen=True)
class Exported:
    """What was written, and what opens it; the passphrase is kept nowhere else."""

    families: int
    new: int
    lacking: int
    """Families of which NIK, KK or name is not known yet."""
    sha256: str
    passphrase: str


def export(desk: Desk, out: Path, letter: Letter) -> Exported | None:
    """Write the families to be proposed as an encrypted workbook, mode 0600.

    Parameters
    ----------
    out
        An XLSX that is not there yet.

    Returns
    -------
    Exported or None
        None if nobody is to be proposed: there is no file then, and no entry.

    Raises
    ------
    ConfigError, ExportError, AuditError
        As `civil_registry_export.export`.
    NotFoundError, DataRefusedError
        If there is no run, or its persons may not be used today.
    """
    check_encryption()
    check_letter(letter)
    check_file(out)
    check_papers(desk.settings, letter.made_on)
    standing = [each for each in desk.outcomes.standing().values() if not each.is_conflict]
    found = desk.outcomes.proposals()
    proposals = [*_listed(desk, standing), *_new(desk, found)]
    if not proposals:
        return None
    outcomes = [each.current.outcome.outcome for each in standing]
    outcomes += [each.outcome.outcome for each in found]
    passphrase = new_passphrase()
    content = encrypted_workbook(
        TITLE, cover_of(letter, proposals, outcomes), sheet_of(proposals), passphrase
    )
    sha256 = hashlib.sha256(content).hexdigest()
    subjects = {keyed_id(one.national_id, desk.key) for one in proposals if one.national_id}
    AuditLog(desk.database).append(_entry(letter, len(proposals), sha256, subjects))
    check_file(out)
    write_bytes(out, content)
    new, lacking = (sum(map(bool, flags)) for flags in
                    (map(_is_new, proposals), (one.lacks for one in proposals)))  # fmt: skip
    return Exported(len(proposals), new, lacking, sha256, passphrase)


def _is_new(proposal: Proposal) -> bool:
    return proposal.is_new


def _listed(desk: Desk, standing: Sequence[Any]) -> list[Proposal]:
    """Families that a visit found eligible and that the register of programs does not list."""
    snapshot = desk.snapshot()
    reasons, ids = reasons_of(desk.exact(snapshot)), desk.base_ids(snapshot)
    families = {each.visit.code: each.visit for each in desk.plans.visits()}
    last = {}  # of two visits to a family the later one, unless it met nobody
    for kept in sorted((each.current for each in standing), key=lambda one: (one.day, one.number)):
        visit = families.get(kept.outcome.visit_code)
        if visit is not None and not asks_for_return(kept.outcome):
            last[visit.target.family_id] = (kept, visit.target.village_code)
    wanted = {
        ids[family]: found
        for family, found in last.items()
        if found[0].outcome.outcome in _ELIGIBLE
        and reasons.get(family) == _NOT_IN_REGISTER and family in ids
    }  # fmt: skip
    rows = _base_rows(desk, wanted)
    places = _places(desk)
    return [
        _proposal(rows[family], kept, places.get(village, {}), is_new=False)
        for family, (kept, village) in sorted(wanted.items(), key=lambda item: item[1][1])
        if family in rows
    ]


def _new(desk: Desk, found: Iterable[Any]) -> list[Proposal]:
    places = _places(desk)
    return [
        _proposal({}, kept, places.get(kept.outcome.corrected.get("village_code", ""), {}),
                  is_new=True)
        for kept in found
    ]  # fmt: skip


def _proposal(
    row: Mapping[str, Any], kept: Any, place: Mapping[str, str], *, is_new: bool
) -> Proposal:
    """A family as it was met: what was corrected at the door, else what the list says."""
    said = {name: str(row.get(name) or "") for name in _LISTED} | dict(kept.outcome.corrected)
    return Proposal(
        province=place.get("province_name", ""),
        regency=place.get("regency_name", ""),
        district=place.get("district_name", ""),
        village=place.get("village_name", ""),
        rt=said["rt"],
        rw=said["rw"],
        address=said["address"],
        national_id=said["head_national_id"],
        family_card_number=said["family_card_number"],
        name=said["head_name"],
        members=said["members"],
        visited_on=Finding(kept.outcome, "", kept.received_at).day,
        is_new=is_new,
    )


def _base_rows(desk: Desk, wanted: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Rows of the base register by its id, as its lists have them today."""
    ids = sorted(wanted)
    if not ids:
        return {}
    settings = desk.settings
    base = profile_named(settings.registry.base).name
    with Workbench(memory_limit=settings.archive.memory_limit) as bench:  # it spills nowhere
        lists = pipeline.read_lists(bench, settings, Stages())
        rows: dict[str, dict[str, Any]] = {}
        asked = bench.take_rows({"family_id": "varchar"}, [(one,) for one in ids])
        for listed in (one for one in lists if one.profile.name == base):
            columns = [name for name in _LISTED if name in listed.table.columns]
            found = query(
                f"select family_id, {', '.join(columns)} from listed semi join asked "
                "using (family_id)",
                listed=listed.table, asked=asked,
            )  # fmt: skip
            for row in found.rows():
                rows.setdefault(str(row["family_id"]), row)
    return rows


def _places(desk: Desk) -> dict[str, dict[str, str]]:
    """Names of a village and of what it lies in, by its code."""
    code = desk.settings.area.code
    names = read_gazetteer(code[:2])
    columns = ["regency_name", "district_name", "village_name"]
    province = area_name(code[:2])
    return {
        str(row.Index): {**{name: str(getattr(row, name)) for name in columns},
                         "province_name": province}
        for row in names[columns].itertuples()
    }  # fmt: skip


def _entry(letter: Letter, families: int, sha256: str, subjects: Iterable[str]) -> Entry:
    return Entry(
        actor=_OPERATOR,
        verb="proposal.export",
        object_type="proposals",
        object_id=sha256,
        fields=("address", "family_card_number", "name", "national_id"),
        reason=f"{letter.agency}; {letter.number}; {letter.expires.isoformat()}; {letter.by}",
        subjects=tuple(sorted(subjects)),
        persons=families,
    )
