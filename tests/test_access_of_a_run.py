"""From a list of facilities to what the meeting is shown of the way there, through whole runs."""

import gzip
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from scipy.spatial import KDTree

from geo_target import pipeline
from geo_target.crs import WGS84, metric_crs
from geo_target.errors import DataRefusedError
from geo_target.places.boundaries import read_boundaries
from geo_target.web.app import create_app
from tests.builders import kk
from tests.test_cli import RECIPIENTS

AREA = "36.73.02"
A, B, C, D, E = (f"{AREA}.{number}" for number in (1001, 1002, 1003, 1004, 1007))
HOSTILE = "<img src=x onerror=alert(1)>"
CONFIG = f"""
[area]
code = "{AREA}"
synthetic = true
[registry]
base = "families"
[[source]]
file = "families.csv"
profile = "families"
as_of = 2025-09-01
code_system = "kemendagri"
[[source]]
file = "recipients.csv"
profile = "enrollments"
as_of = 2025-10-01
[coverage]
programs = ["PKH", "SEMBAKO"]
on = 2025-10-01
"""
LIST = """[[source]]
file = "fasilitas.csv"
profile = "facilities"
as_of = 2025-09-01
code_system = "kemendagri"
"""


@dataclass(frozen=True)
class Ran:
    """A run, and where the middles of its villages are."""

    folder: Path
    report: dict[str, Any]
    middles: dict[str, tuple[float, float]]

    @property
    def snapshot(self) -> Path:
        return Path(self.report["snapshot"])

    def shown(self, name: str) -> Any:
        return json.loads((self.snapshot / "shown" / "meeting" / name).read_bytes())

    def exact(self, name: str) -> pd.DataFrame:
        return pd.read_parquet(self.snapshot / "exact" / f"{name}.parquet")


def layer() -> gpd.GeoDataFrame:
    return read_boundaries(None, area=AREA).villages


def middles() -> dict[str, tuple[float, float]]:
    inner = layer().representative_point()
    return dict(zip(map(str, inner.index), zip(inner.x, inner.y, strict=True), strict=True))


def world(folder: Path, config: str) -> Path:
    """Twenty families a village: all of A, B and C stand near its middle, 4 of E, none of D."""
    places = middles()
    rows = ["family_id;family_card_number;village_code;lon;lat"]
    for village, located in ((A, 20), (B, 20), (C, 20), (D, 0), (E, 4)):
        lon, lat = places[village]
        for each in range(20):
            point = f"{lon + each * 1e-5:.6f};{lat:.6f}" if each < located else ";"
            rows.append(f"K{len(rows)};{kk(len(rows))};{village};{point}")
    (folder / "families.csv").write_text("\n".join(rows) + "\n")
    (folder / "recipients.csv").write_text(RECIPIENTS + "\n")
    path = folder / "geo-target.toml"
    path.write_text(config)
    return path


def facilities(folder: Path) -> None:
    """Row 2: a puskesmas in the middle of E, its name markup. Rows 3 to 7: five slips."""
    (lon, lat), (lon_a, lat_a) = (middles()[code] for code in (E, A))
    rows = [
        f"{HOSTILE};Puskesmas;{E};{lon};{lat}",
        f"SD 1;SD Negeri;{A};{lat_a};{lon_a}",  # swapped
        f"SMP 1;SMP;{C};{lon};{lat}",  # on one point with the next, far from the village it states
        f"SMP 2;SMP;{E};{lon};{lat}",
        f"SMP 3;SMP;{A};;",
        f"SMP 4;SMP;{A};101.5;-3.2",
        f"R 1;{HOSTILE};{A};{lon_a};{lat_a}",  # a kind that nobody knows
    ]
    text = "\n".join(["nama fasilitas;jenis;kode desa;bujur;lintang", *rows])
    (folder / "fasilitas.csv").write_text(text + "\n")


def ran(folder: Path, config: str) -> Ran:
    facilities(folder)
    return Ran(folder, pipeline.run(world(folder, config)).report, middles())


@pytest.fixture(scope="module")
def straight(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    return ran(tmp_path_factory.mktemp("straight"), CONFIG + LIST)


def metric(*places: tuple[float, float]) -> np.ndarray[Any, Any]:
    crs = metric_crs(*shapely.box(*layer().total_bounds).centroid.coords[0])
    to_meters = pyproj.Transformer.from_crs(WGS84, crs, always_xy=True)
    return np.column_stack(to_meters.transform(*np.array(places).T))


def test_exact_means_are_those_of_a_tree(straight: Ran) -> None:
    families = straight.exact("families")
    located = families[families["location_status"] == "located"]
    homes = metric(*zip(located["lon"], located["lat"], strict=True))
    meters, _ = KDTree(metric(straight.middles[E])).query(homes)
    means = pd.Series(meters, located["village_code"].to_numpy()).groupby(level=0).mean()
    found = straight.exact("access").query("type == 'puskesmas'").set_index("village_code")
    assert found["located_families"].to_dict() == {
        code: {A: 20, B: 20, C: 20, E: 4}.get(code, 0) for code in straight.middles
    }
    assert found["mean_m"].dropna().to_dict() == pytest.approx(means.to_dict())
    assert (found["least_m"] <= found["mean_m"].fillna(found["most_m"])).all()
    assert found.loc[E, "least_m"] == 0


def test_no_familys_distance_is_anywhere(straight: Ran) -> None:
    files = [path.name for path in straight.snapshot.rglob("*") if "access" in path.name]
    assert sorted(files) == ["access.json", "access.parquet"]
    assert "family_id" not in straight.exact("access").columns
    ways = straight.shown("tables/access.json")["villages"]
    told = {name for types in ways.values() for way in types.values() for name in way}
    assert told == {"least_m", "most_m", "least_minutes", "most_minutes", "mean_m",
                    "mean_minutes", "beyond"}  # fmt: skip


def test_a_mean_is_shown_rounded_and_only_where_the_located_are(straight: Ran) -> None:
    ways = straight.shown("tables/access.json")["villages"]
    exact = straight.exact("access").set_index(["village_code", "type"])
    villages = {row["village_code"]: row for row in straight.shown("tables/villages.json")}
    shown = {code for code in ways if ways[code]["puskesmas"]["mean_m"] is not None}
    assert shown
    assert E not in shown  # of its 20 families 4 have a point
    for code in ways:
        mean = ways[code]["puskesmas"]["mean_m"]
        located = villages[code]["located_families"]
        assert (mean is not None) == bool(located)
        if mean is not None:
            assert mean % 500 == 0
            assert abs(mean - exact.loc[(code, "puskesmas"), "mean_m"]) <= 250


def test_intervals_and_the_indicator_are_the_same_for_everybody(straight: Ran) -> None:
    ways = straight.shown("tables/access.json")["villages"]
    exact = straight.exact("villages").set_index("village_code")["access_minutes"]
    for row in straight.shown("tables/villages.json"):
        way = ways[row["village_code"]]["puskesmas"]
        assert row["access_minutes"] == exact[row["village_code"]] == way["most_minutes"]
        assert "access_minutes" not in row["withheld"]
        assert way["least_minutes"] < way["most_minutes"]


def test_slips_are_told_by_file_and_row(straight: Ran) -> None:
    told = straight.shown("tables/access.json")
    assert [(one["code"], one["file"], one["rows"]) for one in told["faults"]] == [
        ("E-FACILITY-FAR", "fasilitas.csv", [7]),
        ("E-FACILITY-POINT", "fasilitas.csv", [6]),
        ("W-FACILITY-STACK", "fasilitas.csv", [4, 5]),
        ("W-FACILITY-VILLAGE", "fasilitas.csv", [4]),
        ("W-POINT-SWAPPED", "fasilitas.csv", [3]),
    ]
    assert told["other_kinds"] == {"kinds": 1, "facilities": 1}
    counts = {one["type"]: (one["facilities"], one["usable_facilities"]) for one in told["types"]}
    assert counts == {"puskesmas": (1, 1), "sd": (1, 1), "smp": (4, 2)}
    (entry,) = [one for one in straight.report["intake"] if one["profile"] == "facilities"]
    assert sum("FACILITY" in line or "POINT" in line for line in entry["notices"]["en"]) == 5
    listed = straight.exact("facilities").set_index("row")
    assert listed["is_usable"].to_dict() == {2: True, 3: True, 4: True, 5: True, 6: False,
                                             7: False, 8: True}  # fmt: skip
    assert listed["faults"][4].tolist() == ["W-FACILITY-STACK", "W-FACILITY-VILLAGE"]
    assert listed.loc[3, "village_code"] == A


def test_names_of_facilities_are_on_the_map_alone_and_the_page_is_whole(straight: Ran) -> None:
    client = create_app(straight.folder / "archive", doors=None).test_client()
    for page in ("/akses?semua=ya", f"/kelurahan/{E}", "/akses?jenis=smp"):
        reply = client.get(page)
        assert reply.status_code == 200
        assert "<img" not in reply.text
    folder = straight.snapshot / "shown"
    assert not [f for f in folder.rglob("*.json") if "onerror" in f.read_text("utf-8")]
    layers = {f.name: json.loads(gzip.decompress(f.read_bytes()))["features"]
              for f in folder.rglob("facilities-*.json.gz")}  # fmt: skip
    assert {name: len(points) for name, points in layers.items()} == {
        "facilities-puskesmas.json.gz": 1, "facilities-sd.json.gz": 1, "facilities-smp.json.gz": 2,
    }  # fmt: skip
    assert layers["facilities-puskesmas.json.gz"][0]["properties"] == {
        "type": "puskesmas", "name": HOSTILE, "village_code": E,
    }  # fmt: skip
    assert not list((folder / "public").rglob("facilities-*"))
    assert "puskesmas terdekat" in client.get("/akses").text


def test_minutes_go_over_roads_where_there_are_some(tmp_path: Path) -> None:
    """One road from the middle of A to that of E, at 60 km an hour: a minute a kilometer."""
    places = middles()
    line = shapely.LineString([places[A], places[E]])
    roads = gpd.GeoDataFrame({"speed_km_per_hour": [60.0]}, geometry=[line], crs=WGS84)
    roads.to_file(tmp_path / "jalan.gpkg", driver="GPKG", engine="pyogrio")
    found = ran(tmp_path, CONFIG + '[travel]\nroads = "jalan.gpkg"\n' + LIST)
    access = found.exact("access").set_index(["village_code", "type"])
    one, other = metric(places[A], places[E])
    minutes = float(np.hypot(*(one - other))) / 1_000
    # A family walks to the nearest vertex, 100 m apart, at 4.5 km an hour.
    assert access.loc[(A, "puskesmas"), "mean_minutes"] == pytest.approx(minutes, abs=1.4)
    assert found.shown("tables/access.json")["travel"]["roads"] == "jalan.gpkg"
    manifest = json.loads((found.snapshot / "manifest.json").read_bytes())
    assert "jalan.gpkg" in manifest["sources"]
    assert manifest["config"]["settings"]["travel"]["roads"] == "jalan.gpkg"


@pytest.mark.parametrize(
    ("change", "state"),
    [
        (("", ""), "none"),
        (("synthetic = true", ""), "schematic"),
    ],
    ids=["no list", "schematic layer"],
)
def test_without_facilities_every_page_says_what_fills_it(
    tmp_path: Path, change: tuple[str, str], state: str
) -> None:
    config = CONFIG.replace(*change) if change[0] else CONFIG
    config += '[travel]\nroads = "nothing.gpkg"\n'  # read by nobody, and so not missed
    found = ran(tmp_path, config + (LIST if state == "schematic" else ""))
    told = found.shown("tables/access.json")
    assert told["state"] == state
    assert set(told) == {"state", "travel"}
    assert not (found.snapshot / "exact" / "access.parquet").exists()
    assert found.exact("villages")["access_minutes"].isna().all()
    assert {row["access_minutes"] for row in found.shown("tables/villages.json")} == {None}
    client = create_app(tmp_path / "archive", doors=None).test_client()
    words = "Belum ada daftar fasilitas" if state == "none" else "Pasang batas resmi"
    assert words in client.get("/akses").text
    assert "Jarak belum diukur" in client.get(f"/kelurahan/{A}").text
    assert client.get("/akses?jenis=puskesmas").status_code == 404


def test_roads_that_cannot_be_used_stop_the_run(tmp_path: Path) -> None:
    (tmp_path / "jalan.gpkg").write_text("no layer")
    with pytest.raises(DataRefusedError, match="E-ROADS"):
        ran(tmp_path, CONFIG + '[travel]\nroads = "jalan.gpkg"\n' + LIST)
