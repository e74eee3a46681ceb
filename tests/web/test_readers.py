"""The reader's test: whoever is shown a figure is told what it counts, of when, and from where.

Every page is opened by every role; one that shows figures and is not here fails.
"""

import re
from html.parser import HTMLParser

import pytest

from geo_target.publishing.figure_ledger import figures_about
from tests.web.house import House, get
from tests.web.named import VILLAGE
from tests.web.sample import AREA
from tests.web.test_walk import CLUSTER, EVERYBODY, NOBODY, routes

BASIS = ("data-unit", "data-date", "data-definition", "data-source")
#: Pages about the reader or about files handed in: they show no figure of the data.
NO_FIGURES = {"/masuk", "/akun", "/bulan-baru", "/bulan-baru/keadaan", "/jejak", "/pengguna"}
#: Of those that only a question opens, one each.
ASKED = (f"/kelurahan/{VILLAGE}/register/keluarga?gabungan=p3ke", "/alasan?kantor=BPS",
         "/prioritas?burden=10", "/akses?jenis=sd", f"/kelurahan/kartu?kec={VILLAGE[:8]}",
         "/banding?tampil=kecil", "/banding?kiri=enrolled-PKH&kanan=exclusion")  # fmt: skip


class Reader(HTMLParser):
    """What a page says in its headline, and what it rests on."""

    def __init__(self) -> None:
        super().__init__()
        self.headlines = 0
        self.basis: dict[str, str] = {}
        self._open: list[dict[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.headlines += tag == "h1"
        named = {name: value or "" for name, value in attrs}
        if tag == "span" and named.keys() & set(BASIS):
            self._open.append(named)

    def handle_data(self, data: str) -> None:
        if self._open and data.strip():  # an attribute counts if words stand beside it
            self.basis |= {name: self._open[-1][name] for name in BASIS if name in self._open[-1]}

    def handle_endtag(self, tag: str) -> None:
        if tag == "span" and self._open:
            self._open.pop()


def pages(house: House, who: str) -> dict[str, str]:
    """The pages with figures that somebody opens, by address."""
    browser = house.browser() if who == NOBODY else house.signed_in(who)
    found = {}
    ledger = house.app.extensions["geo_target.ledger"]
    figures = (f"/buku-angka/{figure.id}" for figure in figures_about(AREA, ledger))
    for path in (*routes(house), *ASKED, *figures):
        reply = get(browser, path)
        is_carried = "Content-Disposition" in reply.headers  # several pages in one file
        is_page = reply.status_code == 200 and reply.mimetype == "text/html" and not is_carried
        if is_page and path not in NO_FIGURES:
            found[path] = reply.text
    return found


@pytest.mark.parametrize("who", sorted(EVERYBODY))
def test_every_figure_says_what_it_rests_on(house: House, who: str) -> None:
    wrong = []
    for path, text in pages(house, who).items():
        reader = Reader()
        reader.feed(text)
        missing = [name for name in BASIS if not reader.basis.get(name)]
        if missing or reader.headlines != 1:
            wrong.append((path, reader.headlines, missing))
        elif not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", reader.basis["data-date"]):
            wrong.append((path, 1, [reader.basis["data-date"]]))
    assert wrong == []


def test_the_pages_that_are_read(house: House) -> None:
    """The test above reads them, and not merely refusals."""
    expected = {"/", "/prioritas", "/klaster", f"/klaster/{CLUSTER}", "/alasan", "/program",
                "/akses", "/banding", "/register", "/unduh", "/tentang-angka", "/lembaga",
                "/lembaga/bappeda", "/mutu-data", "/tren", "/perubahan", f"/kelurahan/{VILLAGE}",
                f"/kelurahan/{VILLAGE}/kartu", f"/kecamatan/{VILLAGE[:8]}"}  # fmt: skip
    exact = {f"/kelurahan/{VILLAGE}/cakupan", f"/kelurahan/{VILLAGE}/register",
             "/cakupan/kelurahan", "/register/kelurahan"}  # fmt: skip
    names = {f"/kelurahan/{VILLAGE}/keluarga", *ASKED, "/pasangan", "/pasangan/keputusan"}
    assert expected <= pages(house, "viewer").keys()
    assert expected | exact | names <= pages(house, "coordinator").keys()
    assert not (exact | names - set(ASKED)) & pages(house, "viewer").keys()
    assert pages(house, NOBODY).keys() <= {"/publik"}


def test_the_same_basis_on_every_page_of_a_run(house: House) -> None:
    """A page that counts the reached says the same day and meaning as the overview does."""
    found: dict[str, set[str]] = {}
    for path in (
        "/",
        "/prioritas",
        "/klaster",
        f"/klaster/{CLUSTER}",
        "/alasan",
        "/program",
        "/akses",
        "/lembaga",
        "/lembaga/bappeda",
        "/tren",
        "/perubahan",
        "/tentang-angka",
        f"/kelurahan/{VILLAGE}",
        f"/kelurahan/{VILLAGE}/kartu",
        f"/kelurahan/kartu?kec={VILLAGE[:8]}",
        f"/kecamatan/{VILLAGE[:8]}",
    ):
        reader = Reader()
        reader.feed(get(house.signed_in("viewer"), path).text)
        for name, value in reader.basis.items():
            found.setdefault(name, set()).add(value)
    assert found == {
        "data-unit": {"keluarga (KK)"},
        "data-date": {"2025-10-01"},
        "data-definition": {"PKH, Sembako, PBI-JK 2025-10-01"},
        "data-source": {"P3KE keluarga 2025-09-01"},
    }
