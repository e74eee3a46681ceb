"""What an audience was shown of the village table, remembered beside the exact tables.

Who has seen a release knows more of the next one, and so the next one has to know it. A row
is a village, a district (no village code) or the whole area (district ``*``), with the exact
counts and, for each, whether it was withheld.
"""

import io
import json
from collections.abc import Collection, Sequence

import pandas as pd

from geo_target.errors import Fault
from geo_target.publishing.archive import Archive, Draft
from geo_target.publishing.audiences import COUNTS, GROUP, Audience
from geo_target.publishing.interval_attack import GateError, Release, Suppression, margins_of

_VILLAGE = "village_code"
_FLAGS = [f"{name}_withheld" for name in COUNTS]


def file_of(audience: Audience | str) -> str:
    """The file of a snapshot that remembers what `audience` was shown."""
    return f"exact/released_{audience.name if isinstance(audience, Audience) else audience}.parquet"


def is_all_withheld(release: Release) -> bool:
    """Whether the release tells no count at all."""
    mask = release.suppression
    return bool(mask.cells.to_numpy().all() and mask.margins.to_numpy().all())


def remember(release: Release, draft: Draft, audience: Audience) -> None:
    """Write the release into the snapshot."""
    counts, margins = list(COUNTS), margins_of(release.table, COUNTS, GROUP)
    villages = pd.DataFrame(release.table)[[GROUP, *counts]].rename_axis(_VILLAGE).reset_index()
    sums = margins.rename_axis(GROUP).reset_index()
    flags = pd.concat([release.suppression.cells, release.suppression.margins.loc[margins.index]])
    rows = pd.concat([villages, sums], ignore_index=True)[[_VILLAGE, GROUP, *counts]]
    rows[_FLAGS] = flags[counts].to_numpy(dtype=bool)
    content = io.BytesIO()
    rows.to_parquet(content, index=False, compression="zstd")
    draft.write(file_of(audience), content.getvalue(), rows=len(rows))


def recall(archive: Archive, run_id: str, audience: Audience) -> Release:
    """Read a release back.

    Raises
    ------
    GateError
        ``E-RELEASE-LOST``: what was shown cannot be known any more.
    """
    name = file_of(audience)
    try:
        rows = pd.read_parquet(archive.folder / run_id / name)
    except (OSError, ValueError):
        raise GateError(lost(f"{run_id}/{name}")) from None
    flags = rows[_FLAGS].set_axis(list(COUNTS), axis="columns")
    is_village = rows[_VILLAGE].notna()
    places = rows[_VILLAGE].where(is_village, rows[GROUP])
    table = rows[is_village].set_index(_VILLAGE)[[*COUNTS, GROUP]]
    masks = [flags[of].set_index(places[of].rename(None)) for of in (is_village, ~is_village)]
    return Release(table, Suppression(*masks))


def seen_by(archive: Archive, audience: Audience) -> list[Release]:
    """What a reader knows who may look at every run of the archive, oldest first.

    Pages hold any two runs beside each other, and so all of them are known. A release that told
    nothing adds nothing to what is known, and is passed over; so is one that says the same as
    the one before it, and a run of a version that remembered nothing. Of runs that come again and
    again only what they add is kept, see `walk_of`.

    Raises
    ------
    GateError
        ``E-RELEASE-LOST``: runs stand in the archive, and the one that CURRENT names does not, or
        one of them has lost what it remembers.
    """
    run_ids = archive.run_ids()
    if run_ids and (current := archive.current()):
        files_of(archive, current)  # it must be there
    found: list[Release] = []
    for run_id in run_ids:
        if file_of(audience) not in files_of(archive, run_id):
            continue
        release = recall(archive, run_id, audience)
        if not is_all_withheld(release):
            found.append(release)
    return walk_of(found)


def walk_of(releases: Sequence[Release]) -> list[Release]:
    """The shortest order in which all that releases tell, one after the other, is told.

    Who reads two of them in a row may know which counts have not changed: so each pair that was
    ever in a row stays in a row, one way or the other. A pair that comes again adds nothing.
    """
    told: list[Release] = []
    walk: list[int] = []
    skipped: list[int] = []
    pairs: set[frozenset[int]] = set()
    for release in releases:
        now = next((n for n, one in enumerate(told) if _says_no_more(release, one)), len(told))
        if now == len(told):
            told.append(release)
        here = [*walk, *skipped][-1:]
        if here == [now]:
            continue
        if frozenset([*here, now]) in pairs:
            skipped.append(now)
            continue
        pairs.add(frozenset([*here, now]))
        walk += [*_straight([*walk[-1:], *skipped])[1:], now]
        skipped = []
    return [told[number] for number in walk]


def _straight(way: Sequence[int]) -> list[int]:
    """A way without its turns: from the first to the last."""
    found: list[int] = []
    for place in way:
        found = [*found[: found.index(place)], place] if place in found else [*found, place]
    return found


def _says_no_more(one: Release, other: Release) -> bool:
    """Whether both are of one table, and `one` shows nothing that `other` withholds."""
    if not one.table.equals(other.table):
        return False
    (cells, margins), (then, sums) = (
        (each.suppression.cells, each.suppression.margins) for each in (one, other)
    )
    return bool((cells >= then).all(axis=None) and (margins >= sums).all(axis=None))


def ever_published(archive: Archive, audience: Audience) -> list[Release]:
    """Each release that was ever published, oldest first, whatever was withdrawn since.

    Raises
    ------
    GateError
        ``E-RELEASE-LOST``: one of them is not in the archive any more.
    """
    return [recall(archive, run_id, audience) for run_id in archive.published()]


def files_of(archive: Archive, run_id: str) -> Collection[str]:
    """The files that a run has listed.

    Raises
    ------
    GateError
        ``E-RELEASE-LOST``: it is not there.
    """
    name = f"{run_id}/manifest.json"
    try:
        files: Collection[str] = json.loads((archive.folder / name).read_bytes()).get("files", ())
    except (OSError, ValueError, AttributeError):
        raise GateError(lost(name)) from None
    return files


def lost(name: str) -> Fault:
    """What to say of a file of a release that is missing or broken."""
    return Fault(
        "E-RELEASE-LOST",
        id="catatan apa yang pernah ditampilkan hilang atau rusak, sehingga angka rahasia dapat "
        "terbuka; kembalikan berkas ini dari cadangan, lalu ulangi",
        en="the record of what was once shown is missing or broken, so that withheld counts could "
        "follow from it; restore this file from a backup, then try again",
        file=name,
    )
