"""The application factory: every part is handed in, nothing is read from the environment."""

from pathlib import Path

from flask import Flask
from flask_wtf import CSRFProtect  # type: ignore[import-untyped]
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import BaseConverter

from geo_target.publishing.figure_file import read_ledger
from geo_target.resources import resource_dir
from geo_target.web import access, faults, language, logs, visitors
from geo_target.web.assets import read_assets
from geo_target.web.base_map import read_base_map
from geo_target.web.doors import Doors
from geo_target.web.hosts import check_loopback, refuse_debugger
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
    may_write_down,
)
from geo_target.web.replies import harden
from geo_target.web.requests import let_pieces_in, refuse_foreign
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
    own_password,
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
        check_loopback(host, "behind_proxy" if doors else "open_on_loopback")
    app = Flask("geo_target", template_folder=str(resource_dir("templates")), static_folder=None)
    refuse_debugger(app, host)
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
        views += [account, own_password, audit_trail, people]
        views += [families, name_files, reveal, pseudonyms]
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
        may_write_down=may_write_down,
    )  # fmt: skip
    return app


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
