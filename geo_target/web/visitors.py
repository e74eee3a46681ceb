"""Who sends a request: the session behind its cookie, and what the audit log says of them."""

from ipaddress import ip_address
from typing import cast

from flask import Flask, Request, Response, current_app, request
from flask_login import (  # type: ignore[import-untyped]
    AnonymousUserMixin,
    LoginManager,
    UserMixin,
    current_user,
)

from geo_target.errors import GeoTargetError
from geo_target.operations.audit import NOBODY, Actor, Entry, Result
from geo_target.operations.numbers import mask_numbers
from geo_target.operations.sessions import Session
from geo_target.operations.users import User
from geo_target.web.doors import Doors

#: `__Host-`: only over HTTPS (or to this machine), for this very host, for all of its paths.
COOKIE = "__Host-geo_target"

#: Names by which this machine's own browser calls it. A page of another site that points
#: its own name at this machine comes with that name, and is refused.
LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})


class _Visitor(UserMixin):  # type: ignore[misc]  # Flask-Login has no types
    """A signed-in user, as Flask-Login wants one."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def get_id(self) -> str:
        return self.session.user.name


def install(app: Flask, doors: Doors | None) -> None:
    """Find out who asks; with no doors nobody ever is signed in."""
    # No context processor: it would ask the database again for the page that says it is gone.
    manager = LoginManager(app, add_context_processor=False)
    manager.session_protection = None  # the session is ours, on the server
    manager.anonymous_user = AnonymousUserMixin
    manager.request_loader(_load)
    app.extensions["geo_target.doors"] = doors
    app.jinja_env.globals.update(has_doors=doors is not None)


def doors() -> Doors:
    """Accounts, sessions and the audit log of this app."""
    found = cast(Doors | None, current_app.extensions["geo_target.doors"])
    if found is None:
        raise RuntimeError("nobody signs in to this app")
    return found


def session() -> Session | None:
    """The session of this request."""
    return cast(Session, current_user.session) if current_user.is_authenticated else None


def user() -> User | None:
    """The user of this request."""
    found = session()
    return found.user if found else None


def token() -> str:
    """The token that the browser came with, whether it still opens anything or not."""
    return request.cookies.get(COOKIE, "")


def actor() -> Actor:
    """Who the audit log says it is."""
    found = session()
    return found.actor(address()) if found else Actor(**(vars(NOBODY) | {"address": address()}))


def address() -> str:
    """Where the request comes from; behind a proxy, what that says."""
    return request.remote_addr or ""


def deny(object_id: str, *, object_type: str = "page", verb: str = "access") -> None:
    """Tell the audit log of a refusal; a log that cannot be written refuses all the more."""
    entry = Entry(
        actor=actor(), verb=verb, object_type=object_type,
        # What somebody typed into an address may be a NIK, which no entry takes.
        object_id=mask_numbers(object_id),
        result=Result.DENIED,
    )  # fmt: skip
    try:
        doors().audit.append(entry)
    except GeoTargetError:
        current_app.logger.warning("a refusal could not be written to the audit log")


def keep_token(response: Response, value: str) -> None:
    """Give the browser a session's token; closing the browser loses it."""
    response.set_cookie(COOKIE, value, secure=True, httponly=True, samesite="Lax", path="/")


def forget_token(response: Response) -> None:
    """Take the token back, and whatever the browser has kept of our pages."""
    response.delete_cookie(COOKIE, secure=True, httponly=True, samesite="Lax", path="/")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'


def is_loopback_name(host: str) -> bool:
    """Whether a Host header names this machine."""
    name = host if host.endswith("]") else host.rsplit(":", 1)[0]
    return name.lower() in LOOPBACK_HOSTS


def is_loopback(remote: str | None) -> bool:
    """Whether an address is this machine's own."""
    try:
        return ip_address(remote or "").is_loopback
    except ValueError:
        return False


def _load(of: Request) -> _Visitor | None:
    found = current_app.extensions["geo_target.doors"]
    value = of.cookies.get(COOKIE, "")
    verified = found.sessions.verify(value) if found and value else None
    return _Visitor(verified) if verified else None
