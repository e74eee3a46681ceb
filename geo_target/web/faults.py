"""Pages for what went wrong, each in both languages, with what to do."""

from collections.abc import Callable

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
from geo_target.web.fault_words import TEXTS, Words
from geo_target.web.names import LookedUpTooOftenError, NamesRefusedError
from geo_target.web.priority_weights import WeightsRefusedError
from geo_target.web.requests import NotSecretError
from geo_target.web.store import NoSnapshotError, NotPublishedError
from geo_target.web.visitors import deny, user

_HOUR_S = 60 * 60


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
    return lambda _: _page(*TEXTS[key], status)


def _no_role(_error: RoleRefusedError) -> Response:
    """With a way that is open: from the map itself nobody is sent to the map."""
    return _page(*TEXTS["role"], 403, way=_open_way())


def _no_snapshot(error: NoSnapshotError) -> Response:
    return _page(*TEXTS["broken" if error.broken else "empty"], 503)


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
    return _page(*TEXTS["form"], 400, way=_open_way())


def _open_way() -> str:
    """Where this visitor can go on: an auditor and an admin do not open the map."""
    if user() is None:
        return "sign-in"
    if is_open(Access.AGGREGATES):
        return "map"
    return "audit" if is_open(Access.AUDIT) else "account"


def _foreign_host(_error: SecurityError) -> Response:
    """Plain words, for under a name that is not ours no link of a page can be made."""
    texts = [f"{words.title}. {words.advice}" for words in TEXTS["400"]]
    return Response("\n".join(texts) + "\n", 400, content_type="text/plain; charset=utf-8")


def _sign_in(_error: SignInNeededError) -> Response:
    """To the form for whoever opens a page; a plain refusal for what a page asks for."""
    if _opens_page():
        path = request.full_path.rstrip("?")
        return make_response(redirect(url_for("account.sign_in", next=path), code=303))
    return _page(*TEXTS["sign-in"], 401)


def _own_password(_error: OwnPasswordNeededError) -> Response:
    """To the choice of a password, likewise."""
    if _opens_page():
        path = request.full_path.rstrip("?")
        return make_response(redirect(url_for("own_password.show", next=path), code=303))
    return _page(*TEXTS["password"], 403, way="password")


def _opens_page() -> bool:
    asks_for_page = request.headers.get("Sec-Fetch-Dest", "document") == "document"
    takes_pages = not request.accept_mimetypes or request.accept_mimetypes.accept_html
    return request.method == "GET" and asks_for_page and takes_pages


def _http(error: HTTPException) -> Response:
    if error.response is not None or (error.code or 500) < 400:  # noqa: PLR2004  # a redirect
        return error.get_response()  # type: ignore[return-value]
    code = error.code or 500
    return _page(*TEXTS[str(code) if str(code) in TEXTS else "400"], code)


def _page(indonesian: Words, english: Words, status: int, *, way: str = "map") -> Response:
    page = render_template("errors/show.html", status=status, id=indonesian, en=english, way=way)
    return make_response(page, status)
