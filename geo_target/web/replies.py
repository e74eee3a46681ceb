"""Replies made once and sent often: packed ahead, with a strong ETag, 304 when unchanged."""

import gzip
import hashlib
from dataclasses import dataclass
from urllib.parse import quote

from flask import Response, g, request

from geo_target.operations.sessions import IDLE
from geo_target.web.access import is_never_kept, names_people

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; font-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
}


#: For the page of a visit, where an officer may tell by a tap where the house is.
LOCATING = "camera=(), geolocation=(self), microphone=(), payment=(), usb=()"

_A_MINUTE_S = 60
_TWO_YEARS_S = 2 * 365 * 24 * 3600


@dataclass(frozen=True)
class Reply:
    """A body in both forms; `tag` names its content."""

    plain: bytes
    packed: bytes
    tag: str
    mimetype: str
    vary: str = "Accept-Encoding"


def pack(plain: bytes, mimetype: str, *, vary: str = "Accept-Encoding") -> Reply:
    """Make a reply of a body that is not packed yet."""
    packed = gzip.compress(plain, compresslevel=9, mtime=0)
    return Reply(plain, packed, hashlib.sha256(plain).hexdigest(), mimetype, vary)


def unpack(packed: bytes, tag: str, mimetype: str) -> Reply:
    """Make a reply of a body that was packed at publication."""
    return Reply(gzip.decompress(packed), packed, tag, mimetype)


def send(reply: Reply) -> Response:
    """Send a reply in the form that the browser takes, or say that it has it already."""
    takes_packed = request.accept_encodings.quality("gzip") > 0
    response = Response(reply.packed if takes_packed else reply.plain, content_type=reply.mimetype)
    if takes_packed:
        response.headers["Content-Encoding"] = "gzip"
    # A strong ETag names the bytes on the way, so each form has its own.
    response.set_etag(reply.tag if takes_packed else f"{reply.tag}-plain")
    response.headers["Vary"] = reply.vary
    response.make_conditional(request)
    return response


def harden(response: Response) -> Response:
    """Headers of every response, errors too; nothing by name is kept on the way."""
    response.headers.update(SECURITY_HEADERS)
    if g.get("asks_where"):
        response.headers["Permissions-Policy"] = LOCATING
    if is_never_kept():
        response.headers["Cache-Control"] = "no-store"
    response.headers.setdefault("Cache-Control", "private, no-cache")
    if names_people() and response.mimetype == "text/html":
        # It leaves the screen once the session has run out; a longer one comes back to it.
        after = int(IDLE.total_seconds()) + _A_MINUTE_S
        following = quote(request.full_path.rstrip("?") if request.method == "GET" else "/")
        response.headers["Refresh"] = f"{after}; url=/masuk?next={following}"
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = f"max-age={_TWO_YEARS_S}"
    return response
