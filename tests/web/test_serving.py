import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from geo_target.web.app import HostRefusedError, serve


def test_a_port_that_another_program_holds_is_said_so(tmp_path: Path) -> None:
    said: list[str] = []
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(HostRefusedError, match="E-PORT"):
            serve(tmp_path, host="127.0.0.1", port=port, doors=None, announce=said.append)
    assert said == []


def test_a_host_that_others_reach_is_never_announced(tmp_path: Path) -> None:
    said: list[str] = []
    with pytest.raises(HostRefusedError, match="E-HOST"):
        serve(tmp_path, host="0.0.0.0", port=0, doors=None, announce=said.append)
    assert said == []


@pytest.fixture(scope="module")
def port(archive: Path) -> Iterator[int]:
    """A service of one laptop as `geo-target serve` starts it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = int(free.getsockname()[1])
    code = (
        "from pathlib import Path; from geo_target.web.app import serve; import sys;"
        "serve(Path(sys.argv[1]), host='127.0.0.1', port=int(sys.argv[2]), doors=None)"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(archive), str(number)]) as process:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", number)) == 0:
                    break
            time.sleep(0.1)
        yield number
        process.terminate()


def asked(port: int, **headers: str) -> tuple[int, str | None]:
    """Status and Server header of a reply."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", "/", headers=named)
        reply = connection.getresponse()
        reply.read()
        return reply.status, reply.getheader("Server")


def test_the_real_server_lets_its_own_browser_in_and_names_no_software(port: int) -> None:
    assert asked(port) == (200, None)


@pytest.mark.parametrize("header", ["X_Forwarded_For", "X_Forwarded_Host", "Forwarded"])
def test_the_real_server_refuses_whoever_comes_through_a_proxy(port: int, header: str) -> None:
    """By default waitress would take these headers away, and let everybody in."""
    assert asked(port, **{header: "192.0.2.7"})[0] == 403


def test_the_real_server_takes_no_large_body_in(port: int) -> None:
    """Not even to refuse it: by default it would keep up to 1 GB before the app is asked."""
    sent = 0
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(
            b"POST /health HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 50000000\r\n\r\n"
        )
        with suppress(ConnectionError, TimeoutError):
            for _ in range(500):
                connection.sendall(b"x" * 100_000)
                sent += 100_000
    assert sent < 20_000_000
