"""What was found in a boundary file, for people and for programs."""

from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from geo_target.errors import Fault, Language
from geo_target.places.boundary_codes import CodeSystem

#: What to do about faults that can be mended without a guess.
FaultsMode = Literal["refuse", "repair"]


@dataclass(frozen=True)
class Overlap:
    """Ground that two villages both claim."""

    codes: tuple[str, str]
    area_m2: float
    lon: float
    lat: float


@dataclass(frozen=True)
class Gap:
    """Ground enclosed by villages that no village claims."""

    codes: tuple[str, ...]  # the villages around it
    area_m2: float
    lon: float
    lat: float


@dataclass(frozen=True)
class AreaChange:
    """What a repair did to a village: all its ground before is `lost_m2` if it vanished."""

    village_code: str
    won_m2: float
    lost_m2: float
    change_m2: float  # won - lost
    share: float  # change / area before
    moved_share: float  # the larger of won and lost / area before: what a person must look at


@dataclass(frozen=True)
class BadShape:
    """A geometry that is missing, no polygon, or crosses itself."""

    feature: int  # counts from 1 in the order of the file
    code: str
    reason: str


@dataclass(frozen=True)
class BoundaryReport:
    """Everything that `geo-target boundaries check` says of a file.

    `faults` refuse the file as it is; `notes` were dealt with or do no harm. Lists of
    overlaps and gaps hold those over 1 m2, largest first; their totals hold all. None in
    a number means that the file was refused before it could be measured.
    """

    file: str
    driver: str = ""
    crs: str = ""
    features: int = 0
    area: str = ""
    axis_order: str = ""  # "lon lat", "lat lon" or ""
    has_z: bool = False
    code_column: str = ""
    code_system: CodeSystem | None = None
    is_code_system_declared: bool = False
    matched_kemendagri: int = 0
    matched_bps: int = 0
    bad_shapes: tuple[BadShape, ...] = ()
    swapped_shapes: tuple[BadShape, ...] = ()  # where only some features are [lat, lon]
    invalid_shapes: tuple[BadShape, ...] = ()
    duplicate_codes: tuple[str, ...] = ()
    missing_codes: tuple[str, ...] = ()
    extra_codes: tuple[str, ...] = ()
    overlaps: tuple[Overlap, ...] = ()
    overlap_total_m2: float | None = None
    gaps: tuple[Gap, ...] = ()
    gap_total_m2: float | None = None
    is_coverage_valid: bool | None = None
    is_repaired: bool = False
    area_changes: tuple[AreaChange, ...] = ()  # largest moved share first
    gaps_left: tuple[Gap, ...] = ()
    faults: tuple[Fault, ...] = ()
    notes: tuple[Fault, ...] = ()

    @property
    def usable_as_is(self) -> bool:
        """Whether a run may use the file without a repair."""
        return not self.faults and not self.is_repaired

    @property
    def largest_change(self) -> AreaChange | None:
        """The village of whose ground the repair moved the largest share."""
        return self.area_changes[0] if self.area_changes else None

    def with_faults(self, *faults: Fault) -> "BoundaryReport":
        """The same report with more faults."""
        return replace(self, faults=(*self.faults, *faults))

    def to_json(self, *, places: int | None = None) -> dict[str, Any]:
        """JSON-ready values; of overlaps, gaps and changes the first `places`, or all."""
        values = asdict(self)
        for name in ("overlaps", "gaps", "gaps_left", "area_changes"):
            values[f"{name}_count"] = len(values[name])
            values[name] = values[name][:places]
        largest = self.largest_change
        values["largest_change"] = asdict(largest) if largest else None
        values["usable_as_is"] = self.usable_as_is
        return values

    def lines(self, language: Language = "id") -> list[str]:
        """The report as lines of text, facts first, then notes and faults."""
        facts = _FACTS[language].format(
            file=self.file,
            driver=self.driver or "-",
            crs=self.crs or "-",
            features=self.features,
            area=self.area or "-",
            column=self.code_column or "-",
            system=self.code_system or "-",
            kemendagri=self.matched_kemendagri,
            bps=self.matched_bps,
            overlaps=_measured(len(self.overlaps), self.overlap_total_m2),
            gaps=_measured(len(self.gaps), self.gap_total_m2),
        )
        usable = _USABLE[language][self.usable_as_is]
        changes = [
            "\t".join((each.village_code, f"{each.change_m2:+.0f}", f"{each.share:+.3%}",
                       f"{each.won_m2:.0f}", f"{each.lost_m2:.0f}"))
            for each in self.area_changes
        ]  # fmt: skip
        if changes:
            changes.insert(0, _CHANGES[language].format(count=len(changes)))
        said = [fault.text(language) for fault in (*self.notes, *self.faults)]
        return [*facts.splitlines(), *changes, *said, *([] if self.is_repaired else [usable])]


def _measured(count: int, total_m2: float | None) -> str:
    return "-" if total_m2 is None else f"{count} ({total_m2:.0f} m2)"


_FACTS: dict[Language, str] = {
    "id": """\
Berkas: {file} ({driver}, {crs})
Fitur: {features}; wilayah: {area}
Kolom kode: {column}; sistem: {system} (cocok Kemendagri {kemendagri}, BPS {bps})
Tumpang tindih: {overlaps}; celah: {gaps}""",
    "en": """\
File: {file} ({driver}, {crs})
Features: {features}; area: {area}
Code column: {column}; system: {system} (match Kemendagri {kemendagri}, BPS {bps})
Overlaps: {overlaps}; gaps: {gaps}""",
}
_CHANGES: dict[Language, str] = {
    "id": "Diperbaiki, {count} desa berubah: kode; perubahan luas m2; bagian dari luas semula; "
    "bertambah m2; berkurang m2",
    "en": "Repaired, {count} villages changed: code; change of area in m2; share of the area "
    "before; won m2; lost m2",
}
_USABLE: dict[Language, dict[bool, str]] = {
    "id": {True: "Dapat dipakai apa adanya.", False: "Tidak dapat dipakai apa adanya."},
    "en": {True: "Usable as it is.", False: "Not usable as it is."},
}
