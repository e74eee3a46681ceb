"""tables/coverage.json of the sample: who is reached by what, made to sum to its villages."""

import random
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

Record = dict[str, Any]

#: The definition of the run, and two beside it: one of more programs, one that is withheld.
OWN, WIDER, NARROWER = "utama", "dengan-daerah", "pkh-saja"
LENSES = ("female_head", "elderly_alone", "disability", "small_children", "fishers_laborers")
#: What no list of the sample says.
UNKNOWN = "disability"
#: Code, short name, office, strategy, funding; the lists carry the first four.
PROGRAMS = (
    ("PKH", "PKH", "Dinas Sosial", 1, ["apbn"]),
    ("SEMBAKO", "Sembako", "Dinas Sosial", 1, ["apbn"]),
    ("PBI_JK", "PBI-JK", "BPJS Kesehatan", 1, ["apbn"]),
    ("PBI_APBD", "PBI daerah", "BPJS Kesehatan", 2, ["apbd-province", "apbd-regency"]),
    ("KUBE", "KUBE", "Dinas Sosial", 3, ["apbd-regency"]),
)
CARRIED = tuple(code for code, *_ in PROGRAMS[:4])
#: Reason, office, and its share of the uncovered; the last takes what is left.
REASONS = (
    ("no_national_id", "Disdukcapil", 0.1),
    ("not_in_register", "Dinas Sosial", 0.2),
    ("above_decile", "BPS", 0.1),
    ("eligible_not_enrolled", "BPJS Kesehatan", 0.15),
    ("eligible_not_enrolled", "Dinas Sosial", 0.25),
    ("never_verified", "Dinas Sosial", 0.2),
)
STRATEGIES = (("", 0.4), ("1", 0.55), ("1+2", 0.05))


def coverage_of(table: pd.DataFrame, totals: Mapping[str, Any], *, hostile: str = "") -> Record:
    """What shown_coverage.publish_coverage makes, of the sample's villages.

    A village whose counts are withheld has none here either; in the third of the others PKH is
    withheld, and the evidence of the sixth is old.
    """
    villages = _villages(table)
    sums = _sums(villages.values())
    return {
        "definitions": _definitions(totals, sums, hostile),
        "programs": [_program(row, totals, sums, hostile) for row in PROGRAMS],
        "lenses": [
            {"lens": lens, "is_known": lens != UNKNOWN,
             "families": None if lens == UNKNOWN else sums[f"all {lens}"],
             "uncovered_families": None if lens == UNKNOWN else sums[lens],
             "unknown_families": totals["extreme_poor_families"] if lens == UNKNOWN else 120}
            for lens in LENSES
        ],
        "reasons": _reasons(table, totals["uncovered_families"]),
        "convergence": _convergence(table, totals["extreme_poor_families"]),
        "evidence": {
            "families": totals["extreme_poor_families"], "verified_families": sums["verified"],
            "stale_families": sums["stale"],
            "stale_villages": sum(bool(row["is_stale"]) for row in villages.values()),
            "villages": len(villages), "oldest_on": "2022-11-01", "newest_on": "2025-09-20",
        },
        "flags": [{"program": "PKH", "years": [2022, 2023],
                   "flagged_families": sums["flagged PKH"],
                   "flagged_covered_families": sums["flagged covered PKH"]},
                  {"program": "BST", "years": [2022, 2022], "flagged_families": 140,
                   "flagged_covered_families": None}],
        "double_aid": 17,
        "verified": {
            "visited_families": 120, "inclusion_error": None,
            "exclusion_error": {"families": 80, "share": 0.4, "low": 0.3, "high": 0.51},
        },
        "villages": villages,
    }  # fmt: skip


def _villages(table: pd.DataFrame) -> dict[str, Record]:
    rows = {}
    for number, (code, village) in enumerate(table.sort_index().iterrows()):
        is_withheld = pd.isna(village["uncovered_families"])
        counts = _counts(village, random.Random(number)) if not is_withheld else {}
        row = dict.fromkeys(_columns()) | counts
        if number == 2:  # the third
            row["enrolled PKH"] = None
        rows[str(code)] = {**row, "is_stale": None if is_withheld else number % 6 == 5}
    return rows


def _columns() -> list[str]:
    return [
        f"covered {WIDER}", f"uncovered {WIDER}", f"covered {NARROWER}", f"uncovered {NARROWER}",
        *(f"{state} {code}" for code in CARRIED for state in ("enrolled", "uncovered", "excluded")),
        *(name for lens in LENSES if lens != UNKNOWN for name in (f"all {lens}", lens)),
        "verified", "stale", "flagged PKH", "flagged covered PKH",
    ]  # fmt: skip


def _counts(village: pd.Series, rng: random.Random) -> Record:
    """Counts as they may stand beside each other: parts are within their wholes."""
    covered, uncovered = int(village["covered_families"]), int(village["uncovered_families"])
    poor = int(village["extreme_poor_families"])
    moved = uncovered // 5
    counts: Record = {
        f"covered {WIDER}": covered + moved, f"uncovered {WIDER}": uncovered - moved,
        f"covered {NARROWER}": covered // 2, f"uncovered {NARROWER}": uncovered + covered // 3,
        "verified": poor // 4, "stale": poor // 2, "flagged PKH": poor // 3,
        "flagged covered PKH": min(covered, poor // 4),
    }  # fmt: skip
    for code in CARRIED:
        enrolled = round(covered * rng.uniform(0.2, 0.9))
        counts |= {
            f"enrolled {code}": enrolled, f"excluded {code}": enrolled // 10,
            f"uncovered {code}": round(uncovered * rng.uniform(0.3, 0.8)),
        }  # fmt: skip
    for lens in LENSES:
        if lens == UNKNOWN:
            continue
        whole = round(poor * rng.uniform(0.05, 0.5))
        counts |= {f"all {lens}": whole, lens: min(uncovered, whole // 2)}
    return counts


def _sums(rows: Iterable[Record]) -> Record:
    known = [row for row in rows if row[f"covered {WIDER}"] is not None]
    return {name: sum(row[name] or 0 for row in known) for name in _columns()}


def _definitions(totals: Mapping[str, Any], sums: Record, hostile: str) -> list[Record]:
    families = totals["extreme_poor_families"]
    wider = {"covered_families": sums[f"covered {WIDER}"],
             "uncovered_families": sums[f"uncovered {WIDER}"]}  # fmt: skip
    own = {name: totals[name] for name in (*wider, "unmatched_families")}
    return [
        _definition(OWN, None, PROGRAMS[:3], is_own=True) | own | {"families": families},
        _definition(WIDER, hostile or "Dengan jaminan daerah", PROGRAMS[:4]) | wider
        | {"families": families, "unmatched_families": families - sum(wider.values())},
        _definition(NARROWER, None, PROGRAMS[:1]) | dict.fromkeys(own) | {"families": families},
    ]  # fmt: skip


def _definition(
    name: str, title: str | None, programs: Sequence[tuple[Any, ...]], *, is_own: bool = False
) -> Record:
    return {
        "name": name,
        "title": title,
        "programs": [
            {"code": code, "short_name": short, "name": f"Program {short}"}
            for code, short, *_ in programs
        ],
        "on": "2025-10-01", "member_counts_for_family": True, "is_own": is_own,
    }  # fmt: skip


def _program(row: tuple[Any, ...], totals: Mapping[str, Any], sums: Record, hostile: str) -> Record:
    code, short_name, office, strategy, funding = row
    is_carried = code in CARRIED
    enrolled, uncovered = (sums.get(f"{state} {code}") for state in ("enrolled", "uncovered"))
    has_cost = code == "SEMBAKO"
    return {
        "code": code, "short_name": hostile if hostile and code == "KUBE" else short_name,
        "name": f"Program {short_name}", "agency": "Kementerian Sosial", "office": office,
        "unit": "family", "strategy": strategy, "funding": funding, "is_carried": is_carried,
        "is_current": is_carried, "is_judged": code != "KUBE",
        "rule": {
            "source": {"id": "keputusan menteri", "en": "a decree"}, "confidence": "seen",
            "condition": "decile <= 4 and (elderly > 0 or children_under_7 > 0)",
            "manual": {"id": "tidak menerima bantuan sejenis", "en": "no other such aid"},
            "quota": None,
        } if code != "KUBE" else None,
        "eligible_families": None,
        "enrolled_families": enrolled, "uncovered_families": uncovered,
        "other_families": totals["extreme_poor_families"] - enrolled - uncovered
        if enrolled is not None and uncovered is not None else None,
        "excluded_families": sums.get(f"excluded {code}"),
        "all_enrolled_families": 8000 if is_carried else None,
        "all_excluded_families": 2000 if is_carried else None,
        "unit_rupiah": 2_400_000 if has_cost else None, "is_once": False if has_cost else None,
        "amount_confidence": "memory" if has_cost else None,
        "cost_rupiah": uncovered * 2_400_000 if has_cost and uncovered else None,
    }  # fmt: skip


def _reasons(table: pd.DataFrame, uncovered: int) -> Record:
    counts = _split(uncovered, [share for *_, share in REASONS])
    rows = [{"reason": reason, "office": office, "families": count}
            for (reason, office, _), count in zip(REASONS, counts, strict=True)]  # fmt: skip
    offices = dict.fromkeys(office for _, office, _ in REASONS)
    return {
        "families": uncovered,
        "rows": rows,
        "offices": [{"office": office,
                     "families": sum(row["families"] for row in rows if row["office"] == office)}
                    for office in offices],
        "districts": _by_district(table, "uncovered_families", [s for *_, s in REASONS]),
    }  # fmt: skip


def _convergence(table: pd.DataFrame, families: int) -> Record:
    counts = _split(families, [share for _, share in STRATEGIES])
    numbers = _split(families, [0.4, 0.3, 0.2, 0.1])
    return {
        "families": families,
        "strategies": [{"strategies": name, "families": count}
                       for (name, _), count in zip(STRATEGIES, counts, strict=True)],
        "districts": _by_district(table, "extreme_poor_families", [s for _, s in STRATEGIES]),
        "programs": {str(number): count for number, count in enumerate(numbers)},
    }  # fmt: skip


def _by_district(
    table: pd.DataFrame, column: str, shares: Sequence[float]
) -> dict[str, list[int | None]]:
    """Parts of the districts whose villages are all told; of others nothing is."""
    rows: dict[str, list[int | None]] = {}
    for code, group in table.groupby("district_code"):
        is_told = group[column].notna().all()
        rows[str(code)] = [*_split(int(group[column].sum()), shares)] if is_told else (
            [None] * len(shares)
        )  # fmt: skip
    return rows


def _split(whole: int, shares: Sequence[float]) -> list[int]:
    parts = [int(whole * share) for share in shares[:-1]]
    return [*parts, whole - sum(parts)]
