"""Tables to take away: what an audience is shown, column by column as the snapshot has it.

Each is made of the records that the pages are made of, so that a figure in a file is the figure
on the page. What is withheld is empty, and named in the last column of its row.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _  # type: ignore[import-untyped]

from geo_target.web.figures import Record, State
from geo_target.web.indicators import Indicator, Measure, indicators_of, told_villages
from geo_target.web.store import Snapshot

#: Names of the columns of its row that are withheld, in each table's last column.
WITHHELD = "withheld"


class Kind(StrEnum):
    """How a cell is written."""

    TEXT = "text"
    COUNT = "count"
    SHARE = "share"
    NUMBER = "number"


@dataclass(frozen=True)
class Column:
    """A column: its name in the snapshot, and what a reader calls it."""

    name: str
    title: Any
    kind: Kind = Kind.COUNT
    unit: Any = ""


@dataclass(frozen=True)
class Table:
    """Rows of cells in the order of `columns`; None is empty."""

    name: str
    title: Any
    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]


_KK = _("keluarga (KK)")
_SHARE = _("bagian dari 1")
_CHANCE = _("peluang")

_PLACE = (
    Column("district_code", _("Kode kecamatan"), Kind.TEXT),
    Column("district_name", _("Kecamatan"), Kind.TEXT),
)
_REGENCY = (
    Column("regency_code", _("Kode kabupaten/kota"), Kind.TEXT),
    Column("regency_name", _("Kabupaten/kota"), Kind.TEXT),
)
_VILLAGE = (
    Column("village_code", _("Kode kelurahan/desa (Kemendagri)"), Kind.TEXT),
    Column("village_name", _("Kelurahan/desa"), Kind.TEXT),
)
_STATES = (
    Column("extreme_poor_families", _("Keluarga sasaran"), unit=_KK),
    Column("covered_families", _("Tersentuh"), unit=_KK),
    Column("uncovered_families", _("Belum tersentuh"), unit=_KK),
    Column("unmatched_families", _("Belum padan"), unit=_KK),
)
VILLAGES = (
    *_VILLAGE,
    Column("bps_village_code", _("Kode BPS"), Kind.TEXT),
    *_PLACE,
    *_REGENCY,
    Column("priority_rank", _("Urutan menurut hitungan")),
    Column("final_rank", _("Urutan akhir")),
    Column("priority_class", _("Kelas"), Kind.TEXT),
    *_STATES,
    Column("families", _("Semua keluarga di register"), unit=_KK),
    Column("located_families", _("Keluarga sasaran yang punya titik"), unit=_KK),
    Column("located_uncovered_families", _("Belum tersentuh yang punya titik"), unit=_KK),
    Column("matched_share", _("Bagian yang padan"), Kind.SHARE, _SHARE),
    Column("exclusion_error", _("Tingkat terlewat"), Kind.SHARE, _SHARE),
    Column("smoothed_exclusion_error", _("Tingkat terlewat, dihaluskan"), Kind.SHARE, _SHARE),
    Column("exclusion_error_low", _("Paling rendah (95 %)"), Kind.SHARE, _SHARE),
    Column("exclusion_error_high", _("Paling tinggi (95 %)"), Kind.SHARE, _SHARE),
    Column("uncovered_per_1000_families", _("Belum tersentuh per 1.000 keluarga"), Kind.NUMBER),
    Column("uncovered_per_km2", _("Belum tersentuh per km²"), Kind.NUMBER),
    Column("area_km2", _("Luas"), Kind.NUMBER, _("km²")),
    Column("hot_spot", _("Dibanding sekitarnya (Gi*)"), Kind.TEXT),
    Column("hot_spot_p", _("Peluang kebetulan (Gi*)"), Kind.NUMBER, _CHANCE),
    Column("local_moran", _("Moran lokal"), Kind.TEXT),
    Column("local_moran_p", _("Peluang kebetulan (Moran)"), Kind.NUMBER, _CHANCE),
    Column("priority_score", _("Skor"), Kind.NUMBER),
    Column("first_share", _("Bagian undian yang menaruhnya di sepuluh besar"), Kind.SHARE, _SHARE),
    Column("rank_low", _("Urutan paling awal, di sembilan dari sepuluh undian")),
    Column("rank_high", _("Urutan paling akhir, di sembilan dari sepuluh undian")),
    Column("quadrant", _("Bidang beban dan cakupan"), Kind.TEXT),
    Column("access_minutes", _("Waktu terlama ke puskesmas terdekat"), unit=_("menit")),
    Column("population_persons", _("Penduduk"), unit=_("jiwa")),
    Column("population_families", _("Keluarga menurut daftar penduduk"), unit=_KK),
)
DISTRICTS = (*_PLACE, *_STATES)
RW = (
    *_VILLAGE,
    Column("rw", _("RW"), Kind.TEXT),
    Column("neighborhood", _("Lingkungan"), Kind.TEXT),
    Column("extreme_poor_families", _("Keluarga sasaran"), unit=_KK),
    Column("uncovered_families", _("Belum tersentuh"), unit=_KK),
)
CLUSTERS = (
    Column("cluster_id", _("Kode klaster"), Kind.TEXT),
    Column("name", _("Nama klaster"), Kind.TEXT),
    Column("kind", _("Jenis"), Kind.TEXT),
    Column("village_codes", _("Kode kelurahan/desa"), Kind.TEXT),
    Column("uncovered_families", _("Belum tersentuh"), unit=_KK),
    Column("uncovered_at_least", _("Belum tersentuh, sedikitnya"), unit=_KK),
    Column("compared_families", _("Keluarga sasaran yang dibandingkan"), unit=_KK),
    Column("expected_families", _("Belum tersentuh yang diduga"), Kind.NUMBER, _KK),
    Column("q_value", _("Tingkat temuan palsu"), Kind.NUMBER, _SHARE),
    Column("located_families", _("Belum tersentuh yang punya titik"), unit=_KK),
    Column("located_share", _("Bagian yang punya titik"), Kind.SHARE, _SHARE),
    Column("median_age_days", _("Umur bukti, nilai tengah"), unit=_("hari")),
    Column("radius_m", _("Jari-jari"), Kind.NUMBER, _("meter")),
)


#: Indicators that have a column of the snapshot's own.
COLUMN_OF = {
    "uncovered": "uncovered_families",
    "exclusion": "exclusion_error",
    "matched": "matched_share",
    "uncovered.km2": "uncovered_per_km2",
    "uncovered.per1000": "uncovered_per_1000_families",
}


def _of_indicators(snapshot: Snapshot) -> list[Column]:
    """A column for each other indicator, by its key."""
    return [
        Column(
            one.key, _title(one), Kind.SHARE if one.is_share else
            Kind.NUMBER if one.is_density else Kind.COUNT,
            f"{_SHARE}, {one.subject.of}" if one.is_share else one.unit,
        )
        for one in indicators_of(snapshot) if one.key not in COLUMN_OF
    ]  # fmt: skip


def _title(one: Indicator) -> str:
    is_plain = one.measure in (Measure.COUNT, Measure.SHARE)
    return one.title if is_plain else f"{one.title}, {one.measured}"


def _records_of_villages(snapshot: Snapshot) -> Iterable[Record]:
    """What is told of each village, and its indicators; of too few families no share."""
    told = told_villages(snapshot)
    others = [one for one in indicators_of(snapshot) if one.key not in COLUMN_OF]
    for code, record in snapshot.villages.items():
        figures = {one.key: one.figure(told[code]) for one in others}
        hidden = [key for key, figure in figures.items() if figure.state is State.WITHHELD]
        values = {key: figure.value for key, figure in figures.items()}
        yield {**record, **values, "withheld": [*record["withheld"], *hidden]}


def _records_of_rw(snapshot: Snapshot) -> Iterable[Record]:
    for code, rows in snapshot.rw.items():
        place = snapshot.villages.get(code, {})
        for row in rows:
            yield {"village_code": code, "village_name": place.get("village_name"), **row}


_Maker = tuple[Any, Sequence[Column], Callable[[Snapshot], Iterable[Record]]]
#: By the name in the address: what it is called, its columns, its records.
_TABLES: Mapping[str, _Maker] = {
    "kelurahan": (_("Kelurahan/desa"), VILLAGES, _records_of_villages),
    "kecamatan": (_("Kecamatan"), DISTRICTS, lambda s: s.summary.get("districts", ())),
    "rw": (_("RW dan lingkungan"), RW, _records_of_rw),
    "klaster": (_("Klaster"), CLUSTERS, lambda s: s.clusters),
}
NAMES = tuple(_TABLES)


def table_named(name: str, snapshot: Snapshot) -> Table | None:
    """A table of what the audience is shown; None if there is none of that name."""
    if name not in _TABLES:
        return None
    title, columns, records = _TABLES[name]
    if name == "kelurahan":
        columns = (*columns, *_of_indicators(snapshot))
    return table_of(name, title, columns, records(snapshot))


def table_of(name: str, title: Any, columns: Sequence[Column], records: Iterable[Record]) -> Table:
    """Rows of records; a column that no record knows is left out, as in older runs."""
    found = list(records)
    known = [one for one in columns if not found or any(one.name in each for each in found)]
    withheld = Column(WITHHELD, _("Tidak ditampilkan di baris ini"), Kind.TEXT)
    own = {one.name for one in known}
    rows = [
        (
            *(cell(record.get(one.name)) for one in known),
            " ".join(name for name in record.get("withheld", ()) if name in own) or None,
        )
        for record in found
    ]
    return Table(name, title, (*known, withheld), rows)


def cell(value: Any) -> Any:
    """One value a cell: a list is its words."""
    return " ".join(map(str, value)) if isinstance(value, (list, tuple)) else value
