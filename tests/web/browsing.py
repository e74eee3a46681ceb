"""What tests in a real browser begin with: a service behind a socket, and an eye on its pages."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import make_server

from geo_target.operations.database import open_database
from geo_target.operations.migration import migrate
from geo_target.web.app import create_app
from tests.web.house import House

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
CUT_OFF = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]  # fmt: skip

#: On a busy machine the network is idle before the map is drawn.
PAINTED = """() => {
  const all = [...document.querySelectorAll("path.village")];
  return all.length === 67 && all.every(path => path.classList.length > 3);
}"""


class Watch:
    """What a page asked for, and what it complained about."""

    def __init__(self, page: Any) -> None:
        self.requests: list[str] = []
        self.faults: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda m: self.faults.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("requestfailed", self._failed)
        page.on("dialog", self._refuse)

    def _failed(self, request: Any) -> None:
        # A page that is left while its icon is still on the way gives the icon up: no fault.
        given_up = request.url.endswith("/mark.svg") and request.failure == "net::ERR_ABORTED"
        if not given_up:
            self.faults.append(request.url)

    def _refuse(self, dialog: Any) -> None:
        self.faults.append("dialog: " + dialog.message)
        dialog.dismiss()


@contextmanager
def chromium(arguments: list[str] | None = None) -> Iterator[Any]:
    """A browser that can reach no other host."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync_api.sync_playwright() as play:
        started = play.chromium.launch(executable_path=CHROMIUM, args=arguments or CUT_OFF)
        yield started
        started.close()


@contextmanager
def watched(browser: Any, **more: Any) -> Iterator[tuple[Any, Watch]]:
    """A page of a laptop's size, or as `more` says, in a context of its own."""
    context = browser.new_context(**{"viewport": {"width": 1366, "height": 768}, **more})
    try:
        opened = context.new_page()
        yield opened, Watch(opened)
    finally:
        context.close()


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The address of an app behind a real socket."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def served(archive: Path) -> AbstractContextManager[str]:
    """The address of an archive on one laptop."""
    return serving(create_app(archive, doors=None))


@contextmanager
def housed(archive: Path, folder: Path, *, config: Path | None = None) -> Iterator[House]:
    """A house on SQLite: what a browser shows does not hang on the database."""
    url = f"sqlite:///{folder / 'operations.sqlite'}"
    migrate(url)
    database = open_database(url)
    opened = House(archive, database, config=config)
    yield opened
    if config:
        opened.room.queue.stop()
    database.close()
