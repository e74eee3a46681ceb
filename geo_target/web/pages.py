"""Pages made once a run and language, then sent from memory."""

import threading
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import cast

from flask import Response, current_app, g

from geo_target.web.access import Access, is_open
from geo_target.web.language import language
from geo_target.web.replies import Reply, pack, send
from geo_target.web.store import NoSnapshotError, Served, Store

_MOST = 4_000

_Key = tuple[str, ...]


class PageCache:
    """Finished pages of the run in use; those of the run before it are dropped."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._run: _Key = ()
        self._pages: dict[_Key, Reply] = {}

    def get(self, run: _Key, page: _Key) -> Reply | None:
        """The page, if it was made from this run."""
        with self._lock:
            return self._pages.get(page) if run == self._run else None

    def put(self, run: _Key, page: _Key, reply: Reply) -> None:
        """Keep a page that was just made."""
        with self._lock:
            if run != self._run or len(self._pages) >= _MOST:
                self._run, self._pages = run, {}
            self._pages[page] = reply


def store() -> Store:
    """The archive that this app shows."""
    return cast(Store, current_app.extensions["geo_target.store"])


def public_store() -> Store:
    """What of it the public is shown."""
    return cast(Store, current_app.extensions["geo_target.public_store"])


def is_published() -> bool:
    """Whether there is a page for everybody."""
    try:
        public_store().current()
    except NoSnapshotError:
        return False
    return True


def may_see_figures() -> bool:
    """Whether this visitor opens the pages of the meeting, and they are linked."""
    return Access.AGGREGATES in g.get("granted", ()) or is_open(Access.AGGREGATES)


def may_deliver() -> bool:
    """Whether this visitor hands files in, and the page for that is linked."""
    return "deliveries" in current_app.blueprints and is_open(Access.DELIVERIES)


def may_settle() -> bool:
    """Whether this visitor settles doubtful pairs, and the page for that is linked."""
    return "pairs" in current_app.blueprints and is_open(Access.PAIRS)


def page(
    name: str,
    make: Callable[[Served], str],
    *arguments: str,
    asked: Mapping[str, str] = MappingProxyType({}),
) -> Response:
    """Send the page `name`, made by `make` unless it is at hand.

    Parameters
    ----------
    name, make
        The page, and what makes it of a run.
    arguments
        What else it depends on.
    asked
        Words of the address that it depends on; the same page in the other language keeps them.
    """
    g.asked = asked
    words = (f"{word}={value}" for word, value in asked.items())
    return _page("geo_target.pages", store(), name, make, *arguments, *words)


def public_page(name: str, make: Callable[[Served], str]) -> Response:
    """Send a page of the published run."""
    return _page("geo_target.public_pages", public_store(), name, make)


def _page(
    kept: str, shown: Store, name: str, make: Callable[[Served], str], *arguments: str
) -> Response:
    cache = cast(PageCache, current_app.extensions[kept])
    served = shown.current()
    run = (served.snapshot.run_id, str(served.degraded))
    links = ("deliveries" if may_deliver() else "", "pairs" if may_settle() else "")
    key = (name, language(), *links, *arguments)
    reply = cache.get(run, key)
    if reply is None:
        g.is_shared = True  # nothing of this one request may be in it
        body = make(served).encode("utf-8")
        reply = pack(body, "text/html; charset=utf-8", vary="Accept-Encoding, Cookie")
        cache.put(run, key, reply)
    return send(reply)
