"""Pages for what went wrong, each in both languages, with what to do."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, Response, make_response, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError  # type: ignore[import-untyped]
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError

from geo_target.errors import BusyError, ConfigError, NotFoundError
from geo_target.operations.refusals import AuditError, StorageError
from geo_target.web.access import (
    Access,
    OwnPasswordNeededError,
    RoleRefusedError,
    SignInNeededError,
    is_open,
)
from geo_target.web.names import LookedUpTooOftenError, NamesRefusedError
from geo_target.web.priority_weights import WeightsRefusedError
from geo_target.web.requests import NotSecretError
from geo_target.web.store import NoSnapshotError, NotPublishedError
from geo_target.web.visitors import deny, user

_HOUR_S = 60 * 60


@dataclass(frozen=True)
class Words:
    """What happened and what to do, in one language."""

    title: str
    advice: str


_TEXTS = {
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


def install(app: Flask) -> None:
    """Show an own page for every error."""
    own: dict[type[Exception], tuple[str, int]] = {
        NotFoundError: ("404", 404),
        NotPublishedError: ("unpublished", 404),
        NotSecretError: ("not-secret", 403),
        AuditError: ("audit", 503),
        StorageError: ("busy", 503),
        BusyError: ("busy", 503),
        InternalServerError: ("500", 500),
    }
    for kind, (key, status) in own.items():
        app.register_error_handler(kind, _shower(key, status))
    app.register_error_handler(RoleRefusedError, _no_role)
    app.register_error_handler(NoSnapshotError, _no_snapshot)
    app.register_error_handler(NamesRefusedError, _no_names)
    app.register_error_handler(ConfigError, _no_config)
    app.register_error_handler(WeightsRefusedError, _no_weights)
    app.register_error_handler(LookedUpTooOftenError, _too_often)
    app.register_error_handler(SignInNeededError, _sign_in)
    app.register_error_handler(OwnPasswordNeededError, _own_password)
    app.register_error_handler(CSRFError, _no_token)
    app.register_error_handler(SecurityError, _foreign_host)
    app.register_error_handler(HTTPException, _http)


def _shower(key: str, status: int) -> Callable[[Exception], Response]:
    return lambda _: _page(*_TEXTS[key], status)


def _no_role(_error: RoleRefusedError) -> Response:
    """With a way that is open: from the map itself nobody is sent to the map."""
    return _page(*_TEXTS["role"], 403, way=_open_way())


def _no_snapshot(error: NoSnapshotError) -> Response:
    return _page(*_TEXTS["broken" if error.broken else "empty"], 503)


def _no_names(error: NamesRefusedError) -> Response:
    where = f"{error.fault.file}: " if error.fault.file else ""
    indonesian, english = (
        f"{where}{words[:1].upper()}{words[1:]}." for words in (error.fault.id, error.fault.en)
    )
    return _page(
        Words("Nama tidak ditampilkan", indonesian), Words("Names are not shown", english), 503
    )


def _no_config(error: ConfigError) -> Response:
    fault = error.faults[0]
    where = f"{fault.file.replace(chr(92), '/').rsplit('/', 1)[-1]}: " if fault.file else ""
    return _page(
        Words("Konfigurasi tidak dapat dipakai", f"{where}{fault.id}. Hubungi admin."),
        Words("The configuration cannot be used", f"{where}{fault.en}. Tell the administrator."),
        503,
    )


def _no_weights(error: WeightsRefusedError) -> Response:
    indonesian, english = (
        f"{words[:1].upper()}{words[1:]}." for words in (error.faults[0].id, error.faults[0].en)
    )
    return _page(
        Words("Bobot tidak dapat dipakai", indonesian),
        Words("The weights cannot be used", english),
        400,
    )


def _too_often(error: LookedUpTooOftenError) -> Response:
    limit = error.limit
    if error.are_numbers:
        most = f"{limit} NIK utuh dibuka", f"{limit} whole NIK are opened"
    else:
        most = f"{limit} keluarga dibuka menurut nama", f"{limit} families are opened by name"
    way = "Lanjutkan nanti", "Go on later"
    if error.asked > limit:
        way = (
            f"Daftar ini memuat {error.asked}: minta admin menaikkan access.persons_per_hour",
            f"This list has {error.asked}: ask the administrator for a higher "
            "access.persons_per_hour",
        )
    response = _page(
        Words(
            "Batas satu jam tercapai",
            f"Dalam satu jam paling banyak {most[0]}. {way[0]}; penolakan ini dicatat.",
        ),
        Words(
            "The limit of an hour is reached",
            f"In an hour at most {most[1]}. {way[1]}; this refusal has been logged.",
        ),
        429,
    )
    response.headers["Retry-After"] = str(_HOUR_S)
    return response


def _no_token(_error: CSRFError) -> Response:
    if user() is not None:
        deny(request.path, verb="form")
    return _page(*_TEXTS["form"], 400, way=_open_way())


def _open_way() -> str:
    """Where this visitor can go on: an auditor and an admin do not open the map."""
    if user() is None:
        return "sign-in"
    if is_open(Access.AGGREGATES):
        return "map"
    return "audit" if is_open(Access.AUDIT) else "account"


def _foreign_host(_error: SecurityError) -> Response:
    """Plain words, for under a name that is not ours no link of a page can be made."""
    texts = [f"{words.title}. {words.advice}" for words in _TEXTS["400"]]
    return Response("\n".join(texts) + "\n", 400, content_type="text/plain; charset=utf-8")


def _sign_in(_error: SignInNeededError) -> Response:
    """To the form for whoever opens a page; a plain refusal for what a page asks for."""
    if _opens_page():
        path = request.full_path.rstrip("?")
        return make_response(redirect(url_for("account.sign_in", next=path), code=303))
    return _page(*_TEXTS["sign-in"], 401)


def _own_password(_error: OwnPasswordNeededError) -> Response:
    """To the choice of a password, likewise."""
    if _opens_page():
        path = request.full_path.rstrip("?")
        return make_response(redirect(url_for("own_password.show", next=path), code=303))
    return _page(*_TEXTS["password"], 403, way="password")


def _opens_page() -> bool:
    asks_for_page = request.headers.get("Sec-Fetch-Dest", "document") == "document"
    takes_pages = not request.accept_mimetypes or request.accept_mimetypes.accept_html
    return request.method == "GET" and asks_for_page and takes_pages


def _http(error: HTTPException) -> Response:
    if error.response is not None or (error.code or 500) < 400:  # noqa: PLR2004  # a redirect
        return error.get_response()  # type: ignore[return-value]
    code = error.code or 500
    return _page(*_TEXTS[str(code) if str(code) in _TEXTS else "400"], code)


def _page(indonesian: Words, english: Words, status: int, *, way: str = "map") -> Response:
    page = render_template("errors/show.html", status=status, id=indonesian, en=english, way=way)
    return make_response(page, status)
