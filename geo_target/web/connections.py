"""A connection of the web server that answers one request, and only then takes the next."""

import socket
from collections.abc import Callable
from typing import Any

from waitress.channel import HTTPChannel  # type: ignore[import-untyped]
from waitress.parser import HTTPRequestParser  # type: ignore[import-untyped]

#: So many bytes of answers the system takes in for one who does not read; by itself it would
#: take some megabytes, a dozen answers. Pages and layers are smaller.
_ON_THE_WAY = 128 * 1024


class _OneRequest(HTTPRequestParser):  # type: ignore[misc]
    """A request that lets nothing be read behind its end."""

    def __init__(self, adj: Any, keep: Callable[[bytes], None]) -> None:
        super().__init__(adj)
        self._keep = keep

    def received(self, data: bytes) -> int:
        """Take what belongs to this request, and keep what came behind it."""
        taken = int(super().received(data))
        if self.completed and not self.empty and taken < len(data):
            self._keep(data[taken:])
            return len(data)
        return taken


class PatientChannel(HTTPChannel):  # type: ignore[misc]
    """A connection whose next request waits until the answer before it is gone.

    By default all requests that came in one piece are answered, read or not: hundreds of small
    ones from one who never reads fill the memory, and whoever asks for a page waits behind them.
    """

    _behind = b""

    def __init__(self, server: Any, sock: socket.socket, *given: Any, **options: Any) -> None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _ON_THE_WAY)
        super().__init__(server, sock, *given, **options)

    def parser_class(self, adj: Any) -> _OneRequest:
        """A parser of one request; waitress asks for it as if it were a class."""
        return _OneRequest(adj, self._keep)

    def _keep(self, data: bytes) -> None:
        self._behind = data

    def readable(self) -> bool:
        """Whether to read from the socket; the loop asks each time that something has happened.

        What has been read already goes first. Only the thread of the loop reads, so that nothing
        changes what is kept meanwhile.
        """
        while self._behind and super().readable():
            data, self._behind = self._behind, b""
            self.received(data)
        return bool(super().readable())
