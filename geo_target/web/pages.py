"""Pages made once a run and language, then sent from memory."""

import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from types import MappingProxyType
from typing import cast

from flask import Response, current_app, g

from geo_target.web.access import Access, is_open
from geo_target.web.base_map import BaseMap
from geo_target.web.language import language
from geo_target.web.replies import Reply, pack, send
from geo_target.web.store import NoSnapshotError, Served, Store

_MOST = 4_000
#: There is hardly an end of what can be compared, and a page of a province is large.
_MOST_BYTES = 256 * 1024**2

#: So many pages may be made at one time.
_AT_ONCE = 64

_Key = tuple[str, ...]


class PageCache:
    """Finished pages of the run in use; those of the run before it are dropped."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._making = [threading.RLock() for _ in range(_AT_ONCE)]
        self._run: _Key = ()
        self._pages: dict[_Key, Reply] = {}
        self._bytes = 0

    def making(self, page: _Key) -> AbstractContextManager[bool]:
        """Held while a page is made: who asks for it meanwhile waits, and makes it not again."""
        return self._making[hash(page) % _AT_ONCE]

    def get(self, run: _Key, page: _Key) -> Reply | None:
        """The page, if it was made from this run."""
        with self._lock:
            return self._pages.get(page) if run == self._run else None

    def put(self, run: _Key, page: _Key, reply: Reply) -> None:
        """Keep a page that was just made."""
        with self._lock:
            if run != self._run or len(self._pages) >= _MOST or self._bytes >= _MOST_BYTES:
                self._run, self._pages, self._bytes = run, {}, 0
            self._pages[page] = reply
            self._bytes += len(reply.plain) + len(reply.packed)


def store() -> Store:
    """The archive that this app shows."""
    return cast(Store, current_app.extensions["geo_target.store"])


def public_store() -> Store:
    """What of it the public is shown."""
    return cast(Store, current_app.extensions["geo_target.public_store"])


def base_map() -> BaseMap | None:
    """What may lie beneath the villages of a map."""
    return cast("BaseMap | None", current_app.extensions["geo_target.base_map"])


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


def may_plan() -> bool:
    """Whether this visitor plans visits, and the pages for that are linked."""
    return "fieldwork" in current_app.blueprints and is_open(Access.PLANS)


def may_visit() -> bool:
    """Whether this visitor makes visits, and the list of them is linked."""
    return "visits" in current_app.blueprints and is_open(Access.VISITS)


def may_record() -> bool:
    """Whether this visitor writes down what visits found, and the page for that is linked."""
    return "returns" in current_app.blueprints and is_open(Access.RECORD)


def may_meet() -> bool:
    """Whether this visitor reads what meetings decided, and the page for that is linked."""
    return "meetings" in current_app.blueprints and is_open(Access.AGGREGATES)


def may_write_down() -> bool:
    """Whether this visitor writes down what meetings decide."""
    return "meetings" in current_app.blueprints and is_open(Access.MEETINGS)


def may_audit() -> bool:
    """Whether this visitor reads the audit log, and the page for that is linked."""
    return "audit_trail" in current_app.blueprints and is_open(Access.AUDIT)


def may_manage() -> bool:
    """Whether this visitor manages accounts, and the page for that is linked."""
    return "people" in current_app.blueprints and is_open(Access.ACCOUNTS)


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
    may = {
        "deliveries": may_deliver(), "pairs": may_settle(), "fieldwork": may_plan(),
        "visits": may_visit(), "returns": may_record(), "audit_trail": may_audit(),
        "people": may_manage(), "meetings": may_write_down(),
    }  # fmt: skip
    links = (name for name, is_linked in may.items() if is_linked)
    key = (name, language(), "+".join(links), *arguments)
    reply = cache.get(run, key)
    if reply is None:
        with cache.making(key):
            reply = cache.get(run, key)
            if reply is None:
                g.is_shared = True  # nothing of this one request may be in it
                body = make(served).encode("utf-8")
                reply = pack(body, "text/html; charset=utf-8", vary="Accept-Encoding, Cookie")
                cache.put(run, key, reply)
    return send(reply)
