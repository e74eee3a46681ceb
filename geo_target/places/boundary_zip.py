"""Zipped Shapefiles: one whole set, of honest size, unpacked under names of our own.

GDAL reads a .shp that is cut at 60 % and a .dbf of another file without an error, so the
headers are compared here before it sees them.
"""

import re
import stat
import struct
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import NoReturn

from geo_target.errors import DataRefusedError, Fault

MAX_MEMBERS = 50
MAX_UNPACKED_BYTES = 300_000_000
MAX_RATIO = 100
#: Below this nothing can bomb, and a small table of blanks may well shrink a hundredfold.
RATIO_MATTERS_FROM_BYTES = 1_000_000

#: First word of .shp and .shx (ESRI Shapefile Technical Description, 1998).
SHAPEFILE_MAGIC = 0x0000270A
HEADER_BYTES = 100
#: First byte of a .dbf: dBASE III and IV with and without memo, Visual FoxPro.
DBASE_VERSIONS = (0x03, 0x83, 0x8B, 0x30, 0x31)

REQUIRED = (".shp", ".shx", ".dbf", ".prj")
KEPT = (*REQUIRED, ".cpg")
_NESTED = (".zip", ".7z", ".rar", ".gz", ".tar", ".kmz")
_PRJ = re.compile(rb"\s*(PROJCS|GEOGCS|COMPD_CS|PROJCRS|GEOGCRS|GEODCRS|BOUNDCRS|COMPOUNDCRS)\W")


def unpack_shapefile(file: Path, folder: Path) -> Path:
    """Copy the one Shapefile of a zip into `folder` as ``layer.shp`` and its companions.

    Parameters
    ----------
    file
        A zip file as uploaded; no name in it becomes part of a path.
    folder
        An empty folder that only this process uses.

    Returns
    -------
    Path
        ``folder/layer.shp``, whose set is complete and agrees in its record counts.

    Raises
    ------
    DataRefusedError
        E-ZIP for a zip that is damaged, too large or tries to leave its folder; E-TYPE
        if its members are not what they are called; E-SHP if one is missing or cut;
        E-PRJ without .prj.
    """
    name = file.name
    try:
        with zipfile.ZipFile(file) as archive:
            members = _safe_members(archive, name)
            chosen = _one_set(members, name)
            parts = {suffix: archive.read(member) for suffix, member in chosen.items()}
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        NotImplementedError,
        OSError,
        EOFError,
        zlib.error,
    ):
        _refuse("E-ZIP", name, "zip rusak atau terpotong; unggah ulang berkas yang utuh",
                "the zip is damaged or cut off; upload the whole file again")  # fmt: skip
    _check_parts(parts, name)
    for suffix, content in parts.items():
        (folder / f"layer{suffix}").write_bytes(content)
    return folder / "layer.shp"


def _safe_members(archive: zipfile.ZipFile, name: str) -> list[zipfile.ZipInfo]:
    members = [member for member in archive.infolist() if not member.is_dir()]
    if len(members) > MAX_MEMBERS:
        _refuse("E-ZIP", name, f"zip berisi lebih dari {MAX_MEMBERS} berkas; "
                "zip hanya satu Shapefile (.shp .shx .dbf .prj)",
                f"the zip holds more than {MAX_MEMBERS} files; "
                "zip one Shapefile only (.shp .shx .dbf .prj)")  # fmt: skip
    unpacked = sum(member.file_size for member in members)
    packed = max(sum(member.compress_size for member in members), 1)
    if unpacked > MAX_UNPACKED_BYTES or (
        unpacked > RATIO_MATTERS_FROM_BYTES and unpacked > MAX_RATIO * packed
    ):
        _refuse("E-ZIP", name, "isi zip terlalu besar setelah dibuka (batas 300 MB dan 100 kali); "
                "zip hanya satu Shapefile", "the zip unpacks to too much (at most 300 MB and "
                "100 times its size); zip one Shapefile only")  # fmt: skip
    for member in members:
        _check_member(member, name)
    return members


def _check_member(member: zipfile.ZipInfo, name: str) -> None:
    path = PurePosixPath(member.filename.replace("\\", "/"))
    outside = path.is_absolute() or ".." in path.parts or ":" in member.filename
    if outside or stat.S_ISLNK(member.external_attr >> 16) or member.flag_bits & 1:
        _refuse("E-ZIP", name, "zip memuat tautan, sandi, atau nama berkas di luar foldernya; "
                "buat zip baru yang hanya berisi satu Shapefile",
                "the zip holds a link, a password or a file name outside its folder; "
                "make a new zip with one Shapefile only")  # fmt: skip
    if path.suffix.lower() in _NESTED:
        _refuse("E-ZIP", name, "ada zip di dalam zip; zip langsung satu Shapefile",
                "there is a zip inside the zip; zip one Shapefile directly")  # fmt: skip


def _one_set(members: list[zipfile.ZipInfo], name: str) -> dict[str, zipfile.ZipInfo]:
    sets: dict[str, dict[str, zipfile.ZipInfo]] = {}
    for member in members:
        path = PurePosixPath(member.filename.replace("\\", "/"))
        hidden = path.name.startswith("._") or path.parts[:1] == ("__MACOSX",)  # macOS leaves them
        if path.suffix.lower() in KEPT and not hidden:
            sets.setdefault(str(path.with_suffix("")).lower(), {})[path.suffix.lower()] = member
    layers = [parts for parts in sets.values() if ".shp" in parts]
    if not layers:
        _refuse("E-TYPE", name, "zip tidak berisi Shapefile; isi yang diterima: .shp .shx .dbf "
                ".prj, atau unggah GeoJSON atau GeoPackage",
                "the zip holds no Shapefile; accepted are .shp .shx .dbf .prj, "
                "or upload GeoJSON or GeoPackage")  # fmt: skip
    if len(layers) > 1:
        _refuse(
            "E-ZIP",
            name,
            f"zip berisi {len(layers)} Shapefile; zip hanya satu lapisan desa",
            f"the zip holds {len(layers)} Shapefiles; zip one village layer only",
        )
    found = layers[0]
    missing = [suffix for suffix in REQUIRED if suffix not in found]
    if missing:
        code = "E-PRJ" if missing == [".prj"] else "E-SHP"
        text = ", ".join(missing)
        _refuse(code, name, f"Shapefile tidak lengkap, kurang {text}; zip semua berkasnya "
                "(.shp .shx .dbf .prj) bersama-sama",
                f"the Shapefile is incomplete, {text} is missing; zip all of its files "
                "(.shp .shx .dbf .prj) together")  # fmt: skip
    return found


def _check_parts(parts: dict[str, bytes], name: str) -> None:
    for suffix in (".shp", ".shx"):
        content = parts[suffix]
        if content[:4] != struct.pack(">I", SHAPEFILE_MAGIC):
            _refuse(
                "E-TYPE",
                name,
                f"isi {suffix} bukan Shapefile; ekspor ulang lapisan ini",
                f"the {suffix} is no Shapefile inside; export the layer again",
            )
        declared = 2 * struct.unpack(">i", content[24:28])[0] if len(content) >= HEADER_BYTES else 0
        if declared != len(content):
            _refuse("E-SHP", name, f"{suffix} terpotong: {len(content)} dari {declared} byte; "
                    "salin ulang Shapefile yang utuh dari asalnya",
                    f"the {suffix} is cut off: {len(content)} of {declared} bytes; "
                    "copy the whole Shapefile again from its source")  # fmt: skip
    if not _PRJ.match(parts[".prj"]):
        _refuse(
            "E-PRJ",
            name,
            "isi .prj bukan sistem koordinat; ekspor ulang lapisan ini",
            "the .prj describes no coordinate system; export the layer again",
        )
    counts = {
        ".shp": _count_shapes(parts[".shp"]),
        ".shx": (len(parts[".shx"]) - HEADER_BYTES) // 8,
        ".dbf": _count_rows(parts[".dbf"], name),
    }
    if len(set(counts.values())) > 1:
        text = ", ".join(f"{suffix} {count}" for suffix, count in counts.items())
        _refuse("E-SHP", name, f"jumlah catatan tidak sama ({text}): berkas-berkas ini bukan satu "
                "Shapefile; zip ulang satu set yang asli",
                f"the record counts differ ({text}): these files are not one Shapefile; "
                "zip one original set again")  # fmt: skip


def _count_shapes(content: bytes) -> int:
    """Records of a .shp; each begins with its number and its length in 16-bit words."""
    count, position = 0, HEADER_BYTES
    while position + 8 <= len(content):
        words = struct.unpack_from(">i", content, position + 4)[0]
        if words < 2:  # noqa: PLR2004 - the shape type alone fills two
            return -1
        position += 8 + 2 * words
        count += 1
    return count if position == len(content) else -1


def _count_rows(content: bytes, name: str) -> int:
    """Rows of a .dbf (dBASE III): count, header length and row length stand at its start."""
    if len(content) < 32 or content[0] not in DBASE_VERSIONS:  # noqa: PLR2004 - the header
        _refuse(
            "E-TYPE",
            name,
            "isi .dbf bukan tabel dBASE; ekspor ulang lapisan ini",
            "the .dbf is no dBASE table inside; export the layer again",
        )
    rows, header, row = struct.unpack_from("<IHH", content, 4)
    if len(content) < header + rows * row:
        _refuse(
            "E-SHP",
            name,
            ".dbf terpotong; salin ulang Shapefile yang utuh dari asalnya",
            "the .dbf is cut off; copy the whole Shapefile again from its source",
        )
    return int(rows)


def _refuse(code: str, name: str, id: str, en: str) -> NoReturn:
    raise DataRefusedError(Fault(code, id=id, en=en, file=name))
