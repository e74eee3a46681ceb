"""The application factory: every part is handed in, nothing is read from the environment."""

import select
import socket
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path

from flask import Flask
from jinja2 import StrictUndefined
from werkzeug.routing import BaseConverter

from geo_target.errors import Fault, GeoTargetError
from geo_target.resources import resource_dir
from geo_target.web import access, faults, language
from geo_target.web.assets import read_assets
from geo_target.web.pages import PageCache
from geo_target.web.replies import harden
from geo_target.web.store import RUN_ID, Store
from geo_target.web.views import about, files, health, overview, villages

#: No request of ours has a body; one that has is not read.
_LARGEST_BODY = 16 * 1024


class HostRefusedError(GeoTargetError):
    """The service would be open to other machines without anybody signing in."""

    exit_code = 2


class VillageCode(BaseConverter):
    """A village code with dots, as text."""

    regex = r"\d{2}\.\d{2}\.\d{2}\.\d{4}"


class RunId(BaseConverter):
    """The id of a run."""

    regex = RUN_ID.pattern


def create_app(
    archive: Path,
    *,
    open_on_loopback: bool,
    host: str = "127.0.0.1",
    language_default: str = "id",
) -> Flask:
    """Build the application that shows an archive's current snapshot.

    Parameters
    ----------
    archive
        The folder with CURRENT and one folder a run.
    open_on_loopback
        This machine's own browser acts as audience `meeting`. Without it nobody sees a
        figure: there is no signing in yet.
    host
        Where the service will listen; with `open_on_loopback` only this machine.
    language_default
        Language of a visitor who has not chosen one: ``id`` or ``en``.

    Raises
    ------
    HostRefusedError
        If `open_on_loopback` is asked for on an address that other machines reach.
    """
    if open_on_loopback:
        _check_loopback(host)
    app = Flask("geo_target", template_folder=str(resource_dir("templates")), static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=_LARGEST_BODY)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.url_map.converters.update(village_code=VillageCode, run_id=RunId)
    app.extensions.update(
        {
            "geo_target.store": Store(archive),
            "geo_target.pages": PageCache(),
            "geo_target.assets": read_assets(),
        }
    )
    if open_on_loopback:
        app.before_request(access.grant_loopback)
    app.before_request(access.enforce)
    language.install(app, language_default)
    faults.install(app)
    app.after_request(harden)
    for module in (overview, villages, about, files, health):
        app.register_blueprint(module.bp)
    return app


def serve(
    archive: Path,
    *,
    host: str,
    port: int,
    open_on_loopback: bool,
    announce: Callable[[str], None] = lambda _address: None,
) -> None:
    """Serve an archive until the process is ended.

    Parameters
    ----------
    archive, host, open_on_loopback
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
    app = create_app(archive, open_on_loopback=open_on_loopback, host=host)
    if open_on_loopback:  # the first visitor need not wait for templates to be compiled
        for asked in language.LANGUAGES:
            app.test_client().get("/", headers={"Cookie": f"{language.COOKIE}={asked}"})
    import waitress  # type: ignore[import-untyped]  # noqa: PLC0415  # only to start it

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
        asyncore_use_poll=hasattr(select, "poll"),  # select alone ends at 1024 open files
    )
    announce(f"http://{host}:{port}/")
    server.run()


def _check_loopback(host: str) -> None:
    try:
        inside = host == "localhost" or ip_address(host.strip("[]")).is_loopback
    except ValueError:
        inside = False
    if not inside:
        raise HostRefusedError(
            Fault(
                "E-HOST",
                id=f"layanan tidak dibuka di {host}: dengan open_on_loopback siapa pun di jaringan "
                "akan melihat data tanpa masuk; pakai --host 127.0.0.1",
                en=f"the service is not opened on {host}: with open_on_loopback anybody on the "
                "network would see the data without signing in; use --host 127.0.0.1",
                column="access.open_on_loopback",
            )
        )
