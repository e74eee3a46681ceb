"""Figures of the samples that clients bring back: how long, how many wrong, how many versions."""

import sys
from collections.abc import Iterable, Sequence
from typing import Any

Figures = dict[str, float]


def figures(samples: Sequence[Any]) -> Figures:
    """Answers, errors (each kind told on standard error), and how long answers took (ms)."""
    faults = [s["fault"] for s in samples if s["fault"]]
    for fault in sorted(set(faults)):
        print(f"  {fault}: {faults.count(fault)}", file=sys.stderr)
    return {
        "answers": len(samples),
        "errors": len(faults),
        **{f"p{part} ms": _quantile(samples, part) for part in (50, 95, 99)},
    }


def _quantile(samples: Iterable[Any], part: int) -> float:
    """Milliseconds within which `part` of a hundred answers came."""
    times = sorted(s["seconds"] for s in samples)
    return 1000 * times[min(len(times) - 1, len(times) * part // 100)] if times else 0.0


def by_kind(samples: Sequence[Any]) -> Figures:
    """Milliseconds within which 95 of a hundred answers of each kind came."""
    kinds = sorted({s["kind"] for s in samples})
    return {kind: _quantile((s for s in samples if s["kind"] == kind), 95) for kind in kinds}


def strange(samples: Iterable[Any], published: set[str]) -> set[str]:
    """ETags of layers that no manifest names."""
    tags = {s["content"].split(" ")[1].strip('"') for s in samples
            if s["kind"] == "layer" and not s["fault"]}  # fmt: skip
    return tags - published


def versions(samples: Iterable[Any]) -> int:
    """Different contents of one address: one before, and one after a run.

    Village pages are left out: those who may see names get a link more, in the same run.
    """
    found: dict[str, set[str]] = {}
    for sample in samples:
        if sample["kind"] in {"overview", "layer", "script"} and not sample["fault"]:
            address, tag = sample["content"].split(" ")
            found.setdefault(address, set()).add(tag)
    return max((len(tags) for tags in found.values()), default=0)
