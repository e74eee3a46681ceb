"""What people have decided of the order of visits: a decree and a place that is set, both made up.

The decree names a quarter of the villages, those where most families are listed, as such lists
do: some of them lead by score too, some do not.
"""

from datetime import date
from pathlib import Path

from geo_target.demo.calibration import Plan

OFFICIAL_FILE = "daftar-resmi.csv"
OVERRIDES_FILE = "keputusan-urutan.csv"
_AGENCY = "pemerintah kota/kabupaten (peragaan)"


def write_decided(folder: Path, plan: Plan, *, decreed_on: date, set_on: date) -> None:
    """Write both files beside the configuration, of the decree's day and the day it was set."""
    ordered = plan.villages.sort_values(
        ["listed_weight", "village_code"], ascending=[False, True], kind="stable"
    )["village_code"]
    named = [str(code) for code in ordered.iloc[: max(len(ordered) // 4, 1)]]
    decree = ["sk_number,date,agency,village_code,order,reason"]
    decree += [
        f"DEMO/001/{decreed_on.year},{decreed_on},{_AGENCY},{code},{place},"
        for place, code in enumerate(named, start=1)
    ]
    override = [
        "village_code,place,reason,by,date",
        f"{named[-1]},first 5,banjir bulan ini (peragaan),Petugas Peragaan,{set_on}",
    ]
    for name, lines in ((OFFICIAL_FILE, decree), (OVERRIDES_FILE, override)):
        (folder / name).write_text("\n".join(lines) + "\n", "utf-8", newline="\n")
