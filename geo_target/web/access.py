"""Who may open which page: every view says it, and a view that does not is never served."""

from collections.abc import Callable
from enum import StrEnum
from ipaddress import ip_address
from typing import TypeVar

from flask import abort, current_app, g, request
from werkzeug.exceptions import Forbidden

View = TypeVar("View", bound=Callable[..., object])

#: Names by which this machine's own browser calls it. A page of another site that points
#: its own name at this machine comes with that name, and is refused.
LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})

#: What only a proxy adds: behind one, everybody seems to sit at this machine.
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP")


class Access(StrEnum):
    """What a view shows, and so who may open it."""

    PUBLIC = "public"
    """Nothing from the data: styles, scripts, whether the service lives."""
    AGGREGATES = "aggregates"
    """What audience `meeting` gets."""


class SignInLaterError(Forbidden):
    """Signing in comes with a later version; until then nobody has a level."""


def shows(level: Access) -> Callable[[View], View]:
    """Declare what a view shows."""

    def declare(view: View) -> View:
        view.access = level  # type: ignore[attr-defined]
        return view

    return declare


def grant_loopback() -> None:
    """Let this machine's own browser act as audience `meeting`, and nobody else do anything."""
    host = request.host
    name = host if host.endswith("]") else host.rsplit(":", 1)[0]
    if name.lower() not in LOOPBACK_HOSTS:
        abort(400)
    if not _is_loopback(request.remote_addr) or any(name in request.headers for name in _FORWARDED):
        abort(403)
    g.granted = frozenset({Access.AGGREGATES})


def enforce() -> None:
    """Refuse a request unless its view declares a level that the visitor has."""
    if request.endpoint is None:
        return
    level = getattr(current_app.view_functions[request.endpoint], "access", None)
    if level is None:
        raise RuntimeError(f"{request.endpoint} declares no access level")
    if level is not Access.PUBLIC and level not in g.get("granted", ()):
        raise SignInLaterError


def _is_loopback(address: str | None) -> bool:
    try:
        return ip_address(address or "").is_loopback
    except ValueError:
        return False
