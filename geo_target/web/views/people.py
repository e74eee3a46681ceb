"""Everybody's account, for the admin: added, closed, opened, with another role or password."""

from collections.abc import Callable, Mapping

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from geo_target.errors import Fault, GeoTargetError
from geo_target.operations.passwords import ADVISED, LONGEST, SHORTEST
from geo_target.operations.refusals import AccountError, SignInWaitError
from geo_target.operations.roles import ROLES, Role, Scope
from geo_target.operations.users import User
from geo_target.web import visitors
from geo_target.web.access import Access, shows
from geo_target.web.field_words import words_of
from geo_target.web.language import language
from geo_target.web.requests import refuse_open_line

bp = Blueprint("people", __name__)

#: What is done to an account, by the word of the form.
_Change = Callable[[User], User]


@bp.get("/pengguna")
@shows(Access.ACCOUNTS)
def show() -> Response:
    """Every account, and the forms for one of them."""
    return _page()


@bp.post("/pengguna")
@shows(Access.ACCOUNTS)
def add() -> Response | BaseResponse:
    """Make an account; its owner is told the password and changes it."""
    refuse_open_line()
    form = request.form
    if form.get("sandi", "") != form.get("ulang", ""):
        return _page(_UNEQUAL, status=422)
    try:
        visitors.doors().accounts.add(
            form.get("nama", ""), form.get("nama_lengkap", ""), form.get("sandi", ""),
            form.get("peran", ""), _districts(), by=visitors.actor(),
        )  # fmt: skip
    except (AccountError, SignInWaitError) as error:
        return _page(error, status=422)
    return _done("tambah")


@bp.post("/pengguna/ubah")
@shows(Access.ACCOUNTS)
def change() -> Response | BaseResponse:
    """Close an account or open it, give it another role or password; its sessions end."""
    refuse_open_line()
    word = request.form.get("apa", "")
    user, do = _asked(), _changes().get(word)
    if user is None or do is None:
        return _page(_NONE, status=422)
    if user.name == visitors.actor().name:
        visitors.deny(user.name, object_type="user", verb="user.role")
        return _page(_ONESELF, chosen=user, status=422)
    if word == "sandi" and request.form.get("sandi", "") != request.form.get("ulang", ""):
        return _page(_UNEQUAL, chosen=user, status=422)
    try:
        do(user)
    except (AccountError, SignInWaitError) as error:
        return _page(error, chosen=user, status=422)
    return _done(word)


def _changes() -> Mapping[str, _Change]:
    accounts, by, form = visitors.doors().accounts, visitors.actor(), request.form
    return {
        "tutup": lambda user: accounts.disable(user.name, by=by),
        "buka": lambda user: accounts.enable(user.name, by=by),
        "peran": lambda user: accounts.set_role(
            user.name, form.get("peran", ""), _districts(), by=by
        ),
        "sandi": lambda user: accounts.set_password(user.name, form.get("sandi", ""), by=by),
    }


def _page(
    fault: Fault | GeoTargetError | None = None, *, chosen: User | None = None, status: int = 200
) -> Response:
    users = visitors.doors().accounts.users()
    page = render_template(
        "accounts/show.html",
        users=users,
        chosen=chosen or _asked(),
        roles={role.value: rule.id if language() == "id" else rule.en
               for role, rule in ROLES.items() if role is not Role.PUBLIC},
        by_district=[role.value for role, rule in ROLES.items()
                     if rule.scope is Scope.DISTRICTS],
        typed=_typed(),
        me=visitors.actor().name,
        done=request.args.get("berhasil"),
        fault=words_of(fault) if fault else None,
        shortest=SHORTEST, advised=ADVISED, longest=LONGEST,
    )  # fmt: skip
    return make_response(page, status)


def _typed() -> Mapping[str, str]:
    """What the form of a new account holds: what was typed, without the password."""
    form = request.form
    role = form.get("peran", "")
    return {
        "nama": form.get("nama", ""), "nama_lengkap": form.get("nama_lengkap", ""),
        "peran": role or Role.VIEWER.value, "kecamatan": form.get("kecamatan", ""),
    }  # fmt: skip


def _asked() -> User | None:
    """The account of which a form or an address gives the number; a name is in no address."""
    number = request.values.get("akun", "")
    users = visitors.doors().accounts.users()
    return next((user for user in users if str(user.id) == number), None)


def _districts() -> list[str]:
    return request.form.get("kecamatan", "").replace(",", " ").split()


def _done(word: str) -> BaseResponse:
    return redirect(url_for("people.show", berhasil=word), code=303)


_UNEQUAL = Fault(
    "E-PASSWORD-UNEQUAL",
    id="sandi baru dan ulangannya berbeda; tulis dua kali sama",
    en="the new password and its repetition differ; write it twice the same",
)
_NONE = Fault(
    "E-USER-UNKNOWN",
    id="tidak ada akun itu; muat ulang halaman ini",
    en="there is no such account; load this page again",
)
_ONESELF = Fault(
    "E-USER-ONESELF",
    id="akun sendiri tidak diubah di sini; minta admin lain, atau ganti sandi di halaman Akun",
    en="nobody changes the own account here; ask another admin, or change the password on the "
    "page Account",
)
