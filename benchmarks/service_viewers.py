"""People who look at maps, each answer held against what it says of itself."""

import asyncio
import gzip
import hashlib
import random
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.browser import Answer, Browser

#: How often each kind of page is asked for; the names only by officers.
MIX = {"overview": 25, "village": 25, "meeting": 20, "layer": 20, "script": 10}
NAMES = 20
#: What a meeting turns to besides the map and its villages.
_MEETING = (
    "/prioritas", "/klaster", "/cakupan", "/banding", "/tren", "/lembaga/dinas-sosial",
    "/mutu-data", "/unduh",
)  # fmt: skip

_RUN = re.compile(rb"/(?:map|layers)/([0-9]{6}-[0-9TZ]+)/")
_SCRIPT = re.compile(rb'"(/map/[^"]+)"')
_NAMED_RUN = re.compile(rb"\b([0-9]{6}-[0-9]{8}T[0-9]{6}Z)\b")


@dataclass(frozen=True)
class Sample:
    """An answer: when it was asked for (monotonic clock, s), how long it took, what is wrong."""

    kind: str
    at: float
    seconds: float
    status: int
    fault: str = ""
    content: str = ""
    """Address and ETag."""


@dataclass
class Viewer:
    """Somebody who looks about, thinking a second between two pages.

    `names` are villages whose families they may see by name; each answer is audited.
    """

    browser: Browser
    villages: Sequence[str]
    layers: Sequence[str]
    names: Sequence[str] = ()
    seed: int = 0
    samples: list[Sample] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)
        self._run = ""
        self._script = ""
        self._tags: dict[str, str] = {}
        self._mix = MIX | ({"names": NAMES} if self.names else {})

    async def look_until(self, done: asyncio.Event, *, think: float = 1.0) -> None:
        """Look at pages until `done`, the answer under way to its end."""
        await _pause(done, self._chance.random() * think)
        while not done.is_set():
            await self.look()
            await _pause(done, think * self._chance.uniform(0.5, 1.5))
        self.browser.close()

    async def look(self) -> None:
        """Ask for one page and keep what came of it."""
        kind = "overview" if not self._run else self._choose()
        path, at = self._path(kind), time.monotonic()
        # Half of the visits are first ones of a browser: nothing kept.
        tag = self._tags.get(path, "") if self._chance.random() < 0.5 else ""
        headers = {"If_None_Match": tag} if tag else {}
        try:
            answer = await self.browser.get(path, **headers)
        except (OSError, EOFError, TimeoutError) as error:
            self.samples.append(Sample(kind, at, time.monotonic() - at, 0, type(error).__name__))
            return
        fault = self._fault(kind, answer)
        # Whoever may plan visits has one entry more in the menu of every page.
        address = f"{path}{'#officer' if self.names else ''}"
        content = f"{address} {answer.headers.get('etag', '')}"
        self.samples.append(Sample(kind, at, answer.seconds, answer.status, fault, content))
        if "etag" in answer.headers:
            self._tags[path] = answer.headers["etag"]

    def _choose(self) -> str:
        return self._chance.choices(list(self._mix), weights=list(self._mix.values()))[0]

    def _path(self, kind: str) -> str:
        if kind == "overview":
            return "/"
        if kind == "village":
            return f"/kelurahan/{self._chance.choice(self.villages)}"
        if kind == "meeting":
            district = self._chance.choice(self.villages)[: len("00.00.00")]
            return self._chance.choice((*_MEETING, f"/kecamatan/{district}"))
        if kind == "layer":
            return f"/layers/{self._run}/{self._chance.choice(self.layers)}.json"
        if kind == "script":
            return self._script
        state = self._chance.choice(("belum", "belum-padan", "tersentuh"))
        return f"/kelurahan/{self._chance.choice(self.names)}/keluarga?keadaan={state}"

    def _fault(self, kind: str, answer: Answer) -> str:
        if answer.status == 304:
            return ""
        if answer.status != 200:
            return "status"
        plain = _plain(answer)
        if plain is None or (kind != "names" and _tag(answer) != _sum_of(kind, answer, plain)):
            return "torn"
        if kind == "overview":
            return self._follow(set(_RUN.findall(plain)), plain)
        if kind == "names":
            return self._follow(set(_NAMED_RUN.findall(plain)), None)
        return ""

    def _follow(self, runs: set[bytes], page: bytes | None) -> str:
        """Hold a page to one run, and no older one than this viewer has seen already."""
        if len(runs) != 1:
            return "mixed"
        run = runs.pop().decode()
        if run < self._run:
            return "back"
        self._run = run
        found = _SCRIPT.search(page) if page is not None else None
        if found:
            self._script = found.group(1).decode()
        return ""


async def _pause(done: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await done.wait()
    except TimeoutError:
        return


def _plain(answer: Answer) -> bytes | None:
    """The body unpacked; None if it is no whole packed file."""
    if answer.headers.get("content-encoding") != "gzip":
        return answer.body
    try:
        return gzip.decompress(answer.body)
    except (OSError, EOFError):
        return None


def _tag(answer: Answer) -> str:
    return answer.headers.get("etag", "").strip('"').removesuffix("-plain")


def _sum_of(kind: str, answer: Answer, plain: bytes) -> str:
    """What the ETag must be: a layer's names its packed file, every other one its text."""
    return hashlib.sha256(answer.body if kind == "layer" else plain).hexdigest()


def viewers_of(plan: Mapping[str, Any]) -> list[Viewer]:
    """The viewers that a plan names."""
    return [
        Viewer(
            Browser(plan["port"], person["cookies"]),
            plan["villages"],
            plan["layers"],
            person["names"],
            seed=number,
        )
        for number, person in enumerate(plan["viewers"])
    ]
