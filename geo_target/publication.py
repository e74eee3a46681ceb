"""Publication: what the public sees moves only after a second person said so.

The run has built ``shown/public/`` already. Here its files are held against their sums, and
its release against every one that was ever published, before ``archive/PUBLIC`` moves.
"""

import json
from pathlib import Path
from typing import Any

from geo_target.errors import Fault, GeoTargetError
from geo_target.operations.audit import Actor
from geo_target.operations.publications import Publications
from geo_target.operations.roles import Verb, may
from geo_target.publishing.archive import Archive, sha256
from geo_target.publishing.audiences import MEETING, PUBLIC
from geo_target.publishing.interval_attack import GateError
from geo_target.publishing.releases import ever_published, file_of, recall
from geo_target.publishing.shown_files import folder_of
from geo_target.publishing.shown_gate import is_within, judge


class NotPublishedError(GeoTargetError):
    """A run cannot be published; what the public sees stays as it is."""


def publish(run_id: str, archive: Archive, publications: Publications, *, by: Actor) -> str:
    """Propose a run, or publish what somebody else has proposed.

    Parameters
    ----------
    by
        Who has signed in: an analyst proposes, an approver publishes.

    Returns
    -------
    str
        ``proposed`` or ``published``, or ``finished``: it was approved before, and something
        stopped the program before the public saw it.

    Raises
    ------
    NotPublishedError
        There is no such run, it is not whole, or it holds nothing for the public.
    PublicationError
        The person may not, or nothing was proposed, or by the same person.
    GateError
        A withheld count could be worked out with what was published before.
    BusyError
        A run is working on the archive.
    """
    if not may(by.role, Verb.APPROVE):
        publications.check(Verb.START_RUN, run_id, by=by)
        check_run(archive, run_id)
        publications.propose(run_id, by=by)
        return "proposed"
    with archive.held():
        check_run(archive, run_id)
        is_approved = archive.public() != run_id and publications.is_due(run_id)
        if not is_approved:
            publications.check_approval(run_id, by=by)
        _hold_to_the_gate(archive, run_id)
        # Remembered first: a run that was shown for a moment only was shown.
        archive.remember_public(run_id)
        if not is_approved:
            publications.approve(run_id, by=by)
        archive.point_public(run_id)
    return "finished" if is_approved else "published"


def withdraw(archive: Archive, publications: Publications, *, by: Actor) -> str | None:
    """Show the public nothing any more; what it saw stays remembered.

    It ends before it is noted: whatever stops the program in between, the public sees
    nothing, and who withdraws again notes it.

    Returns
    -------
    str or None
        The run that was shown; None where nothing was.
    """
    with archive.held():
        run_id = archive.public() or publications.last_published()
        publications.check(Verb.APPROVE, run_id or "", by=by)
        archive.point_public(None)
        if run_id is not None:
            publications.withdraw(run_id, by=by)
    return run_id


def count_villages(archive: Archive, run_id: str) -> tuple[int, int]:
    """Villages whose uncovered families a run shows the public, and those it withholds.

    Raises
    ------
    NotPublishedError
        ``E-PUBLISH-BROKEN``.
    """
    name = f"{folder_of(PUBLIC)}/tables/villages.json"
    try:
        rows = json.loads((archive.folder / run_id / name).read_bytes())
    except (OSError, ValueError):
        raise NotPublishedError(_broken(run_id)) from None
    withheld = sum(row["uncovered_families"] is None for row in rows)
    return len(rows) - withheld, withheld


def check_run(archive: Archive, run_id: str) -> None:
    """Hold the public's files of a run against their sums.

    Raises
    ------
    NotPublishedError
        ``E-PUBLISH-RUN``, ``E-PUBLISH-BROKEN`` or ``E-PUBLISH-REFUSED``.
    """
    if run_id not in archive.run_ids():
        raise NotPublishedError(_unknown(run_id))
    snapshot = archive.folder / run_id
    manifest = _manifest(snapshot)
    refused = manifest.get("public", {}).get("refused")
    if refused:
        raise NotPublishedError(_refused(run_id, str(refused)))
    inside = (f"{folder_of(PUBLIC)}/", file_of(PUBLIC), file_of(MEETING))
    files = {n: e["sha256"] for n, e in manifest["files"].items() if n.startswith(inside)}
    on_disk = {
        path.relative_to(snapshot).as_posix()
        for path in (snapshot / folder_of(PUBLIC)).rglob("*") if path.is_file()
    }  # fmt: skip
    if not on_disk or not on_disk <= set(files):
        raise NotPublishedError(_broken(run_id))
    for name, expected in files.items():
        path = snapshot / name
        if not path.is_file() or sha256(path) != expected:
            raise NotPublishedError(_broken(run_id))


def _manifest(snapshot: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((snapshot / "manifest.json").read_bytes())
    except (OSError, ValueError):
        raise NotPublishedError(_broken(snapshot.name)) from None
    if not isinstance(manifest, dict) or manifest.get("run_id") != snapshot.name:
        raise NotPublishedError(_broken(snapshot.name))
    return manifest


def _hold_to_the_gate(archive: Archive, run_id: str) -> None:
    """Every release that was published, and this one; and the public's within the meeting's."""
    release = recall(archive, run_id, PUBLIC)
    if run_id not in archive.published():
        judge([*ever_published(archive, PUBLIC), release], PUBLIC)
    if not is_within(recall(archive, run_id, MEETING).suppression, release.suppression):
        raise GateError(_beyond_the_meeting(run_id))


def _unknown(run_id: str) -> Fault:
    return Fault(
        "E-PUBLISH-RUN",
        id="hasil ini tidak ada di arsip; periksa nomornya",
        en="there is no such run in the archive; check its number",
        file=run_id,
    )


def _broken(run_id: str) -> Fault:
    return Fault(
        "E-PUBLISH-BROKEN",
        id="berkas untuk umum hilang atau berubah sejak dihitung; hitung lagi dengan run",
        en="files for the public are missing or have changed since the run; run again",
        file=run_id,
    )


def _refused(run_id: str, code: str) -> Fault:
    return Fault(
        "E-PUBLISH-REFUSED",
        id=f"hasil ini tidak memuat bagian untuk umum ({code}): angka yang dirahasiakan dapat "
        "dihitung dari terbitan sebelumnya; tunggu sampai lebih banyak data berubah",
        en=f"this run holds nothing for the public ({code}): withheld counts would follow from "
        "earlier publications; wait until more has changed",
        file=run_id,
    )


def _beyond_the_meeting(run_id: str) -> Fault:
    return Fault(
        "E-GATE",
        id="untuk umum tampil angka yang dirahasiakan dari rapat; tunggu sampai lebih banyak "
        "data berubah, lalu terbitkan hasil yang baru",
        en="the public would see counts that are withheld from the meeting; wait until more data "
        "has changed, then publish a new run",
        file=run_id,
    )
