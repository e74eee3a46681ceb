import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import pytest

from geo_target.publishing.archive import read_key
from geo_target.web.hosts import HostRefusedError
from geo_target.web.requests import PIECE
from geo_target.web.serving import serve
from tests.deliveries.month import office


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
    yield from started(archive, "None")


@pytest.fixture(scope="module")
def door(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A service that people sign in to, with a page for the files of a month."""
    config = office(tmp_path_factory.mktemp("office"))
    read_key(config.parent)
    yield from started(archive, "open_doors(folder, Access(), config=Path(sys.argv[3]))", config)


def started(archive: Path, doors: str, config: Path = Path()) -> Iterator[int]:
    """Port of a service in a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = int(free.getsockname()[1])
    code = (
        "from pathlib import Path; from geo_target.web.serving import serve; import sys;"
        "from geo_target.web.doors import open_doors; from geo_target.settings import Access;"
        "folder = Path(sys.argv[3]).parent;"
        f"serve(Path(sys.argv[1]), host='127.0.0.1', port=int(sys.argv[2]), doors={doors})"
    )
    given = [str(archive), str(number), str(config)]
    with subprocess.Popen([sys.executable, "-c", code, *given]) as process:
        for _ in range(1200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", number)) == 0:
                    break
            time.sleep(0.1)
        yield number
        process.terminate()
        status = process.wait(60)
    if sys.platform != "win32":
        assert status == 0, "told to end, it ends in good order: see test_stopping"


def asked(port: int, **headers: str) -> tuple[int, str | None]:
    """Status and Server header of a reply."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
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
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(
            b"POST /health HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 50000000\r\n\r\n"
        )
        with suppress(ConnectionError, TimeoutError):
            for _ in range(500):
                connection.sendall(b"x" * 100_000)
                sent += 100_000
    assert sent < 20_000_000


def posted(port: int, size: int) -> int:
    """Status of a body of that size to where pieces go; without a token it is none of ours."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        headers = {"Content-Type": "application/octet-stream"}
        address = f"/bulan-baru/unggahan/{'0' * 32}?dari=0"
        connection.request("POST", address, body=b"x" * size, headers=headers)
        return connection.getresponse().status


def test_the_real_server_takes_a_piece_in_and_no_more(door: int) -> None:
    assert posted(door, PIECE) == 400  # it has come to the app, which asks for its token
    assert posted(door, PIECE + 1) == 413
    with suppress(ConnectionError):
        assert posted(door, 8 * PIECE) == 413


def test_half_sent_requests_hold_nobody_up(port: int) -> None:
    """More than a server of this kind takes by default; each has sent half of its headers."""
    with ExitStack() as opened:
        for _ in range(150):
            slow = opened.enter_context(socket.create_connection(("127.0.0.1", port), timeout=60))
            slow.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        assert asked(port)[0] == 200
