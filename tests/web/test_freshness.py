"""After a run the browser is sent the new page, not told that it has it already."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from geo_target.web.app import create_app
from tests.web.sample import write_snapshot

OLD, NEW = "000001-20251001T000000Z", "000002-20251101T000000Z"


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_a_new_run_is_sent_to_a_browser_that_has_the_old_page(
    tmp_path: Path, encoding: str
) -> None:
    write_snapshot(tmp_path, OLD)
    client = create_app(tmp_path, doors=None).test_client()
    old = client.get("/", headers={"Accept-Encoding": encoding})
    write_snapshot(tmp_path, NEW)
    asked = {"Accept-Encoding": encoding, "If-None-Match": old.headers["ETag"]}
    new = client.get("/", headers=asked)
    assert new.status_code == 200
    assert new.headers["ETag"] != old.headers["ETag"]


def test_a_kept_page_does_not_hide_that_the_run_after_it_is_broken(tmp_path: Path) -> None:
    write_snapshot(tmp_path, OLD)
    client = create_app(tmp_path, doors=None).test_client()
    assert "Hasil terakhir tidak utuh" not in client.get("/").text
    (write_snapshot(tmp_path, NEW) / "manifest.json").unlink()
    assert "Hasil terakhir tidak utuh" in client.get("/").text


@pytest.mark.parametrize("page", ["/", "/tentang-angka", "/kelurahan/36.73.01.1001"])
def test_a_cache_keeps_the_languages_apart(client: FlaskClient, page: str) -> None:
    assert {"Cookie", "Accept-Encoding"} <= set(client.get(page).headers["Vary"].split(", "))


@pytest.mark.parametrize(
    "header", ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP"]
)
def test_whatever_a_proxy_adds_is_refused(client: FlaskClient, header: str) -> None:
    assert client.get("/", headers={header: "192.168.1.20"}).status_code == 403
