"""What lies beside a form: how it gets to the phones, and what must not leave the country."""

_AFTER = """\

Setelah kunjungan: unduh jawaban sebagai {what}, lalu masukkan di halaman hasil kunjungan.
Jawaban yang sama boleh dikirim berkali-kali: dihitung satu. 'Tidak ditemukan' tidak mengakhiri
hak siapa pun. Setelah masa kunjungan, hapus daftar dan jawaban dari server dan dari ponsel.
"""

ODK = """\
Pemutakhiran data keluarga - paket untuk ODK Central

Paket ini berisi data pribadi. Simpan hanya di server yang dikuasai instansi, di Indonesia.

1. Di ODK Central buat proyek, lalu unggah form.xlsx sebagai formulir dan terbitkan.
   Daftar entitas 'kunjungan' dan kolomnya dibuat sendiri oleh formulir itu.
2. Buka daftar entitas 'kunjungan', unggah kunjungan.csv.
3. Beri akses formulir kepada petugas, pasang ODK Collect di ponsel, pindai kode QR proyek.
4. Petugas memilih namanya; hanya kunjungannya yang tampil. Namun setiap ponsel menyimpan
   seluruh daftar: bila mereka tidak boleh memegang data yang lain, pakai paket tiap petugas,
   masing-masing dalam proyeknya sendiri.

English: upload and publish form.xlsx in ODK Central; it creates the entity list 'kunjungan'
with its properties. Then upload kunjungan.csv to that list. Each phone holds the whole list:
where officers may not hold each other's, use the package of each, in a project of its own. Keep
it on a server of the agency's own, in Indonesia.
""" + _AFTER.format(what="CSV dari ODK Central")

KOBO = """\
Pemutakhiran data keluarga - paket untuk KoboToolbox

PERHATIAN: server umum KoboToolbox (kf.kobotoolbox.org, eu.kobotoolbox.org) berada di luar negeri.
Mengirim data pribadi ke sana adalah transfer ke luar wilayah Indonesia: UU 27/2022 pasal 56
menuntut perlindungan yang setara, perjanjian yang mengikat, atau persetujuan pemilik data.
Yang perlu dilakukan:
- pakai KoboToolbox yang dipasang instansi sendiri di Indonesia, atau ODK Central; atau
- minta keputusan tertulis pejabat pelindung data pribadi sebelum mengunggah apa pun.
Karena itu kunjungan.csv dibuat tanpa nama dan alamat, kecuali diminta; jawaban dapat memuat
NIK yang diperbaiki dan titik rumah, maka peringatan ini berlaku juga tanpa nama.

1. Buat proyek baru dari berkas XLSForm: form.xlsx.
2. Pengaturan > Media: unggah kunjungan.csv dengan nama yang sama.
3. Terbitkan, lalu buka di KoboCollect.
4. Petugas memilih namanya; hanya kunjungannya yang tampil. Kobo tidak menandai kunjungan yang
   sudah selesai: lihat tanda di daftar kertas.

English: WARNING, the public servers of KoboToolbox are abroad. Sending personal data there is a
transfer out of Indonesia under Law 27/2022, article 56. Use a server of the agency's own in
Indonesia, or ODK Central, or ask the data protection officer for a written decision first. Create
the project from form.xlsx, add kunjungan.csv as media under the same name, deploy.
""" + _AFTER.format(what="CSV (XML values and headers, pemisah ';') atau JSON")
