"""Pictures of every page, for docs/design.md.

    python -m benchmarks.screens CONFIG [--only NAME] [--out docs/screens]

Serves a copy of a finished demo run with accounts of its own and writes one small PNG a page.
The list of pages is the one that the accessibility test reads: a page that is in the app and not
here fails that test. Needs playwright and Chromium.
"""

import argparse
import base64
import logging
import shutil
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from flask import Flask
from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from benchmarks.held_meeting import hold_meeting
from benchmarks.planned_visits import plan_visits
from benchmarks.service_house import PASSWORD, OneHash
from benchmarks.small_png import small_png
from geo_target.operations.accounts import Accounts
from geo_target.operations.audit import Actor
from geo_target.operations.database import default_url, open_database
from geo_target.operations.migration import migrate
from geo_target.publishing.figure_ledger import figures_about
from geo_target.settings import Access, read_settings
from geo_target.web.app import create_app
from geo_target.web.doors import open_doors

#: As on an old projector; pictures are made at a part of that size, to stay small.
WIDTH, HEIGHT, SCALE = 1366, 768, 0.75
LARGEST = 60_000
NOBODY = "nobody"
_READ = """async data => {
  const reply = await fetch("data:image/png;base64," + data);
  const image = await createImageBitmap(await reply.blob());
  const { width, height } = image;
  const sheet = new OffscreenCanvas(width, height).getContext("2d");
  sheet.drawImage(image, 0, 0);
  const bytes = sheet.getImageData(0, 0, width, height).data;
  let text = "";
  for (let at = 0; at < bytes.length; at += 32768) {
    text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  }
  return { width, height, pixels: btoa(text) };
}"""
_BY = Actor(name="screens", role="admin")


@dataclass(frozen=True)
class Screen:
    """A page: its picture's name, the view, who opens it, and what it is asked.

    `values` are those of the address; a value in braces is filled in from the run.
    """

    name: str
    endpoint: str
    role: str = "coordinator"
    values: Mapping[str, str] = field(default_factory=dict)
    question: str = ""

    def path(self, app: Flask, places: Mapping[str, str]) -> str:
        """Its address, with `places` for what is in braces."""
        values = {name: value.format(**places) for name, value in self.values.items()}
        built = app.url_map.bind("127.0.0.1").build(self.endpoint, values)
        return built + (f"?{self.question.format(**places)}" if self.question else "")


_VILLAGE = {"village_code": "{village}"}
_PLAN = {"plan_id": "{plan}"}
#: Every page of the app, in the order of docs/design.md.
#: What stands in braces: see `places_of`.
SCREENS = (
    Screen("overview", "overview.show"),
    Screen("priorities", "priorities.show"),
    Screen("official-list", "official_list.show"),
    Screen("clusters", "clusters.index"),
    Screen("cluster", "clusters.show", values={"cluster_id": "{cluster}"}),
    Screen("regency", "regencies.show", values={"regency_code": "{regency}"}),
    Screen("district", "districts.show", values={"district_code": "{district}"}),
    Screen("village", "villages.show", values=_VILLAGE),
    Screen("village-card", "village_card.show", values=_VILLAGE),
    Screen("district-cards", "village_card.district", question="kec={district}"),
    Screen("coverage", "coverage.show"),
    Screen("coverage-villages", "coverage_villages.index"),
    Screen("coverage-village", "coverage_villages.show", values=_VILLAGE),
    Screen("reasons", "reasons.show"),
    Screen("programs", "programs.show"),
    Screen("facilities", "facilities.show"),
    Screen("registers", "registers.show"),
    Screen("register-villages", "register_villages.index"),
    Screen("register-village", "register_villages.show", values=_VILLAGE),
    Screen("register-families", "register_villages.families", values=_VILLAGE,
           question="gabungan={register}"),
    Screen("compare", "compare.show"),
    Screen("trend", "trend.show"),
    Screen("changes", "changes.show"),
    Screen("agencies", "agencies.index"),
    Screen("agency", "agencies.show", values={"agency": "dinas-sosial"}),
    Screen("quality", "quality.show"),
    Screen("ledger", "ledger.index"),
    Screen("ledger-figure", "ledger.show", values={"figure_id": "{figure}"}),
    Screen("takeaway", "takeaway.show"),
    Screen("about", "about.show"),
    Screen("public", "public.show", NOBODY),
    Screen("families", "families.show", values=_VILLAGE),
    Screen("pairs", "pairs.show"),
    Screen("pair-decisions", "pairs.decisions"),
    Screen("visits", "visits.index", "field-officer"),
    Screen("visit", "visits.show", "field-officer", values={"visit_code": "{visit}"}),
    Screen("returns", "returns.keyboard"),
    Screen("return-files", "return_files.show"),
    Screen("fieldwork", "fieldwork.show"),
    Screen("field-officers", "field_officers.show"),
    Screen("field-plan-new", "field_plan_new.show", question="kelurahan={village}&mulai={start}"),
    Screen("field-plan", "field_plan.show", values=_PLAN),
    Screen("field-visits", "field_plan.visits", values=_PLAN),
    Screen("field-carry", "field_carry.show", values=_PLAN),
    Screen("field-progress", "field_progress.show", values=_PLAN),
    Screen("field-answers", "field_answers.show"),
    Screen("meetings", "meetings.index", "secretary"),
    Screen("meeting", "meetings.show", "secretary", values={"meeting_id": "{meeting}"}),
    Screen("pseudonyms", "pseudonyms.show", "analyst", values=_VILLAGE),
    Screen("deliveries", "deliveries.show", "operator"),
    Screen("sign-in", "account.sign_in", NOBODY),
    Screen("account", "account.show"),
    Screen("users", "people.show", "admin"),
    Screen("audit-trail", "audit_trail.show", "auditor"),
)  # fmt: skip


def main() -> None:
    """Write the pictures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("config", type=Path, help="geo-target.toml of a finished demo run")
    parser.add_argument("--only", action="append", help="name of a picture; may be repeated")
    parser.add_argument("--out", type=Path, default=Path("docs/screens"))
    arguments = parser.parse_args()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    arguments.out.mkdir(parents=True, exist_ok=True)
    asked = [s for s in SCREENS if arguments.only is None or s.name in arguments.only]
    with tempfile.TemporaryDirectory() as folder, _served(arguments.config, Path(folder)) as app:
        _take(asked, arguments.out, *app)


@contextmanager
def _served(config: Path, folder: Path) -> Iterator[tuple[Flask, str, dict[str, str]]]:
    """A copy of a run behind doors, published too: the app, its address, its places."""
    copy = folder / "demo"
    shutil.copytree(config.parent, copy)
    archive = read_settings(copy / config.name).archive.folder
    (archive / "PUBLIC").write_bytes((archive / "CURRENT").read_bytes())
    url = default_url(copy)
    migrate(url)
    accounts = Accounts(open_database(url), hasher=OneHash(), good_for=None)
    for role in sorted({s.role for s in SCREENS} - {NOBODY}):
        accounts.add(role, f"Ibu {role.title()}", PASSWORD, role, [], by=_BY)
    doors = open_doors(copy, Access(), database_url=url, config=copy / config.name)
    app = create_app(archive, doors=doors)
    snapshot = app.extensions["geo_target.store"].current().snapshot
    plan_visits(doors, snapshot)
    hold_meeting(doors, snapshot)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield app, f"http://127.0.0.1:{server.server_port}", places_of(app)
    finally:
        server.shutdown()
        thread.join()
        if doors.delivery_room is not None:
            doors.delivery_room.queue.stop()


def places_of(app: Flask) -> dict[str, str]:
    """What addresses name, of the run that an app shows: its first village and its surroundings."""
    snapshot = app.extensions["geo_target.store"].current().snapshot
    figures = figures_about(snapshot.summary["area"]["code"], app.extensions["geo_target.ledger"])
    first = next(iter(snapshot.villages.values()))
    return {
        "village": first["village_code"], "district": first["district_code"],
        "regency": first["regency_code"],
        "cluster": snapshot.clusters[0]["cluster_id"],
        "figure": figures[0].id, "register": "dtsen",
        "plan": "1", "start": "2999-01-01", "visit": _visit(app), "meeting": "1",
    }  # fmt: skip


def _visit(app: Flask) -> str:
    """Code of a visit that the field officer of the pictures is to make."""
    doors = app.extensions["geo_target.doors"]
    own = doors.visit_plans.visits(officer="field-officer", open_only=True) if doors else []
    return own[0].visit.code if own else "00000000"


def _take(screens: list[Screen], out: Path, app: Flask, site: str, places: dict[str, str]) -> None:
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("chromium-browser"),
            args=["--no-sandbox", "--disable-gpu"],
        )
        blank = browser.new_page()
        for role in sorted({screen.role for screen in screens}):
            context = browser.new_context(
                viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=SCALE,
                locale="id-ID", reduced_motion="reduce",
            )  # fmt: skip
            page = context.new_page()
            if role != NOBODY:
                sign_in(page, site, role, PASSWORD)
            for screen in screens:
                if screen.role == role:
                    page.goto(site + screen.path(app, places), wait_until="networkidle")
                    page.wait_for_timeout(500)  # the map is drawn after the last layer has come
                    _keep(_pixels(blank, page.screenshot()), out / f"{screen.name}.png")
            context.close()
        browser.close()


def sign_in(page: Any, site: str, name: str, password: str) -> None:
    """Fill in the form as a person would."""
    page.goto(f"{site}/masuk")
    page.fill("#name", name)
    page.fill("#password", password)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: not url.endswith("/masuk"))


def _pixels(blank: Any, picture: bytes) -> np.ndarray:
    """The colors of a PNG, as the browser reads them."""
    told = blank.evaluate(_READ, base64.b64encode(picture).decode())
    pixels = np.frombuffer(base64.b64decode(told["pixels"]), np.uint8)
    return pixels.reshape(told["height"], told["width"], 4)[:, :, :3]


def _keep(pixels: np.ndarray, file: Path) -> None:
    picture = small_png(pixels)
    file.write_bytes(picture)
    more = f", more than {LARGEST:,}" if len(picture) > LARGEST else ""
    print(f"{file}: {len(picture):,} bytes{more}")


if __name__ == "__main__":
    main()
