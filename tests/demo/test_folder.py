import tomllib
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from geo_target.demo.files import Format
from geo_target.demo.world import write_demo
from geo_target.errors import ConfigError
from geo_target.places.boundaries import read_boundaries
from tests.demo.worlds import FEW, small, truth_of


def sums(folder: Path) -> dict[str, str]:
    return {
        file.relative_to(folder).as_posix(): sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


@pytest.mark.parametrize("lists", ["xlsx", "csv", "parquet"])
def test_same_arguments_give_the_same_bytes(tmp_path: Path, lists: Format) -> None:
    for name in ("a", "b"):
        write_demo(tmp_path / name, families=FEW, lists=lists, unmatched=0.1)

    assert sums(tmp_path / "a") == sums(tmp_path / "b")


#: First digits of the sums of lists of 2,000 families, as they were before families were
#: spoiled in the base alone or listed twice: whoever adds a mistake leaves them as they are.
LISTS = {
    "bpjs_bpu": "61af1f6c9d2a",
    "bpjs_pbi": "a8f570a9a559",
    "dtsen_anggota": "3e9d627981a6",
    "dtsen_keluarga": "972838181e3a",
    "fasilitas": "3fb9e00828e8",
    "p3ke_individu": "c6db0568e6b1",
    "p3ke_keluarga": "d4008998bca3",
    "paket_sembako": "72a8ddc4c5b0",
    "penduduk": "f62f876d5033",
    "siks_pkh": "632f0ff5f708",
    "siks_sembako": "f3c3a2878258",
    "titik": "284fb94254d1",
}


def test_mistakes_that_nobody_asks_for_leave_every_list_as_it_was() -> None:
    written = sums(small(families=2_000) / "lists")

    assert {Path(file).stem: digest[:12] for file, digest in written.items()} == LISTS


def test_another_seed_is_another_world_with_the_same_totals() -> None:
    one, two = truth_of(small(seed=1)), truth_of(small(seed=2))

    assert not one.lon.reset_index(drop=True).equals(two.lon.reset_index(drop=True))
    assert one.welfare_class.value_counts().equals(two.welfare_class.value_counts())


def test_an_earlier_demo_is_replaced_whole(tmp_path: Path) -> None:
    write_demo(tmp_path, families=FEW, lists="parquet", located=1)
    (tmp_path / "archive").mkdir()

    write_demo(tmp_path, families=FEW, lists="csv", located=0)

    written = sums(tmp_path)
    fresh = sums(small(located=0.0))
    assert written == fresh
    assert (tmp_path / "archive").is_dir()


@pytest.mark.parametrize("name", ["surat.txt", "geo-target.toml"])
def test_a_folder_with_other_things_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text('[area]\ncode = "36.73"\nsynthetic = true\n')

    with pytest.raises(ConfigError, match="no demo") as refused:
        write_demo(tmp_path, families=FEW)

    assert "bukan dunia peragaan" in refused.value.text("id")
    assert [file.name for file in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(
    "wrong",
    [{"located": 1.1}, {"unmatched": -0.1}, {"relisted": 2}, {"families": 0}, {"area": "99.99"}],
)
def test_wrong_arguments_write_nothing(tmp_path: Path, wrong: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        write_demo(tmp_path / "new", **wrong)

    assert not (tmp_path / "new").exists()


def test_a_wrong_share_is_named_as_it_is_written(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"--spoiled-base must be from 0 to 1, not 1\.5"):
        write_demo(tmp_path / "new", spoiled_base=1.5)


def test_the_configuration_names_every_list(tmp_path: Path) -> None:
    folder = small()
    config = tomllib.loads((folder / "geo-target.toml").read_text("utf-8"))

    assert config["area"] == {"code": "36.73", "synthetic": True}
    assert config["boundaries"] == {"faults": "refuse"}
    assert config["registry"]["base"] == "p3ke-family"
    named = {source["file"] for source in config["source"]}
    assert named == {f"lists/{file.name}" for file in (folder / "lists").iterdir()}
    systems = {s["profile"]: s["code_system"] for s in config["source"] if "code_system" in s}
    assert systems == {"p3ke-family": "kemendagri", "dtsen": "bps", "population": "kemendagri",
                       "facilities": "kemendagri"}  # fmt: skip
    assert max(source["as_of"] for source in config["source"]) <= config["coverage"]["on"]


def test_people_live_on_the_boundaries_that_are_given(tmp_path: Path) -> None:
    layer = tmp_path / "batas 'kota'.geojson"
    villages = read_boundaries(None, area="36.73.04").villages
    villages[["geometry"]].reset_index().to_file(layer, driver="GeoJSON")

    write_demo(tmp_path / "w", area="36.73.04", families=FEW, boundaries=layer, lists="csv")

    config = tomllib.loads((tmp_path / "w" / "geo-target.toml").read_text("utf-8"))
    assert config["boundaries"]["file"] == f"boundaries/{layer.name}"
    copy = tmp_path / "w" / "boundaries" / layer.name
    assert copy.read_bytes() == layer.read_bytes()
    # Its own copy may be given back to it.
    write_demo(tmp_path / "w", area="36.73.04", families=FEW, boundaries=copy, lists="csv")
    assert copy.read_bytes() == layer.read_bytes()


def test_more_rows_than_a_sheet_holds_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geo_target.demo.files._SHEET_ROWS", 50)

    with pytest.raises(ConfigError, match="--lists parquet"):
        write_demo(tmp_path, families=FEW)
