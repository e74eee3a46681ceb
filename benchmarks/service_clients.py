"""The clients of a load, in a process of their own: a plan on standard input, JSON out.

`benchmarks.service_load` writes the plan, a line, and ends what has no end of its own by
closing the input. Times are of the monotonic clock of this machine.
"""

import asyncio
import contextlib
import gzip
import json
import random
import re
import socket
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from benchmarks.browser import Answer, Browser
from benchmarks.service_viewers import Sample, viewers_of

Plan = Mapping[str, Any]

_TOKEN = re.compile(rb'name="csrf_token" value="([^"]+)"')

#: Seconds between two probes.
_PROBE_EVERY = 0.2


async def view(plan: Plan) -> dict[str, Any]:
    """Look at maps until the input is closed."""
    people, done = viewers_of(plan), asyncio.Event()
    think = plan["think"]
    tasks = [asyncio.create_task(person.look_until(done, think=think)) for person in people]
    await asyncio.to_thread(sys.stdin.read)
    done.set()
    await asyncio.gather(*tasks)
    return {"samples": [sample for person in people for sample in person.samples]}


async def sign_in(plan: Plan) -> dict[str, Any]:
    """Sign in with every account at once, while some look at maps."""
    people, done = viewers_of(plan), asyncio.Event()
    looking = [asyncio.create_task(person.look_until(done)) for person in people]
    arrivals = await asyncio.gather(
        *(_arrive(Browser(plan["port"]), name, plan["password"]) for name in plan["names"])
    )
    done.set()
    await asyncio.gather(*looking)
    samples = [sample for person in people for sample in person.samples]
    return {"samples": samples, "arrivals": arrivals}


async def _arrive(browser: Browser, name: str, password: str) -> dict[str, float]:
    """Sign in, waiting as long as the page asks and a moment more, and open the map."""
    begun, waits = time.monotonic(), 0
    try:
        answer = await browser.get("/masuk")
        while True:
            answer = await browser.post(
                "/masuk", name=name, password=password, csrf_token=_form_token(answer)
            )
            if answer.status != 503:
                break
            waits += 1
            await asyncio.sleep(int(answer.headers["retry-after"]) + random.random())
        signed_in = time.monotonic() - begun
        page = await browser.get("/") if answer.status == 303 else answer
        status = page.status
    except (OSError, EOFError, TimeoutError):
        signed_in, status = time.monotonic() - begun, 0
    browser.close()
    return {"seconds": signed_in, "waits": waits, "status": status}


def _form_token(page: Answer) -> str:
    text = gzip.decompress(page.body) if "content-encoding" in page.headers else page.body
    found = _TOKEN.search(text)
    return found.group(1).decode() if found else ""


async def hold(plan: Plan) -> dict[str, Any]:
    """Hold connections open without ending a request or reading an answer, and probe."""
    samples: list[Sample] = []
    done = asyncio.Event()
    probing = asyncio.create_task(_probe(plan, done, samples))
    await asyncio.sleep(plan["before"])
    held = [_held(plan["port"], _HALF) for _ in range(plan["half"])]
    asking = _WHOLE % plan["path"].encode() * plan["asks"]
    held += [_held(plan["port"], asking) for _ in range(plan["deaf"])]
    begun = time.monotonic()
    await asyncio.sleep(plan["seconds"])
    ended = time.monotonic()
    for one in held:
        one.close()
    await asyncio.sleep(plan["after"])
    done.set()
    await probing
    return {"samples": samples, "begun": begun, "ended": ended}


_HALF = b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Half: "
_WHOLE = b"GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n"


def _held(port: int, words: bytes) -> socket.socket:
    one = socket.socket()
    one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    one.connect(("127.0.0.1", port))
    one.settimeout(0)
    with contextlib.suppress(BlockingIOError):
        one.send(words)
    return one


async def _probe(plan: Plan, done: asyncio.Event, samples: list[Sample]) -> None:
    """Open the map by a new connection each time."""
    asked: set[asyncio.Task[None]] = set()
    while not done.is_set():
        # None waits for the one before it: a service that hangs is probed all the same.
        asked.add(asyncio.create_task(_probed(plan, samples)))
        await asyncio.sleep(_PROBE_EVERY)
    await asyncio.gather(*asked)


async def _probed(plan: Plan, samples: list[Sample]) -> None:
    browser, at = Browser(plan["port"], plan["viewers"][0]["cookies"]), time.monotonic()
    try:
        answer = await browser.get("/")
        fault = "" if answer.status == 200 else "status"
        samples.append(Sample("probe", at, answer.seconds, answer.status, fault))
    except (OSError, EOFError, TimeoutError) as error:
        samples.append(Sample("probe", at, time.monotonic() - at, 0, type(error).__name__))
    browser.close()


PARTS = {"view": view, "sign-in": sign_in, "hold": hold}


def main() -> None:
    """Do what the plan says."""
    plan = json.loads(sys.stdin.readline())
    found = asyncio.run(PARTS[plan["part"]](plan))
    json.dump(found | {"samples": [asdict(sample) for sample in found["samples"]]}, sys.stdout)


if __name__ == "__main__":
    main()
