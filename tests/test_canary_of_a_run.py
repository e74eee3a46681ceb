"""From raw lists to the pages: a word in every private cell, followed through a whole run."""

import csv
import json
import logging
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from geo_target.cli import main
from geo_target.demo.world import write_demo
from geo_target.operations.database import Database
from geo_target.publishing.archive import Archive
from tests.publishing.shown_numbers import unclassified
from tests.publishing.told_places import Places, exact_degrees, text_of
from tests.web.house import SITE, House

PRIVATE = re.compile(r"nama(?!.*(kab|kec|kel\b|prov))|^name|alamat|penerima$", re.IGNORECASE)
TOKEN = re.compile(r"CANARY\d{6}X")
NUMBER = re.compile(r"(?<![\w.])\d{16}(?!\w)")  # not a part of a hash or a fraction


@dataclass(frozen=True)
class Marked:
    """The archive of a run on marked lists, what the run said, and every id in its lists."""

    archive: Path
    said: str
    ids: frozenset[str]
    unkept: frozenset[str]
    """Tokens of addresses on a KTP and of who leads an RT: no file of a run has them."""
    tokens: int
    homes: Places
    """Longitude and latitude of every family that lives somewhere, whoever has a point of it."""


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Marked:
    folder = tmp_path_factory.mktemp("marked")
    write_demo(folder, area="36.73", families=6_000, lists="csv", unmatched=0.05)
    tokens, ids = 0, set[str]()
    with_registered(folder / "lists" / "p3ke_keluarga.csv")
    with_neighborhoods(folder)
    for file in sorted((folder / "lists").glob("*.csv")):
        if file.name != "fasilitas.csv":  # what a puskesmas is called is for everybody to see
            tokens = mark(file, tokens, ids)
    spoil(folder / "lists" / "p3ke_keluarga.csv")
    lines = csv.DictReader((folder / "lists" / "p3ke_keluarga.csv").read_text("utf-8").splitlines())
    unkept = {token for line in lines for token in TOKEN.findall(line["alamat_ktp"])}
    leaders = TOKEN.findall((folder / "lists" / "kk_rt.csv").read_text("utf-8"))
    assert len(leaders) == 12
    run = CliRunner().invoke(main, ["run", str(folder / "geo-target.toml")])
    assert run.exit_code == 0, run.output
    assert "[W-NEIGHBORHOOD]" in run.output
    check = CliRunner().invoke(main, ["check", str(folder / "lists" / "p3ke_keluarga.csv")])
    assert "E-NIK" in check.output
    assert "alamat_ktp" in check.output  # it is read
    said = run.output + check.output
    truth = pd.read_parquet(folder / "truth" / "families.parquet", columns=["lon", "lat"])
    points = pd.read_csv(folder / "lists" / "titik.csv", usecols=["bujur", "lintang"])
    homes = np.concatenate([truth.to_numpy(), points.to_numpy()])
    unkept |= {*leaders}
    return Marked(folder / "archive", said, frozenset(ids), frozenset(unkept), tokens, homes)


def mark(file: Path, tokens: int, ids: set[str]) -> int:
    """Put a token of its own into every cell of a name or address; keep the RT and RW."""
    text = file.read_text("utf-8")
    delimiter = ";" if text.splitlines()[0].count(";") > 3 else ","
    rows = list(csv.reader(text.splitlines(), delimiter=delimiter))
    private = [n for n, name in enumerate(rows[0]) if PRIVATE.search(name) and "wali" not in name]
    named = [
        n for n, name in enumerate(rows[0]) if re.search(r"id.?(keluarga|individu)", name, re.I)
    ]
    for row in rows[1:]:
        for column in private:
            tokens += 1
            place = re.search(r"RT.*", row[column])
            row[column] = f"CANARY{tokens:06d}X {place.group() if place else ''}".strip()
        ids.update(row[column] for column in named)
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, delimiter=delimiter).writerows(rows)
    return tokens


def with_registered(file: Path) -> None:
    """A column for the address on the KTP beside the domicile."""
    head, *rows = csv.reader(file.read_text("utf-8").splitlines())
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([[*head, "alamat_ktp"], *([*row, "RT 1 RW 2"] for row in rows)])


BASIS = """
[[source]]
file = "lists/kk_rt.csv"
profile = "neighborhoods"
as_of = 2025-09-01
[source.basis]
number = "DEMO/099/2025"
agency = "Kelurahan Cipare"
kind = "surat"
purpose = "peragaan"
valid_until = 2099-12-31
"""


def with_neighborhoods(folder: Path) -> None:
    """A list of the RT of one village, each with its leader, as another source of the run."""
    head = "kecamatan;kelurahan;rw;rt;nama ketua rt;jumlah kk"
    rows = [f"Serang;Cipare;{rw};{rt};X;{40 + rt}" for rw in (1, 2) for rt in range(1, 7)]
    (folder / "lists" / "kk_rt.csv").write_text("\n".join([head, *rows]) + "\n", "utf-8")
    with (folder / "geo-target.toml").open("a", encoding="utf-8") as config:
        config.write(BASIS)


def spoil(file: Path) -> None:
    """Some cells that are set aside, so that messages and the quarantine have something to tell."""
    rows = list(csv.reader(file.read_text("utf-8").splitlines()))
    head = rows[0].index("NIK Kepala Keluarga")
    for row in rows[1:20]:
        row[head] = row[head][:-1] + "O"
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(rows)


def pages(browser: FlaskClient, archive: Path) -> Iterator[str]:
    """Every page, layer and list of a run, with its headers, as text."""
    run_id = Archive(archive).current()
    villages = json.loads(
        (archive / str(run_id) / "shown" / "meeting" / "tables" / "villages.json").read_bytes()
    )
    codes = [row["village_code"] for row in villages]
    clusters = json.loads(
        (archive / str(run_id) / "shown" / "meeting" / "tables" / "clusters.json").read_bytes()
    )
    layers = ("villages", "districts", "clusters", "unmatched", "neighbors", "rw", "families")
    read = [r for r in browser.application.url_map.iter_rules() if "GET" in (r.methods or ())]
    for path in (
        *sorted({rule.rule for rule in read if not rule.arguments}),
        *(f"{start}/layers/{run_id}/{name}.json" for start in ("", "/publik") for name in layers),
        *(f"/kelurahan/{code}" for code in codes),
        *(f"/klaster/{one['cluster_id']}" for one in clusters),
        *(f"/kelurahan/{code}/keluarga?keadaan={word}"
          for code in codes for word in ("belum", "belum-padan", "tersentuh")),
    ):  # fmt: skip
        reply = browser.get(path, base_url=SITE)
        yield f"{reply.headers}{reply.data.decode('utf-8', 'replace')}"


@pytest.fixture
def office(marked: Marked, database: Database) -> House:
    archive = Archive(marked.archive)
    with archive.held():
        archive.point_public(archive.current())
    return House(marked.archive, database, persons_per_hour=1_000_000)


def test_the_lists_are_marked_and_the_run_names_some(marked: Marked) -> None:
    exact = Archive(marked.archive).folder / str(Archive(marked.archive).current()) / "exact"
    names = pd.read_parquet(exact / "identities.parquet")["name"]
    assert marked.tokens > 10_000
    assert names.str.contains(TOKEN).sum() > 500


def test_nothing_that_is_shown_or_said_holds_a_private_cell(marked: Marked) -> None:
    run = marked.archive / str(Archive(marked.archive).current())
    files = [p for p in run.rglob("*") if p.is_file() and "exact" not in p.parts]
    texts = [marked.said, (run / "exact" / "quarantine.csv").read_text("utf-8")]
    book = zipfile.ZipFile(run / "exact" / "quarantine.xlsx")
    texts.append(book.read("xl/worksheets/sheet1.xml").decode("utf-8"))
    assert texts[2].count("E-NIK-CHAR") >= 19
    texts += map(text_of, files)
    for text in texts:
        assert not NUMBER.search(text)
        assert not TOKEN.search(text)
    shown = "".join(texts[3:])
    assert not [each for each in marked.ids if each and each in shown]


def test_every_number_that_is_shown_has_a_class(marked: Marked) -> None:
    assert unclassified(marked.archive / str(Archive(marked.archive).current()) / "shown") == set()


def test_what_nobody_needs_is_in_no_file_of_a_run(marked: Marked) -> None:
    assert len(marked.unkept) > 500
    run = marked.archive / str(Archive(marked.archive).current())
    exact = [pd.read_parquet(file).to_csv() for file in (run / "exact").glob("*.parquet")]
    assert any(TOKEN.search(text) for text in exact)  # names and domiciles are there
    others = [path.read_bytes() for path in run.rglob("*") if path.suffix in {".csv", ".json"}]
    for text in [*exact, *(content.decode("utf-8") for content in others)]:
        assert not marked.unkept & set(TOKEN.findall(text))


@pytest.mark.parametrize(
    ("empty_url", "who"),
    [  # what a page says of people is of the archive: another database tells a role alone
        *(("sqlite", who)
          for who in ("nobody", "viewer", "analyst", "approver", "admin", "field-officer")),
        ("postgresql", "viewer"),
    ],
    indirect=["empty_url"],
)  # fmt: skip
def test_who_may_name_nobody_sees_no_private_cell(
    marked: Marked, office: House, who: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    browser = office.browser() if who == "nobody" else office.signed_in(who)
    for text in [*pages(browser, marked.archive), caplog.text]:
        assert not TOKEN.search(text)
        assert not NUMBER.search(text)
        assert not exact_degrees(text, marked.homes)


def test_an_officer_sees_the_heads_of_the_own_district_and_nothing_more(
    marked: Marked, office: House
) -> None:
    exact = marked.archive / str(Archive(marked.archive).current()) / "exact"
    families = pd.read_parquet(exact / "families.parquet").query("welfare_class == 'extreme_poor'")
    own = families[families["village_code"].fillna("").str.startswith("36.73.01")]["family_id"]
    names = pd.read_parquet(exact / "identities.parquet").query("person_id.isna()")
    heads = names[names["family_id"].isin(own)]
    may = {token for text in [*heads["name"].dropna(), *heads["address"].dropna()]
           for token in TOKEN.findall(text)}  # fmt: skip

    text = "\n".join(pages(office.signed_in("officer"), marked.archive))

    seen = set(TOKEN.findall(text))
    assert seen <= may
    assert set(heads["name"].head(3)) <= seen
    assert not NUMBER.search(text)
