"""Every view says what it shows, and nobody gets more than that."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from geo_target.errors import GeoTargetError
from geo_target.web.access import Access
from geo_target.web.app import create_app
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
    app.add_url_rule("/lupa", "forgotten", lambda: "data")
    reply = app.test_client().get("/lupa")
    assert reply.status_code == 500
    assert b"data" not in reply.data.split(b"<main")[0]


@pytest.mark.parametrize("page", PAGES)
def test_without_open_on_loopback_nobody_sees_a_figure(archive: Path, page: str) -> None:
    reply = create_app(archive, open_on_loopback=False).test_client().get(page)
    assert reply.status_code == 403
    assert "versi berikutnya" in reply.text
    assert "later version" in reply.text


def test_without_open_on_loopback_health_and_styles_are_served(archive: Path) -> None:
    client = create_app(archive, open_on_loopback=False, host="0.0.0.0").test_client()
    assert client.get("/health").get_json()["status"] == "ok"
    assert client.get("/assets/geo-target.css").status_code == 200


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
        create_app(archive, open_on_loopback=True, host=host)


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
