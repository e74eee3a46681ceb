"""What the boundary checks say: one fault each, in Indonesian and English."""

from collections.abc import Sequence

import pandas as pd
import pyproj

from geo_target.errors import Fault
from geo_target.places.boundary_codes import shown
from geo_target.places.boundary_report import (
    AreaChange,
    BadShape,
    BoundaryReport,
    Gap,
    Overlap,
)

_LISTED = 5


def crs_name(crs: pyproj.CRS | None) -> str:
    """``EPSG:4326`` and the like, else the CRS's own name; "" for none."""
    if crs is None:
        return ""
    code = crs.to_epsg()
    return f"EPSG:{code}" if code else str(crs.name)


def _list_shapes(shapes: Sequence[BadShape]) -> str:
    some = [f"{bad.feature} ({shown([bad.code])}: {bad.reason})" for bad in shapes[:_LISTED]]
    return ", ".join(some) + (f", ... ({len(shapes)})" if len(shapes) > _LISTED else "")


def dropped_z(file: str) -> Fault:
    """Coordinates had heights."""
    return Fault(
        "W-Z",
        id="ketinggian (Z/M) pada koordinat diabaikan; tidak perlu tindakan",
        en="heights (Z/M) in the coordinates were left out; nothing to do",
        file=file,
    )


def bad_shapes(shapes: Sequence[BadShape], file: str) -> Fault:
    """Features without a polygon."""
    return Fault(
        "E-GEOMETRY",
        id=f"{len(shapes)} fitur tanpa poligon: nomor {_list_shapes(shapes)}; berkas mungkin "
        "terpotong. Ekspor ulang lapisan poligon desa yang utuh",
        en=f"{len(shapes)} features without a polygon: number {_list_shapes(shapes)}; the file "
        "may be cut off. Export the whole layer of village polygons again",
        file=file,
    )


def invalid(shapes: Sequence[BadShape], file: str) -> Fault:
    """Polygons that cross themselves and cannot be mended safely."""
    return Fault(
        "E-INVALID",
        id=f"garis {len(shapes)} poligon memotong dirinya: nomor {_list_shapes(shapes)}; "
        "perbaiki di QGIS (Fix geometries) dan periksa desa itu pada peta",
        en=f"the line of {len(shapes)} polygons crosses itself: number {_list_shapes(shapes)}; "
        "mend them in QGIS (Fix geometries) and look at those villages on a map",
        file=file,
    )


def mended(shapes: Sequence[BadShape], file: str) -> Fault:
    """Polygons that crossed themselves and were mended."""
    return Fault(
        "W-MENDED",
        id=f"{len(shapes)} poligon yang memotong dirinya dirapikan tanpa mengubah luasnya lebih "
        f"dari 0,1 %: nomor {_list_shapes(shapes)}",
        en=f"{len(shapes)} polygons that cross themselves were mended, their area the same to "
        f"0.1 %: number {_list_shapes(shapes)}",
        file=file,
    )


def no_crs(file: str) -> Fault:
    """The file does not say what its numbers mean."""
    return Fault(
        "E-CRS",
        id="berkas tidak menyebut sistem koordinat; ekspor ulang dengan EPSG:4326 (WGS 84)",
        en="the file names no coordinate system; export it again in EPSG:4326 (WGS 84)",
        file=file,
    )


def meters_as_degrees(zone: str, file: str) -> Fault:
    """Numbers too large for degrees; `zone` is the UTM zone in which they fit, or ""."""
    likely_id = f", tampaknya meter UTM {zone}" if zone else ", tampaknya meter UTM"
    likely_en = f", they look like UTM meters {zone}" if zone else ", they look like UTM meters"
    return Fault(
        "E-CRS",
        id=f"koordinat bukan derajat{likely_id}; ekspor ulang dengan EPSG:4326 (WGS 84)",
        en=f"the coordinates are no degrees{likely_en}; export again in EPSG:4326 (WGS 84)",
        file=file,
    )


def swapped_axes(file: str) -> Fault:
    """All coordinates stand as [lat, lng]."""
    return Fault(
        "E-AXES",
        id="lintang dan bujur tertukar pada semua koordinat; tulis ulang dengan urutan "
        "[bujur, lintang], atau jalankan geo-target boundaries repair",
        en="latitude and longitude are swapped in all coordinates; write them as "
        "[longitude, latitude], or run geo-target boundaries repair",
        file=file,
    )


def half_swapped(shapes: Sequence[BadShape], file: str) -> Fault:
    """Some coordinates stand as [lat, lng], and others do not: nothing proves the order."""
    return Fault(
        "E-AXES",
        id=f"lintang dan bujur tertukar hanya pada {len(shapes)} fitur: nomor "
        f"{_list_shapes(shapes)}; perbaiki urutannya menjadi [bujur, lintang] dan ekspor ulang",
        en=f"latitude and longitude are swapped in {len(shapes)} features only: number "
        f"{_list_shapes(shapes)}; mend their order to [longitude, latitude] and export again",
        file=file,
    )


def turned_axes(file: str) -> Fault:
    """All coordinates stood as [lat, lng] and were turned."""
    return Fault(
        "W-AXES",
        id="lintang dan bujur tertukar pada semua koordinat dan sudah dibalik; setiap titik lalu "
        "terletak di provinsinya",
        en="latitude and longitude were swapped in all coordinates and have been turned; every "
        "position then lies in its province",
        file=file,
    )


def reprojected(crs: str, file: str) -> Fault:
    """The layer came in another CRS."""
    return Fault(
        "W-CRS",
        id=f"koordinat diubah dari {crs} ke EPSG:4326; tidak perlu tindakan",
        en=f"the coordinates were converted from {crs} to EPSG:4326; nothing to do",
        file=file,
    )


def elsewhere(km: float | None, hint: str, file: str) -> Fault:
    """`hint` is "zone" for a shift of 6 degrees, "minus" for a lost sign, else ""."""
    hints = {
        "zone": (
            " Pergeseran sekitar 6 derajat: zona UTM yang dipakai salah.",
            " A shift of about 6 degrees: it was made in the wrong UTM zone.",
        ),
        "minus": (
            " Tanda minus pada lintang hilang (belahan utara).",
            " The minus of the latitude is lost (northern hemisphere).",
        ),
    }
    hint_id, hint_en = hints.get(hint, ("", ""))
    far_id = "di luar bumi" if km is None else f"{km:.0f} km dari tempatnya"
    far_en = "off the earth" if km is None else f"{km:.0f} km from their place"
    return Fault(
        "E-PLACE",
        id=f"desa-desa lapisan ini tergambar {far_id}.{hint_id} "
        "Periksa sistem koordinat, lalu ekspor ulang dengan EPSG:4326",
        en=f"the villages of this layer are drawn {far_en}.{hint_en} "
        "Check the coordinate system and export again in EPSG:4326",
        file=file,
    )


def mixed_up(share: float, file: str) -> Fault:
    """Codes and polygons do not belong together."""
    return Fault(
        "E-MIXED",
        id=f"hanya {share:.0%} desa tergambar di tempatnya: kode dan poligon tampaknya tertukar "
        "(.dbf dari berkas lain?); ekspor ulang dari asalnya, nyatakan code_system",
        en=f"only {share:.0%} of the villages are drawn at their place: codes and polygons seem "
        "mixed up (the .dbf of another file?); export again from the source, declare code_system",
        file=file,
    )


def unknown_codes(values: Sequence[str], file: str) -> Fault:
    """Features whose code the official list does not have."""
    return Fault(
        "W-EXTRA",
        id=f"{len(values)} kode tidak ada dalam daftar resmi dan tidak dipakai: {shown(values)}",
        en=f"{len(values)} codes are not in the official list and are not used: {shown(values)}",
        file=file,
    )


def duplicates(codes: pd.Series, repeated: Sequence[str], file: str) -> Fault:
    """Villages that more than one feature claims to be."""
    some = [
        f"{code} ({', '.join(str(at + 1) for at in range(len(codes)) if codes.iloc[at] == code)})"
        for code in repeated[:_LISTED]
    ]
    text = ", ".join(some) + (f", ... ({len(repeated)})" if len(repeated) > _LISTED else "")
    return Fault(
        "E-DUPLICATE",
        id=f"{len(repeated)} kode desa muncul lebih dari sekali (nomor fitur): {text}; gabungkan "
        "bagian satu desa menjadi satu fitur, atau perbaiki kodenya",
        en=f"{len(repeated)} village codes occur more than once (feature numbers): {text}; merge "
        "the parts of a village into one feature, or mend the code",
        file=file,
    )


def missing(names: pd.Series, area: str, file: str) -> Fault:
    """Villages of the area that the layer lacks."""
    some = [f"{code} {name}" for code, name in names.head(_LISTED).items()]
    text = ", ".join(some) + (f", ... ({len(names)})" if len(names) > _LISTED else "")
    return Fault(
        "E-MISSING",
        id=f"{len(names)} desa wilayah {area} tidak ada dalam lapisan ini: {text}; "
        "lengkapi lapisan atau periksa kodenya",
        en=f"{len(names)} villages of area {area} are not in this layer: {text}; "
        "complete the layer or check its codes",
        file=file,
    )


def uncovered_ground(
    report: BoundaryReport, overlaps: Sequence[Overlap], gaps: Sequence[Gap]
) -> list[Fault]:
    """Faults for overlaps and for gaps, each where the total is over 1 m2."""
    faults = []
    if report.overlap_total_m2 and report.overlap_total_m2 > 1:
        worst = _places([(" - ".join(each.codes), each) for each in overlaps])
        faults.append(
            Fault(
                "E-OVERLAP",
                id=f"desa tumpang tindih di {len(report.overlaps)} tempat, "
                f"{report.overlap_total_m2:.0f} m2; terbesar {worst}. {_ADVICE_ID}",
                en=f"villages overlap in {len(report.overlaps)} places, "
                f"{report.overlap_total_m2:.0f} m2; largest {worst}. {_ADVICE_EN}",
                file=report.file,
            )
        )
    if report.gap_total_m2 and report.gap_total_m2 > 1:
        worst = _places([(" - ".join(each.codes), each) for each in gaps])
        faults.append(
            Fault(
                "E-GAP",
                id=f"ada {len(report.gaps)} celah di antara desa, {report.gap_total_m2:.0f} m2; "
                f"terbesar {worst}. {_ADVICE_ID}",
                en=f"there are {len(report.gaps)} gaps between villages, "
                f"{report.gap_total_m2:.0f} m2; largest {worst}. {_ADVICE_EN}",
                file=report.file,
            )
        )
    return faults


_ADVICE_ID = 'Isi faults = "repair" di geo-target.toml atau jalankan geo-target boundaries repair'
_ADVICE_EN = 'Set faults = "repair" in geo-target.toml or run geo-target boundaries repair'


def _places(found: Sequence[tuple[str, Overlap | Gap]]) -> str:
    return "; ".join(
        f"{codes} ({each.area_m2:.0f} m2, {each.lon:.5f} {each.lat:.5f})"
        for codes, each in found[:3]
    )


def repaired(changes: Sequence[AreaChange], left: Sequence[Gap], report: BoundaryReport) -> Fault:
    """What the repair did."""
    largest = f"{changes[0].village_code} {changes[0].moved_share:.2%}" if changes else "-"
    remaining = sum(gap.area_m2 for gap in left)
    return Fault(
        "W-REPAIRED",
        id=f"{len(report.overlaps)} tumpang tindih dan {len(report.gaps)} celah dirapikan; "
        f"{len(changes)} desa berubah, paling banyak {largest} dari luasnya; celah tersisa "
        f"{remaining:.0f} m2",
        en=f"{len(report.overlaps)} overlaps and {len(report.gaps)} gaps were closed; "
        f"{len(changes)} villages changed, most {largest} of its area; gaps left "
        f"{remaining:.0f} m2",
        file=report.file,
    )


def cannot_repair(changes: Sequence[AreaChange], file: str) -> Fault:
    """The repair would change too much or lose a village: all of them are named."""
    some = ", ".join(
        f"{each.village_code} {each.moved_share:.1%}"
        + (" hilang/lost" if each.lost_m2 and each.share <= -1 else "")
        for each in changes
    )
    return Fault(
        "E-REPAIR",
        id=f"perbaikan akan memindahkan lebih dari 1 % lahan {len(changes)} desa ({some}); "
        "perbaiki batas desa itu di QGIS atau minta lapisan yang bersih"
        if changes
        else "perbaikan tidak menghasilkan lapisan yang utuh; perbaiki di QGIS atau minta lapisan "
        "yang bersih",
        en=f"the repair would move over 1 % of the ground of {len(changes)} villages ({some}); "
        "mend their boundaries in QGIS or ask for a clean layer"
        if changes
        else "the repair gives no whole coverage; mend the layer in QGIS or ask for a clean one",
        file=file,
    )


def unknown_output(file: str) -> Fault:
    """A repaired layer is written as GeoPackage or GeoJSON only."""
    return Fault(
        "E-TYPE",
        id="nama hasil harus berakhir .gpkg atau .geojson; ganti namanya",
        en="the name of the result must end in .gpkg or .geojson; change it",
        file=file,
    )


def nothing_to_compare(area: str, file: str) -> Fault:
    """A layer has no village of the area that is compared."""
    return Fault(
        "E-COMPARE",
        id=f"lapisan ini tidak memuat satu desa pun dari wilayah {area}; periksa --area, atau "
        "pakai lapisan wilayah yang sama",
        en=f"this layer holds no village of area {area}; check --area, or use a layer of the "
        "same area",
        file=file,
    )
