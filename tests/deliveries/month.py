"""A small office for these tests: a demo that was run once, and what is handed in next."""

import shutil
import time
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from zoneinfo import ZoneInfo

from geo_target import pipeline
from geo_target.deliveries.delivery import Delivered, Deliveries
from geo_target.deliveries.running import Runner, RunState, RunStatus
from tests.demo.worlds import district

NOW = datetime(2025, 12, 3, 9, 0, tzinfo=ZoneInfo("Asia/Jakarta"))
TODAY = NOW.date()
ON = date(2025, 11, 15)

#: A configuration that nobody has run: enough to hand files in.
CONFIG = """# catatan kantor
[area]
code = "36.73"

[[source]]  # dari Dinas Sosial
file = "lists/families_okt.csv"
profile = "families"   # tata letak
as_of = 2025-10-01
code_system = "kemendagri"
[source.basis]
number = "1/2025"
agency = "Dinas Sosial"
kind = "surat"
purpose = "pemetaan"
valid_until = 2040-12-31

[[source]]
file = "lists/penerima_pkh_okt.csv"
profile = "siks-recipients"
as_of = 2025-10-05
program = "PKH"

[[source]]
file = "lists/penerima_sembako_okt.csv"
profile = "siks-recipients"
as_of = 2025-10-06
program = "SEMBAKO"
sheet = "Sheet1"

[coverage]
programs = ["PKH", "SEMBAKO"]
on = 2025-10-15  # tanggal cakupan
"""


def clock() -> datetime:
    return NOW


def office(folder: Path, config: str = CONFIG) -> Path:
    """A configuration in a folder of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "geo-target.toml"
    path.write_text(config, "utf-8")
    return path


def handed_in(
    deliveries: Deliveries, name: str, content: bytes, *, by: str = "siti", pieces: int = 1
) -> Delivered:
    """Upload a file in so many pieces."""
    upload = deliveries.begin_upload(name, len(content), by=by)
    step = -(-len(content) // pieces)
    told: int | Delivered = 0
    for start in range(0, len(content), step):
        told = deliveries.append(upload, start, content[start : start + step], by=by)
    assert isinstance(told, Delivered)
    return told


def recipients(program: str, *people: str, headers: str = "NAMA PENERIMA;NIK KTP;TAHAP;BANSOS"
               ) -> bytes:  # fmt: skip
    """A list of recipients, each by NIK."""
    rows = [f"Orang {at};{nik};4;{program}" for at, nik in enumerate(people)]
    return "\n".join([headers, *rows, ""]).encode()


@cache
def _ran() -> Path:
    folder = Path(mkdtemp(dir=district().parent)) / "ran"
    shutil.copytree(district(), folder)
    pipeline.run(folder / "geo-target.toml")
    return folder


def ran_office(folder: Path) -> Path:
    """A demo whose first run is published; its configuration."""
    shutil.copytree(_ran(), folder)
    return folder / "geo-target.toml"


def confirmed(deliveries: Deliveries, name: str, content: bytes) -> Delivered:
    """Hand a file in, read it, and confirm what is proposed."""
    id = handed_in(deliveries, name, content).id
    deliveries.read_waiting()
    return answered(deliveries, id)


def answered(deliveries: Deliveries, id: str, **changed: Any) -> Delivered:
    """Change answers on a file, have it read if need be, and confirm what stands there then."""
    said = deliveries.answer(id, replace(deliveries.file(id).answers, **changed))
    if said.confirmed:
        return said
    deliveries.read_waiting()
    return deliveries.answer(id, deliveries.file(id).answers)


def ended(runner: Runner, *, seconds: float = 300) -> RunStatus:
    """How a run ended."""
    last = time.monotonic() + seconds
    while (status := runner.status()).state is RunState.RUNNING:
        assert time.monotonic() < last
        time.sleep(0.1)
    return status
