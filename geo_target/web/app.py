"""The application factory: every part is handed in, nothing is read from the environment."""

import select
import socket
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from flask_wtf import CSRFProtect  # type: ignore[import-untyped]
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import BaseConverter

from geo_target.errors import Fault, GeoTargetError
from geo_target.platform import settle_collector
from geo_target.publishing.figure_file import read_ledger
from geo_target.resources import resource_dir
from geo_target.web import access, faults, language, logs, visitors
from geo_target.web.assets import read_assets
from geo_target.web.base_map import read_base_map
from geo_target.web.doors import Doors
from geo_target.web.pages import (
    PageCache,
    is_published,
    may_audit,
    may_deliver,
    may_manage,
    may_meet,
    may_plan,
    may_record,
    may_see_figures,
    may_settle,
    may_visit,
)
from geo_target.web.replies import harden
from geo_target.web.requests import AROUND_A_FILE, LARGEST_RETURNS, let_pieces_in, refuse_foreign
from geo_target.web.store import RUN_ID, Store
from geo_target.web.views import (
    about,
    account,
    agencies,
    audit_trail,
    changes,
    clusters,
    compare,
    coverage,
    coverage_villages,
    deliveries,
    districts,
    facilities,
    families,
    field_answers,
    field_carry,
    field_officers,
    field_plan,
    field_plan_new,
    field_progress,
    fieldwork,
    files,
    health,
    ledger,
    meetings,
    name_files,
    official_list,
    overview,
    pairs,
    people,
    priorities,
    programs,
    pseudonyms,
    public,
    quality,
    reasons,
    regencies,
    register_villages,
    registers,
    return_files,
    returns,
    reveal,
    takeaway,
    trend,
    village_card,
    villages,
    visits,
)

#: Our forms are small: a larger body is not read. Pieces of files are, see `let_pieces_in`.
LARGEST_BODY = 16 * 1024
_LARGEST_PART = 8 * 1024
#: Beyond this the server itself takes nothing in, and beyond the other not into memory.
_LARGEST_TAKEN = LARGEST_RETURNS + AROUND_A_FILE
_LARGEST_IN_MEMORY = 4 * LARGEST_BODY


class HostRefusedError(GeoTargetError):
    """The service would be open to other machines without anybody signing in."""

    exit_code = 2


class VillageCode(BaseConverter):
    """A village code with dots, as text."""

    regex = r"\d{2}\.\d{2}\.\d{2}\.\d{4}"


class DistrictCode(BaseConverter):
    """A district code with dots, as text."""

    regex = r"\d{2}\.\d{2}\.\d{2}"


class RegencyCode(BaseConverter):
    """The code of a regency or city, with its dot, as text."""

    regex = r"\d{2}\.\d{2}"


class RunId(BaseConverter):
    """The id of a run."""

    regex = RUN_ID.pattern


def create_app(
    archive: Path,
    *,
    doors: Doors | None,
    figures: Path | None = None,
    base_map: Path | None = None,
    host: str = "127.0.0.1",
    language_default: str = "id",
) -> Flask:
    """Build the application that shows an archive's current snapshot.

    Parameters
    ----------
    archive
        The folder with CURRENT and one folder a run.
    doors
        Who may sign in. None is one laptop: this machine's own browser acts as audience
        `meeting`, nobody else is let in, and no family is named.
    figures
        The user's own published figures, besides ours.
    base_map
        An MBTiles that may lie beneath the villages.
    host
        Where the service will listen; without `doors` only this machine.
    language_default
        Language of a visitor who has not chosen one: ``id`` or ``en``.

    Raises
    ------
    ConfigError
        If `figures` or `base_map` cannot be used.
    HostRefusedError
        ``E-HOST`` without `doors`, or behind a proxy, on an address that other machines
        reach; ``E-DEBUG`` if Flask's debugger would be open to them.
    """
    if doors is None or doors.behind_proxy:
        _check_loopback(host, "behind_proxy" if doors else "open_on_loopback")
    app = Flask("geo_target", template_folder=str(resource_dir("templates")), static_folder=None)
    _refuse_debugger(app, host)
    logs.install(app)
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_BODY, MAX_FORM_MEMORY_SIZE=_LARGEST_PART)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.globals.update(is_published=is_published)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.url_map.converters.update(village_code=VillageCode, run_id=RunId)
    app.url_map.converters.update(district_code=DistrictCode, regency_code=RegencyCode)
    app.extensions.update(
        {
            "geo_target.store": Store(archive),
            "geo_target.pages": PageCache(),
            "geo_target.public_store": Store(archive, pointer="PUBLIC", audience="public"),
            "geo_target.public_pages": PageCache(),
            "geo_target.assets": read_assets(),
            "geo_target.ledger": read_ledger(figures),
            "geo_target.base_map": read_base_map(base_map) if base_map else None,
        }
    )
    if doors is None:
        app.before_request(access.grant_loopback)
    else:
        _open(app, doors)
    visitors.install(app, doors)
    app.before_request(access.enforce)
    language.install(app, language_default)
    faults.install(app)
    app.after_request(harden)
    views = [
        overview, priorities, official_list, clusters, villages, coverage, reasons, programs,
        facilities, compare, registers, trend, changes, about, ledger, takeaway, files, public,
        health, agencies, quality, regencies, districts, village_card,
    ]  # fmt: skip
    if doors is not None:
        views += [account, audit_trail, people, families, name_files, reveal, pseudonyms]
        views += [register_villages, coverage_villages, pairs, meetings]
        views += [
            fieldwork, field_officers, field_plan_new, field_plan, field_progress, field_answers,
            field_carry,
        ]  # fmt: skip
        views += [visits, returns, return_files]
        if doors.delivery_room is not None:
            views.append(deliveries)
    for module in views:
        app.register_blueprint(module.bp)
    app.jinja_env.globals.update(
        may_deliver=may_deliver, may_settle=may_settle, may_plan=may_plan,
        may_see_figures=may_see_figures, may_visit=may_visit, may_record=may_record,
        may_audit=may_audit, may_manage=may_manage, may_meet=may_meet,
    )  # fmt: skip
    return app


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
    import waitress  # type: ignore[import-untyped]  # noqa: PLC0415  # only to start it

    from geo_target.web import stopping  # noqa: PLC0415  # likewise
    from geo_target.web.connections import PatientChannel  # noqa: PLC0415  # likewise

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


def _open(app: Flask, doors: Doors) -> None:
    """Forms with tokens, known names only, and the proxy's word where there is one."""
    app.config.update(
        SECRET_KEY=doors.form_secret,
        SESSION_COOKIE_NAME="__Host-geo_target_form",
        SESSION_COOKIE_SECURE=True,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        TRUSTED_HOSTS=[*doors.hosts, *visitors.LOOPBACK_HOSTS],
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session of the browser
        # Our Referrer-Policy sends no referrer; requests.refuse_foreign asks for more.
        WTF_CSRF_SSL_STRICT=False,
    )
    if doors.behind_proxy:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    app.before_request(refuse_foreign)
    app.before_request(let_pieces_in)
    CSRFProtect(app)
    app.jinja_env.globals.update(has_single_sign_on=doors.single_sign_on is not None)
    if doors.single_sign_on is not None:
        from geo_target.web.views import single_sign_on  # noqa: PLC0415  # an extra

        app.register_blueprint(single_sign_on.bp)


def _refuse_debugger(app: Flask, host: str) -> None:
    if app.debug and not _is_inside(host):
        raise HostRefusedError(
            Fault(
                "E-DEBUG",
                id=f"FLASK_DEBUG menyala dan layanan dibuka di {host}: siapa pun di jaringan "
                "dapat menjalankan perintah; matikan FLASK_DEBUG",
                en=f"FLASK_DEBUG is on and the service is opened on {host}: anybody on the "
                "network could run commands; switch FLASK_DEBUG off",
            )
        )


def _is_inside(host: str) -> bool:
    return host == "localhost" or visitors.is_loopback(host.strip("[]"))


def _check_loopback(host: str, setting: str) -> None:
    if not _is_inside(host):
        raise HostRefusedError(
            Fault(
                "E-HOST",
                id=f"layanan tidak dibuka di {host}: dengan {setting} siapa pun di jaringan "
                "dapat masuk seolah dari mesin ini; pakai --host 127.0.0.1",
                en=f"the service is not opened on {host}: with {setting} anybody on the "
                "network could come in as if from this machine; use --host 127.0.0.1",
                column=f"access.{setting}",
            )
        )
