"""What is no page of ours is not served, and no address holds a person."""

import re

import pytest

from geo_target.resources import resource_dir
from geo_target.web.pages import PageCache
from tests.web.house import SITE, House, get
from tests.web.named import SAME_DISTRICT, VILLAGE

#: All that an address can name; a person is none of it (an officer is there by a keyed id).
ARGUMENTS = {
    "village_code", "cluster_id", "run_id", "name", "delivery", "upload", "figure_id",
    "district_code", "regency_code", "agency", "kind", "audience", "zoom", "column", "row",
    "visit_code",
    "plan_id", "meeting_id", "officer", "day", "package",
}  # fmt: skip


@pytest.mark.parametrize(
    "path",
    ["/.git/HEAD", "/.git/", "/.env", "/assets/", "/layers/", "/map/", "/static/geo-target.css",
     "/geo-target.toml", "/geo-target.key", "/operations.sqlite", "/archive/", "/CURRENT",
     "/deliveries/", "/deliveries/run.json", "/bulan-baru/berkas/"],
)  # fmt: skip
@pytest.mark.parametrize("who", ["nobody", "admin"])
def test_no_file_beside_the_pages_is_served(house: House, path: str, who: str) -> None:
    browser = house.browser() if who == "nobody" else house.signed_in(who)
    assert get(browser, path).status_code == 404


@pytest.mark.parametrize("path", ["/", "/masuk", "/health", "/assets/geo-target.css"])
@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND"])
def test_a_method_that_no_page_has_is_refused(house: House, path: str, method: str) -> None:
    assert house.browser().open(path, method=method, base_url=SITE).status_code == 405


def test_addresses_name_villages_runs_and_files_only(house: House) -> None:
    rules = list(house.app.url_map.iter_rules())
    assert {argument for rule in rules for argument in rule.arguments} <= ARGUMENTS


def test_pages_of_names_are_not_kept_in_the_memory_of_the_service(house: House) -> None:
    browser = house.signed_in("coordinator")
    for village in (VILLAGE, SAME_DISTRICT):
        assert "CANARYNAME" in get(browser, f"/kelurahan/{village}/keluarga").text
        get(browser, f"/kelurahan/{village}")
    cache: PageCache = house.app.extensions["geo_target.pages"]
    kept = list(cache._pages.values())  # no door leads to what is kept
    assert len(kept) == 2
    assert not [reply for reply in kept if b"CANARY" in reply.plain]


def test_a_browser_is_asked_to_remember_the_projector_and_nothing_else() -> None:
    scripts = "\n".join(file.read_text("utf-8") for file in resource_dir("static").glob("*.js"))
    assert len(re.findall(r"localStorage\.", scripts)) == 2
    assert not re.search(r"sessionStorage|indexedDB|document\.cookie|caches\.", scripts)
    early = resource_dir("static").joinpath("early.js").read_text("utf-8")
    assert re.findall(r'const key = "([^"]+)"', early) == ["geo-target.projector"]
