"""How the service ends when it is told to: whoever has asked is still answered."""

import signal
import threading
import time
from typing import Any

#: Seconds that open requests get; a service manager usually kills after more.
LONGEST_S = 10.0
#: How soon a signal is seen, and how often it is looked whether all are answered.
_LOOK_S, _DRAIN_S = 1.0, 0.05


def run(server: Any, *, longest_s: float = LONGEST_S) -> None:
    """Serve until SIGTERM or Ctrl-C; after SIGTERM answer what was asked, and nobody new.

    Parameters
    ----------
    server
        One of `waitress.create_server`, with one socket.
    longest_s
        Seconds after which it ends even so: one who does not read holds up nobody's restart.
    """
    told = threading.Event()
    if threading.current_thread() is threading.main_thread():
        # The handler only notes it: the loop may hold any lock at this moment.
        signal.signal(signal.SIGTERM, lambda *_: told.set())
    try:
        while not told.is_set():
            _turn(server, _LOOK_S)
        server.del_channel()
        server.socket.close()  # whoever comes now is refused at once, and asks again
        until = time.monotonic() + longest_s
        while _is_asked(server) and time.monotonic() < until:
            _turn(server, _DRAIN_S)
    except (SystemExit, KeyboardInterrupt):
        pass
    server.task_dispatcher.shutdown(timeout=_LOOK_S)


def _turn(server: Any, seconds: float) -> None:
    """One turn of the loop, that waits no longer for something to happen."""
    server.asyncore.loop(
        timeout=seconds, map=server._map, use_poll=server.adj.asyncore_use_poll, count=1
    )


def _is_asked(server: Any) -> bool:
    """Whether a request is not answered to its last byte; what is half sent is none yet."""
    channels = tuple(server.active_channels.values())
    return any(each.requests or each.total_outbufs_len for each in channels)
