"""One drawing for several maps: every shape once, whichever runs and sides are colored by it.

Where a village's shape has changed between two runs, or it is in one of them only, each run
keeps its own; all lie in one frame.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from geo_target.web.indicators import Level
from geo_target.web.locator import Frame, features_of, rings_of
from geo_target.web.store import ShownFile, Snapshot

#: Fine enough to be looked at eight times as large on a projector.
_WIDTH = 3000

Feature = Mapping[str, Any]
Kind = Literal["far", "near"]


@dataclass(frozen=True)
class Name:
    """Words on the map; those of the kind ``near`` only where it is enlarged."""

    text: str
    x: int
    y: int
    kind: Kind


@dataclass(frozen=True)
class Atlas:
    """Paths of SVG by number; `sheets` has for each run the number of a place's shape."""

    width: int
    height: int
    shapes: tuple[str, ...]
    sheets: tuple[Mapping[str, int], ...]
    outlines: tuple[str, ...]
    land: str
    names: tuple[Name, ...]

    def changed(self) -> int:
        """How many places that all runs know are not drawn the same in all of them."""
        first, *others = self.sheets
        return sum(
            any(code in sheet and sheet[code] != number for sheet in others)
            for code, number in first.items()
        )


def atlas_of(snapshots: Sequence[Snapshot], level: Level, district: str | None) -> Atlas:
    """Draw the area, or one of its districts, for each of some runs.

    Parameters
    ----------
    snapshots
        Outlines and names are those of the last.
    level
        What is colored. Of villages in an area that comes by district, one `district`.
    """
    last = snapshots[-1].layers
    files = tuple(_file(snapshot, level, district) for snapshot in snapshots)
    return _draw(files, last["districts"], last.get("neighbors"), level, district)


def _file(snapshot: Snapshot, level: Level, district: str | None) -> ShownFile:
    """The layer with the shapes; runs of older versions draw no finer or coarser ones."""
    layers = snapshot.layers
    if level == "districts":
        return layers.get("outlines", layers["districts"])
    return layers.get(f"villages-{district}", layers["villages"])


@lru_cache(maxsize=8)
def _draw(
    files: tuple[ShownFile, ...],
    outlines: ShownFile,
    neighbors: ShownFile | None,
    level: Level,
    district: str | None,
) -> Atlas:
    own = {file: _shapes(file, level, district) for file in dict.fromkeys(files)}
    frame = Frame(
        [c for shapes in own.values() for f in shapes.values() for r in rings_of(f) for c in r],
        _WIDTH,
    )
    numbers: dict[str, int] = {}
    sheets = {
        file: {code: numbers.setdefault(frame.path(f), len(numbers)) for code, f in shapes.items()}
        for file, shapes in own.items()
    }
    around = [f for f in features_of(outlines) if frame.meets(f)]
    by_name = "district_name" if level == "districts" else "village_name"
    kind: Kind = "near" if district is None else "far"
    names = [_name(frame, f, by_name, kind) for f in own[files[-1]].values()]
    if level == "villages" and district is None:
        names += [_name(frame, f, "district_name", "far") for f in around]
    return Atlas(
        width=_WIDTH,
        height=frame.height,
        shapes=tuple(numbers),
        sheets=tuple(sheets[file] for file in files),
        outlines=tuple(frame.path(f) for f in around) if level == "villages" else (),
        land="".join(frame.path(f) for f in features_of(neighbors)) if neighbors else "",
        names=tuple(names),
    )


def _shapes(file: ShownFile, level: Level, district: str | None) -> dict[str, Feature]:
    code = "district_code" if level == "districts" else "village_code"
    return {
        str(f["properties"][code]): f
        for f in features_of(file)
        if code in f["properties"] and district in (None, f["properties"]["district_code"])
    }


def _name(frame: Frame, feature: Feature, column: str, kind: Kind) -> Name:
    told = feature["properties"]
    return Name(str(told[column]), *frame.point(told["label"]), kind)
