"""Pages for what went wrong, each in both languages, with what to do."""

from dataclasses import dataclass

from flask import Flask, Response, make_response, render_template
from werkzeug.exceptions import HTTPException, InternalServerError

from geo_target.errors import NotFoundError
from geo_target.web.access import SignInLaterError
from geo_target.web.store import NoSnapshotError


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
    "sign-in": (
        Words(
            "Halaman ini belum dibuka",
            "Masuk dengan akun baru ada pada versi berikutnya. Sampai saat itu data hanya "
            "terlihat di laptop yang menjalankan layanan, dengan open_on_loopback = true.",
        ),
        Words(
            "This page is not open yet",
            "Signing in comes with a later version. Until then the data can only be seen on "
            "the laptop that runs the service, with open_on_loopback = true.",
        ),
    ),
    "400": (
        Words("Permintaan tidak dikenal", "Buka halaman ini lewat http://127.0.0.1."),
        Words("The request is not understood", "Open this page through http://127.0.0.1."),
    ),
    "403": (
        Words("Tidak diizinkan", "Data ini hanya terlihat di laptop yang menjalankan layanan."),
        Words("Not allowed", "These data can only be seen on the laptop that runs the service."),
    ),
    "404": (
        Words("Halaman tidak ada", "Periksa alamatnya, atau mulai dari peta."),
        Words("There is no such page", "Check the address, or start from the map."),
    ),
    "405": (
        Words("Permintaan tidak dikenal", "Mulai lagi dari peta."),
        Words("The request is not understood", "Start again from the map."),
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
    app.register_error_handler(NoSnapshotError, _no_snapshot)
    app.register_error_handler(NotFoundError, lambda _: _page("404", 404))
    app.register_error_handler(SignInLaterError, lambda _: _page("sign-in", 403))
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(InternalServerError, lambda _: _page("500", 500))


def _no_snapshot(error: NoSnapshotError) -> Response:
    return _page("broken" if error.broken else "empty", 503)


def _http(error: HTTPException) -> Response:
    if error.response is not None or (error.code or 500) < 400:  # noqa: PLR2004  # a redirect
        return error.get_response()  # type: ignore[return-value]
    code = error.code or 500
    return _page(str(code) if str(code) in _TEXTS else "400", code)


def _page(key: str, status: int) -> Response:
    indonesian, english = _TEXTS[key]
    return make_response(
        render_template("errors/show.html", status=status, id=indonesian, en=english), status
    )
