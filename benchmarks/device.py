"""A device in the field: it has a session, and posts what visits found as JSON."""

import http.client
import json
import re
import time
from dataclasses import dataclass

from geo_target.web.visitors import COOKIE

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass(frozen=True)
class Posted:
    """What came back of a post; `seconds` from the first byte sent to the last one read."""

    submission_id: str
    status: int
    state: str
    seconds: float


class Device:
    """One session on 127.0.0.1, with one connection that is kept."""

    def __init__(self, port: int, session: str) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._cookies = {COOKIE: session}
        self._token = ""

    def begin(self) -> None:
        """Get the token of forms, and the cookie that it belongs to."""
        self._line.request("GET", "/lapangan/isi", headers=self._headers("text/html"))
        reply = self._line.getresponse()
        page = reply.read().decode()
        for cookie in reply.msg.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        found = _TOKEN.search(page)
        if found is None:
            raise RuntimeError(f"the page for returns answered {reply.status}")
        self._token = found[1]

    def post(self, code: str, submission_id: str, outcome: str, **more: object) -> Posted:
        """Send what a visit found.

        Raises
        ------
        OSError, HTTPException
            If the service has gone: then nobody knows whether it was kept.
        """
        body = json.dumps({"submission_id": submission_id, "outcome": outcome, **more})
        headers = self._headers("application/json") | {
            "Content-Type": "application/json", "X-CSRFToken": self._token,
        }  # fmt: skip
        begun = time.perf_counter()
        self._line.request("POST", f"/kunjungan/{code}/hasil", body, headers)
        reply = self._line.getresponse()
        told = reply.read()
        seconds = time.perf_counter() - begun
        is_json = reply.headers.get_content_type() == "application/json"
        state = str(json.loads(told)["state"]) if is_json else ""
        return Posted(submission_id, reply.status, state, seconds)

    def close(self) -> None:
        """Hang up."""
        self._line.close()

    def _headers(self, takes: str) -> dict[str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        return {"Cookie": cookies, "Accept": takes}
