"""Signing in and out, and one's own account."""

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask import session as form_session
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response as BaseResponse

from geo_target.errors import Fault, GeoTargetError
from geo_target.operations.audit import Entry
from geo_target.operations.audit_reading import PasswordChange
from geo_target.operations.given_passwords import TOLD_FOR
from geo_target.operations.passwords import ADVISED, LONGEST, SHORTEST
from geo_target.operations.refusals import AccountError, SignInError, SignInWaitError
from geo_target.operations.roles import NAMING_VERBS, ROLES, Role
from geo_target.operations.users import User
from geo_target.web import visitors
from geo_target.web.access import Access, shows
from geo_target.web.language import language
from geo_target.web.requests import first_page, own_path, refuse_open_line

bp = Blueprint("account", __name__)

_BUSY = "E-SIGN-IN-BUSY"
_PASSWORDS_TOLD = 5


@bp.get("/masuk")
@shows(Access.PUBLIC)
def sign_in() -> Response | BaseResponse:
    """The form that asks for name and password."""
    if (user := visitors.user()) is not None:
        return redirect(first_page(user, own_path(request.args.get("next", "/"))), code=303)
    return _form(request.args.get("next", "/"))


@bp.post("/masuk")
@shows(Access.PUBLIC)
def begin_session() -> Response | BaseResponse:
    """Check name and password, and begin a session."""
    refuse_open_line()
    name, following = request.form.get("name", ""), request.form.get("next", "/")
    try:
        user = visitors.doors().accounts.sign_in(
            name, request.form.get("password", ""), address=visitors.address(), may_be_given=True
        )
    except SignInWaitError as error:
        return _told_to_wait(error, name, following)
    except SignInError as error:
        return _form(following, name=name, fault=error.faults[0], status=401)
    return welcome(user, first_page(user, own_path(following)))


@bp.post("/keluar")
@shows(Access.PUBLIC)
def end_session() -> BaseResponse:
    """End this session, on the server and in the browser."""
    if visitors.session() is not None:
        visitors.doors().sessions.revoke(visitors.token())
        _told("sign-out")
    return _goodbye()


@bp.post("/keluar-semua")
@shows(Access.SIGNED_IN)
def end_all_sessions() -> BaseResponse:
    """End every session of this account, on whatever machine."""
    user = somebody()
    visitors.doors().sessions.revoke_all(user)
    _told("sign-out-everywhere")
    return _goodbye()


@bp.get("/akun")
@shows(Access.SIGNED_IN)
def show() -> Response:
    """One's own account: role, districts, password, sessions."""
    return _account()


@bp.post("/akun/sandi")
@shows(Access.SIGNED_IN)
def change_password() -> Response | BaseResponse:
    """Change one's own password; every other session of the account ends."""
    refuse_open_line()
    user, form = somebody(), request.form
    if form.get("new", "") != form.get("again", ""):
        return _account(UNEQUAL, status=422)
    try:
        changed = visitors.doors().accounts.change_password(
            user.name, form.get("old", ""), form.get("new", ""), by=visitors.actor()
        )
    except SignInWaitError as error:
        return waiting(_account(error.faults[0], status=status_of(error)), error)
    except (SignInError, AccountError) as error:
        return _account(error.faults[0], status=422)
    return welcome(changed, url_for("account.show", changed=1), is_told=True)


UNEQUAL = Fault(
    "E-PASSWORD-UNEQUAL",
    id="sandi baru dan ulangannya berbeda; tulis dua kali sama",
    en="the new password and its repetition differ; write it twice the same",
)


def welcome(user: User, following: str, *, is_told: bool = False) -> BaseResponse:
    """A new token for whoever gave the right password, never the one they came with."""
    token = visitors.doors().sessions.create(user, replaces=visitors.token())
    form_session.clear()
    if user.has_given_password:
        following = url_for("own_password.show", next=following)
    elif not is_told:
        following = told_of_reset(user, following)
    response = make_response(redirect(following, code=303))
    visitors.keep_token(response, token)
    return response


def told_of_reset(user: User, following: str, *, is_vouched_for: bool = False) -> str:
    """The way on: past the own account for who reads families, and whose password was reset.

    Who is vouched for by another service would not notice that the password they were given
    let in somebody else, who chose another: they are told of any that came after the first.
    """
    at = user.reset_at
    if is_vouched_for and user.password_changed_at > user.created_at:
        at = user.password_changed_at
    is_new = at is not None and visitors.doors().clock() - at < TOLD_FOR
    if is_new and any(user.may(verb) for verb in NAMING_VERBS):
        return url_for("account.show", next=following)
    return following


def password_changes(user: User) -> list[PasswordChange]:
    """Who set the passwords of an account, newest first."""
    return visitors.doors().audit.password_changes(user.name, most=_PASSWORDS_TOLD)


def _goodbye() -> BaseResponse:
    form_session.clear()
    response = make_response(redirect(url_for("account.sign_in"), code=303))
    visitors.forget_token(response)
    return response


def _told(verb: str) -> None:
    """Tell the audit log; leaving is allowed even where it cannot be written."""
    user = somebody()
    entry = Entry(actor=visitors.actor(), verb=verb, object_type="user", object_id=user.name)
    try:
        visitors.doors().audit.append(entry)
    except GeoTargetError:
        return


def somebody() -> User:
    """Whoever is signed in, on a page that asks for it."""
    user = visitors.user()
    if user is None:
        raise RuntimeError("the view let in somebody who is not signed in")
    return user


def _form(
    following: str, *, name: str = "", fault: Fault | None = None, status: int = 200
) -> Response:
    page = render_template(
        "account/sign_in.html", next=own_path(following), name=name[:80], fault=words_of(fault)
    )
    return _unkept(make_response(page, status))


def _account(fault: Fault | None = None, *, status: int = 200) -> Response:
    user = somebody()
    rule = ROLES[Role(user.role)]
    page = render_template(
        "account/show.html",
        user=user, role=rule.id if language() == "id" else rule.en, fault=words_of(fault),
        changed="changed" in request.args, changes=password_changes(user),
        following=own_path(request.args["next"]) if "next" in request.args else None,
        shortest=SHORTEST, advised=ADVISED, longest=LONGEST,
    )  # fmt: skip
    return make_response(page, status)


def _told_to_wait(error: SignInWaitError, name: str, following: str) -> Response:
    page = _form(following, name=name, fault=error.faults[0], status=status_of(error))
    return waiting(page, error)


def waiting(page: Response, error: SignInWaitError) -> Response:
    """A page that says when to come back."""
    page.headers["Retry-After"] = str(error.wait_seconds)
    return page


def status_of(error: SignInWaitError) -> int:
    """Busy for a moment, or too many wrong passwords."""
    return 503 if error.faults[0].code == _BUSY else TooManyRequests.code


def _unkept(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


def words_of(fault: Fault | None) -> str | None:
    """A fault as a sentence."""
    if fault is None:
        return None
    words = fault.id if language() == "id" else fault.en
    return words[:1].upper() + words[1:] + "."
