"""What is asked of a request before anything else: that our own page sent it, in secret."""

from flask import request, url_for
from werkzeug.exceptions import Forbidden

from geo_target.operations.roles import Verb
from geo_target.operations.users import User
from geo_target.web.access import Access, is_open
from geo_target.web.visitors import deny, is_loopback_name, user

#: The largest piece in which a file is handed in; every other body is a small form.
PIECE = 512 * 1024
_PIECES = "deliveries.append"
#: The largest file of returns, with what a form puts around it: a sheet of a kelurahan has
#: some 100 KB, 3,784 answers of ODK 2 MB.
LARGEST_RETURNS = 5_000_000
AROUND_A_FILE = 8 * 1024
_RETURNS = "return_files.take"
#: Of a file so much is held at a time while it goes to the disk: Werkzeug reads 64 KiB.
_AT_ONCE = 256 * 1024

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN = frozenset({"same-origin", "none"})


class NotSecretError(Forbidden):
    """A password would cross the network in the clear."""


def refuse_foreign() -> None:
    """Refuse a change that a page of another site asks for (Fetch Metadata, W3C).

    It stands beside the token of each form; browsers that do not say who asks are judged
    by the token alone.
    """
    if request.method in _SAFE:
        return
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    # A browser that sends no referrer writes "null" for the origin of a form, ours too.
    origin = request.headers.get("Origin", "null")
    if site not in _OWN or origin not in {"null", request.host_url.rstrip("/")}:
        if user() is not None:  # an outsider could fill the disk with entries
            deny(request.path, verb="form")
        raise Forbidden


def let_pieces_in() -> None:
    """Let a piece of a file be larger than a form; asked before any body is read.

    Only the view reads such a body: looking for the token of a form leaves plain bytes alone,
    so that whoever may not hand files in is refused before their bytes are.
    """
    if request.endpoint == _PIECES and request.mimetype == "application/octet-stream":
        request.max_content_length = PIECE
    # Its token stands in the form itself: so it is asked here already who sends it.
    if request.endpoint == _RETURNS and is_open(Access.RECORD):
        request.max_content_length = LARGEST_RETURNS + AROUND_A_FILE
        request.max_form_memory_size = _AT_ONCE


def refuse_open_line() -> None:
    """Refuse a password over plain HTTP, except from this machine's own browser."""
    if not request.is_secure and not is_loopback_name(request.host):
        raise NotSecretError


def first_page(user: User, following: str) -> str:
    """Where somebody begins: an auditor and an admin do not open the map."""
    if following != "/" or user.may(Verb.MEETING_MAP):
        return following
    return url_for("audit_trail.show" if user.may(Verb.READ_AUDIT) else "account.show")


def own_path(asked: str) -> str:
    """Where to go on after signing in: a page of ours, else the map."""
    is_ours = asked.startswith("/") and not asked.startswith(("//", "/\\"))
    return asked if is_ours and asked.isprintable() and "\\" not in asked else "/"
