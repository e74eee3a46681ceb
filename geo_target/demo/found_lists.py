"""What visits found, as lists that a run reads: visits, and families that no list had."""

from datetime import date

import numpy as np
import pandas as pd

from geo_target.demo.columns import Text, day_text, text
from geo_target.demo.files import SentList
from geo_target.demo.findings import MET, Findings
from geo_target.demo.points import degrees_text
from geo_target.fieldwork.outcome_codes import codes
from geo_target.fieldwork.outcomes import CORRECTABLE

FOLDER = "returns"
FOUND_ON = date(2023, 8, 31)


def found_lists(findings: Findings) -> list[SentList]:
    """The lists of visits and of new families, as they are after the last day."""
    return [
        SentList(
            "kunjungan", "visits", _visits(findings.families), FOUND_ON, "csv",
            "hasil kunjungan Agustus 2023", folder=FOLDER,
        ),
        SentList(
            "usulan", "proposals", _proposals(findings.proposals), FOUND_ON, "csv",
            "keluarga yang ditemukan dan belum terdaftar", code_system="kemendagri",
            folder=FOLDER,
        ),
    ]  # fmt: skip


def _visits(families: pd.DataFrame) -> pd.DataFrame:
    """A row a visit: the first ones, and after them the returns to those who were not met."""
    again = families[families["returned_on"].notna()]
    first = families.assign(
        outcome=families["first_outcome"], day=families["visited_on"],
        is_last=families["returned_on"].isna(),
    )  # fmt: skip
    told = pd.concat([first, again.assign(day=again["returned_on"], is_last=True)])
    told = told.reset_index(drop=True)
    # What was asked and measured is of the visit that met the family.
    met = told["is_last"].to_numpy(dtype=np.bool_) & told["fate"].isin(MET).to_numpy()
    result = told["outcome"].map({code: about.result for code, about in codes().items()})
    verdict = told["outcome"].map({code: about.verdict or "" for code, about in codes().items()})
    return pd.DataFrame(
        {
            "family_id": told["family_id"],
            "visited_on": _days(told["day"]),
            "result": result,
            "verdict": verdict,
            "programs": told["programs"].where(met, ""),
            **{name: text.where(met, "") for name, text in _place(told).items()},
            **{name: told[name].where(met).fillna("") for name in CORRECTABLE},
            "same_as": told["same_as"].fillna(""),
        }
    ).astype("str")


def _proposals(proposals: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "proposal_id": proposals["proposal_id"],
            "village_code": proposals["village_code"],
            **{name: proposals[name] for name in CORRECTABLE},
            **{name: text for name, text in _place(proposals).items() if name != "accuracy_m"},
            "as_of": _days(proposals["visited_on"]),
        }
    ).astype("str")


def _days(days: "pd.Series[pd.Timestamp]") -> Text:
    return day_text(days.to_numpy().astype("datetime64[D]"))


def _place(told: pd.DataFrame) -> dict[str, Text]:
    """Longitude, latitude and accuracy as text, blank where nothing was measured."""
    has = told["lon"].notna().to_numpy()
    accuracy = np.where(has, told["accuracy_m"].to_numpy(dtype=np.float64), 0).astype(np.int64)
    written = {
        "lon": degrees_text(np.where(has, told["lon"].to_numpy(dtype=np.float64), 0)),
        "lat": degrees_text(np.where(has, told["lat"].to_numpy(dtype=np.float64), 0)),
        "accuracy_m": text(accuracy),
    }
    return {name: column.where(has, "") for name, column in written.items()}
