"""A base map from a file: its tiles by XYZ, its words as text, and what is refused at the start."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from geo_target.errors import ConfigError
from geo_target.keeping.places import list_places
from geo_target.publishing.manifest import relative_settings
from geo_target.settings import read_settings
from geo_target.web.app import create_app
from geo_target.web.base_map import plain_text, read_base_map
from tests.web.house import House, get
from tests.web.tiles import png, write_mbtiles

NORTH, SOUTH = png(10, 20, 30, 4), png(200, 100, 50, 4)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Of the world at zoom 1: the west, in two tiles."""
    return write_mbtiles(
        tmp_path / "peta.mbtiles", [((1, 0, 0), SOUTH), ((1, 0, 1), NORTH)], format="png",
        attribution="&copy; <a href='https://x.example/'>Badan <b>Informasi</b></a>",
    )  # fmt: skip


def test_rows_count_from_the_north_and_words_are_text(file: Path) -> None:
    below = read_base_map(file)
    assert below.tile(1, 0, 0) == NORTH
    assert below.tile(1, 0, 1) == SOUTH
    for place in ((1, 1, 0), (2, 0, 0), (1, 0, 2), (99, 0, 0), (1, 10**30, 0)):
        assert below.tile(*place) is None
    assert (below.least_zoom, below.most_zoom) == (1, 1)
    assert below.attribution == "© Badan Informasi"
    assert plain_text("<img src=x onerror=alert(1)>Peta & jalan") == "Peta & jalan"


def test_tiles_are_sent_with_their_kind_and_kept(file: Path, archive: Path) -> None:
    client = create_app(archive, doors=None, base_map=file).test_client()
    reply = client.get("/peta-dasar/1/0/0")
    assert (reply.status_code, reply.data, reply.mimetype) == (200, NORTH, "image/png")
    assert reply.headers["Cache-Control"] == "private, max-age=86400"
    again = client.get("/peta-dasar/1/0/0", headers={"If-None-Match": reply.headers["ETag"]})
    assert again.status_code == 304
    none = client.get("/peta-dasar/1/1/1")
    assert (none.status_code, none.data) == (204, b"")
    page = client.get("/").text
    assert 'data-tiles="/peta-dasar/{z}/{x}/{y}"' in page
    assert "© Badan Informasi" in page
    assert "x.example" not in page


def test_nothing_is_there_without_a_file(archive: Path, file: Path) -> None:
    plain = create_app(archive, doors=None).test_client()
    assert plain.get("/peta-dasar/1/0/0").status_code == 404
    assert "base-map" not in plain.get("/").text
    carried = create_app(archive, doors=None, base_map=file).test_client()
    assert "peta-dasar" not in carried.get("/unduh/bekal-rapat.html").text


def test_what_is_no_picture_is_never_sent(tmp_path: Path, archive: Path) -> None:
    odd = write_mbtiles(
        tmp_path / "odd.mbtiles", [((0, 0, 0), NORTH), ((1, 0, 0), b"<script>alert(1)</script>")]
    )
    client = create_app(archive, doors=None, base_map=odd).test_client()
    assert client.get("/peta-dasar/0/0/0").status_code == 200
    assert client.get("/peta-dasar/1/0/1").status_code == 204


def test_a_cell_that_is_no_tile_is_none(tmp_path: Path, archive: Path) -> None:
    """A number would be as many bytes; a tile of megabytes is none; the file may go away."""
    cells = [10**9, "teks", None, b"\x89PNG\r\n\x1a\n" + bytes(5 * 1024**2)]
    file = write_mbtiles(
        tmp_path / "odd.mbtiles",
        [((0, 0, 0), NORTH), *(((9, x, 511), cell) for x, cell in enumerate(cells))],
    )
    client = create_app(archive, doors=None, base_map=file).test_client()
    replies = [client.get(f"/peta-dasar/9/{x}/0") for x in range(len(cells))]
    assert [(reply.status_code, reply.data) for reply in replies] == [(204, b"")] * len(cells)
    file.unlink()
    assert client.get("/peta-dasar/0/0/0").status_code == 204


def test_markup_that_never_ends_takes_no_time() -> None:
    assert len(plain_text("<" * 10**7)) <= 300


@pytest.mark.parametrize(
    ("tiles", "says", "code"),
    [([], {}, "E-BASE-MAP"), ([((0, 0, 0), b"GIF89a")], {}, "E-BASE-MAP"),
     ([((0, 0, 0), 10**15)], {}, "E-BASE-MAP"), ([((0, 0, 0), None)], {}, "E-BASE-MAP"),
     ([((0, 0, 0), b"\x1f\x8b\x08")], {"format": "pbf"}, "E-BASE-MAP-VECTOR")],
    ids=["no-tile", "no-picture", "a-number", "nothing", "vectors"],
)  # fmt: skip
def test_files_without_rasters_are_refused(
    tmp_path: Path, tiles: Any, says: dict[str, str], code: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        read_base_map(write_mbtiles(tmp_path / "peta.mbtiles", tiles, **says))
    assert [fault.code for fault in refused.value.faults] == [code]


def test_what_is_no_mbtiles_is_refused(tmp_path: Path, archive: Path) -> None:
    (tmp_path / "teks.mbtiles").write_text("bukan SQLite, dan cukup panjang untuk dibaca" * 40)
    with closing(sqlite3.connect(tmp_path / "lain.mbtiles")) as made, made:
        made.execute("create table tiles (a integer)")
    for name in ("teks.mbtiles", "lain.mbtiles", "tidak-ada.mbtiles"):
        with pytest.raises(ConfigError) as refused:
            create_app(archive, doors=None, base_map=tmp_path / name)
        assert [fault.code for fault in refused.value.faults] == ["E-BASE-MAP"]
        assert name in refused.value.faults[0].text("id")
    assert not (tmp_path / "tidak-ada.mbtiles").exists()


def test_tiles_are_behind_the_doors(house: House) -> None:
    assert house.browser().get("/peta-dasar/0/0/0").status_code in (302, 303, 401, 403)
    assert get(house.signed_in("viewer"), "/peta-dasar/0/0/0").status_code == 404  # none is named


def test_no_path_of_the_machine_is_kept_and_a_backup_holds_the_file(tmp_path: Path) -> None:
    config = tmp_path / "geo-target.toml"
    config.write_text(
        '[area]\ncode = "36.73"\n[[source]]\nfile = "a.csv"\nprofile = "p3ke-family"\n'
        'as_of = 2025-09-01\n[coverage]\nprograms = ["PKH"]\non = 2025-10-01\n'
        '[map]\nbase = "peta/dasar.mbtiles"\n'
    )
    settings = read_settings(config)
    assert settings.map.base == tmp_path / "peta" / "dasar.mbtiles"
    assert relative_settings(settings, tmp_path)["map"] == {"base": "peta/dasar.mbtiles"}
    (place,) = list_places(settings, tmp_path, with_sources=False)
    assert (place.setting, place.inside) == ("map.base", "peta/dasar.mbtiles")
