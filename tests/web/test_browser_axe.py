"""Every page by the rules of axe-core: both languages, three sizes, and where it refuses."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.held_meeting import hold_meeting
from benchmarks.screens import NOBODY, SCREENS, Screen, places_of, sign_in
from geo_target.web.app import create_app
from tests.deliveries.month import office
from tests.operations.world import GOOD, OTHER, ROOT
from tests.web.browsing import CHROMIUM, housed, serving
from tests.web.by_district import write_by_district
from tests.web.covered_villages import add_coverage
from tests.web.house import House
from tests.web.listed import add_registers
from tests.web.named import VILLAGE, add_names
from tests.web.paired import add_pairs
from tests.web.visited import add_plan, answer

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")

#: Views that answer with a file, a layer or what a script asks for, never with a page; and the
#: choice of a password, which is looked at by itself.
NO_PAGES = {
    "deliveries.repair", "deliveries.state", "files.asset", "files.base_tile", "files.favicon",
    "files.figures", "files.layer", "files.script", "health.show", "public.layer", "public.script",
    "field_carry.of_day", "field_carry.of_officer", "field_carry.of_village",
    "field_carry.package", "pseudonyms.file", "takeaway.carried", "takeaway.file",
    "takeaway.permit", "own_password.show",
}  # fmt: skip
LAPTOP, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
OPTIONS = {"resultTypes": ["violations"]}
CONTRAST = "color-contrast"
#: Contrast takes axe several times as long as all its other rules, by the number of texts. It is
#: asked of three of each kind: of texts that look the same, on the same grounds. The others are
#: emptied meanwhile.
FEW_TEXTS = """most => {
  const look = ["color", "fill", "fontSize", "fontWeight", "textShadow"];
  const ground = ["backgroundColor", "backgroundImage", "opacity", "position", "filter"];
  const nothing = "rgba(0, 0, 0, 0) none 1 static none";
  const grounds = new Map(), counts = new Map();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT);
  window.emptied = [];
  for (let element = document.body; element; element = walk.nextNode()) {
    const style = getComputedStyle(element);
    const own = ground.map(name => style[name]).join(" ");
    const under = grounds.get(element.parentElement) ?? "";
    grounds.set(element, own === nothing ? under : `${under}|${own}`);
    const texts = [...element.childNodes].filter(each => each.nodeType === Node.TEXT_NODE);
    if (!texts.some(each => each.data.trim())) continue;
    const kind = [element.tagName, element.getAttribute("class"), grounds.get(element),
      ...look.map(name => style[name])].join(";");
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    if (counts.get(kind) > most) {
      for (const text of texts) {
        window.emptied.push([text, text.data]);
        text.data = "";
      }
    }
  }
}"""
ALL_TEXTS = "() => window.emptied.forEach(([text, data]) => { text.data = data; })"
Pages = Callable[[str], Any]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Everything that a page can show: names, pairs, registers, districts, the public's map."""
    folder = tmp_path_factory.mktemp("axe")
    snapshot = write_by_district(folder / "archive")
    for add in (add_names, add_pairs, add_registers, add_coverage):
        add(snapshot)
    config = office(folder / "office")
    with housed(folder / "archive", folder, config=config) as opened:
        _, visits = add_plan(opened)
        answer(opened, visits[:2])
        answer(opened, visits[:1], "moved", number=2)
        hold_meeting(opened.doors, opened.app.extensions["geo_target.store"].current().snapshot)
        yield opened


@pytest.fixture(scope="module")
def address(house: House) -> Iterator[str]:
    with serving(house.app) as found:
        yield found


@pytest.fixture(scope="module")
def pages(browser: Any, address: str) -> Iterator[Pages]:
    """A page of a browser by role, signed in once."""
    opened: dict[str, Any] = {}

    def page(role: str) -> Any:
        if role not in opened:
            opened[role] = browser.new_context(reduced_motion="reduce").new_page()
            if role != NOBODY:
                sign_in(opened[role], address, role, GOOD)
        return opened[role]

    yield page
    for each in opened.values():
        each.context.close()


def found(page: Any) -> list[str]:
    """What axe finds serious or critical: rule, where, and why."""
    of_all = {**OPTIONS, "rules": {CONTRAST: {"enabled": False}}}
    violations = axe.Axe().run(page, options=of_all).response["violations"]
    page.evaluate(FEW_TEXTS, 3)
    of_few = {**OPTIONS, "runOnly": [CONTRAST]}
    violations += axe.Axe().run(page, options=of_few).response["violations"]
    page.evaluate(ALL_TEXTS)
    return [
        f"{rule['id']}: {' '.join(map(str, node['target']))}: {node['html'][:100]}: "
        + "; ".join(check["message"] for check in node["any"] + node["all"] + node["none"])[:160]
        for rule in violations if rule["impact"] in {"serious", "critical"}
        for node in rule["nodes"][:3]
    ]  # fmt: skip


def looked_at(page: Any, url: str, status: int = 200) -> list[str]:
    """In English on a phone, in Indonesian on a laptop, and there as a projector shows it."""
    wrong = []
    for language, size in (("en", PHONE), ("id", LAPTOP)):
        page.set_viewport_size(size)
        cookie = {"name": "lang", "value": language, "domain": "127.0.0.1", "path": "/"}
        page.context.add_cookies([cookie])
        reply = page.goto(url, wait_until="networkidle")
        assert reply.status == status, (url, reply.status)
        assert page.locator("html").get_attribute("lang") == language
        wrong += [f"{language}: {each}" for each in found(page)]
    page.evaluate("document.documentElement.classList.add('projector')")
    return wrong + [f"projector: {each}" for each in found(page)]


def test_axe_is_awake(browser: Any) -> None:
    """It finds what it is here for; a page on which it found nothing was looked at."""
    page = browser.new_page()
    page.set_content('<p style="color: #ccc">abu-abu</p><button></button>')
    assert {each.split(":")[0] for each in found(page)} >= {"color-contrast", "button-name"}
    page.close()


@pytest.mark.parametrize("odd", ['style="color: #999"', 'style="background: #888"', 'class="odd"'])
def test_one_text_of_many_that_is_hard_to_read_is_found(browser: Any, odd: str) -> None:
    page = browser.new_page()
    rows = [f"<tr {odd if row == 40 else ''}><td>{row}</td></tr>" for row in range(50)]
    style = "<style>tr { background: #fff; color: #444 } .odd td { color: #aaa }</style>"
    page.set_content(f"{style}<table>{''.join(rows)}</table>")
    words = page.inner_text("body")
    assert [each.split(":")[0] for each in found(page)].count(CONTRAST) == 1
    assert page.inner_text("body") == words
    page.close()


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_nothing_serious_on_a_page(
    screen: Screen, house: House, address: str, pages: Pages
) -> None:
    path = screen.path(house.app, {**places_of(house.app), "village": VILLAGE, "register": "p3ke"})
    assert looked_at(pages(screen.role), address + path) == []


def test_nothing_serious_on_the_choice_of_a_password(
    browser: Any,
    house: House,
    address: str,
) -> None:
    house.accounts.add("pengganti", "Ibu Pengganti", OTHER, "viewer", by=ROOT)
    page = browser.new_context(reduced_motion="reduce").new_page()
    sign_in(page, address, "pengganti", OTHER)
    assert page.url == f"{address}/sandi-sendiri?next=/"
    assert looked_at(page, page.url) == []
    page.context.close()


def test_every_page_is_looked_at(house: House) -> None:
    """A new page that is neither in the list nor named above as no page fails here."""
    views = {
        rule.endpoint for rule in house.app.url_map.iter_rules() if "GET" in (rule.methods or ())
    }
    assert views - NO_PAGES == {screen.endpoint for screen in SCREENS}


def test_nothing_serious_where_the_map_begins_with_villages(
    browser: Any,
    archive: Path,
) -> None:
    page = browser.new_page()
    with serving(create_app(archive, doors=None)) as site:
        assert looked_at(page, site) == []
    page.close()


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [("operator", "/tidak-ada", 404), ("operator", "/pasangan", 403), (NOBODY, "/akun/", 404)],
)
def test_nothing_serious_on_a_page_that_refuses(
    role: str, path: str, status: int, address: str, pages: Pages
) -> None:
    assert looked_at(pages(role), address + path, status) == []


def test_nothing_serious_before_the_first_run(browser: Any, tmp_path: Path) -> None:
    page = browser.new_page()
    with serving(create_app(tmp_path, doors=None)) as site:
        assert looked_at(page, site, 503) == []
    page.close()
