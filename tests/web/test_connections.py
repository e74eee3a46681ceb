"""Connections of a real server: in what order, and when, requests in one piece are answered."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import waitress  # type: ignore[import-untyped]

from geo_target.web.connections import PatientChannel

#: More than sockets of two sides hold.
_LARGE = 8_000_000
_PAGE = 100_000


@dataclass
class Desk:
    """An application that notes what it is asked, and answers some paths at length."""

    asked: list[str] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        body = environ["wsgi.input"].read().decode()
        self.asked.append(environ["PATH_INFO"] + body)
        told = self.asked[-1].encode()
        told = told.ljust({b"/large": _LARGE, b"/page": _PAGE}.get(told, 0))
        start("200 OK", [("Content-Length", str(len(told)))])
        return [told]


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def port(desk: Desk) -> Iterator[int]:
    listening = socket.create_server(("127.0.0.1", 0))
    server = waitress.create_server(desk, sockets=[listening], threads=2)
    server.channel_class = PatientChannel
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield listening.getsockname()[1]
    server.task_dispatcher.shutdown()
    server.trigger.pull_trigger(lambda: _hang_up(server))
    thread.join(5)


def _hang_up(server: Any) -> None:
    """Close what was not read as well, which waitress keeps in files where it is large."""
    for channel in [*server.active_channels.values()]:
        channel.handle_close()
    server.asyncore.close_all(server._map)


def ask(*paths: str, last: bool = True) -> bytes:
    """Requests in one piece; the last one closes the connection."""
    heads = [f"GET {path} HTTP/1.1\r\nHost: localhost\r\n" for path in paths]
    if last:
        heads[-1] += "Connection: close\r\n"
    return "".join(f"{head}\r\n" for head in heads).encode()


def connected(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=60)


def read_all(connection: socket.socket) -> bytes:
    with connection.makefile("rb") as answers:
        return answers.read()


def bodies(read: bytes) -> list[bytes]:
    """What stands behind each head."""
    parts = read.split(b"HTTP/1.1 200 OK\r\n")[1:]
    return [part.partition(b"\r\n\r\n")[2].strip() for part in parts]


def waited_for(desk: Desk, number: int) -> None:
    """Until so many were asked, a minute at most."""
    for _ in range(6000):
        if len(desk.asked) >= number:
            return
        time.sleep(0.01)


def test_requests_in_one_piece_are_answered_in_their_order(desk: Desk, port: int) -> None:
    paths = [f"/{number}" for number in range(300)]
    with connected(port) as connection:
        connection.sendall(ask(*paths))
        assert bodies(read_all(connection)) == [path.encode() for path in paths]
    assert desk.asked == paths


def test_who_does_not_read_is_answered_once(desk: Desk, port: int) -> None:
    with connected(port) as deaf:
        deaf.sendall(ask(*["/large"] * 50))
        waited_for(desk, 1)
        with connected(port) as other:  # another one's turn comes and goes
            other.sendall(ask("/other"))
            assert bodies(read_all(other)) == [b"/other"]
        time.sleep(0.2)
        assert desk.asked == ["/large", "/other"]


def test_the_system_takes_few_answers_in_for_who_does_not_read(desk: Desk, port: int) -> None:
    with socket.socket() as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.connect(("127.0.0.1", port))
        deaf.sendall(ask(*["/page"] * 100))
        time.sleep(0.3)
        assert 1 <= len(desk.asked) < 20


def test_who_reads_late_gets_every_answer(desk: Desk, port: int) -> None:
    with connected(port) as slow:
        slow.sendall(ask("/large", "/large", "/end"))
        waited_for(desk, 1)
        time.sleep(0.1)
        assert bodies(read_all(slow)) == [b"/large", b"/large", b"/end"]


def test_who_sends_and_ends_the_sending_gets_every_answer(desk: Desk, port: int) -> None:
    with connected(port) as connection:
        connection.sendall(ask("/large", "/2", "/3"))
        connection.shutdown(socket.SHUT_WR)
        waited_for(desk, 1)
        assert bodies(read_all(connection)) == [b"/large", b"/2", b"/3"]


@pytest.mark.parametrize("size", [1, 7, 40, 10_000])
def test_pieces_may_end_anywhere(desk: Desk, port: int, size: int) -> None:
    posted = b"POST /posted HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nabcde"
    sent = ask("/1", last=False) + posted + b"\r\n" + ask("/2", last=False) + posted + ask("/3")
    with connected(port) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for begin in range(0, len(sent), size):
            connection.sendall(sent[begin : begin + size])
        read_all(connection)
    assert desk.asked == ["/1", "/postedabcde", "/2", "/postedabcde", "/3"]


def test_nothing_is_asked_behind_a_request_that_closes(desk: Desk, port: int) -> None:
    with connected(port) as connection:
        connection.sendall(ask("/1") + ask("/2"))
        assert bodies(read_all(connection)) == [b"/1"]
    assert desk.asked == ["/1"]


def test_nothing_is_asked_behind_a_request_that_is_none(desk: Desk, port: int) -> None:
    with connected(port) as connection:
        connection.sendall(b"GET nonsense\r\nwithout: \x00 sense:\r\n\r\n" + ask("/2"))
        assert b"400" in read_all(connection)[:20]
    assert desk.asked == []


def test_who_may_go_on_is_told_so_behind_another_request(desk: Desk, port: int) -> None:
    waits = (
        b"POST /posted HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n"
        b"Expect: 100-continue\r\nConnection: close\r\n\r\n"
    )
    with connected(port) as connection:
        connection.sendall(ask("/1", last=False) + waits)
        said = b""
        while b"100 Continue\r\n\r\n" not in said:
            said += connection.recv(1000)
        connection.sendall(b"abc")
        read_all(connection)
    assert desk.asked == ["/1", "/postedabc"]
