"""Why a village is where it is, each number with where it stands on the village's own page."""

from geo_target.errors import Language
from geo_target.targeting.explanations import Setting, explain
from geo_target.web.figures import Record, State, exclusion_of
from geo_target.web.priority_table import indicators_of

_ANCHORS = {
    "priority_rank": "urutan", "ranked_villages": "urutan", "priority_class": "kelas",
    "uncovered_families": "belum-tersentuh", "unmatched_families": "belum-padan",
    "exclusion_error": "terlewat", "smoothed_exclusion_error": "dihaluskan",
    "priority_score": "skor", "draws": "kepastian", "first": "kepastian", "held": "kepastian",
    "first_share": "kepastian", "rank_low": "kepastian", "rank_high": "kepastian",
}  # fmt: skip


def explained(
    record: Record, priority: Record, ranked: int, language: Language
) -> list[tuple[str, str]]:
    """Why a village is where it is: pieces of a paragraph, each with its anchor, '' of words.

    Nothing of a number that is withheld, and no percentage of a few families.
    """
    indicators = indicators_of(priority)
    row = {name: value for name, value in record.items() if name not in record["withheld"]}
    if exclusion_of(record).state is State.SMALL:
        row |= {"exclusion_error": None, "smoothed_exclusion_error": None}
    parts = row.get("contributions") or ()
    row |= {f"contribution_{one.key}": part for one, part in zip(indicators, parts, strict=False)}
    row["is_tied"] = str(row.get("rank_label") or "").startswith("=")
    draws = priority["draws"]
    setting = Setting(ranked, draws=draws["draws"], first=draws["first"])
    return [(part.text, anchor_of(part.column))
            for part in explain(row, setting, indicators, language)]  # fmt: skip


def anchor_of(column: str) -> str:
    """Where a column's number stands on the page of its village."""
    if column.startswith("contribution_"):
        return f"skor-{column.removeprefix('contribution_')}"
    return _ANCHORS.get(column, "")
