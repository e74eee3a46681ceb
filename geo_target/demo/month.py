"""The month of visits beside its lists: what there is to find, who goes, and the run after it."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from geo_target.demo.files import Format, SentList, write_list
from geo_target.demo.findings import Findings
from geo_target.demo.found_lists import FOLDER, found_lists
from geo_target.demo.officers import OFFICERS_FILE, write_officers
from geo_target.fieldwork.visits import Officer

AFTER_FILE = "geo-target-after.toml"
VISITS_TRUTH, PROPOSALS_TRUTH = "visits.parquet", "proposals.parquet"
#: Files of answers, beside the lists of what was found: one a kelurahan of the sheets.
ANSWER_FILES = ("odk.csv", "kobo.csv", "kobo.json", "lembar-*.xlsx")
LEAFLET = f"""
Agustus 2023: 8.799 keluarga terdaftar (di Kota Serang), tidak satu pun dapat dipadankan. Sesudah
semuanya didatangi:  geo-target run {AFTER_FILE}

  {OFFICERS_FILE:<30} petugas: operator tiap kelurahan/desa dan pendamping
  {FOLDER + "/kunjungan.csv":<30} hasil kunjungan, sebagai daftar
  {FOLDER + "/usulan.csv":<30} keluarga baru yang ditemukan
  {"truth/" + VISITS_TRUTH:<30} apa yang akan ditemukan kunjungan di tiap keluarga

Menjawab kunjungan dari rencana sendiri (CSV: visit_code, family_id, village_code):
  geo-target demo . --answer-visits rencana.csv
"""


def clear_month(folder: Path) -> None:
    """Take away what an earlier demo wrote of a month of visits."""
    names = [AFTER_FILE, OFFICERS_FILE, f"truth/{VISITS_TRUTH}", f"truth/{PROPOSALS_TRUTH}"]
    names += [f"{FOLDER}/{name}" for name in (*ANSWER_FILES, "kunjungan.*", "usulan.*")]
    for name in names:
        for file in folder.glob(name):
            file.unlink()
    if (folder / FOLDER).is_dir() and not any((folder / FOLDER).iterdir()):
        (folder / FOLDER).rmdir()


def write_month(
    folder: Path, findings: Findings, officers: Sequence[Officer], *, format_: Format
) -> list[SentList]:
    """Write officers, what there is to find and the lists that will say so; those lists."""
    (folder / FOLDER).mkdir(exist_ok=True)
    write_officers(folder / OFFICERS_FILE, officers)
    write_parquet(folder / "truth" / VISITS_TRUTH, findings.families)
    write_parquet(folder / "truth" / PROPOSALS_TRUTH, findings.proposals)
    found = [one for one in found_lists(findings) if len(one.table)]
    for one in found:
        write_list(folder / one.folder, one, format_=format_)
    return found


def read_findings(folder: Path) -> Findings:
    """What `write_month` wrote into the folder of a demo."""
    truth = folder / "truth"
    return Findings(pd.read_parquet(truth / VISITS_TRUTH), pd.read_parquet(truth / PROPOSALS_TRUTH))


def write_parquet(file: Path, table: pd.DataFrame) -> None:
    """Write a table of the truth; the same bytes for the same rows."""
    # pandas' own metadata would tie the bytes to its version.
    arrow = pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata(None)
    pq.write_table(arrow, file)
