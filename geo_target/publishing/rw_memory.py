"""RW that the audience was not shown: where they are the same still, they stay left out.

An RW may be left out only to protect another one, and be the larger of the two a month later:
shown then, it would tell of the month before what was left out beside it. Those that hold a small
count are not remembered: that alone keeps them out, and what is remembered is never purged.
"""

import io

import pandas as pd

from geo_target.publishing.archive import Archive, Draft
from geo_target.publishing.audiences import TOTAL, Audience
from geo_target.publishing.interval_attack import GateError
from geo_target.publishing.releases import files_of, lost

#: An RW (or lingkungan, where no RW is known), and its counts.
KEYS = ["village_code", "rw", "neighborhood", TOTAL, "uncovered_families"]


def file_of(audience: Audience) -> str:
    """The file of a snapshot that remembers which RW were left out."""
    return f"exact/released_rw_{audience.name}.parquet"


def remember_left_out(left_out: pd.DataFrame, draft: Draft, audience: Audience) -> None:
    """Write the RW that were left out into the snapshot; see `KEYS`."""
    content = io.BytesIO()
    _plain(left_out).to_parquet(content, index=False, compression="zstd")
    draft.write(file_of(audience), content.getvalue(), rows=len(left_out))


def left_out_before(archive: Archive, audience: Audience) -> pd.DataFrame:
    """Every RW that a run of the archive has left out, with its counts of that run.

    Raises
    ------
    GateError
        ``E-RELEASE-LOST``.
    """
    found = [pd.DataFrame(columns=KEYS)]
    for run_id in archive.run_ids():
        if file_of(audience) not in files_of(archive, run_id):
            continue
        try:
            found.append(pd.read_parquet(archive.folder / run_id / file_of(audience)))
        except (OSError, ValueError):
            raise GateError(lost(f"{run_id}/{file_of(audience)}")) from None
    return pd.concat(found[1:] or found, ignore_index=True).drop_duplicates()


def is_among(rows: pd.DataFrame, left_out: pd.DataFrame) -> "pd.Series[bool]":
    """Which rows were left out before, with the same counts."""
    known = {*_plain(left_out).itertuples(index=False, name=None)}
    same = [one in known for one in _plain(rows).itertuples(index=False, name=None)]
    return pd.Series(same, rows.index, dtype=bool)


def without(rows: pd.DataFrame, shown: pd.DataFrame) -> pd.DataFrame:
    """Rows that are not shown."""
    return rows[~is_among(rows, shown)]


def _plain(rows: pd.DataFrame) -> pd.DataFrame:
    """Texts, empty where there is none, and whole numbers."""
    texts, counts = KEYS[:3], KEYS[3:]
    return pd.DataFrame({
        **{name: rows[name].astype(object).where(rows[name].notna(), "").astype(str)
           for name in texts},
        **{name: rows[name].astype("int64") for name in counts},
    })  # fmt: skip
