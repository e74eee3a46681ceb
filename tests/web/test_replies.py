"""Headers, packing and what the browser need not fetch twice."""

import gzip
import json
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.web.sample import RUN_ID

LAYER = f"/layers/{RUN_ID}/villages.json"
EVERYTHING = ["/", "/kelurahan/36.73.01.1001", LAYER, "/assets/leaflet.js", "/health", "/tidak-ada"]
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)


def map_address(archive: Path) -> str:
    (script,) = (archive / RUN_ID / "shown" / "meeting").glob("map.*.js")
    return f"/map/{RUN_ID}/{script.name}"


@pytest.mark.parametrize("address", EVERYTHING)
def test_every_reply_is_hardened(client: FlaskClient, address: str) -> None:
    headers = client.get(address).headers
    assert headers["Content-Security-Policy"] == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "private, no-cache"
    assert "geolocation=()" in headers["Permissions-Policy"]


@pytest.mark.parametrize("address", ["/", "/kelurahan/36.73.01.1001", LAYER, "/assets/leaflet.js"])
@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_what_has_not_changed_is_not_sent_again(
    client: FlaskClient, address: str, encoding: str
) -> None:
    first = client.get(address, headers={"Accept-Encoding": encoding})
    tag = first.headers["ETag"]
    assert not tag.startswith("W/")

    again = client.get(address, headers={"Accept-Encoding": encoding, "If-None-Match": tag})

    assert again.status_code == 304
    assert again.data == b""


@pytest.mark.parametrize("address", ["/", LAYER])
def test_both_forms_hold_the_same_and_have_their_own_tag(client: FlaskClient, address: str) -> None:
    packed = client.get(address, headers={"Accept-Encoding": "gzip"})
    plain = client.get(address, headers={"Accept-Encoding": "identity"})
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert "Content-Encoding" not in plain.headers


def test_a_layer_is_sent_as_it_was_published(client: FlaskClient, archive: Path) -> None:
    published = archive / RUN_ID / "shown" / "meeting" / "layers" / "villages.json.gz"
    reply = client.get(LAYER, headers={"Accept-Encoding": "gzip"})
    assert reply.data == published.read_bytes()
    assert len(json.loads(gzip.decompress(reply.data))["features"]) == 67


def test_the_overview_with_all_it_loads_is_light(client: FlaskClient, archive: Path) -> None:
    layers = [
        f"/layers/{RUN_ID}/{name}.json"
        for name in ("neighbors", "villages", "districts", "clusters")
    ]
    assets = [
        f"/assets/{name}"
        for name in (
            "leaflet.js", "leaflet.css", "geo-target.css", "early.js", "layers.js", "overview.js",
            "mark.svg",
        )
    ]  # fmt: skip
    addresses = ["/", map_address(archive), *layers, *assets]
    replies = [client.get(each, headers={"Accept-Encoding": "gzip"}) for each in addresses]
    assert [reply.status_code for reply in replies] == [200] * len(replies)
    assert sum(len(reply.data) for reply in replies) < 150_000


def test_no_page_holds_inline_scripts_styles_or_other_hosts(client: FlaskClient) -> None:
    for address in ("/", "/kelurahan/36.73.01.1001", "/tentang-angka", "/tidak-ada"):
        text = client.get(address).text
        assert " style=" not in text
        assert "<style" not in text
        assert " onclick" not in text
        assert "//" not in text.replace("http://127.0.0.1", "")
        for script in text.split("<script")[1:]:
            assert script.split(">", 1)[1].startswith("</script>")


def test_the_mark_is_served_where_browsers_ask(client: FlaskClient) -> None:
    reply = client.get("/favicon.ico")
    assert reply.status_code == 200
    assert reply.mimetype == "image/svg+xml"
