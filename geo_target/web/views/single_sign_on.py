"""Signing in at the agency's own OpenID Connect issuer, and coming back from there."""

from dataclasses import asdict
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask import session as form_session
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.wrappers import Response as BaseResponse

from geo_target.errors import Fault
from geo_target.operations.refusals import SignInError
from geo_target.web import visitors
from geo_target.web.access import Access, shows
from geo_target.web.fault_words import Words
from geo_target.web.oidc import LASTS_S, Begun, SignOnError, SingleSignOn
from geo_target.web.requests import first_page, own_path, refuse_open_line
from geo_target.web.views import account

bp = Blueprint("single_sign_on", __name__)

#: What a sign-in began with. Lax, for the browser comes back from another site: the cookie of
#: the forms is Strict and stays behind then.
COOKIE = "__Host-geo_target_sign_on"

#: A longer way would not fit into a cookie.
_LONGEST_PATH = 1000


@bp.get("/masuk/instansi")
@shows(Access.PUBLIC)
def begin() -> BaseResponse:
    """Send the browser to the issuer.

    A link and no form: browsers hold `form-action 'self'` against the redirect of a form.
    """
    refuse_open_line()
    following = own_path(request.args.get("next", "/"))
    if visitors.user() is not None:
        return redirect(following, code=303)
    begun = _single_sign_on().begin(url_for("single_sign_on.finish", _external=True))
    response = make_response(redirect(begun.url, code=303))
    response.set_cookie(
        COOKIE, _sealed(begun, following), max_age=LASTS_S, secure=True, httponly=True,
        samesite="Lax", path="/",
    )  # fmt: skip
    return _unkept(response)


@bp.get("/masuk/instansi/kembali")
@shows(Access.PUBLIC)
def finish() -> BaseResponse:
    """Take the issuer's word for who it is, and begin a session if there is an account."""
    refuse_open_line()
    begun, following = _begun()
    if "error" in request.args:
        raise SignOnError(_REFUSED, status=403)
    name = _single_sign_on().finish(request.args.get("code", ""), begun)
    found = visitors.doors()
    user = found.accounts.welcome(name, "sign-in-oidc", address=visitors.address())
    token = found.sessions.create(user, replaces=visitors.token(), is_vouched_for=True)
    form_session.clear()
    way = account.told_of_reset(user, first_page(user, following), is_vouched_for=True)
    response = make_response(redirect(way, code=303))
    visitors.keep_token(response, token)
    return _unkept(_without_ticket(response))


@bp.errorhandler(SignOnError)
@bp.errorhandler(SignInError)
def refuse(error: SignOnError | SignInError) -> Response:
    """A page that says in both languages why nobody is signed in."""
    fault = error.faults[0]
    current_app.logger.warning("single sign-on refused: %s", fault.code)
    status = error.status if isinstance(error, SignOnError) else 403
    indonesian = Words("Belum masuk", _sentence(fault.id))
    english = Words("Not signed in", _sentence(fault.en))
    page = render_template("errors/show.html", status=status, id=indonesian, en=english, way="map")
    return _unkept(_without_ticket(make_response(page, status)))


def _begun() -> tuple[Begun, str]:
    """The sign-in that this browser began, once, and where it goes on to."""
    now = visitors.doors().clock().timestamp()
    try:
        ticket: dict[str, Any] = _seal().loads(request.cookies.get(COOKIE, ""))
    except BadData:
        raise SignOnError(_STATE, status=400) from None
    begun = Begun(**ticket["begun"])
    is_own = request.args.get("state", "") == begun.state and ticket["until"] > now
    if not is_own or not _single_sign_on().spend(begun.state, now):
        raise SignOnError(_STATE, status=400)
    return begun, own_path(ticket["following"])


def _sealed(begun: Begun, following: str) -> str:
    now = visitors.doors().clock().timestamp()
    return str(
        _seal().dumps(
            {
                "begun": asdict(begun) | {"url": ""},
                "following": following if len(following) <= _LONGEST_PATH else "/",
                "until": now + LASTS_S,
            }
        )
    )


def _seal() -> URLSafeSerializer:
    return URLSafeSerializer(visitors.doors().form_secret, salt="geo_target: single sign-on")


def _single_sign_on() -> SingleSignOn:
    found = visitors.doors().single_sign_on
    if found is None:
        raise RuntimeError("[oidc] is not set")
    return found


def _without_ticket(response: Response) -> Response:
    response.delete_cookie(COOKIE, secure=True, httponly=True, samesite="Lax", path="/")
    return response


def _unkept(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:] + "."


_STATE = Fault(
    "E-OIDC-STATE",
    id="upaya masuk ini tidak dimulai di peramban ini, sudah dipakai, atau lebih dari sepuluh "
    "menit lalu; mulai lagi dari halaman masuk",
    en="this sign-in was not begun in this browser, has been used, or began more than ten "
    "minutes ago; start again from the sign-in page",
)
_REFUSED = Fault(
    "E-OIDC-REFUSED",
    id="layanan akun instansi tidak mengizinkan; mulai lagi, atau hubungi pengelolanya",
    en="the agency's sign-in did not let you in; start again, or ask those who run it",
)
