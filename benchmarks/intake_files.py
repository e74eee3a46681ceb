"""Files to measure intake with: lists of a Banten, a long workbook, and bombs."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import xlsxwriter

#: Rows at full size: families and persons of Banten, and six lists of recipients.
FAMILIES = 3_300_000
ROWS = {
    "families": FAMILIES,
    "persons": 12_000_000,
    "pkh": 310_000,
    "sembako": 640_000,
    "pbi": 1_370_000,
    "bpu": 250_000,
    "packages": 200_000,
    "aid": 820_000,
}
PROFILES = {
    "families": "dtsen", "persons": "dtsen-person", "pkh": "siks-recipients",
    "sembako": "siks-recipients", "pbi": "bpjs-pbi", "bpu": "bpjs-bpu", "packages": "packages",
    "aid": "enrollments",
}  # fmt: skip

#: District 98 and 99 of NIK and KK are nobody's. One number in 140 is spoiled.
_MACROS = """
    create macro regency(i) as '36' || lpad((1 + hash(i, 'r') % 8)::varchar, 2, '0');
    create macro born(i) as
        lpad((1 + hash(i, 'd') % 28 + if(hash(i, 's') % 2 = 0, 40, 0))::varchar, 2, '0')
        || lpad((1 + hash(i, 'm') % 12)::varchar, 2, '0')
        || lpad((hash(i, 'y') % 100)::varchar, 2, '0');
    create macro whole_nik(i) as
        regency(i) || '98' || born(i) || lpad((1 + i % 9999)::varchar, 4, '0');
    create macro nik(i) as case hash(i, 'n') % 420 when 0 then left(whole_nik(i), 15)
        when 1 then '''' || whole_nik(i) when 2 then 'KOSONG' else whole_nik(i) end;
    create macro kk(i) as
        regency(i) || '99' || '0101' || lpad((i // 9999 % 100)::varchar, 2, '0')
        || lpad((1 + i % 9999)::varchar, 4, '0');
    create macro word(i, salt) as ['SITI', 'AHMAD', 'NUR', 'SUHENDI', 'AISYAH', 'MAMAN', 'ROHMAH',
        'ENTIN', 'JAYADI', 'SARIP', 'MURNI', 'UDIN'][(1 + hash(i, salt) % 12)::bigint];
    create macro named(i) as word(i, 'a') || ' ' || word(i, 'b');
    create macro village(i) as 'DESA ' || (hash(i, 'v') % 1552)::varchar;
    create macro district(i) as 'KECAMATAN ' || (hash(i, 'v') % 155)::varchar;
"""

_SELECTED = {
    "families": """'KP. ' || word(i, 'k') || ' NO. ' || hash(i, 'h') % 99 as alamat,
        1 + hash(i, 'x') % 10 as desil_nasional, 'D' || i as id_keluarga,
        regency(i) || lpad((hash(i, 'v') % 1552)::varchar, 6, '0') as id_wilayah,
        named(i) as nama_kepala_keluarga, kk(i) as no_kk, nik(4 * i) as nik,
        hash(i, 'p') % 93025360 as peringkat_nasional, 'BANTEN' as provinsi,
        'KAB. ' || hash(i, 'r') % 8 as kabupaten, district(i) as kecamatan,
        village(i) as kelurahan, lpad((1 + hash(i, 't') % 9)::varchar, 3, '0') as rt,
        lpad((1 + hash(i, 'w') % 9)::varchar, 3, '0') as rw""",
    "persons": """if(i % 4 = 0, 'Kepala Keluarga', 'Anak') as hub_kepala_keluarga,
        'S' || i as idsemesta, named(i) as nama, nik(i) as nik, kk(i // 4) as no_kk,
        if(hash(i, 'o') % 3 = 0, 'Petani', null) as pekerjaan_utama""",
    "pkh": """i as "No", named(7 * i) as "NAMA PENERIMA", nik(7 * i) as "NIK KTP",
        1 + hash(i, 'q') % 4 as "TAHAP", 'PKH' as "BANSOS", i as "NO KEL",
        'KAB. ' || hash(i, 'r') % 8 as "NM KAB", district(i) as "NM KEC",
        village(i) as "NM KEL" """,
    "sembako": """i as "No", named(5 * i) as "NAMA PENERIMA", nik(5 * i) as "NIK KTP",
        1 + hash(i, 'q') % 4 as "TAHAP", 'SEMBAKO' as "BANSOS", i as "NO KEL",
        'KAB. ' || hash(i, 'r') % 8 as "NM KAB", district(i) as "NM KEC",
        village(i) as "NM KEL" """,
    "pbi": """nik(3 * i) as "NIK", named(3 * i) as "NAMA", district(i) as "KECAMATAN",
        village(i) as "KELURAHAN", 'PBI APBN' as "SEGMEN",
        strftime(date '2024-01-01' + (hash(i, 'd') % 600)::integer, '%d/%m/%Y') as "TMT",
        if(hash(i, 'z') % 20 = 0, 'NONAKTIF', 'AKTIF') as "STATUS" """,
    "bpu": """nik(13 * i) as "NIK", named(13 * i) as "NAMA", 'JKK JKM' as "PROGRAM",
        if(hash(i, 'z') % 20 = 0, 'NONAKTIF', 'AKTIF') as "STATUS" """,
    "packages": """i as "NO", nik(11 * i) as "NIK", kk(11 * i // 4) as "NO KK",
        named(11 * i) as "NAMA", district(i) as "KECAMATAN", village(i) as "KELURAHAN",
        strftime(date '2025-09-01' + (hash(i, 'd') % 30)::integer, '%d/%m/%Y') as "TANGGAL",
        '200.000' as "NILAI" """,
    "aid": """'BST' as program, kk(i) as "no kk", named(i) as nama, district(i) as kecamatan,
        village(i) as kelurahan, '2025-01-01' as valid_from, 'aktif' as status""",
}


def list_file(folder: Path, name: str, *, share: float = 1.0) -> Path:
    """The CSV of a list, made once; `share` of its rows at full size."""
    rows = max(int(ROWS[name] * share), 1)
    file = folder / f"{name}_{rows}.csv"
    if not file.exists():
        unfinished = file.with_suffix(".part")
        with duckdb.connect() as made:
            made.execute(_MACROS)
            made.execute(
                f"""copy (select {_SELECTED[name]} from range({rows}) t(i))
                    to '{unfinished.as_posix()}' (format csv, header, delimiter ';')"""
            )
        unfinished.replace(file)
    return file


def workbook_file(folder: Path, *, rows: int = 200_000, columns: int = 20) -> Path:
    """A workbook of families, made once: the columns that are read, and fillers."""
    file = folder / f"families_{rows}x{columns}.xlsx"
    if not file.exists():
        source = list_file(folder, "families", share=rows / ROWS["families"])
        lines = source.read_text("utf-8").splitlines()[: rows + 1]
        unfinished = file.with_suffix(".part")
        with xlsxwriter.Workbook(unfinished, {"constant_memory": True}) as book:
            sheet = book.add_worksheet()
            for number, line in enumerate(lines):
                cells = [cell.strip('"') for cell in line.split(";")]
                first = "lain" if number == 0 else "ISI"
                cells += [f"{first} {extra}" for extra in range(columns - len(cells))]
                for column, cell in enumerate(cells):
                    sheet.write_string(number, column, cell)
        unfinished.replace(file)
    return file


_SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
_MEGABYTE = 1 << 20


def _workbook_with(file: Path, member: str, parts: Callable[[], list[bytes]]) -> None:
    """A small sound workbook in which one member is replaced, or added."""
    plain = file.with_suffix(".plain")
    with xlsxwriter.Workbook(plain) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["family_id", "village_code"])
        sheet.write_row(1, 0, ["F1", "V1"])
    with (
        zipfile.ZipFile(plain) as source,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            if name != member:
                target.writestr(name, source.read(name))
        with target.open(member, "w", force_zip64=True) as opened:
            for part in parts():
                opened.write(part)
    plain.unlink()


def _many_cells() -> list[bytes]:
    row = "".join(f'<c r="{c}1"><v>1</v></c>' for c in ("A", "B")).encode()
    last = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return [_SHEET.encode(), b'<row r="1">', row, b"</row>", last, b"</sheetData></worksheet>"]


def _many_rows() -> list[bytes]:
    return [_SHEET.encode(), *[b"<row><c><v>1</v></c></row>" * 40_000] * 300,
            b"</sheetData></worksheet>"]  # fmt: skip


def _long_cell() -> list[bytes]:
    head = f'{_SHEET}<row r="1"><c r="A1" t="inlineStr"><is><t>'.encode()
    return [head, *[b"A" * _MEGABYTE] * 700, b"</t></is></c></row></sheetData></worksheet>"]


def _ods(file: Path, repeated: str) -> None:
    spaces = "urn:oasis:names:tc:opendocument:xmlns:"
    content = (
        f'<office:document-content xmlns:office="{spaces}office:1.0" '
        f'xmlns:table="{spaces}table:1.0" xmlns:text="{spaces}text:1.0"><office:body>'
        f'<office:spreadsheet><table:table table:name="A">{repeated}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("mimetype", kind, zipfile.ZIP_STORED)
        target.writestr(
            "META-INF/manifest.xml",
            f'<manifest:manifest xmlns:manifest="{spaces}manifest:1.0"><manifest:file-entry '
            f'manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>',
        )
        target.writestr("content.xml", content)


def _ods_rows(file: Path) -> None:
    cell = '<table:table-cell office:value-type="string"><text:p>a</text:p></table:table-cell>'
    _ods(file, f'<table:table-row table:number-rows-repeated="1048576">{cell * 60}'
               "</table:table-row>")  # fmt: skip


def _ods_cells(file: Path) -> None:
    cell = ('<table:table-cell table:number-columns-repeated="16384" '
            'office:value-type="string"><text:p>a</text:p></table:table-cell>')  # fmt: skip
    _ods(file, f"<table:table-row>{cell}</table:table-row>" * 20_000)


def _shapefile(file: Path) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for suffix in ("shx", "dbf", "prj"):
            target.writestr(f"desa.{suffix}", b"\0" * 100)
        with target.open("desa.shp", "w", force_zip64=True) as opened:
            opened.write(b"\0\0\x27\x0a")
            for _ in range(1_000):
                opened.write(bytes(_MEGABYTE))


def _first_sheet(parts: Callable[[], list[bytes]]) -> Callable[[Path], None]:
    return lambda file: _workbook_with(file, "xl/worksheets/sheet1.xml", parts)


#: How each bomb is made, by its file's name.
BOMBS: dict[str, Callable[[Path], None]] = {
    "many-cells.xlsx": _first_sheet(_many_cells),
    "many-rows.xlsx": _first_sheet(_many_rows),
    "long-cell.xlsx": _first_sheet(_long_cell),
    "padded.xlsx": lambda f: _workbook_with(f, "pad.bin", lambda: [bytes(_MEGABYTE)] * 500),
    "rows.ods": _ods_rows,
    "cells.ods": _ods_cells,
    "shapefile.zip": _shapefile,
}


def bomb_file(folder: Path, name: str) -> Path:
    """A file that is small and unpacks to far more, made once."""
    file = folder / name
    if not file.exists():
        unfinished = file.with_suffix(".part")
        BOMBS[name](unfinished)
        unfinished.replace(file)
    return file
