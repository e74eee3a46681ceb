"""Spellings of headers that were seen in real files: each is read by a layout that has such a list.

What is seen and not read stands here too, with the reason.
"""

import pytest

from geo_target.intake.headers import detect_profile, match_headers
from geo_target.intake.profiles import folded, profiles

#: Canonical columns, in any layout, and the spellings seen.
READ = {
    "head_national_id national_id": ["NIK", "NIK Kepala Keluarga", "nomor_induk_kependudukan",
                                     "nik_kk", "NIK KTP", "nik_art"],
    "family_card_number": ["NO_KK", "No. KK", "NOKK", "nomor_kartu_keluarga",
                           "No. Kartu Keluarga", "Nomor Kartu Keluarga", "NKK", "kk"],
    "family_id": ["ID Keluarga P3KE", "ID Keluarga", "id_keluarga"],
    "person_id": ["ID Individu", "idsemesta", "IDSEMESTA", "id_art"],
    "head_name name": ["NAMA", "Nama", "Nama Kepala Keluarga", "Kepala Keluarga",
                       "nama_kepala_keluarga", "NAMA PENERIMA", "nama_krt"],
    "birth_date": ["Tanggal Lahir", "TGL LAHIR", "tgl_lahir", "tanggal_lahir"],
    "head_birth_date": ["Tanggal Lahir Kepala Keluarga"],
    "sex": ["Jenis Kelamin", "JK", "L/P"],
    "relation": ["Hubungan dengan Kepala Keluarga", "Hubungan Dengan Kpl. Keluarga", "SHDK",
                 "hub_kepala_keluarga", "status_hubungan_keluarga", "Hubungan Keluarga"],
    "regency_name": ["Kabupaten/Kota", "Kabupaten / Kota", "Kabupaten", "KAB/KOTA", "kabkot",
                     "NM KAB", "kabupaten_kota"],
    "district_name": ["Kecamatan", "KEC", "NM KEC"],
    "village_name": ["Desa/Kelurahan", "Desa", "Kelurahan", "KEL/DESA", "NM KEL",
                     "desa_kelurahan", "kelurahan_desa"],
    "village_code": ["Kode Kemdagri", "Kode Kemendagri", "kode_kelurahan_desa", "id_desa",
                     "id_wilayah", "kode_desa"],
    "address": ["Alamat", "ALAMAT"],
    "registered_address": ["alamat_ktp"],
    "rt": ["RT", "nama_rt"],
    "rw": ["RW", "nama_rw"],
    "registered_rt": ["rt_ktp"],
    "registered_rw": ["rw_ktp"],
    "lat": ["lat", "latitude", "lintang"],
    "lon": ["lng", "long", "longitude", "bujur"],
    "decile": ["Desil Kesejahteraan", "DESIL", "desil", "desil_nasional", "Desil Nasional",
               "jenis_desil", "desil_p3ke"],
    "income_rupiah_per_month": ["Penghasilan", "PENGHASILAN PERBULAN", "penghasilan"],
    "civil_registry": ["Padan Dukcapil", "PADAN DUKCAPIL", "NIK Kepala Keluarga Padan Kemdagri",
                       "status_padan"],
    "as_of": ["Dimuktakhirkan Tahun", "Tahun Update"],
    "roof": ["Jenis Atap", "jenis_atap_terluas"],
    "wall": ["Jenis Dinding", "jenis_dinding_terluas"],
    "floor": ["Jenis Lantai", "jenis_lantai_terluas"],
    "lighting": ["Sumber Penerangan", "sumber_penerangan_utama"],
    "power": ["Daya Listrik Terpasang", "Daya Listrik Rumah", "daya_terpasang"],
    "toilet": ["Memiliki fasilitas Buang Air Besar", "Fasilitas Buang Air Besar", "fasilitas_bab"],
    "closet": ["jenis_kloset"],
    "sewage": ["pembuangan_akhir_tinja"],
}  # fmt: skip
FLAGS = {
    "PKH": ["Penerima PKH", "PKH"],
    "SEMBAKO": ["Penerima BPNT", "Penerima BNPT", "BPNT", "Penerima SEMBAKO", "Sembako"],
    "PBI_JK": ["PBI", "pbi_nas", "pbi_nasional", "penerima_bpjs_pbi"],
    "PBI_APBD": ["pbi_pemda"],
    "BST": ["Penerima BST"],
    "BPUM": ["Penerima BPUM"],
    "PRAKERJA": ["Penerima Prakerja"],
    "KUR": ["Penerima KUR"],
    "ATENSI": ["YAPI", "PERMAKANAN"],
    "PENA": ["PENA"],
}
NOT_READ = {
    "of DTKS, which belongs to no register that families are kept by": [
        "ID DTKS", "id_dtks", "ID BDT", "IDBDT", "id_bdt"],
    "a family's head is a person of the list of persons": [
        "Jenis Kelamin Kepala Keluarga"],
    "nothing is asked of it: districts and codes say the province, deciles the rank": [
        "Provinsi", "NM PROV", "provinsi_ktp", "Persentil", "percentile", "percentile_nasional",
        "peringkat_nasional", "peringkat_provinsi", "peringkat_kab_kota", "Prioritas Verval",
        "Resiko Stunting", "Risiko Stunting", "Kepemilikan Rumah", "status_kepemilikan_rumah",
        "Status Rumah", "Memiliki Simpanan Uang/Perhiasan/Ternak/Lainnya", "Kualitas Atap",
        "Kualitas Dinding", "Kualitas Lantai", "luas_lantai", "Luas Lantai",
        "Bahan Bakar Memasak", "bahan_bakar_utama_memasak", "Sumber Air Minum",
        "sumber_air_minum_utama", "id_pelanggan_pln", "IDPEL"],
    "aid of old years, in DTKS without the days of today": ["BST"],
    "which of the regencies' programs it is, no column says": ["RUTILAHU"],
    "DTKS prints no period of it": ["ATENSI"],
}  # fmt: skip


@pytest.mark.parametrize("columns", READ)
def test_every_spelling_that_was_seen_is_read(columns: str) -> None:
    known = {
        folded(spelling)
        for profile in profiles().values()
        for column in columns.split()
        for spelling in profile.headers.get(column, ())
    }
    assert [spelling for spelling in READ[columns] if folded(spelling) not in known] == []


@pytest.mark.parametrize("program", FLAGS)
def test_every_flag_that_was_seen_is_read(program: str) -> None:
    known = {
        folded(header)
        for profile in profiles().values()
        for flag in profile.flag
        for header in flag.header
        if flag.program == program
    }
    assert [header for header in FLAGS[program] if folded(header) not in known] == []


def test_what_is_said_to_be_unread_is_unread() -> None:
    read = {
        folded(spelling)
        for profile in profiles().values()
        for spellings in (*profile.headers.values(), *(flag.header for flag in profile.flag))
        for spelling in spellings
    }
    assert [s for said in NOT_READ.values() for s in said if folded(s) in read] == []


#: Lists as offices type them, and the layout that is proposed.
LISTS = {
    "ID Keluarga,NIK,Nama,Kab/Kota,Kec,Kel/Desa,Alamat": "families",
    "NIK,NO KK,NAMA,JK,TGL LAHIR,SHDK": "persons",
    "NIK,ID Keluarga,Nama,L/P,Tgl. Lahir": "persons",
    "No,NIK,NKK,Nama KK,RT/RW,Kelurahan/Desa,Kec,ID Keluarga,Long,Lat": "families",
    "No,Nama,NIK,No. Kartu Keluarga,Kec,Desa/Kelurahan,Tanggal,Nilai": "packages",
    "No,NIK,Nama,Status": "enrollments",
    "program,national_id,name": "enrollments",
    "Kab/Kota,Kec,Kel/Desa,Jumlah Penduduk,Jumlah KK": "population",
    "Kec,Kel/Desa,RT/RW,Jumlah KK": "neighborhoods",
    "Nama Fasilitas,Jenis,Kec,Kel/Desa,Long,Lat": "facilities",
    "ID Keluarga P3KE,NIK Kepala Keluarga,Nama Kepala Keluarga,Kec,Desa/Kelurahan,Desil,RT,RW":
        "p3ke-family",
}  # fmt: skip


@pytest.mark.parametrize("headers", LISTS)
def test_a_list_as_an_office_types_it_is_known(headers: str) -> None:
    names = headers.split(",")
    found = detect_profile([names])
    assert found is not None
    assert found.name == LISTS[headers]
    unread = {*range(len(names))} - {*match_headers(found, names).values()}
    assert [names[position] for position in sorted(unread) if names[position] != "No"] == []
