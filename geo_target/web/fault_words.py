"""What pages of faults say, in both languages: what happened and what to do."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """What happened and what to do, in one language."""

    title: str
    advice: str


TEXTS = {
    "empty": (
        Words("Belum ada hasil", "Jalankan geo-target run, lalu muat ulang halaman ini."),
        Words("No results yet", "Run geo-target run, then reload this page."),
    ),
    "broken": (
        Words(
            "Hasil tidak utuh",
            "Berkas hasil di arsip rusak atau tidak lengkap. Jalankan geo-target run sekali lagi.",
        ),
        Words(
            "The results are not whole",
            "Files of the archive are damaged or missing. Run geo-target run again.",
        ),
    ),
    "unpublished": (
        Words(
            "Belum ada yang diterbitkan untuk umum",
            "Peta untuk umum terbuka setelah orang kedua menyetujuinya (geo-target publish).",
        ),
        Words(
            "Nothing is published for everybody yet",
            "The map for everybody opens once a second person has approved it "
            "(geo-target publish).",
        ),
    ),
    "sign-in": (
        Words("Masuk lebih dahulu", "Sesi Anda sudah berakhir, atau Anda belum masuk."),
        Words("Sign in first", "Your session has ended, or you have not signed in."),
    ),
    "password": (
        Words(
            "Pilih sandi sendiri lebih dahulu",
            "Sandi Anda diberikan orang lain, maka hanya membuka halaman pilih sandi.",
        ),
        Words(
            "Choose a password of your own first",
            "Somebody else has set your password, so it opens nothing but the choice of another.",
        ),
    ),
    "role": (
        Words(
            "Peran Anda tidak membuka halaman ini",
            "Bila Anda memerlukannya untuk tugas, mintalah admin mengubah peran akun Anda.",
        ),
        Words(
            "Your role does not open this page",
            "If your work needs it, ask the administrator to change the role of your account.",
        ),
    ),
    "not-secret": (
        Words(
            "Sandi tidak dikirim lewat sambungan terbuka",
            "Buka layanan ini lewat alamat yang dimulai dengan https://.",
        ),
        Words(
            "No password crosses an open line",
            "Open this service by its address that begins with https://.",
        ),
    ),
    "form": (
        Words(
            "Formulir sudah kedaluwarsa",
            "Tidak ada yang tersimpan: sesi Anda berakhir, atau halamannya terlalu lama terbuka. "
            "Kembali dan salin isian Anda, masuk lagi bila diminta, muat ulang halamannya, lalu "
            "isi sekali lagi.",
        ),
        Words(
            "The form has expired",
            "Nothing has been kept: your session has ended, or the page was open too long. Go "
            "back and copy what you wrote, sign in again if asked, reload the page, and fill it "
            "in again.",
        ),
    ),
    "audit": (
        Words(
            "Nama ditahan",
            "Jejak audit tidak dapat ditulis, mungkin karena cakram penuh. Sampai dapat ditulis "
            "lagi, nama tidak ditampilkan dan tidak dibawa; peta, tabel dan unduhan tanpa nama "
            "tetap terbuka. Hubungi admin.",
        ),
        Words(
            "Names are held back",
            "The audit log cannot be written, perhaps because the disk is full. Until it can, "
            "no names are shown or carried away; the map, tables and downloads without names "
            "stay open. Tell the administrator.",
        ),
    ),
    "busy": (
        Words(
            "Basis data sedang tidak dapat dipakai",
            "Ulangi sebentar lagi; bila tetap begitu, hubungi admin.",
        ),
        Words(
            "The database cannot be used right now",
            "Try again in a moment; if it stays so, tell the administrator.",
        ),
    ),
    "400": (
        Words(
            "Permintaan tidak dikenal",
            "Buka layanan lewat namanya sendiri; di laptop ini: http://127.0.0.1.",
        ),
        Words(
            "The request is not understood",
            "Open the service by its own name; on this laptop: http://127.0.0.1.",
        ),
    ),
    "403": (
        Words("Tidak diizinkan", "Mulai lagi dari peta."),
        Words("Not allowed", "Start again from the map."),
    ),
    "404": (
        Words("Halaman tidak ada", "Periksa alamatnya, atau mulai dari peta."),
        Words("There is no such page", "Check the address, or start from the map."),
    ),
    "405": (
        Words("Permintaan tidak dikenal", "Mulai lagi dari peta."),
        Words("The request is not understood", "Start again from the map."),
    ),
    "413": (
        Words(
            "Yang dikirim terlalu besar",
            "Tidak ada yang tersimpan. Berkas bulan ini diunggah di halaman Bulan baru, berkas "
            "hasil kunjungan di Unggah hasil, paling besar 5 MB: bagi menjadi beberapa berkas.",
        ),
        Words(
            "What was sent is too large",
            "Nothing has been kept. Files of this month are uploaded on the page New month, files "
            "of returns of visits under Upload outcomes, 5 MB at most: send several.",
        ),
    ),
    "429": (
        Words("Terlalu sering", "Tunggu sebentar, lalu coba lagi."),
        Words("Too often", "Wait a moment, then try again."),
    ),
    "503": (
        Words("Layanan sedang sibuk", "Ulangi sebentar lagi; bila tetap begitu, hubungi admin."),
        Words(
            "The service is busy", "Try again in a moment; if it stays so, tell the administrator."
        ),
    ),
    "500": (
        Words(
            "Ada kesalahan pada program",
            "Datanya tidak berubah. Muat ulang; bila terulang, laporkan kepada pengembang.",
        ),
        Words(
            "Something is wrong with the program",
            "The data have not changed. Reload; if it happens again, report it.",
        ),
    ),
}
