"""SIGTERM: whoever has asked is answered, whoever asks then is not, and nobody holds it up."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.keeping.office import posix

#: /ID waits until the test lets it go on; /large is more than sockets of two sides hold.
_SERVE = """
import sys, socket, time, waitress
from pathlib import Path
from geo_target.web import stopping
from geo_target.web.connections import PatientChannel

folder = Path(sys.argv[2])

def desk(environ, start):
    path = environ["PATH_INFO"][1:]
    (folder / f"{path}.asked").touch()
    while path.isdigit() and not (folder / f"{path}.go").exists():
        time.sleep(0.01)
    told = b"." * (8_000_000 if path == "large" else 100_000)
    start("200 OK", [("Content-Length", str(len(told)))])
    return [told]

listening = socket.create_server(("127.0.0.1", int(sys.argv[1])))
server = waitress.create_server(desk, sockets=[listening], threads=4)
server.channel_class = PatientChannel
stopping.run(server, longest_s=float(sys.argv[3]))
"""


class Service:
    """A service in a process of its own, and its folder of signs."""

    def __init__(self, folder: Path, *, longest_s: float) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.folder = folder
        given = [str(self.port), str(folder), str(longest_s)]
        self.process = subprocess.Popen([sys.executable, "-c", _SERVE, *given])
        until(self.is_open)
        self.ask("first").close()  # it is open before it minds SIGTERM; one that serves minds it

    def is_open(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def ask(self, path: str) -> socket.socket:
        """A connection whose request has come to the application."""
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=90)
        connection.sendall(f"GET /{path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        until((self.folder / f"{path}.asked").exists)
        return connection

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)


def until(is_so: Callable[[], bool]) -> None:
    """Wait for something, 90 s at most."""
    for _ in range(9000):
        if is_so():
            return
        time.sleep(0.01)
    raise AssertionError("it never came")


def read(connection: socket.socket) -> bytes:
    with connection, connection.makefile("rb") as answer:
        return answer.read()


@posix
def test_who_has_asked_is_answered_and_nobody_new(tmp_path: Path) -> None:
    service = Service(tmp_path, longest_s=90)
    asked = [service.ask(path) for path in ("1", "2")]
    service.stop()
    until(lambda: not service.is_open())
    assert service.process.poll() is None
    for number in (1, 2):
        (tmp_path / f"{number}.go").touch()
    answers = [read(each).partition(b"\r\n\r\n")[2] for each in asked]
    assert [len(each) for each in answers] == [100_000, 100_000]
    assert service.process.wait(90) == 0


@posix
def test_a_large_answer_goes_out_to_its_last_byte(tmp_path: Path) -> None:
    service = Service(tmp_path, longest_s=90)
    asked = service.ask("large")
    service.stop()
    until(lambda: not service.is_open())
    assert len(read(asked).partition(b"\r\n\r\n")[2]) == 8_000_000
    assert service.process.wait(90) == 0


@posix
@pytest.mark.parametrize("path", ["1", "large"], ids=["no end", "nobody reads"])
def test_one_who_never_ends_holds_it_up_for_so_long_only(tmp_path: Path, path: str) -> None:
    service = Service(tmp_path, longest_s=0.5)
    with service.ask(path):
        service.stop()
        assert service.process.wait(90) == 0


@posix
def test_nobody_asks_and_it_ends(tmp_path: Path) -> None:
    """Neither an idle connection nor half a request is waited for."""
    service = Service(tmp_path, longest_s=600)
    with socket.create_connection(("127.0.0.1", service.port)) as half:
        half.sendall(b"GET / HTTP/1.1\r\n")
        service.stop()
        assert service.process.wait(90) == 0
