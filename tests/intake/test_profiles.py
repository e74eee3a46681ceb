"""Layouts against the headers that agencies' files were really seen with."""

from datetime import date
from pathlib import Path

import pytest

from geo_target.errors import ConfigError
from geo_target.intake import profiles
from geo_target.intake.lists import read_list
from geo_target.parameters import programs
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
# SIKS-NG, recipients of one payment.
SIKS = headers("""No, NAMA PENERIMA, NIK KTP, TAHAP, BANSOS, IDSEMESTA, NO KEL, NM PROV, NM KAB,
NM KEC, NM KEL, ALAMAT""")
# DTSEN as SIKS-NG shows it: families, and members.
DTSEN = headers("""alamat, desil_nasional, id_keluarga, id_wilayah, nama_kepala_keluarga, no_kk,
nik, peringkat_nasional, percentile_nasional, peringkat_provinsi, peringkat_kab_kota, provinsi,
kabupaten, kecamatan, kelurahan, rt, rw""")
DTSEN_PERSON = headers("hub_kepala_keluarga, idsemesta, nama, nik, no_kk, pekerjaan_utama")

FILES = {
    "p3ke-family": P3KE_FAMILY,
    "p3ke-family, 2022": P3KE_2022,
    "p3ke-person": P3KE_PERSON,
    "siks-recipients": SIKS,
    "dtsen": DTSEN,
    "dtsen-person": DTSEN_PERSON,
    "bpjs-pbi": headers("NO, NOKA, NIK, NAMA, SEGMEN, KECAMATAN, KELURAHAN, TMT, STATUS"),
    "bpjs-bpu": headers("NO, KPJ, NIK, NAMA, PROGRAM, STATUS"),
    "packages": headers("NO, NAMA, NIK, NO KK, KECAMATAN, KELURAHAN, TANGGAL, NILAI"),
    "points": headers("id_keluarga_p3ke, lon, lat, akurasi_m, tanggal"),
    "population": headers("KODE, KECAMATAN, KELURAHAN, PENDUDUK, KELUARGA"),
}
#: What a row holds under each canonical column.
CELLS = {
    "family_id": "K1", "family_card_number": kk(1), "head_national_id": nik(1),
    "national_id": nik(1), "village_code": "3673021007", "decile": "1", "period": "4",
    "program": "PKH", "status": "aktif", "valid_from": "01/01/2025", "lon": "106,15",
    "lat": "-6,12", "accuracy_m": "5", "as_of": "01/09/2025", "population_persons": "1000",
    "population_families": "300", "rt": "001", "rw": "002", "birth_date": "01/02/1990",
    "amount_rupiah": "392.087", "name": "A", "person_id": "P1", "relation": "ISTRI",
}  # fmt: skip


@pytest.mark.parametrize("case", FILES)
def test_real_headers_are_detected_and_read(tmp_path: Path, bench: Workbench, case: str) -> None:
    name = case.partition(",")[0]
    profile = profiles.profile_named(name)
    found = profiles.match_headers(profile, FILES[case])
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
    assert set(listed.report.columns) == set(found)
    if "status" not in found or name != "bpjs-pbi":
        assert listed.report.set_aside == {}


@pytest.mark.parametrize("name", ["families", "persons", "enrollments"])
def test_the_canonical_headers_are_a_layout_too(name: str) -> None:
    canonical = ROLES[profiles.profile_named(name).role].names
    detected = profiles.detect_profile([canonical])
    assert detected is not None
    assert detected.name == name
    assert list(profiles.match_headers(detected, canonical)) == list(detected.columns)


@pytest.mark.parametrize("name", profiles.profiles())
def test_columns_are_canonical_names_of_the_role(name: str) -> None:
    profile = profiles.profile_named(name)
    allowed = {*ROLES[profile.role].names} | ({"period"} if profile.period else set())
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


def test_flags_of_old_aid_are_never_read() -> None:
    for case in ("p3ke-family", "p3ke-person"):
        found = profiles.match_headers(profiles.profile_named(case), FILES[case])
        read = {FILES[case][position] for position in found.values()}
        assert not {header for header in read if header.startswith("Penerima")}


def test_a_number_of_a_list_is_no_kk() -> None:
    found = profiles.match_headers(profiles.profile_named("siks-recipients"), SIKS)
    assert "family_card_number" not in found
    assert SIKS[found["national_id"]] == "NIK KTP"


def test_an_unknown_profile_names_the_near_ones() -> None:
    with pytest.raises(ConfigError, match="p3ke-family") as caught:
        profiles.profile_named("p3ke-familiy")
    assert caught.value.faults[0].code == "E-PROFILE"


def test_headers_vary_in_case_blanks_and_signs() -> None:
    profile = profiles.profile_named("families")
    found = profiles.match_headers(profile, ["FAMILY ID", "No. KK", "Nama  Kepala_Keluarga", ""])
    assert found == {"family_id": 0, "family_card_number": 1, "head_name": 2}
