"""Codes of what can be wrong with a row or a cell, with the words and what to do."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Code:
    """What is wrong, and what to do, in both languages."""

    id: str
    en: str


#: A row from which nothing can be used: it is quarantined.
ROW_CODES = {
    "E-RAGGED": Code(
        "jumlah kolom baris ini tidak sama dengan judulnya; periksa tanda pemisah di dalam isian",
        "this row has another number of columns than the header; look for a separator in a cell",
    ),
    "E-TOTALROW": Code(
        "ini baris jumlah, bukan data; hapus dari daftar",
        "this is a total row, no record; delete it from the list",
    ),
    "E-NOTE": Code(
        "baris ini bukan data: judul atau nomor kolom, judul bagian, catatan atau tanda tangan; "
        "hapus dari daftar, atau lengkapi bila memang data",
        "this row is no record: names or numbers of columns, a heading, a note or a signature; "
        "delete it from the list, or complete it where it is one",
    ),
    "E-NOTHING": Code(
        "tidak ada kunci (NIK, KK, ID) maupun tempat yang terbaca; lengkapi di berkas asal",
        "neither a key (NIK, KK, id) nor a place can be read; complete it in the source file",
    ),
    "E-ID-TWICE": Code(
        "ID ini sudah dipakai baris sebelumnya dengan isi lain; perbaiki di berkas asal",
        "an earlier row has this id with other content; mend it in the source file",
    ),
}

#: Of these rows it is sure that they are no records: nothing was lost with them.
NO_RECORDS = ("E-TOTALROW", "E-NOTE")

#: A cell that cannot be used: it is set aside, the row stays.
CELL_CODES = {
    "E-ID-BLANK": Code(
        "ID kosong; baris tetap dihitung, lengkapi ID-nya agar keluarga ini dikenali lagi",
        "the id is blank; the row still counts, complete it so that the family is known again",
    ),
    "E-FORMULA": Code(
        "rumus yang belum dihitung; buka di Excel, simpan, lalu kirim lagi",
        "a formula that was never calculated; open it in Excel, save it, send it again",
    ),
    "E-CELL-ERROR": Code(
        "galat rumus (#REF!, #N/A); perbaiki di berkas asal",
        "an error of a formula (#REF!, #N/A); mend it in the source file",
    ),
    "E-NIK-SCI": Code(
        "ditulis Excel sebagai bilangan (3,67E+15), angka aslinya hilang; ambil lagi dari sumber",
        "written by Excel as a number (3.67E+15), its digits are lost; take it from the source",
    ),
    "E-NIK-15D": Code(
        "sel bilangan: Excel hanya menyimpan 15 angka; ambil lagi sebagai teks dari sumber",
        "a number cell: Excel keeps 15 digits only; take it as text from the source",
    ),
    "E-NIK-CHAR": Code(
        "berisi huruf atau tanda; periksa, misalnya O untuk angka 0 dan l untuk angka 1",
        "holds letters or signs; mend it, look for O and l in place of 0 and 1",
    ),
    "E-NIK-LEN": Code("bukan 16 angka; periksa di KK", "not 16 digits; look at the family card"),
    "E-NIK-FAKE": Code(
        "angka isian (berulang atau berurutan), bukan NIK; tanyakan kepada keluarganya",
        "filler digits (repeated or in sequence), no NIK; ask the family",
    ),
    "E-NIK-DATE": Code(
        "angka ke-7 sampai 12 bukan tanggal lahir yang mungkin; periksa di KK",
        "digits 7 to 12 are no possible birth date; look at the family card",
    ),
    "E-NIK-SERIAL": Code(
        "empat angka terakhir 0000 tidak pernah dipakai; periksa di KK",
        "a serial of 0000 is never issued; look at the family card",
    ),
    "E-KK-SCI": Code(
        "ditulis Excel sebagai bilangan (3,67E+15), angka aslinya hilang; ambil lagi dari sumber",
        "written by Excel as a number (3.67E+15), its digits are lost; take it from the source",
    ),
    "E-KK-15D": Code(
        "sel bilangan: Excel hanya menyimpan 15 angka; ambil lagi sebagai teks dari sumber",
        "a number cell: Excel keeps 15 digits only; take it as text from the source",
    ),
    "E-KK-CHAR": Code(
        "berisi huruf atau tanda; periksa, misalnya O untuk angka 0 dan l untuk angka 1",
        "holds letters or signs; mend it, look for O and l in place of 0 and 1",
    ),
    "E-KK-LEN": Code("bukan 16 angka; periksa di KK", "not 16 digits; look at the family card"),
    "E-KK-FAKE": Code(
        "angka isian (berulang atau berurutan), bukan nomor KK; periksa di KK",
        "filler digits (repeated or in sequence), no KK number; look at the family card",
    ),
    "E-NIK-KK": Code(
        "angka ini nomor KK di baris lain; periksa mana yang NIK",
        "another row has this number as its KK; look which of the two it is",
    ),
    "E-KK-NIK": Code(
        "angka ini NIK di baris lain; periksa mana yang nomor KK",
        "another row has this number as its NIK; look which of the two it is",
    ),
    "E-MONEY": Code(
        "bukan jumlah rupiah yang jelas; tulis 400000 atau 400.000",
        "no clear amount of rupiah; write 400000 or 400.000",
    ),
    "E-STYLE": Code(
        "kolom ini memakai titik dan koma sebagai pemisah ribuan, jadi nilainya dapat berarti "
        "dua hal; pakai satu cara di seluruh kolom",
        "this column parts thousands by dots and by commas, so the value can mean two things; "
        "write the whole column in one way",
    ),
    "E-WHOLE": Code(
        "bukan bilangan bulat yang mungkin; tulis angkanya saja, misalnya 4",
        "no possible whole number; write the digits only, such as 4",
    ),
    "E-DECILE": Code(
        "bukan desil; tulis satu angka dari 1 sampai 10",
        "no decile; write one number from 1 to 10",
    ),
    "E-DATE": Code(
        "bukan tanggal; tulis 31/12/2025 atau 2025-12-31",
        "no date; write 31/12/2025 or 2025-12-31",
    ),
    "E-DATE-ORDER": Code(
        "bulan mendahului hari (12/31/2025); di sini hari mendahului bulan: bila seluruh kolom "
        "seperti ini, tanggal lainnya salah terbaca; ekspor lagi sebagai 2025-12-31",
        "the month stands before the day (12/31/2025), while days are read first: if the whole "
        "column is so, its other dates are misread; export it again as 2025-12-31",
    ),
    "E-DATE-FUTURE": Code(
        "tanggal sesudah hari daftar ini dibuat; periksa tahunnya",
        "a day after the day of the list; look at the year",
    ),
    "E-PERIOD": Code(
        "tahap atau masa bantuan tidak terbaca; tulis tahap 1 sampai 4, bulannya (Jul-Sep 2025), "
        "atau tanggal (31/12/2025)",
        "the payment period cannot be read; write 1 to 4, its months (Jul-Sep 2025) or a date "
        "(31/12/2025)",
    ),
    "E-COORDINATE": Code(
        "bukan koordinat derajat; tulis misalnya bujur 112,75 dan lintang -7,25 (Excel dapat "
        "mengubahnya menjadi -7.250.000: ambil lagi sebagai teks)",
        "no coordinate in degrees; write 112.75 and -7.25, say (Excel may turn it into -7.250.000: "
        "take it again as text)",
    ),
    "E-COORDINATE-UTM": Code(
        "tampaknya UTM dalam meter; ubah ke derajat (WGS 84)",
        "this looks like UTM in meters; convert it to degrees (WGS 84)",
    ),
    "E-NUMBER": Code(
        "bukan bilangan; tulis angkanya saja, misalnya 12,5",
        "no number; write the digits only, such as 12.5",
    ),
    "E-RTRW": Code(
        "bukan nomor RT/RW; tulis 003 di kolom RT dan 005 di kolom RW, sebagai teks (Excel "
        "mengubah 3/5 menjadi tanggal)",
        "no number of an RT or RW; write 003 under RT and 005 under RW, as text (Excel turns "
        "3/5 into a date)",
    ),
    "E-FLAG": Code(
        "tanda program tidak terbaca; tulis Ya atau Tidak",
        "the flag of a program cannot be read; write Ya or Tidak",
    ),
    "E-CODE": Code(
        "kode ini tidak ada di daftar kode sumbernya; tulis kode menurut metadata daftar itu",
        "this code is not in the list of codes of its source; write it as its metadata says",
    ),
    "E-VERDICT": Code(
        "keputusan tidak dikenal; tulis sama atau beda",
        "an unknown verdict; write same or different",
    ),
    "E-CIVIL-REGISTRY": Code(
        "keterangan padan Dukcapil tidak dikenal; tulis PADAN, TIDAK PADAN atau KOSONG",
        "an unknown word for the match with Dukcapil; write PADAN, TIDAK PADAN or KOSONG",
    ),
    "E-VISIT-RESULT": Code(
        "hasil kunjungan tidak dikenal; tulis 1 sampai 6 atau kata seperti selesai, pindah",
        "an unknown result of a visit; write 1 to 6, or a word such as complete or moved",
    ),
    "E-VISIT-VERDICT": Code(
        "kelayakan tidak dikenal; tulis layak, layak dengan intervensi atau tidak layak",
        "an unknown verdict of a visit; write fit, fit_with_intervention or unfit",
    ),
    "E-YESNO": Code(
        "bukan ya atau tidak; tulis Ya atau Tidak", "neither yes nor no; write Ya or Tidak"
    ),
    "E-STATUS": Code(
        "status tidak dikenal; tulis aktif atau nonaktif, kepesertaan ini belum dihitung",
        "an unknown status; write aktif or nonaktif, this enrollment does not count yet",
    ),
    "E-PROGRAM": Code(
        "program tidak ada di katalog; tambahkan di geodata/programs.toml atau perbaiki",
        "the program is not in the catalogue; add it to geodata/programs.toml or mend it",
    ),
    "E-POINT-ZERO": Code(
        "koordinat 0 dan 0 bukan letak rumah; keluarga dihitung tanpa titik, ukur lagi di rumahnya",
        "0 and 0 are no place of a home; the family counts without a point, measure it again",
    ),
    "E-POINT-AXES": Code(
        "lintang dan bujur tampaknya tertukar; perbaiki di berkas asal",
        "latitude and longitude seem to be swapped; mend the source",
    ),
    "E-POINT-MINUS": Code(
        "tanda minus pada lintang tampaknya hilang; tulis misalnya -6,12",
        "the minus of the latitude seems to be lost; write -6.12 and the like",
    ),
    "E-POINT-ZONE": Code(
        "titik bergeser tepat 6 derajat: zona UTM yang salah; ubah ulang dari zona yang benar",
        "the point is off by exactly 6 degrees: another UTM zone; convert it from the right one",
    ),
    "E-OUT": Code(
        "kode desa/kelurahan dari provinsi lain; periksa apakah baris ini termasuk daftar ini; "
        "dipakai nama kecamatan dan kelurahannya bila ada",
        "the village code is of another province; look whether the row belongs to the list; "
        "district and village name are used where given",
    ),
    "E-VILLAGE-SPLIT": Code(
        "desa/kelurahan dengan kode lama ini sudah dipecah; tulis kode desa yang sekarang",
        "the village of this old code was split; write the code of the village of today",
    ),
    "E-VILLAGE-CODE": Code(
        "kode desa/kelurahan tidak dikenal; perbaiki; sementara dipakai nama kecamatan dan "
        "kelurahannya bila ada",
        "the village code is unknown; mend it; meanwhile district and village name are used where "
        "given",
    ),
}

CODES = ROW_CODES | CELL_CODES
