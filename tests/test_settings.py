from datetime import date
from pathlib import Path

import pytest

from geo_target.errors import ConfigError
from geo_target.settings import read_settings
from tests.builders import nik

LEAST = """
[area]
code = "36.73"
[[source]]
file = "lists/a.csv"
profile = "families"
as_of = 2025-09-01
[coverage]
programs = ["PKH"]
on = 2025-10-01
"""

BASIS = """[source.basis]
number = "1/2025"
agency = "Dinsos"
kind = "PKS"
purpose = "pemadanan"
valid_until = 2026-12-31
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "geo-target.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    settings = read_settings(written(tmp_path, LEAST))
    assert settings.source[0].file == tmp_path / "lists" / "a.csv"
    assert settings.archive.folder == tmp_path / "archive"
    assert settings.boundaries.faults == "refuse"
    assert not settings.access.open_on_loopback


def test_the_way_to_facilities_has_its_usual_speeds_and_roads_of_ones_own(tmp_path: Path) -> None:
    usual = read_settings(written(tmp_path, LEAST)).travel
    assert (usual.speed_km_per_hour, usual.detour_factor, usual.roads) == (20, 1.3, None)
    assert (usual.walking_km_per_hour, usual.limit_minutes, usual.near_km) == (4.5, 30, 20)
    own = written(tmp_path, LEAST + '[travel]\nroads = "jalan.gpkg"\nlimit_minutes = 60\n')
    travel = read_settings(own).travel
    assert (travel.roads, travel.limit_minutes) == (tmp_path / "jalan.gpkg", 60)


@pytest.mark.parametrize(
    ("change", "code", "place"),
    [
        (("[area]", "[aria]"), "E-CONFIG-SETTING", "area"),
        (('code = "36.73"', 'code = "3673"'), "E-CONFIG-SETTING", "area.code"),
        (("on = 2025-10-01", ""), "E-CONFIG-SETTING", "coverage.on"),
        (('programs = ["PKH"]', "programs = []"), "E-CONFIG-SETTING", "coverage.programs"),
        (("as_of = 2025-09-01", "as_of = 2025-09-31"), "E-CONFIG-TOML", ""),
        (('file = "lists/a.csv"', r'file = "D:\data\a.csv"'), "E-CONFIG-BACKSLASH", ""),
        (("[coverage]", '[welfare]\nrule = "decile"\n[coverage]'), "E-CONFIG-SETTING", "welfare"),
        (("[coverage]", '[welfare]\nrule = "income"\n[coverage]'), "E-CONFIG-SETTING", "welfare"),
        (
            ("[coverage]", "[evidence]\nstale_share = 2\n[coverage]"),
            "E-CONFIG-SETTING",
            "evidence.stale_share",
        ),
        (
            ("[coverage]", "[travel]\ndetour_factor = 0.9\n[coverage]"),
            "E-CONFIG-SETTING",
            "travel.detour_factor",
        ),
        (
            ("[coverage]", "[travel]\nspeed_km_per_hour = inf\n[coverage]"),
            "E-CONFIG-SETTING",
            "travel.speed_km_per_hour",
        ),
        (("[coverage]", "[source.basis]\n[coverage]"), "E-CONFIG-SETTING", "source.0.basis.number"),
        *(
            (("[coverage]", BASIS.replace(*change) + "[coverage]"), "E-CONFIG-SETTING", place)
            for change, place in [
                (('"1/2025"', '" "'), "source.0.basis.number"),
                (('"1/2025"', "1"), "source.0.basis.number"),
                (('"Dinsos"', '""'), "source.0.basis.agency"),
                (('"PKS"', '"pks lisan"'), "source.0.basis.kind"),
                (("purpose", "tujuan"), "source.0.basis.purpose"),
                (("2026-12-31", '"akhir tahun"'), "source.0.basis.valid_until"),
                (("2026-12-31", "2026-12-31T07:00:00"), "source.0.basis.valid_until"),
            ]
        ),
    ],
)
def test_a_wrong_setting_is_named_with_its_place(
    tmp_path: Path, change: tuple[str, str], code: str, place: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        read_settings(written(tmp_path, LEAST.replace(*change)))
    fault = caught.value.faults[0]
    assert fault.code == code
    assert fault.column.startswith(place)
    assert "geo-target.toml" in fault.text("id")


DATABASE = LEAST.replace('file = "lists/a.csv"', 'query = "dinsos.pkh"').replace(
    "[[source]]", '[database]\nurl_file = "address"\n[[source]]'
)
SECOND = '[[source]]\nquery = "dinsos.pkh"\nprofile = "families"\nas_of = 2025-09-01\n[coverage]'


@pytest.mark.parametrize(
    ("query", "called"),
    [
        ('query = "dinsos.pkh"', "dinsos.pkh"),
        ("""query = '"Data Warga"'""", "Data Warga"),
        ('query = "dinsos.pkh"\nname = "pkh-dinsos"', "pkh-dinsos"),
        ('query = "select 1 as nik"\nname = "satu"', "satu"),
    ],
)
def test_a_query_is_called_by_its_name_or_that_of_its_table(
    tmp_path: Path, query: str, called: str
) -> None:
    text = DATABASE.replace('query = "dinsos.pkh"', query)
    settings = read_settings(written(tmp_path, text))
    assert (settings.source[0].called, settings.source[0].file) == (called, None)
    assert settings.database is not None
    assert settings.database.url_file == tmp_path / "address"


@pytest.mark.parametrize(
    ("change", "place", "words"),
    [
        (('query = "dinsos.pkh"', ""), "source.0", "salah satu: file atau query"),
        (("query =", 'file = "a.csv"\nquery ='), "source.0", "salah satu: file atau query"),
        (("query =", 'sheet = "1"\nquery ='), "source.0", "sheet hanya untuk file"),
        (('query = "dinsos.pkh"', 'file = "a.csv"\nname = "a"'), "source.0", "hanya untuk query"),
        (('"dinsos.pkh"', '"select 1"'), "source.0", "beri nama kueri"),
        (('"dinsos.pkh"', """'"a/b"'"""), "source.0", "beri nama kueri"),
        (("query =", 'name = "../a"\nquery ='), "source.0", "beri nama kueri"),
        (('"dinsos.pkh"', '" "'), "source.0.query", "belum diisi"),
        (('"dinsos.pkh"', f'"select {nik(1)}"\nname = "a"'), "source.0.query", "nomor orang"),
        (("query =", f'name = "{nik(1)}"\nquery ='), "source.0.name", "nomor orang"),
        (('"dinsos.pkh"', "\"dblink('password=secretword')\""), "source.0.query", "sandi"),
        (('"address"', '"postgresql://a:secretword@h/x"'), "database.url_file", "nama berkas"),
        (("url_file =", 'url = "postgresql://a:secretword@h/x"\nurl_file ='), "database.url", ""),
        (('[database]\nurl_file = "address"', ""), "", "perlu [database]"),
        (("[coverage]", SECOND), "", "name sendiri"),
        (("[[source]]", '[boundaries]\nfile = "x/dinsos.pkh"\n[[source]]'), "", "name sendiri"),
    ],
)
def test_a_query_that_cannot_be_is_named_and_no_password_told(
    tmp_path: Path, change: tuple[str, str], place: str, words: str
) -> None:
    assert change[0] in DATABASE
    with pytest.raises(ConfigError) as caught:
        read_settings(written(tmp_path, DATABASE.replace(*change)))
    faults = {fault.column: fault.id for fault in caught.value.faults}
    assert words in faults[place]
    assert "secretword" not in caught.value.text("id") + caught.value.text("en")


def test_a_paper_belongs_to_the_list_above_it(tmp_path: Path) -> None:
    second = LEAST[LEAST.index("[[source]]") : LEAST.index("[coverage]")]
    text = LEAST.replace("[coverage]", f"{BASIS}{second}[coverage]")
    first, other = (s.basis for s in read_settings(written(tmp_path, text)).source)
    assert first is not None
    assert (first.kind, first.valid_until) == ("PKS", date(2026, 12, 31))
    assert other is None


def test_a_missing_file_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="E-CONFIG-FILE"):
        read_settings(tmp_path / "nowhere.toml")
