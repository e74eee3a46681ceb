"""Villages by code: both code systems, names, and the area of a run."""

import tomllib
from functools import cache

import pandas as pd

from geo_target.errors import ConfigError, Fault
from geo_target.resources import resource_dir

SCHEMATIC_FILE = "villages_schematic.parquet"


@cache
def read_gazetteer(province_code: str) -> pd.DataFrame:
    """All villages of a province, as of the official list that geodata/README.md names.

    Returns
    -------
    DataFrame
        Indexed by ``village_code`` (Kemendagri with dots, text), with
        ``bps_village_code`` (10 digits, text), ``village_name``, ``village_kind``
        (kelurahan or desa), ``district_code``, ``district_name``, ``regency_code``,
        ``regency_name``, ``lon``, ``lat`` (one inner point, degrees) and ``area_km2``.

    Raises
    ------
    ConfigError
        If geodata/places/ has no folder of that province.
    """
    file = resource_dir("geodata") / "places" / province_code / "villages.csv"
    if not file.is_file():
        raise ConfigError(
            Fault(
                "E-PLACES",
                id=f"belum ada data wilayah untuk provinsi {province_code}; "
                f"tambahkan geodata/places/{province_code}/villages.csv (lihat geodata/README.md)",
                en=f"there is no place data for province {province_code}; "
                f"add geodata/places/{province_code}/villages.csv (see geodata/README.md)",
                column="area.code",
            )
        )
    numbers = {"lon": "float64", "lat": "float64", "area_km2": "float64"}
    frame = pd.read_csv(file, dtype=str, keep_default_na=False).astype(numbers)
    return frame.set_index("village_code").sort_index()


def villages_of(area_code: str) -> pd.DataFrame:
    """Villages of a province, regency/city or district, as `read_gazetteer` gives them.

    Raises
    ------
    ConfigError
        If no village has a code that starts with `area_code`.
    """
    gazetteer = read_gazetteer(area_code[:2])
    found = gazetteer[gazetteer.index.str.startswith(area_code + ".")]
    if found.empty:
        raise ConfigError(
            Fault(
                "E-AREA",
                id=f"kode wilayah {area_code} tidak dikenal; pakai kode Kemendagri bertitik",
                en=f"area code {area_code} is unknown; use the Kemendagri code with dots",
                column="area.code",
            )
        )
    return found


def area_name(area_code: str) -> str:
    """Name of a province, regency/city or district."""
    row = villages_of(area_code).iloc[0]
    if len(area_code) == len("00"):
        place = resource_dir("geodata") / "places" / area_code / "place.toml"
        return str(tomllib.loads(place.read_text("utf-8"))["name"])
    is_regency = len(area_code) == len("00.00")
    return str(row["regency_name"] if is_regency else row["district_name"])
