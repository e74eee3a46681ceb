"""What is of no office, list or group, yet of one agency: see geo_target/agencies.py."""

from collections.abc import Callable, Mapping

from flask import url_for
from flask_babel import gettext as _  # type: ignore[import-untyped]

from geo_target.agencies import Check
from geo_target.web.figures import Figure, Record, State, added, count_of
from geo_target.web.finding import Finding, Unit, districts_of, villages_of
from geo_target.web.language import whole
from geo_target.web.reach import LISTED, UNMATCHED, told_of
from geo_target.web.store import Snapshot
from geo_target.web.wording import village_kind

#: The class of villages that come first.
FIRST = "I"
_UNCOVERED, _LOCATED = "uncovered_families", "located_families"


def _priority(snapshot: Snapshot) -> Finding:
    def count(record: Record) -> Figure:
        return count_of(record, _UNCOVERED)

    first = {code: one for code, one in snapshot.villages.items()
             if one.get("priority_class") == FIRST}  # fmt: skip
    return Finding(
        key="prioritas",
        title=_("Belum tersentuh di %(villages)s %(kind)s kelas I", villages=whole(len(first)),
                kind=village_kind(snapshot.villages)),
        step=_("Bahas %(kind)s ini lebih dahulu, dan tetapkan siapa mengerjakan apa.",
               kind=village_kind(snapshot.villages)),
        unit=Unit.FAMILIES,
        figure=added([count(one) for one in first.values()]) if first else Figure(State.NO_DATA),
        link=url_for("priorities.show", _anchor="urutan"),
        meaning="rank",
        why=_("tidak ada yang diurutkan"),
        villages=villages_of(first, count),
    )  # fmt: skip


def _stale(snapshot: Snapshot) -> Finding:
    told = snapshot.coverage

    def count(record: Record) -> Figure:
        return count_of(record, "stale")

    return Finding(
        key="bukti-usang",
        title=_("Keluarga yang keterangannya usang"),
        step=_("Jadwalkan pemutakhiran data bersama Dinas Sosial."),
        unit=Unit.FAMILIES,
        figure=told_of(told["evidence"]["stale_families"]) if told else Figure(State.NO_DATA),
        link=url_for("coverage.show", _anchor="bukti"),
        meaning="stale",
        why=_older(),
        districts=districts_of(snapshot.villages, count, ["stale"]),
        villages=villages_of(snapshot.villages, count),
    )


def _definitions(snapshot: Snapshot) -> Finding:
    """How far apart the uncovered of two definitions are: the most against the least."""
    told = snapshot.coverage["definitions"] if snapshot.coverage else []
    names = [_UNCOVERED if one["is_own"] else f"uncovered {one['name']}" for one in told]

    def spread(record: Record) -> Figure:
        return _apart([count_of(record, name) for name in names])

    apart = _apart([told_of(one[_UNCOVERED]) for one in told])
    return Finding(
        key="definisi",
        title=_("Selisih antara definisi tersentuh yang terluas dan yang tersempit"),
        step=_("Sepakati satu definisi; yang lain tetap tercatat di sampingnya."),
        unit=Unit.FAMILIES,
        figure=apart,
        link=url_for("coverage.show", _anchor="definitions-title"),
        why=_("hanya ada satu definisi"),
        districts=districts_of(snapshot.villages, spread, names) if apart.value else (),
        villages=villages_of(snapshot.villages, spread) if apart.value else (),
    )


def _apart(counts: list[Figure]) -> Figure:
    if len(counts) < 2:  # noqa: PLR2004  # nothing to differ from
        return Figure(State.NO_DATA)
    if State.WITHHELD in [one.state for one in counts]:
        return Figure(State.WITHHELD)
    values = [int(one.value or 0) for one in counts]
    return told_of(max(values) - min(values))


def _pockets(snapshot: Snapshot) -> Finding:
    return Finding(
        key="kantong",
        title=_("Klaster keluarga belum tersentuh"),
        step=_("Bagi habis: satu penanggung jawab untuk tiap klaster."),
        unit=Unit.CLUSTERS,
        figure=told_of(len(snapshot.clusters)),
        link=url_for("clusters.index", _anchor="clusters-title"),
        meaning="clusters",
    )


def _official(snapshot: Snapshot) -> Finding:
    rows = snapshot.official["rows"] if snapshot.official else []
    return Finding(
        key="daftar-resmi",
        title=_("Lokasi yang hanya ada di SK, atau hanya di hitungan"),
        step=_("Ubah SK, atau catat alasannya sebagai keputusan."),
        unit=Unit.VILLAGES,
        figure=told_of(sum(row["on"] != "both" for row in rows))
        if snapshot.official
        else Figure(State.NO_DATA),
        link=url_for("official_list.show"),
        why=_("hasil ini tidak menyebut SK"),
    )


def _double_aid(snapshot: Snapshot) -> Finding:
    return Finding(
        key="ganda",
        title=_("Keluarga yang tercatat dua kali di satu daftar pada masa yang sama"),
        step=_("Periksa pada pemilik daftar apakah memang dibayar dua kali."),
        unit=Unit.FAMILIES,
        figure=told_of(snapshot.coverage["double_aid"])
        if snapshot.coverage
        else Figure(State.NO_DATA),
        link=url_for("programs.show", _anchor="ganda"),
        why=_older(),
    )


def _unlocated(snapshot: Snapshot) -> Finding:
    def count(record: Record) -> Figure:
        listed, located = count_of(record, LISTED), count_of(record, _LOCATED)
        for state in (State.WITHHELD, State.NO_DATA):
            if state in (listed.state, located.state):
                return Figure(state)
        return told_of(int((listed.value or 0) - (located.value or 0)))

    totals = snapshot.summary["totals"]
    missing = [name for name in (LISTED, _LOCATED) if totals[name] is None]
    return Finding(
        key="tanpa-titik",
        title=_("Keluarga yang belum punya titik"),
        step=_("Catat titik rumah saat pendataan; program tidak mengira-ngira letaknya."),
        unit=Unit.FAMILIES,
        figure=count({**totals, "withheld": missing}),
        link=url_for("overview.show", _anchor="peta=located"),
        meaning="located",
        districts=districts_of(snapshot.villages, count, [LISTED, _LOCATED]),
        villages=villages_of(snapshot.villages, count),
    )


def _unplaced(snapshot: Snapshot) -> Finding:
    return Finding(
        key="tak-tertempatkan",
        title=_("Keluarga yang kode atau nama wilayahnya tidak dikenal"),
        step=_("Samakan kode dan ejaan wilayah di daftar asal dengan yang resmi."),
        unit=Unit.FAMILIES,
        figure=told_of(snapshot.summary["balance"]["unplaced"]),
        link=url_for("quality.show", _anchor="pembukuan"),
    )


def _outside(snapshot: Snapshot) -> Finding:
    return Finding(
        key="di-luar",
        title=_("Keluarga yang titiknya di luar wilayah"),
        step=_("Periksa titiknya, dan batas wilayah di sana."),
        unit=Unit.FAMILIES,
        figure=told_of(snapshot.summary["balance"]["outside"]),
        link=url_for("quality.show", _anchor="pembukuan"),
    )


def _codes(snapshot: Snapshot) -> Finding:
    missing = [one for one in snapshot.villages.values() if not one.get("bps_village_code")]
    return Finding(
        key="kode",
        title=_("Wilayah yang kode BPS dan kode Kemendagri-nya belum dipadankan"),
        step=_("Padankan kodenya: %(names)s.",
               names=", ".join(str(one["village_name"]) for one in missing)) if missing else "",
        unit=Unit.VILLAGES,
        figure=told_of(len(missing)),
        link=url_for("quality.show", _anchor="batas"),
    )  # fmt: skip


def _boundaries(snapshot: Snapshot) -> Finding:
    layer = snapshot.summary["boundaries"]
    return Finding(
        key="batas",
        title=_("Batas yang dipakai skematik, bukan batas resmi")
        if layer["schematic"]
        else _("Batas yang bercelah atau bertindih, diperbaiki program"),
        step=_("Serahkan lapisan batas resmi yang utuh."),
        unit=Unit.LAYERS,
        figure=told_of(int(layer["schematic"] or layer["repaired"])),
        link=url_for("quality.show", _anchor="batas"),
    )


def _unmatched(snapshot: Snapshot) -> Finding:
    def count(record: Record) -> Figure:
        return count_of(record, UNMATCHED)

    return Finding(
        key="belum-padan",
        title=_("Keluarga belum padan: NIK dan KK-nya tidak dapat dibandingkan"),
        step=_("Rekam atau perbaiki NIK dan KK-nya, lalu padankan lagi."),
        unit=Unit.FAMILIES,
        figure=told_of(snapshot.summary["totals"][UNMATCHED]),
        link=url_for("coverage.show", _anchor="matriks"),
        meaning="unmatched",
        districts=districts_of(snapshot.villages, count, [UNMATCHED]),
        villages=villages_of(snapshot.villages, count),
    )


def _facilities(snapshot: Snapshot) -> Finding:
    told = snapshot.access
    is_measured = told is not None and "faults" in told
    return Finding(
        key="fasilitas",
        title=_("Fasilitas yang titik atau jenisnya perlu diperiksa"),
        step=_("Perbaiki barisnya di daftar asal; halaman Akses menyebut nomornya."),
        unit=Unit.FACILITIES,
        figure=told_of(sum(one["facilities"] for one in told["faults"]))
        if told and is_measured
        else Figure(State.NO_DATA),
        link=url_for("facilities.show", _anchor="faults-title" if is_measured else None),
        why=_("tidak ada daftar fasilitas yang diukur"),
    )


def _older() -> str:
    return str(_("hasil ini dibuat oleh versi lama"))


CHECKS: Mapping[Check, Callable[[Snapshot], Finding]] = {
    "priority": _priority,
    "stale": _stale,
    "definitions": _definitions,
    "pockets": _pockets,
    "official": _official,
    "double_aid": _double_aid,
    "unlocated": _unlocated,
    "unplaced": _unplaced,
    "outside": _outside,
    "codes": _codes,
    "boundaries": _boundaries,
    "unmatched": _unmatched,
    "facilities": _facilities,
}
