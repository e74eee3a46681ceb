"""A browser without a screen: keeps cookies and one connection, and times each answer."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

#: How long a browser waits for an answer, in seconds.
PATIENCE = 30.0


@dataclass(frozen=True)
class Answer:
    """What came back; `seconds` from the first byte sent to the last one read."""

    status: int
    headers: Mapping[str, str]
    cookies: tuple[str, ...]
    body: bytes
    seconds: float


class Browser:
    """Somebody's browser on 127.0.0.1.

    It sends `__Host-` cookies over plain HTTP, as browsers do to their own machine only.
    """

    def __init__(self, port: int, cookies: Mapping[str, str] | None = None) -> None:
        self._port = port
        self.cookies = dict(cookies or {})
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str, **headers: str) -> Answer:
        """Ask for a page."""
        return await self._ask(f"GET {path} HTTP/1.1", headers, b"")

    async def post(self, path: str, **form: str) -> Answer:
        """Send a form."""
        body = urlencode(form).encode()
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Content-Length": str(len(body)),
        }
        return await self._ask(f"POST {path} HTTP/1.1", headers, body)

    def close(self) -> None:
        """Hang up."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None

    async def _ask(self, line: str, headers: Mapping[str, str], body: bytes) -> Answer:
        sent = {
            "Host": f"127.0.0.1:{self._port}",
            "Accept": "text/html,*/*",
            "Accept-Encoding": "gzip",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        } | {name.replace("_", "-"): value for name, value in headers.items()}
        lines = [line, *(f"{name}: {value}" for name, value in sent.items()), "", ""]
        begun = time.perf_counter()
        try:
            async with asyncio.timeout(PATIENCE):
                reader, writer = await self._connection()
                writer.write("\r\n".join(lines).encode() + body)
                answer = await _read(reader, begun)
        except BaseException:
            self.close()
            raise
        self._keep(answer)
        return answer

    async def _connection(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        return self._streams

    def _keep(self, answer: Answer) -> None:
        for cookie in answer.cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        if answer.headers.get("connection", "").lower() == "close":
            self.close()


async def _read(reader: asyncio.StreamReader, begun: float) -> Answer:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    pairs = [line.split(": ", 1) for line in head[1:] if line]
    headers = {name.lower(): value for name, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    cookies = tuple(value for name, value in pairs if name.lower() == "set-cookie")
    seconds = time.perf_counter() - begun
    return Answer(int(head[0].split(" ")[1]), headers, cookies, body, seconds)
