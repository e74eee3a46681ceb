"""Why a village is where it is, each number with where it stands on the village's own page."""

from datetime import date

from babel.dates import format_date

from geo_target.errors import Language
from geo_target.targeting.explanations import Setting, explain
from geo_target.web.figures import Record, State, exclusion_of
from geo_target.web.priority_weights import indicators_of
from geo_target.web.store import Snapshot

_ANCHORS = {
    "priority_rank": "urutan", "ranked_villages": "urutan", "priority_class": "kelas",
    "uncovered_families": "belum-tersentuh", "unmatched_families": "belum-padan",
    "exclusion_error": "terlewat", "smoothed_exclusion_error": "dihaluskan",
    "priority_score": "skor", "draws": "kepastian", "first": "kepastian", "held": "kepastian",
    "first_share": "kepastian", "rank_low": "kepastian", "rank_high": "kepastian",
    "final_rank": "urutan", "override_by": "kunci", "override_on": "kunci",
    "override_reason": "kunci", "sk_number": "daftar-resmi", "sk_date": "daftar-resmi",
    "sk_order": "daftar-resmi",
}  # fmt: skip


def explained(
    record: Record,
    priority: Record,
    ranked: int,
    language: Language,
    *,
    register: str | None = None,
) -> list[tuple[str, str]]:
    """Why a village is where it is: pieces of a paragraph, each with its anchor, '' of words.

    Nothing of a number that is withheld, and no percentage of a few families.

    Parameters
    ----------
    record
        The village's row, and what `decreed` gives.
    ranked
        How many villages have a computed rank.
    register
        Register of which every family is a target; None under another rule of welfare.
    """
    indicators = indicators_of(priority)
    row = {name: value for name, value in record.items() if name not in record["withheld"]}
    if exclusion_of(record).state is State.SMALL:
        row |= {"exclusion_error": None, "smoothed_exclusion_error": None}
    parts = row.get("contributions") or ()
    row |= {f"contribution_{one.key}": part for one, part in zip(indicators, parts, strict=False)}
    row["is_tied"] = str(row.get("rank_label") or "").startswith("=")
    for column in ("override_on", "sk_date"):
        if row.get(column):
            row[column] = format_date(date.fromisoformat(row[column]), "d MMMM y", language)
    draws = priority["draws"]
    setting = Setting(ranked, draws=draws["draws"], first=draws["first"], register=register)
    return [(part.text, anchor_of(part.column))
            for part in explain(row, setting, indicators, language)]  # fmt: skip


def decreed(snapshot: Snapshot, record: Record) -> Record:
    """What the decree says of a village, empty where there is none or it does not name it."""
    if (official := snapshot.official) is None:
        return {}
    for row in official["rows"]:
        if row["village_code"] == record["village_code"] and row["on"] != "computed":
            return {"sk_number": official["sk_number"], "sk_date": official["date"],
                    "sk_order": row["official_order"],
                    "reason": row["official_reason"]}  # fmt: skip
    return {}


def anchor_of(column: str) -> str:
    """Where a column's number stands on the page of its village."""
    if column.startswith("contribution_"):
        return f"skor-{column.removeprefix('contribution_')}"
    return _ANCHORS.get(column, "")
