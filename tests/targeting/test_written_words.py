import pytest

from geo_target.targeting.written_words import is_disabled, is_head, sex_of, work_of


@pytest.mark.parametrize(
    ("word", "sex"),
    [
        ("L", "m"), ("LAKI-LAKI", "m"), ("Laki laki", "m"), ("Pria", "m"), ("1", "m"),
        ("1.0", "m"), ("01", "m"), ("1. Laki-laki", "m"),
        ("P", "f"), ("PEREMPUAN", "f"), ("Wanita", "f"), ("2", "f"), ("2 - Perempuan", "f"),
        ("3", None), ("", None), ("KOSONG", None), ("12", None),
    ],
)  # fmt: skip
def test_sex(word: str, sex: str | None) -> None:
    assert sex_of(word) == sex


@pytest.mark.parametrize(
    ("word", "is_it"),
    [
        ("KEPALA KELUARGA", True), ("Kepala rumah tangga", True), ("KRT", True), ("1", True),
        ("ISTRI", False), ("Anak", False), ("Orang tua", False), ("FAMILI LAIN", False),
        ("3", False), ("11", False), ("SENDIRI", None), ("", None),
    ],
)  # fmt: skip
def test_the_head(word: str, *, is_it: bool | None) -> None:
    assert is_head(word) is is_it


@pytest.mark.parametrize(
    ("word", "is_it"),
    [
        ("Tidak ada", False), ("TIDAK", False), ("", False), ("-", False), ("tidak cacat", False),
        ("Non disabilitas", False), ("Tuna netra", True), ("Ya", True), ("DISABILITAS FISIK", True),
        ("Cacat mental", True), ("KOSONG", None), ("2", None), ("Belum diisi", None),
        ("TDK", False), ("tdk ada", False), ("Tidak punya cacat", False), ("tidak difabel", False),
        ("Tidak menyandang disabilitas", False), ("Tidak memiliki kecacatan", False),
        ("Tidak bisa berjalan", True), ("tidak dapat melihat", True), ("tdk bisa mendengar", True),
        ("TIDAK MAMPU BERDIRI", True), ("Tidak tahu", None), ("tidak dapat ditemui", None),
        ("tidak dapat hadir sendiri", None),
        ("Tidak ada kaki", None), ("tidak mampu", None),
    ],
)  # fmt: skip
def test_disability(word: str, *, is_it: bool | None) -> None:
    assert is_disabled(word) is is_it


INFORMAL = [
    # P3KE, DTSEN in SIKS-NG
    "BURUH HARIAN LEPAS", "PETANI/PEKEBUN", "PEDAGANG KECIL", "PENGEMUDI OJEK",
    "TUKANG BANGUNAN", "ASISTEN RUMAH TANGGA", "WIRASWASTA", "Pekerja lepas",
    # KTP
    "PETERNAK", "PEMBANTU RUMAH TANGGA", "TUKANG CUKUR", "TUKANG LAS/PANDAI BESI", "PARAJI",
    "SOPIR", "PEDAGANG",
    # how one works, by BPS
    "Berusaha sendiri", "Berusaha dibantu buruh tidak tetap/tidak dibayar",
    "Pekerja bebas nonpertanian", "Pekerja keluarga/tidak dibayar",
    # as people write
    "Kuli angkut", "buruh cuci", "jualan gorengan", "Supir angkot",
    # of fish, and no fishers
    "Pengusaha perikanan", "Penjual ikan/nelayan", "PEDAGANG IKAN",
]  # fmt: skip
FARM_HANDS = [
    "NELAYAN", "BURUH TANI", "NELAYAN/PERIKANAN", "BURUH TANI/PERKEBUNAN",
    "BURUH NELAYAN/PERIKANAN", "BURUH PETERNAKAN", "Pekerja bebas pertanian",
    "Nelayan kecil", "1. Nelayan", "Nelayan (berusaha sendiri)", "Buruh perikanan",
]  # fmt: skip
OTHERS = [
    "TIDAK BEKERJA", "BELUM/TIDAK BEKERJA", "Tidak/belum bekerja", "MENGURUS RUMAH TANGGA",
    "Ibu rumah tangga", "IRT", "PELAJAR/MAHASISWA", "Kuliah", "PENSIUNAN",
    "PEGAWAI NEGERI SIPIL", "PNS/TNI/POLRI", "TENTARA NASIONAL INDONESIA", "KEPOLISIAN RI",
    "KARYAWAN SWASTA", "KARYAWAN BUMN", "KARYAWAN HONORER", "Buruh pabrik",
    "Buruh/karyawan/pegawai swasta", "GURU", "DOSEN", "PERANGKAT DESA", "KEPALA DESA",
    "ANGGOTA DPRD PROVINSI", "WAKIL BUPATI", "Pejabat negara",
    "Pegawai nelayan", "Karyawan perikanan", "Buruh pabrik perikanan",
]  # fmt: skip
UNKNOWN = ["INDUSTRI", "PERDAGANGAN", "LAINNYA", "BURUH", "1", "04", "KOSONG", "", "DOKTER",
           "PERIKANAN", "Bukan nelayan", "USTADZ/MUBALIGH", "Guru ngaji",
           "Pertanian tanaman padi dan palawija"]  # fmt: skip


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        *((word, (True, False)) for word in INFORMAL),
        *((word, (True, True)) for word in FARM_HANDS),
        *((word, (False, False)) for word in OTHERS),
        *((word, (None, None)) for word in UNKNOWN),
    ],
)
def test_work(word: str, expected: tuple[bool | None, bool | None]) -> None:
    assert tuple(work_of(word)) == expected
