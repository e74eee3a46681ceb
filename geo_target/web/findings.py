"""What each agency alone can mend, worked out from what the meeting is shown of a run.

Nothing here opens another table than the pages do: what is withheld there is withheld here, and
a sum or difference is made of shown counts only.
"""

from collections.abc import Iterator
from dataclasses import replace

from flask import url_for
from flask_babel import gettext as _  # type: ignore[import-untyped]

from geo_target.agencies import Agency
from geo_target.web.coverage_words import lens_words, reason_words
from geo_target.web.figures import Figure, Record, State, count_of
from geo_target.web.finding import (
    Finding,
    Unit,
    districts_of,
    districts_told,
    in_order,
    villages_of,
)
from geo_target.web.finding_checks import CHECKS
from geo_target.web.indicators import told_villages
from geo_target.web.language import day, own
from geo_target.web.lists import ListRow, lists_of
from geo_target.web.reach import told_of
from geo_target.web.store import Snapshot


def findings_of(agency: Agency, snapshot: Snapshot) -> list[Finding]:
    """All that is the agency's: families first, the most of them above; then by unit."""
    told = replace(snapshot, villages=told_villages(snapshot))
    found = [
        *_reasons(agency, told),
        *_programs(agency, told),
        *_lenses(agency, told),
        *(CHECKS[check](told) for check in agency.checks),
        *_lists(agency, told),
    ]
    return [one for unit in Unit for one in in_order(each for each in found if each.unit is unit)]


def _reasons(agency: Agency, snapshot: Snapshot) -> Iterator[Finding]:
    """Reasons that name an office of it, by district."""
    if snapshot.coverage is None:
        return
    told, words = snapshot.coverage["reasons"], reason_words()
    for number, row in enumerate(told["rows"]):
        if row["office"] not in agency.offices:
            continue
        said = words.get(row["reason"])
        by_district = {code: parts[number] for code, parts in told["districts"].items()}
        yield Finding(
            key=f"sebab-{row['reason']}",
            title=said.title if said else row["reason"],
            step=_("Bagi keluarga belum tersentuh: %(step)s.", step=said.next_step) if said else "",
            unit=Unit.FAMILIES,
            figure=told_of(row["families"]),
            link=url_for("reasons.show", kantor=row["office"], _anchor="sebab"),
            meaning="reason",
            districts=districts_told(snapshot.villages, by_district),
        )


def _programs(agency: Agency, snapshot: Snapshot) -> Iterator[Finding]:
    """Eligible families that a program does not list; and programs that no list came of."""
    if snapshot.coverage is None:
        return
    mine = [one for one in snapshot.coverage["programs"] if one["office"] in agency.offices]
    for one in mine:
        if one["is_carried"]:
            yield _program(one, snapshot)
            yield _excluded(one)
    unlisted = [str(one["short_name"]) for one in mine if not one["is_carried"]]
    if mine:
        yield Finding(
            key="tanpa-daftar",
            title=_("Program tanpa daftar penerima"),
            step=_("Serahkan daftar penerima %(programs)s.", programs=", ".join(unlisted))
            if unlisted
            else "",
            unit=Unit.PROGRAMS,
            figure=told_of(len(unlisted)),
            link=url_for("programs.show", _anchor="katalog"),
        )


def _program(program: Record, snapshot: Snapshot) -> Finding:
    code, name = program["code"], program["short_name"]
    asked = Finding(
        key=f"program-{code}",
        title=_("Layak menurut aturan %(program)s, belum terdaftar", program=name),
        step=_("Usulkan sebagai penerima %(program)s.", program=name),
        unit=Unit.FAMILIES,
        figure=told_of(program["uncovered_families"]),
        link=url_for("coverage.show", ukuran="uncovered", program=code, _anchor="matriks"),
        meaning=f"missed-{code}",
    )
    if not program["is_current"]:
        return _uncounted(asked, _("daftarnya bukan untuk hari hitungan; serahkan yang berlaku"))
    if not program["is_judged"]:
        return _uncounted(asked, _("aturannya tidak dapat dinilai dari kolom yang ada"))
    return _placed(asked, snapshot, f"uncovered {code}")


def _excluded(program: Record) -> Finding:
    name = program["short_name"]
    asked = Finding(
        key=f"tidak-layak-{program['code']}",
        title=_("Terdaftar di %(program)s, tidak layak menurut aturannya", program=name),
        step=_("Periksa di lapangan; menurut daftar saja tidak ada yang boleh dihentikan."),
        unit=Unit.FAMILIES,
        figure=told_of(program["all_excluded_families"]),
        link=url_for("programs.show", _anchor="katalog"),
        meaning="eligible",
    )
    if not (program["is_current"] and program["is_judged"]):
        return _uncounted(asked, _("aturannya tidak dinilai bagi daftar ini"))
    return asked


def _lenses(agency: Agency, snapshot: Snapshot) -> Iterator[Finding]:
    """Uncovered families of the groups that it cares for."""
    if snapshot.coverage is None:
        return
    for one in snapshot.coverage["lenses"]:
        lens = str(one["lens"])
        if lens not in agency.lenses:
            continue
        asked = Finding(
            key=f"kelompok-{lens}",
            title=_("%(group)s, belum tersentuh", group=lens_words().get(lens, lens)),
            step=_("Dampingi pengusulannya; mulai dari tempat teratas di bawah."),
            unit=Unit.FAMILIES,
            figure=told_of(one["uncovered_families"]),
            link=url_for("coverage.show", ukuran=lens, _anchor="matriks"),
            meaning=f"lens-{lens}",
        )
        if not one["is_known"]:
            yield _uncounted(asked, _("tidak ada daftar yang mengatakan siapa yang termasuk"))
        else:
            yield _placed(asked, snapshot, lens)


def _lists(agency: Agency, snapshot: Snapshot) -> Iterator[Finding]:
    """Of each list that it hands in: rows of nobody, unusable rows and cells, and its age."""
    mine = [one for one in lists_of(snapshot) if one.source["profile"] in agency.profiles]
    for one in mine:
        yield from _list(one)
    if agency.profiles and not mine:
        yield Finding(
            key="daftar",
            title=_("Daftar dari lembaga ini"),
            step="",
            unit=Unit.ROWS,
            figure=Figure(State.NO_DATA),
            link=url_for("quality.show", _anchor="daftar"),
            why=_("hasil ini tidak memuat satu daftar pun darinya"),
        )


def _list(row: ListRow) -> Iterator[Finding]:
    name = f"{own(row.source['title'])} ({row.source['file']})"
    link = url_for("quality.show", _anchor=f"daftar-{row.number}")
    if row.match is not None:
        yield Finding(
            key=f"daftar-{row.number}-tak-padan",
            title=_("%(list)s: baris yang tidak terhubung dengan keluarga", list=name),
            step=_("Periksa NIK, nama dan kelurahannya di daftar asal."),
            unit=Unit.ROWS,
            figure=row.unlinked,
            link=link,
            meaning="unlinked",
        )
    yield Finding(
        key=f"daftar-{row.number}-tak-terpakai",
        title=_("%(list)s: baris yang dikarantina atau ganda", list=name),
        step=_("Perbaiki di berkas asal, lalu serahkan lagi."),
        unit=Unit.ROWS,
        figure=row.unusable,
        link=link,
    )
    yield Finding(
        key=f"daftar-{row.number}-sel",
        title=_("%(list)s: sel yang disisihkan, misalnya NIK rusak", list=name),
        step=_("Perbaiki isinya; keluarganya tetap dihitung, tetapi mungkin belum padan."),
        unit=Unit.CELLS,
        figure=row.set_aside,
        link=link,
    )
    if row.is_old:
        yield Finding(
            key=f"daftar-{row.number}-umur",
            title=_("%(list)s: lebih dari 6 bulan umurnya", list=name),
            step=_("Serahkan yang baru; yang ini per %(day)s.", day=day(row.source["as_of"])),
            unit=Unit.DAYS,
            figure=told_of(row.age_days),
            link=link,
        )


def _placed(asked: Finding, snapshot: Snapshot, column: str) -> Finding:
    def count(record: Record) -> Figure:
        return count_of(record, column)

    return replace(
        asked,
        districts=districts_of(snapshot.villages, count, [column]),
        villages=villages_of(snapshot.villages, count),
    )


def _uncounted(asked: Finding, why: str) -> Finding:
    return replace(asked, figure=Figure(State.NO_DATA), why=why)
