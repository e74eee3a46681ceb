"""Layouts against the headers that agencies' files were really seen with."""

from collections.abc import Iterator
from datetime import date
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest

from geo_target.errors import ConfigError, DataRefusedError
from geo_target.intake import profiles
from geo_target.intake.code_lists import code_lists
from geo_target.intake.flags import parse_days
from geo_target.intake.headers import _letter, detect_profile, match_headers
from geo_target.intake.lists import AgencyList, read_list
from geo_target.intake.values import ValueFault
from geo_target.programs import programs
from geo_target.resources import use_profiles
from geo_target.schemas import ROLES
from geo_target.workbench import Workbench
from tests.builders import kk, nik


def headers(text: str) -> list[str]:
    return [header.strip() for header in text.replace("\n", " ").split(",")]


# P3KE, sheet of family heads and sheet of individuals, as a Banten importer reads them.
P3KE_COMMON = """ID Keluarga P3KE, Dimuktakhirkan Tahun, Provinsi, Kabupaten/Kota, Kecamatan,
Desa/Kelurahan, Kode Kemdagri, Desil Kesejahteraan, Persentil, Alamat, Prioritas Verval"""
P3KE_FAMILY = headers(P3KE_COMMON) + headers("""Nama Kepala Keluarga, NIK Kepala Keluarga,
NIK Kepala Keluarga Padan Kemdagri, Jenis Kelamin Kepala Keluarga, Tanggal Lahir Kepala Keluarga,
Pekerjaan Kepala Keluarga, Status Pekerjaan Kepala Keluarga, Pendidikan Kepala Keluarga,
Status Kawin Kepala Keluarga, Kepemilikan Rumah, Memiliki Simpanan Uang/Perhiasan/Ternak/Lainnya,
Jenis Atap, Kualitas Atap, Jenis Dinding, Kualitas Dinding, Jenis Lantai, Kualitas Lantai,
Sumber Penerangan, Daya Listrik Terpasang, Bahan Bakar Memasak, Sumber Air Minum,
Memiliki fasilitas Buang Air Besar, Resiko Stunting, Penerima BPNT, Penerima BPUM, Penerima BST,
Penerima PKH, Penerima SEMBAKO, Penerima Prakerja, Penerima KUR""")
P3KE_PERSON = headers(P3KE_COMMON) + headers("""ID Individu, Nama, NIK, Padan Dukcapil,
Jenis Kelamin, Hubungan dengan Kepala Keluarga, Tanggal Lahir, Status Kawin, Pekerjaan,
Status Pekerjaan, Pendidikan, Usia 2023, Kelompok Usia 2023, Penerima BPNT, Penerima PKH""")
# The layout of 2022; its misspelling is real.
P3KE_2022 = headers("""ID Keluarga, Provinsi, Kabupaten, Kecamatan, Desa, Kode Kemdagri,
Desil Kesejahteraan, Alamat, Kepala Keluarga, NIK, Padan Dukcapil, Penerima BNPT, Pensasaran,
Usia dibawah 7 tahun, Usia 7-12""")
P3KE_PERSON_2022 = headers("""ID Keluarga, Provinsi, Kabupaten, Kecamatan, Desa, Kode Kemdagri,
Desil Kesejahteraan, Alamat, ID Individu, Nama, NIK, Padan Dukcapil, Jenis Kelamin,
Hubungan dengan Kepala Keluarga, Tanggal Lahir, Penerima BNPT, Pensasaran, Usia dibawah 7 tahun,
Usia 7-12, Usia 13-15, Usia 16-18, Usia 19-21, Usia 22-59, Usia 60 tahun keatas""")
# DTKS as SIKS-NG exports it.
DTKS = headers("""provinsi, kabupaten, kecamatan, desa_kelurahan, prop_capil, kab_capil, rt, rw,
id_kec, id_desa, Alamat, NIK, NOKK, Nama, idsemesta, FIRST_SK, PKH, BPNT, BST, BLT, BLT_BBM,
BNPT_PPKM, PBI, ATENSI, PENA, PERMAKANAN, RUTILAHU, SEMBAKO_ADAPTIF, YAPI, periode_pkh,
periode_bpnt, periode_pbi, is_nonaktif, keterangan_meninggal, masih_hidup_label,
keterangan_disabilitas, padankan_at, verifyid""")
# SIKS-NG, recipients of one payment.
SIKS = headers("""No, NAMA PENERIMA, NIK KTP, TAHAP, BANSOS, IDSEMESTA, NO KEL, NM PROV, NM KAB,
NM KEC, NM KEL, ALAMAT""")
# DTSEN as SIKS-NG shows it: families, and members.
DTSEN = headers("""alamat, desil_nasional, id_keluarga, id_wilayah, nama_kepala_keluarga, no_kk,
nik, peringkat_nasional, percentile_nasional, peringkat_provinsi, peringkat_kab_kota, provinsi,
kabupaten, kecamatan, kelurahan, rt, rw""")
# The share of BPS, long names. Its list of persons is joined by the family's KK number.
DTSEN_LONG = headers("""nomor_kartu_keluarga, jumlah_anggota_keluarga, alamat,
kode_kelurahan_desa, luas_lantai, jenis_lantai_terluas, jenis_dinding_terluas,
jenis_atap_terluas, sumber_air_minum_utama, sumber_penerangan_utama, daya_terpasang,
bahan_bakar_utama_memasak, fasilitas_bab, jenis_kloset, pembuangan_akhir_tinja,
status_kepemilikan_rumah, pbi_nas, pbi_pemda, desil_nasional, id_pelanggan_pln""")
DTSEN_LONG_PERSON = headers("""nomor_kartu_keluarga, nomor_induk_kependudukan,
status_hubungan_keluarga, alamat_ktp, rt_ktp, rw_ktp, partisipasi_sekolah,
ijazah_tertinggi_yang_dimiliki, status_bekerja, lapangan_usaha_dari_pekerjaan_utama,
status_dalam_pekerjaan_utama, kondisi_gizi, penyakit_kronis""")
DTSEN_PERSON = headers("hub_kepala_keluarga, idsemesta, nama, nik, no_kk, pekerjaan_utama")

FILES = {
    "p3ke-family": P3KE_FAMILY,
    "p3ke-family, 2022": P3KE_2022,
    "p3ke-person": P3KE_PERSON,
    "p3ke-person, 2022": P3KE_PERSON_2022,
    "dtks": DTKS,
    "siks-recipients": SIKS,
    "dtsen, long names": DTSEN_LONG,
    "dtsen-person, long names": DTSEN_LONG_PERSON,
    "regsosek": headers("""idsubsls, No KK, NIK Kepala Keluarga, Nama Kepala Keluarga, Alamat,
        RT, Kode Desa, Kecamatan, Desa, Jumlah Anggota Keluarga, Desil"""),
    "regsosek-person": headers("idsubsls, No KK, NIK, Nama, Tanggal Lahir, Hubungan Keluarga"),
    "facilities": headers("NO, NAMA FASILITAS, JENIS, KECAMATAN, KELURAHAN, BUJUR, LINTANG"),
    "dtsen": DTSEN,
    "dtsen, with the address of the KTP": DTSEN
    + headers("alamat_ktp, rt_ktp, rw_ktp, kelurahan_ktp, provinsi_ktp"),
    "dtsen-person": DTSEN_PERSON,
    "bpjs-pbi": headers("NO, NOKA, NIK, NAMA, SEGMEN, KECAMATAN, KELURAHAN, TMT, STATUS"),
    "bpjs-bpu": headers("NO, KPJ, NIK, NAMA, PROGRAM, STATUS"),
    "packages": headers("NO, NAMA, NIK, NO KK, KECAMATAN, KELURAHAN, TANGGAL, NILAI"),
    "points": headers("id_keluarga_p3ke, lon, lat, akurasi_m, tanggal"),
    "neighborhoods": headers("NO, KECAMATAN, KELURAHAN, RW, RT, NAMA KETUA RT, JUMLAH KK"),
    "population": headers("KODE, KECAMATAN, KELURAHAN, PENDUDUK, KELUARGA"),
    "visits": headers("NO, ID Keluarga P3KE, Tanggal Kunjungan, hasil_verivali, Kelayakan"),
}
#: What a row holds under each canonical column.
CELLS = {
    "family_id": "K1", "family_card_number": kk(1), "head_national_id": nik(1),
    "national_id": nik(1), "village_code": "3673021007", "decile": "1", "period": "4",
    "program": "PKH", "status": "aktif", "valid_from": "01/01/2025", "lon": "106,15",
    "lat": "-6,12", "accuracy_m": "5", "as_of": "01/09/2025", "population_persons": "1000",
    "population_families": "300", "rt": "001", "rw": "002", "birth_date": "01/02/1990",
    "head_birth_date": "01/02/1990",
    "amount_rupiah": "392.087", "name": "A", "person_id": "P1", "relation": "ISTRI",
    "members": "4", "families": "60", "registered_rt": "001", "registered_rw": "002",
    "civil_registry": "PADAN", "visited_on": "01/09/2025", "result": "1", "verdict": "Layak",
    **dict.fromkeys(("roof", "wall", "floor", "lighting", "power", "closet", "sewage",
                     "toilet", "has_shelter", "head_works"), "1"),
}  # fmt: skip


@pytest.mark.parametrize("case", FILES)
def test_real_headers_are_detected_and_read(tmp_path: Path, bench: Workbench, case: str) -> None:
    name = case.partition(",")[0]
    profile = profiles.profile_named(name)
    found = match_headers(profile, FILES[case])
    cells = [""] * len(FILES[case])
    for column, position in found.items():
        cells[position] = CELLS.get(column, "x")
    if profile.period == "month":
        cells[found["period"]] = "11/09/2025"
    file = tmp_path / "list.csv"
    title = "DATA KEMISKINAN" + ";" * (len(cells) - 1)
    file.write_text("\n".join([title, ";".join(FILES[case]), ";".join(cells)]) + "\n", "utf-8")
    listed = read_list(bench, file, profile=None, as_of=date(2025, 10, 1))
    assert listed.report.profile == name
    assert (listed.report.header_row, listed.report.rows, listed.report.accepted) == (2, 1, 1)
    columns = {column for column in listed.report.columns if not column.startswith("flag_")}
    assert columns == set(found)
    if "status" not in found or name != "bpjs-pbi":
        assert listed.report.set_aside == {}


CANONICAL = ("families", "persons", "enrollments", "points", "population", "facilities",
             "neighborhoods", "visits")  # fmt: skip


@pytest.mark.parametrize("name", CANONICAL)
def test_the_canonical_headers_are_a_layout_too(name: str) -> None:
    canonical = ROLES[profiles.profile_named(name).role].names
    detected = detect_profile([canonical])
    assert detected is not None
    assert detected.name == name
    assert {*match_headers(detected, canonical)} == {*detected.columns} & {*canonical}
    assert name == "facilities" or {*detected.columns} - {"rt_rw"} == {*canonical}


@pytest.mark.parametrize("name", profiles.profiles())
def test_columns_are_canonical_names_of_the_role(name: str) -> None:
    profile = profiles.profile_named(name)
    allowed = {*ROLES[profile.role].names} | ({"period"} if profile.period else set())
    allowed |= {"rt_rw"} if "rt" in allowed else set()
    assert set(profile.columns) <= allowed
    assert all(profile.columns.values())


@pytest.mark.parametrize("name", profiles.profiles())
def test_every_spelling_is_enough_and_means_one_column(name: str) -> None:
    profile = profiles.profile_named(name)
    folded = [profiles.folded(word) for words in profile.columns.values() for word in words]
    assert all(folded)
    # A spelling in two columns of a layout would be read as both. The folded forms of one
    # column's spellings may repeat: 'NO KK' and 'NO. KK'.
    owners: dict[str, str] = {}
    for column, words in profile.columns.items():
        for word in words:
            assert owners.setdefault(profiles.folded(word), column) == column


@pytest.mark.parametrize("name", profiles.profiles())
def test_words_lead_to_what_the_schema_allows(name: str) -> None:
    profile = profiles.profile_named(name)
    assert set(profile.values) <= set(profile.columns)
    assert set(profile.words("program").values()) <= set(programs())
    assert set(profile.words("status").values()) <= {"active", "inactive"}
    assert profile.program is None or profile.program in programs()


def test_flags_of_old_aid_are_never_coverage() -> None:
    for case in ("p3ke-family", "p3ke-person"):
        profile = profiles.profile_named(case)
        found = match_headers(profile, FILES[case])
        read = {FILES[case][position] for position in found.values()}
        assert not {header for header in read if header.startswith("Penerima")}
        assert profile.role != "enrollments"


@pytest.mark.parametrize(
    ("segment", "program"),
    [("PBI APBN", "PBI_JK"), ("PBI (APBN)", "PBI_JK"), ("PBI JK", "PBI_JK"),
     ("PBPU BP Pemda", "PBI_APBD"), ("PBI APBD", "PBI_APBD"), ("PPU", None), ("PBPU", None)],
)  # fmt: skip
def test_segments_of_health_insurance(
    tmp_path: Path, bench: Workbench, segment: str, program: str | None
) -> None:
    text = f"NOKA;NIK;NAMA;SEGMEN;TMT;STATUS\n1;{nik(1)};A;{segment};01/02/2020;AKTIF\n"
    listed = read(bench, tmp_path, text)
    assert listed.report.profile == "bpjs-pbi"
    assert [row["program"] for row in listed.table.rows()] == [program]
    assert listed.report.set_aside == ({} if program else {"E-PROGRAM": 1})


def test_a_number_of_a_list_is_no_kk() -> None:
    found = match_headers(profiles.profile_named("siks-recipients"), SIKS)
    assert "family_card_number" not in found
    assert SIKS[found["national_id"]] == "NIK KTP"


def test_an_unknown_profile_names_the_near_ones() -> None:
    with pytest.raises(ConfigError, match="p3ke-family") as caught:
        profiles.profile_named("p3ke-familiy")
    assert caught.value.faults[0].code == "E-PROFILE"


def test_headers_vary_in_case_blanks_and_signs() -> None:
    profile = profiles.profile_named("families")
    found = match_headers(profile, ["FAMILY ID", "No. KK", "Nama  Kepala_Keluarga", ""])
    assert found == {"family_id": 0, "family_card_number": 1, "head_name": 2}


def test_a_number_of_a_small_area_is_no_nik() -> None:
    """`idsubsls` of BPS has 16 digits."""
    for name in ("regsosek", "regsosek-person"):
        found = match_headers(profiles.profile_named(name), FILES[name])
        assert FILES[name].index("idsubsls") not in found.values()


def read(bench: Workbench, folder: Path, text: str, profile: str | None = None) -> AgencyList:
    file = folder / "list.csv"
    file.write_text(text, encoding="utf-8")
    named = profiles.profile_named(profile) if profile else None
    return read_list(bench, file, profile=named, as_of=date(2025, 10, 1))


# --------------------------------------------------------------- ids that a layout does not print


def test_a_list_without_ids_is_numbered_and_keeps_its_kk_secret(
    tmp_path: Path, bench: Workbench
) -> None:
    text = f"nomor_kartu_keluarga;kode_kelurahan_desa;desil_nasional\n{kk(1)};3673021007;1\n"
    listed = read(bench, tmp_path, text)
    (row,) = listed.table.rows()
    assert (row["family_id"], row["family_card_number"]) == ("list.csv#2", kk(1))
    assert (listed.report.profile, listed.report.set_aside) == ("dtsen", {})


def test_persons_that_nothing_links_to_a_family_are_refused(
    tmp_path: Path, bench: Workbench
) -> None:
    text = f"nomor_induk_kependudukan;alamat_ktp\n{nik(1)};A\n"
    with pytest.raises(DataRefusedError, match="E-COLUMN"):
        read(bench, tmp_path, text, "dtsen-person")


def test_a_list_with_keys_and_places_is_not_taken_for_a_register(
    tmp_path: Path, bench: Workbench
) -> None:
    text = f"NIK;NO KK;NAMA;ALAMAT;RT;RW;KECAMATAN;KELURAHAN\n{nik(1)};{kk(1)};A;B;1;2;C;D\n"
    assert read(bench, tmp_path, text).profile.role == "enrollments"


# ----------------------------------------------------------------- flags of programs, by period

FLAGS = "NIK;NOKK;FIRST_SK;PKH;periode_pkh;BPNT;periode_bpnt"


@pytest.mark.parametrize(
    ("said", "period", "expected", "code"),
    [
        ("YA", "JUL-SEP 2025", ("PKH", date(2025, 7, 1), date(2025, 9, 30), None), None),
        ("1", "Tahap 3 2025", ("PKH", date(2025, 7, 1), date(2025, 9, 30), None), None),
        ("Ya", "", ("PKH", None, None, "unknown"), "E-PERIOD"),
        ("Ya", "2025", ("PKH", None, None, "unknown"), "E-PERIOD"),
        ("TIDAK", "JUL-SEP 2025", None, None),
        ("", "", None, None),
        ("mungkin", "JUL-SEP 2025", None, "E-FLAG"),
    ],
)
def test_a_flag_counts_for_its_period_only(
    tmp_path: Path, bench: Workbench, *, said: str, period: str, expected: Any, code: str | None
) -> None:
    listed = read(bench, tmp_path, f"{FLAGS}\n{nik(1)};{kk(1)};SK;{said};{period};TIDAK;\n")
    found = [tuple(row[name] for name in ("program", "valid_from", "valid_to", "status"))
             for row in listed.table.rows()]  # fmt: skip
    assert found == ([expected] if expected else [])
    report = listed.report
    assert (report.profile, report.rows, report.accepted) == ("dtks", 1, 1)
    assert report.set_aside == ({code: 1} if code else {})
    assert [(f["row"], f["code"]) for f in listed.faults.rows()] == ([(2, code)] if code else [])


@pytest.mark.parametrize(
    ("said", "status", "code"),
    [("", None, None), ("0", None, None), ("Tidak", None, None), ("1", "inactive", None),
     ("Ya", "inactive", None), ("nonaktif", "inactive", None), ("entah", "unknown", "E-STATUS")],
)  # fmt: skip
def test_a_record_that_is_switched_off_does_not_count(
    tmp_path: Path, bench: Workbench, *, said: str, status: str | None, code: str | None
) -> None:
    text = f"{FLAGS};is_nonaktif\n{nik(1)};{kk(1)};SK;YA;JUL-SEP 2025;TIDAK;;{said}\n"
    listed = read(bench, tmp_path, text)
    (row,) = listed.table.rows()
    assert (listed.report.profile, row["program"], row["status"]) == ("dtks", "PKH", status)
    assert listed.report.set_aside == ({code: 1} if code else {})


def test_flags_of_kinds_of_one_program_have_their_own_period(
    tmp_path: Path, bench: Workbench
) -> None:
    header = "NIK;NOKK;FIRST_SK;YAPI;periode_yapi;PERMAKANAN;periode_permakanan;PENA;periode_pena"
    cells = f"{nik(1)};{kk(1)};SK;YA;2025-01;YA;2025-09;TIDAK;2025-09"
    listed = read(bench, tmp_path, f"{header}\n{cells}\n")
    found = sorted((row["program"], row["valid_from"]) for row in listed.table.rows())
    assert found == [("ATENSI", date(2025, 1, 1)), ("ATENSI", date(2025, 9, 1))]
    assert (listed.report.profile, listed.report.accepted) == ("dtks", 1)


def test_the_premium_aid_of_a_record_is_a_flag_and_no_enrollment(
    tmp_path: Path, bench: Workbench
) -> None:
    head = "nomor_kartu_keluarga;kode_kelurahan_desa;desil_nasional;pbi_nas;pbi_pemda"
    listed = read(bench, tmp_path, f"{head}\n{kk(1)};3673021007;1;1;2\n{kk(2)};3673021007;1;;\n")
    assert listed.profile.role == "families"
    found = {row["row"]: row["flagged_programs"] for row in listed.table.rows()}
    assert found == {2: "PBI_JK", 3: None}


def test_each_flag_of_a_person_is_an_enrollment(tmp_path: Path, bench: Workbench) -> None:
    row = f"{nik(1)};{kk(1)};SK;YA;9/2025;YA;SEP 2025"
    listed = read(bench, tmp_path, f"{FLAGS}\n{row}\n{row}\n")
    assert sorted(row["program"] for row in listed.table.rows()) == ["PKH", "SEMBAKO"]
    report = listed.report
    assert (report.rows, report.accepted, report.duplicates) == (2, 1, 1)
    assert {"PKH", "periode_pkh"} <= set(report.columns.values())


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Oktober 2025", (date(2025, 10, 1), date(2025, 10, 31))),
        ("2025-02", (date(2025, 2, 1), date(2025, 2, 28))),
        ("Jan s.d. Jun 2025", (date(2025, 1, 1), date(2025, 6, 30))),
        ("13/2025", None), ("DES 2025", None), ("JUN-JAN 2025", None), ("kemarin", None),
        ("foo 2025", None), ("0000-01", None),
    ],
)  # fmt: skip
def test_periods_of_flags(text: str, days: tuple[date, date] | None) -> None:
    if days:
        assert parse_days(text, date(2025, 10, 1)) == days
    else:
        with pytest.raises(ValueFault, match="E-PERIOD"):
            parse_days(text, date(2025, 10, 1))


# ------------------------------------------------------------------------------ lists of codes


def test_a_code_means_another_thing_in_another_source() -> None:
    lists = code_lists()
    for code, regsosek, dtsen in [("4", "asbes", "asbes"), ("5", "kayu/sirap", "bambu"),
                                  ("06", "bambu", "kayu/sirap"), ("77", None, None)]:  # fmt: skip
        assert lists["regsosek-2022"].word("roof", code) == regsosek
        assert lists["dtsen-2025"].word("roof", code) == dtsen
    assert lists["dtsen-2025"].word("cooking", "0") is None  # sources disagree: nobody knows


@pytest.mark.parametrize(
    ("profile", "header", "five", "six"),
    [("dtsen", "jenis_atap_terluas", "bambu", "kayu/sirap"),
     ("regsosek", "jenis_atap_terluas", "kayu/sirap", "bambu"),
     ("regsosek", "Jenis Atap", "kayu/sirap", "bambu")],
)  # fmt: skip
def test_a_roof_is_read_in_the_words_of_its_own_source(
    tmp_path: Path, bench: Workbench, *, profile: str, header: str, five: str, six: str
) -> None:
    codes = ["5", "06", "6.0", "", "77", "0", "Genteng", "daun"]
    rows = "".join(f"K{i};3673021007;1;{code}\n" for i, code in enumerate(codes))
    key = profiles.profile_named(profile).columns["family_id"][0]
    text = f"{key};kode_kelurahan_desa;{'desil_nasional' if profile == 'dtsen' else 'desil'}"
    listed = read(bench, tmp_path, f"{text};{header}\n{rows}", profile)
    assert [row["roof"] for row in sorted(listed.table.rows(), key=itemgetter("row"))] == [
        five, six, six, None, None, None, "genteng", None]  # fmt: skip
    assert [(f["row"], f["column"], f["code"]) for f in listed.faults.rows()] == [
        (6, "roof", "E-CODE"), (7, "roof", "E-CODE"), (9, "roof", "E-CODE")]  # fmt: skip
    report = listed.report
    assert (report.accepted, report.set_aside) == (8, {"E-CODE": 3})
    assert report.columns["roof"] == header


def test_every_thing_that_is_coded_has_a_column_of_families() -> None:
    things = {thing for known in code_lists().values() for thing in known.lists}
    assert things <= {*ROLES["families"].names}


@pytest.mark.parametrize("name", profiles.profiles())
def test_coded_columns_have_a_list_of_their_source(name: str) -> None:
    profile = profiles.profile_named(name)
    assert bool(profile.coded) == bool(profile.code_list)
    if profile.code_list:
        assert {*profile.coded} <= {*code_lists()[profile.code_list].lists}
        assert profile.code_list.startswith(profile.register_name)


# ------------------------------------------------------------------------- a user's own layouts

OWN = """
name = "dinsos-bantuan"
register = "dinsos-bantuan"
role = "enrollments"
header_row = 3
first_row = 5
program = "PKH"
needed = ["amount_rupiah"]
[title]
id = "bantuan dinsos"
en = "aid of the social office"
[columns]
national_id = ["Nomor Penduduk"]
amount_rupiah = ["Nilai (ribu)"]
[units]
amount_rupiah = "thousand_rupiah"
"""


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "profiles"
    folder.mkdir()
    (folder / "dinsos-bantuan.toml").write_text(OWN, "utf-8")
    use_profiles(folder)
    yield folder / "dinsos-bantuan.toml"
    use_profiles(None)


@pytest.mark.parametrize("name", [None, "dinsos-bantuan"])
def test_a_layout_of_the_users_own_needs_no_code(
    tmp_path: Path, bench: Workbench, own: Path, name: str | None
) -> None:
    assert own.is_file()
    text = ("Daftar bantuan;\nNomor Penduduk;x\nNomor Penduduk;Nilai (ribu)\n(1);(2)\n"
            f"{nik(1)};400\n")  # fmt: skip
    listed = read(bench, tmp_path, text, name)
    report = listed.report
    assert (report.profile, report.header_row, report.rows, report.accepted) == (
        "dinsos-bantuan", 3, 1, 1)  # fmt: skip
    (row,) = listed.table.rows()
    assert (row["row"], row["program"], row["amount_rupiah"]) == (5, "PKH", 400_000)


def test_its_needed_columns_are_needed(tmp_path: Path, bench: Workbench, own: Path) -> None:
    assert own.is_file()
    with pytest.raises(DataRefusedError, match="Nilai"):
        read(bench, tmp_path, f"a;b\nc;d\nNomor Penduduk;x\n\n{nik(1)};1\n", "dinsos-bantuan")


def test_two_files_of_one_name_are_refused(own: Path) -> None:
    """A copy whose name was forgotten would else take the place of the other unseen."""
    own.with_name("salinan.toml").write_text(OWN, "utf-8")
    with pytest.raises(ConfigError, match="E-PROFILE-FILE") as caught:
        profiles.profiles()
    (fault,) = caught.value.faults
    assert fault.file == "profiles/salinan.toml"
    assert "dinsos-bantuan = dinsos-bantuan.toml" in fault.id


@pytest.mark.parametrize(("position", "letter"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ")])
def test_columns_are_named_as_a_spreadsheet_does(position: int, letter: str) -> None:
    assert _letter(position) == letter


def test_one_of_our_name_takes_the_place_of_ours(own: Path) -> None:
    own.write_text(OWN.replace('"dinsos-bantuan"', '"packages"'), "utf-8")
    assert profiles.profile_named("packages").title.id == "bantuan dinsos"
    use_profiles(None)
    assert profiles.profile_named("packages").title.id == "paket sembako"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("[columns]", "[columns", "dinsos-bantuan.toml"),
        ("national_id =", "nik =", "nik; enrollments: "),
        ('program = "PKH"', 'program = "PKHX"', "PKHX"),
        ('"thousand_rupiah"', '"dollar"', "dollar"),
        ('["amount_rupiah"]', '["income"]', "income"),
        ('role = "enrollments"', 'role = "recipients"', "role"),
        ('role = "enrollments"', 'role = "enrollments"\nwidth = 3', "width"),
        ("header_row = 3", "header_row = 30", "header_row"),
        ("[columns]", '[coded]\nroof = ["atap"]\n[columns]', "need each other"),
        ("header_row = 3", 'code_list = "dtsen-1999"\ncoded = {roof = ["atap"]}', "dtsen-2025"),
        ("header_row = 3", 'code_list = "dtsen-2025"\ncoded = {pool = ["x"]}', "['pool']"),
        ("header_row = 3", 'code_list = "dtsen-2025"', "need each other"),
    ],
)
def test_what_is_wrong_with_it_is_said(own: Path, old: str, new: str, words: str) -> None:
    assert old in OWN
    own.write_text(OWN.replace(old, new), "utf-8")
    with pytest.raises(ConfigError, match="E-PROFILE-FILE") as caught:
        profiles.profiles()
    (fault,) = caught.value.faults
    assert fault.file == "profiles/dinsos-bantuan.toml"
    assert words in fault.text()
