"""The choice of an own password: all that opens to whoever came with somebody else's."""

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from geo_target.errors import Fault
from geo_target.operations.given_passwords import GOOD_FOR
from geo_target.operations.passwords import ADVISED, LONGEST, SHORTEST
from geo_target.operations.refusals import AccountError, SignInError, SignInWaitError
from geo_target.web import visitors
from geo_target.web.access import Access, must_choose_password, shows
from geo_target.web.requests import first_page, own_path, refuse_open_line
from geo_target.web.views import account

bp = Blueprint("own_password", __name__)


@bp.get("/sandi-sendiri")
@shows(Access.CHOOSING)
def show() -> Response | BaseResponse:
    """The form, and who has set the password that stands; others change it on their account."""
    if not must_choose_password():
        return redirect(url_for("account.show"), code=303)
    return _page(request.args.get("next", "/"))


@bp.post("/sandi-sendiri")
@shows(Access.CHOOSING)
def choose() -> Response | BaseResponse:
    """Keep the password of one's own; the session begins anew, and opens what the role opens."""
    refuse_open_line()
    user, form = account.somebody(), request.form
    following = form.get("next", "/")
    if form.get("new", "") != form.get("again", ""):
        return _page(following, account.UNEQUAL, status=422)
    try:
        changed = visitors.doors().accounts.change_password(
            user.name, form.get("old", ""), form.get("new", ""), by=visitors.actor()
        )
    except SignInWaitError as error:
        page = _page(following, error.faults[0], status=account.status_of(error))
        return account.waiting(page, error)
    except (SignInError, AccountError) as error:
        return _page(following, error.faults[0], status=422)
    return account.welcome(changed, first_page(changed, own_path(following)))


def _page(following: str, fault: Fault | None = None, *, status: int = 200) -> Response:
    user = account.somebody()
    page = render_template(
        "account/choose.html",
        user=user, next=own_path(following), fault=account.words_of(fault),
        changes=account.password_changes(user), days=GOOD_FOR.days,
        shortest=SHORTEST, advised=ADVISED, longest=LONGEST,
    )  # fmt: skip
    return make_response(page, status)
