"""The web server: it listens until the process is told to end."""

import select
import socket
from collections.abc import Callable
from pathlib import Path

import waitress  # type: ignore[import-untyped]

from geo_target.errors import Fault
from geo_target.platform import settle_collector
from geo_target.web import language, stopping
from geo_target.web.app import LARGEST_BODY, create_app
from geo_target.web.connections import PatientChannel
from geo_target.web.doors import Doors
from geo_target.web.hosts import HostRefusedError
from geo_target.web.requests import AROUND_A_FILE, LARGEST_RETURNS

#: Beyond this the server itself takes nothing in, and beyond the other not into memory.
_LARGEST_TAKEN = LARGEST_RETURNS + AROUND_A_FILE
_LARGEST_IN_MEMORY = 4 * LARGEST_BODY


def serve(
    archive: Path,
    *,
    host: str,
    port: int,
    doors: Doors | None,
    figures: Path | None = None,
    base_map: Path | None = None,
    announce: Callable[[str], None] = lambda _address: None,
) -> None:
    """Serve an archive until the process is told to end; open requests are answered first.

    Parameters
    ----------
    archive, host, doors, figures, base_map
        As for `create_app`.
    port
        The port to listen on.
    announce
        Called with the address once the service listens.

    Raises
    ------
    HostRefusedError
        As for `create_app`; ``E-PORT`` if another program listens there already.
    """
    app = create_app(archive, doors=doors, figures=figures, base_map=base_map, host=host)
    for store in ("geo_target.store", "geo_target.public_store"):
        app.extensions[store].when_read = settle_collector
    if doors is None:  # the first visitor need not wait for templates to be compiled
        for asked in language.LANGUAGES:
            app.test_client().get("/", headers={"Cookie": f"{language.COOKIE}={asked}"})
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listening = socket.create_server((host, port), family=family)
    except OSError:
        raise HostRefusedError(
            Fault(
                "E-PORT",
                id=f"tidak dapat membuka {host}:{port}, mungkin dipakai program lain; "
                "pilih yang lain dengan --port",
                en=f"cannot listen on {host}:{port}, another program may use it; "
                "choose another one with --port",
            )
        ) from None
    server = waitress.create_server(
        app,
        sockets=[listening],
        threads=8,
        connection_limit=1000,
        ident="",
        # Else it takes 1 GB in before the app refuses.
        max_request_body_size=_LARGEST_TAKEN if doors else _LARGEST_IN_MEMORY,
        inbuf_overflow=_LARGEST_IN_MEMORY,
        clear_untrusted_proxy_headers=False,  # one laptop refuses whoever sends them
        asyncore_use_poll=hasattr(select, "poll"),  # select alone ends at 1024 open files
    )
    server.channel_class = PatientChannel
    announce(f"http://{host}:{port}/")
    stopping.run(server)
