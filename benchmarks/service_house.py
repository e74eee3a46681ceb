"""The service that is measured: a made-up world, its accounts, `geo-target serve`, its memory."""

import json
import os
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.kota_serang import COMMAND, timed
from geo_target.operations.accounts import Accounts
from geo_target.operations.audit import Actor, AuditLog
from geo_target.operations.audit_chain import verify
from geo_target.operations.database import Database, default_url, open_database
from geo_target.operations.migration import migrate
from geo_target.operations.passwords import PasswordHasher
from geo_target.operations.sessions import Sessions
from geo_target.web.visitors import COOKIE

#: Of all accounts; nobody's words.
PASSWORD = "kerbau ungu menyeberang"

_BY = Actor(name="benchmark", role="admin")
_OPEN = "open_on_loopback = true"
_DOORS = "persons_per_hour = 1000000"


class OneHash(PasswordHasher):
    """Hashes a password once, at the real cost: 200 accounts have the same one.

    A stored hash carries its cost, so that each sign-in costs what it does in earnest.
    """

    def __init__(self) -> None:
        super().__init__()
        self._made: dict[str, str] = {}

    def hash(self, password: str) -> str:
        """Hash, unless it is made already."""
        if password not in self._made:
            self._made[password] = super().hash(password)
        return self._made[password]


@dataclass
class House:
    """A world with its archive and its operations database."""

    folder: Path
    url: str
    database: Database
    port: int

    @property
    def config(self) -> Path:
        """Its geo-target.toml."""
        return self.folder / "geo-target.toml"

    def publish(self) -> float:
        """Run the pipeline in a process of its own; seconds of the whole command."""
        return timed("run", str(self.config), "--json")[0]

    def shown(self) -> Path:
        """What audience `meeting` gets of the current run."""
        archive = self.folder / "archive"
        return archive / (archive / "CURRENT").read_text("utf-8").strip() / "shown" / "meeting"

    def villages(self) -> dict[str, list[str]]:
        """Village codes by district."""
        found: dict[str, list[str]] = {}
        for row in json.loads((self.shown() / "tables" / "villages.json").read_bytes()):
            found.setdefault(row["district_code"], []).append(row["village_code"])
        return found

    def layers(self) -> list[str]:
        """Names of the map's layers."""
        return sorted(p.name.removesuffix(".json.gz") for p in self.shown().glob("layers/*.gz"))

    def sums(self) -> set[str]:
        """SHA-256 of every shown file of every run, by the manifests."""
        manifests = (self.folder / "archive").glob("*/manifest.json")
        files = [json.loads(path.read_bytes())["files"] for path in manifests]
        return {entry["sha256"] for of in files for entry in of.values()}

    def add_accounts(self, viewers: int, officers: int) -> list[dict[str, Any]]:
        """Make accounts, officers of one district each first; each with a session.

        Sessions are made as a sign-in makes them, but for its password.
        """
        accounts = Accounts(self.database, hasher=OneHash(), good_for=None)
        sessions, districts = Sessions(self.database), sorted(self.villages().items())
        people = []
        for number in range(viewers):
            district, villages = districts[number % len(districts)]
            names = villages if number < officers else []
            user = accounts.add(
                f"orang-{number:03d}", "Pengguna Buatan", PASSWORD,
                "officer" if names else "viewer", [district] if names else [], by=_BY,
            )  # fmt: skip
            token = sessions.create(user)
            people.append({"name": user.name, "cookies": {COOKIE: token}, "names": names})
        return people

    def names_read(self) -> int:
        """Entries of the audit log that tell of names shown."""
        entries = AuditLog(self.database).entries(by=_BY)
        return sum(e["verb"] == "family.read" and e["result"] == "ok" for e in entries)

    def audit_holds(self) -> bool:
        """Whether a walk along the audit chain finds every entry whole."""
        return verify(self.database).broken is None


@contextmanager
def opened(folder: Path, *, families: int | None, url: str | None) -> Iterator[House]:
    """Make a world in `folder`, run it, and open its database.

    Parameters
    ----------
    folder
        An empty folder.
    families
        How many; None means as many as the area has.
    url
        An empty PostgreSQL database; None means the SQLite file beside the config.
    """
    timed("demo", str(folder), *(["--families", str(families)] if families else []))
    config = folder / "geo-target.toml"
    text = config.read_text("utf-8")
    if _OPEN not in text:
        raise SystemExit(f"{config.name} does not hold: {_OPEN}")
    config.write_text(text.replace(_OPEN, _DOORS), "utf-8")
    timed("run", str(config))
    url = url or default_url(folder)
    migrate(url)
    database = open_database(url)
    try:
        yield House(folder, url, database, free_port())
    finally:
        database.close()


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@contextmanager
def served(house: House) -> Iterator["Watch"]:
    """The service as a process, and somebody who watches its memory."""
    arguments = ["--config", str(house.config), "--port", str(house.port), "--database", house.url]
    child = subprocess.Popen([*COMMAND, "serve", *arguments], stderr=subprocess.DEVNULL)
    watch = Watch(child.pid)
    try:
        _await(house.port, child)
        watch.thread.start()
        yield watch
    finally:
        watch.done.set()
        child.terminate()
        child.wait()


def _await(port: int, child: "subprocess.Popen[bytes]") -> None:
    begun = time.monotonic()
    while time.monotonic() - begun < 60 and child.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health").close()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit("the service does not answer")


@dataclass
class Watch:
    """Memory (MB) and open sockets of a process, four times a second; Linux only."""

    pid: int
    seen: list[tuple[float, float, int]] = field(default_factory=list)
    done: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.thread = threading.Thread(target=self._watch, daemon=True)

    def between(self, begun: float, ended: float) -> list[tuple[float, float, int]]:
        """What was seen from one moment to another (monotonic clock, s)."""
        return [one for one in self.seen if begun <= one[0] <= ended]

    def now(self) -> tuple[float, float, int]:
        """Moment, memory (MB), open sockets."""
        folder = Path("/proc") / str(self.pid)
        pages = int((folder / "statm").read_text().split()[1])
        memory = pages * os.sysconf("SC_PAGE_SIZE") / 2**20
        return time.monotonic(), memory, sum(_is_socket(p) for p in (folder / "fd").iterdir())

    def _watch(self) -> None:
        while not self.done.wait(0.25):
            try:
                self.seen.append(self.now())
            except OSError:
                return


def _is_socket(path: Path) -> bool:
    try:
        return os.readlink(path).startswith("socket:")
    except OSError:
        return False
