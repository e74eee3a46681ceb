"""The load of the service at a small size: what it counts, and that it sees a fault."""

import argparse
import asyncio
import gzip
import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.browser import Answer, Browser
from benchmarks.service_house import House, free_port, served
from benchmarks.service_load import PARTS
from benchmarks.service_viewers import Viewer
from geo_target.operations.database import default_url, open_database
from geo_target.operations.migration import migrate
from geo_target.publishing.archive import read_key
from tests.web.named import add_names
from tests.web.sample import RUN_ID, write_snapshot

NEXT_ID = "000002-20251122T040000Z"
CONFIG = """
area = { code = "36.73" }
coverage = { programs = ["PKH"], on = 2025-10-15 }
access = { persons_per_hour = 1000000 }
source = [{ file = "p3ke.csv", profile = "p3ke-family", as_of = 2025-09-01 }]
"""
SMALL = argparse.Namespace(seconds=2, think=0.2, sign_ins=2, lookers=2, held=4, asks=3)


def write_run(folder: Path, run_id: str) -> None:
    """The pointer last, as the archive's writer does."""
    archive = folder / "archive"
    add_names(write_snapshot(archive, run_id, current=False))
    (archive / "CURRENT").write_text(run_id, "utf-8")


class Sampled(House):
    """A house whose second run is made up, not computed."""

    def publish(self) -> float:
        if not (self.folder / "archive" / NEXT_ID).exists():
            write_run(self.folder, NEXT_ID)
        return 0.0


@pytest.fixture
def sampled(tmp_path: Path) -> Iterator[House]:
    (tmp_path / "geo-target.toml").write_text(CONFIG, "utf-8")
    (tmp_path / "p3ke.csv").touch()
    read_key(tmp_path)
    write_run(tmp_path, RUN_ID)
    url = default_url(tmp_path)
    migrate(url)
    database = open_database(url)
    yield Sampled(tmp_path, url, database, free_port())
    database.close()


def test_the_load_at_a_small_size(sampled: House) -> None:
    with served(sampled) as watch:
        people = sampled.add_accounts(8, 6)
        found = {name: part(sampled, watch, people, SMALL) for name, part in PARTS.items()}
    viewers, arrived, held = found["viewers"], found["sign-ins"], found["held"]
    for when in ("quiet", "publishing"):
        assert viewers[f"{when} answers"] >= 8
        assert viewers[f"{when} errors"] == 0
        assert viewers[f"{when} layers not as published"] == 0
        assert viewers[f"{when} answers by name less entries"] == 0
        assert viewers[f"{when} audit chain holds"] == 1
    assert viewers["publishing most versions of a page"] == 2
    assert (arrived["sign-ins"], arrived["not let in"]) == (2, 0)
    assert arrived["maps errors"] == 0
    for asks in ("one ask", "many asks"):
        assert held[f"{asks}: sockets held"] >= 8
        assert held[f"{asks}: probe errors"] == 0


def page(*runs: str, status: int = 200, tag: str | None = None, cut: int = 0) -> Answer:
    """An overview that names runs."""
    plain = "".join(f'<script src="/map/{run}/map.js">' for run in runs).encode()
    headers = {
        "content-encoding": "gzip",
        "etag": f'"{hashlib.sha256(plain).hexdigest() if tag is None else tag}"',
    }
    packed = gzip.compress(plain)
    return Answer(status, headers, (), packed[: len(packed) - cut], 0.01)


class Scripted(Browser):
    """A browser that is told what comes back."""

    def __init__(self, *answers: Answer) -> None:
        super().__init__(0)
        self._answers = iter(answers)

    async def get(self, path: str, **headers: str) -> Answer:  # noqa: ARG002
        return next(self._answers)


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (page(RUN_ID), ""),
        (page(RUN_ID, status=503), "status"),
        (page(RUN_ID, status=303), "status"),
        (page(RUN_ID, cut=9), "torn"),
        (page(RUN_ID, tag="0" * 8), "torn"),
        (page(RUN_ID, NEXT_ID), "mixed"),
        (page(), "mixed"),
    ],
)
def test_a_viewer_sees_what_is_wrong_with_an_answer(answer: Answer, fault: str) -> None:
    viewer = Viewer(Scripted(answer), ["36.73.01.1001"], ["villages"])
    asyncio.run(viewer.look())
    assert [sample.fault for sample in viewer.samples] == [fault]


def test_a_viewer_who_has_seen_the_new_run_is_never_shown_the_old_one() -> None:
    viewer = Viewer(Scripted(page(NEXT_ID), page(RUN_ID)), [], [])
    viewer._mix = {"overview": 1}
    asyncio.run(viewer.look())
    asyncio.run(viewer.look())
    assert [sample.fault for sample in viewer.samples] == ["", "back"]
