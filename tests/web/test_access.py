"""Every view says what it shows, and nobody gets more than that."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from geo_target.errors import GeoTargetError
from geo_target.web.access import Access
from geo_target.web.app import create_app
from geo_target.web.doors import Doors
from tests.web.sample import RUN_ID

PUBLIC = {"health.show", "files.asset", "files.favicon"}
PAGES = [
    "/",
    "/kelurahan/36.73.01.1001",
    "/tentang-angka",
    f"/layers/{RUN_ID}/villages.json",
    f"/map/{RUN_ID}/map.0123456789abcdef.js",
]


def test_every_view_declares_what_it_shows(app: Flask) -> None:
    views = {rule.endpoint: app.view_functions[rule.endpoint] for rule in app.url_map.iter_rules()}
    levels = {name: getattr(view, "access", None) for name, view in views.items()}
    assert [name for name, level in levels.items() if level is None] == []
    assert {name for name, level in levels.items() if level is Access.PUBLIC} == PUBLIC


def test_a_view_without_a_level_is_never_served(app: Flask) -> None:
    app.add_url_rule("/lupa", "forgotten", lambda: "the families of a village")
    reply = app.test_client().get("/lupa")
    assert reply.status_code == 500
    assert b"the families of a village" not in reply.data


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8000", "localhost:5000", "[::1]:8000"])
def test_this_machine_is_let_in_by_its_own_names(client: FlaskClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["jahat.example", "127.0.0.1.jahat.example", "192.168.1.7:8000"])
@pytest.mark.parametrize("page", [*PAGES, "/health", "/assets/geo-target.css"])
def test_another_name_of_this_machine_is_refused(client: FlaskClient, host: str, page: str) -> None:
    assert client.get(page, headers={"Host": host}).status_code == 400


def test_another_machine_is_refused(client: FlaskClient) -> None:
    reply = client.get("/", environ_overrides={"REMOTE_ADDR": "192.168.1.20"})
    assert reply.status_code == 403
    assert "KK" not in reply.text


def test_what_came_through_a_proxy_is_refused(client: FlaskClient) -> None:
    assert client.get("/", headers={"X-Forwarded-For": "192.168.1.20"}).status_code == 403


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.7", "::", "dinsos.example"])
def test_open_on_loopback_is_refused_on_other_addresses(archive: Path, host: str) -> None:
    with pytest.raises(GeoTargetError, match=r"127\.0\.0\.1"):
        create_app(archive, doors=None, host=host)


@pytest.mark.parametrize(
    "path",
    [
        "/layers/{run}/..%2f..%2f..%2fexact%2fquarantine.csv.json",
        "/layers/{run}/../../exact/quarantine.csv",
        "/layers/{run}/quarantine.json",
        "/layers/../{run}.json",
        "/map/{run}/manifest.json",
        "/map/{run}/..%2f..%2fexact%2fquarantine.csv",
        "/assets/..%2f..%2fschemas.py",
        "/assets/%2fetc%2fpasswd",
        "/exact/quarantine.csv",
        "/archive/{run}/exact/quarantine.csv",
    ],
)
def test_no_path_leads_out_of_what_is_shown(client: FlaskClient, path: str) -> None:
    reply = client.get(path.format(run=RUN_ID))
    assert reply.status_code in (404, 308)
    assert b"SECRET" not in reply.data


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_changed(client: FlaskClient, method: str) -> None:
    assert client.open("/", method=method).status_code == 405


@pytest.mark.parametrize(
    "path", ["/masuk", "/akun", "/pasangan", "/kelurahan/36.73.01.1001/keluarga"]
)
def test_one_laptop_has_no_accounts_and_no_names(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_one_laptop_says_who_holds_the_data(client: FlaskClient) -> None:
    for page in ("/", "/kelurahan/36.73.01.1001", "/tentang-angka"):
        assert "Siapa pun yang memegang laptop ini memegang datanya." in client.get(page).text


def test_a_debugger_is_never_open_to_other_machines(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    with pytest.raises(GeoTargetError, match="E-DEBUG"):
        create_app(archive, doors=_nobody(), host="0.0.0.0")
    create_app(archive, doors=_nobody(), host="127.0.0.1")


def test_behind_a_proxy_only_the_proxy_reaches_the_service(archive: Path) -> None:
    doors = replace(_nobody(), behind_proxy=True)
    with pytest.raises(GeoTargetError, match="E-HOST"):
        create_app(archive, doors=doors, host="0.0.0.0")
    create_app(archive, doors=doors, host="127.0.0.1")


def _nobody() -> Doors:
    """Doors that are never asked."""
    nothing: Any = None
    return Doors(
        accounts=nothing, sessions=nothing, audit=nothing, settlements=nothing,
        field_officers=nothing, visit_plans=nothing, visit_outcomes=nothing, own_entries=nothing,
        meetings=nothing,
        key=b"k" * 32,
    )  # fmt: skip
