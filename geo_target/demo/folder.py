"""The folder of a demo: whether one may write there, its configuration and its leaflet."""

import shutil
import tomllib
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from geo_target.demo.decided import OFFICIAL_FILE, OVERRIDES_FILE
from geo_target.demo.files import FORMATS, Format, SentList
from geo_target.errors import ConfigError, Fault
from geo_target.resources import resource_dir

CONFIG_FILE = "geo-target.toml"
LEAFLET_FILE = "BACA-DULU.txt"
#: Who gives lists of a register, by the first part of the profile's name. That somebody
#: gave this demo a list is as made-up as the rest: the number says DEMO.
_AGENCIES = {
    "p3ke": "Kemenko PMK",
    "dtsen": "Kementerian Sosial (SIKS-NG)",
    "siks": "Kementerian Sosial (SIKS-NG)",
    "bpjs-pbi": "BPJS Kesehatan",
    "bpjs-bpu": "BPJS Ketenagakerjaan",
    "packages": "pemerintah kota/kabupaten",
    "points": "pemerintah kota/kabupaten",
    "visits": "pemerintah kota/kabupaten",
    "proposals": "pemerintah kota/kabupaten",
}
#: A demo is made and run for years, always with the same bytes: its papers outlast it.
_PAPER_YEARS = 20
#: A column that a region adds to P3KE, which prints no KK number.
CARD_HEADER = "NO KK"
_MARK = "# Dunia peragaan: semua keluarga dan orang di dalamnya buatan."


def check_folder(folder: Path) -> None:
    """Refuse a folder that holds anything but an earlier demo.

    Raises
    ------
    ConfigError
        If `folder` is a file, or is not empty and no demo wrote it.
    """
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    if folder.is_dir() and _is_demo(folder):
        return
    raise ConfigError(
        Fault(
            "E-DEMO-FOLDER",
            id=f"{folder} sudah berisi dan bukan dunia peragaan; pilih folder baru atau kosong",
            en=f"{folder} is not empty and no demo; choose a new or empty folder",
        )
    )


def _is_demo(folder: Path) -> bool:
    config = folder / CONFIG_FILE
    if not config.is_file():
        return False
    try:
        written = config.read_text("utf-8")
        return written.startswith(_MARK) and tomllib.loads(written)["area"]["synthetic"] is True
    except (ValueError, KeyError, TypeError):
        return False


def clear_lists(folder: Path, lists: Sequence[SentList]) -> None:
    """Take away the lists of an earlier demo in `folder`, in whatever format it had them."""
    for sent in lists:
        for format_ in FORMATS:
            (folder / sent.folder / sent.file_name(format_)).unlink(missing_ok=True)


def write_layout(folder: Path, lists: Sequence[SentList]) -> None:
    """Write the layout of a P3KE to which a region has added the KK number.

    It takes the place of the layout that comes with the package; an earlier demo's is removed.
    """
    file = folder / "profiles" / "p3ke-family.toml"
    usual = (resource_dir("geodata") / "profiles" / file.name).read_text("utf-8")
    added = f'[columns]\nfamily_card_number = ["{CARD_HEADER}"]\n'
    layout = usual.replace("[columns]\n", added, 1)
    if any(sent.profile == file.stem and CARD_HEADER in sent.table for sent in lists):
        file.parent.mkdir(exist_ok=True)
        file.write_text(layout, "utf-8", newline="\n")
    elif file.is_file() and file.read_text("utf-8") == layout:
        file.unlink()


def take_boundaries(folder: Path, boundaries: Path) -> str:
    """Copy a boundary file into `folder`; its path for the configuration."""
    target = folder / "boundaries" / boundaries.name
    target.parent.mkdir(exist_ok=True)
    if not (target.exists() and target.samefile(boundaries)):
        shutil.copyfile(boundaries, target)
    return f"boundaries/{boundaries.name}"


def config_text(
    area: str,
    lists: Sequence[SentList],
    *,
    format_: Format,
    boundaries: str | None,
    on: date,
) -> str:
    """geo-target.toml of a demo, which asks for enrollments on the day `on`.

    What a run of it asks for is said in Indonesian.
    """
    file = f"file = {_quoted(boundaries)}\n" if boundaries else "# tanpa file: batas skematik\n"
    sources = "\n".join(
        _source(sent, format_) + _basis(sent, number) for number, sent in enumerate(lists, start=1)
    )
    return f"""{_MARK}
# Semua jalur berkas dihitung dari folder berkas ini.

[area]
code = "{area}"           # kode Kemendagri: provinsi, kabupaten/kota, atau kecamatan
synthetic = true          # hanya untuk peragaan: titik boleh dicocokkan dengan batas skematik

[boundaries]
{file}faults = "refuse"         # batas yang bercelah atau bertindih ditolak; "repair": diperbaiki

[registry]
base = "p3ke-family"      # daftar yang barisnya menjadi keluarga

# [source.basis]: dasar hukum tiap daftar yang memuat orang. Tanpa itu, atau sesudah
# valid_until, hasil hanya berisi angka gabungan dan tidak memuat nama siapa pun.

{sources}
[coverage]
programs = ["PKH", "SEMBAKO", "PBI_JK"]   # keluarga "tersentuh" bila menerima salah satunya
on = {on}                           # kepesertaan yang berlaku pada hari ini yang dihitung
member_counts_for_family = true           # satu anggota yang menerima berarti keluarga menerima

[[definition]]                            # pengertian lain, untuk dibandingkan di halaman Cakupan
name = "tanpa-pbi"
title = "Tanpa iuran kesehatan"
programs = ["PKH", "SEMBAKO"]

[[definition]]
name = "dengan-daerah"
title = "Dengan iuran kesehatan daerah"
programs = ["PKH", "SEMBAKO", "PBI_JK", "PBI_APBD"]

[[definition]]
name = "seluruh-anggota"
title = "Semua anggota harus terdaftar"
programs = ["PKH", "SEMBAKO", "PBI_JK"]
member_counts_for_family = false          # program perorangan dihitung bila semua anggota menerima

[welfare]
rule = "listed"           # semua keluarga di P3KE dihitung miskin ekstrem

[priority]
official_list = "{OFFICIAL_FILE}"       # SK buatan, dibandingkan dengan urutan menurut hitungan
overrides = "{OVERRIDES_FILE}"       # urutan yang dikunci, dengan alasan dan nama
families_per_day = 20     # keluarga yang didatangi satu tim dalam sehari

[archive]
folder = "archive"

[access]
open_on_loopback = true   # peragaan di satu komputer: tanpa masuk, hanya angka gabungan
"""


def _source(sent: SentList, format_: Format) -> str:
    system = f'code_system = "{sent.code_system}"\n' if sent.code_system else ""
    return f"""[[source]]                # {sent.about}
file = {_quoted(f"{sent.folder}/{sent.file_name(format_)}")}
profile = "{sent.profile}"
as_of = {sent.as_of}
{system}"""


def _basis(sent: SentList, number: int) -> str:
    """The list's paper; none where the list holds no persons."""
    agencies = [_AGENCIES[part] for part in _AGENCIES if sent.profile.startswith(part)]
    if not agencies:
        return ""
    last_day = date(sent.as_of.year + _PAPER_YEARS, 12, 31)
    return f"""[source.basis]            # buatan
number = "DEMO/{number:03d}/{sent.as_of.year}"
agency = "{agencies[0]}"
kind = "surat"
purpose = "peragaan dengan data buatan"
valid_until = {last_day}
"""


def _quoted(path: str) -> str:
    return '"' + path.replace("\\", "\\\\").replace('"', '\\"') + '"'


def leaflet_text(lists: Sequence[SentList], *, format_: Format, more: str = "") -> str:
    """BACA-DULU.txt: that nothing here is real, and what each file imitates; then `more`."""
    files = "\n".join(
        f"  {f'{sent.folder}/{sent.file_name(format_)}':<30} {sent.about}" for sent in lists
    )
    return f"""SEMUA ORANG DAN KELUARGA DI SINI BUATAN

Berkas-berkas ini meniru bentuk daftar yang dikirim instansi, lengkap dengan cacatnya.
Nama, NIK, nomor KK, alamat dan titik rumah dibuat komputer. NIK memakai kecamatan 98 dan
nomor KK memakai kecamatan 99, yang tidak ada di mana pun. Hanya jumlahnya yang disesuaikan
dengan angka yang pernah diterbitkan. Jangan dipakai untuk menyalurkan bantuan.

{files}
  {OFFICIAL_FILE:<30} daftar desa/kelurahan prioritas menurut SK
  {OVERRIDES_FILE:<30} urutan yang dikunci oleh keputusan
  truth/families.parquet         keadaan sebenarnya setiap keluarga, untuk menguji hasil

Menjalankan:  geo-target run {CONFIG_FILE}
{more}"""
