"""A name from a browser becomes a name of a file, on every system, and names nobody."""

from pathlib import Path, PureWindowsPath

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from geo_target.deliveries.safe_names import SUFFIXES, safe_name, suffix_of
from geo_target.operations.numbers import holds_number
from tests.builders import kk, nik


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Penerima PKH nov 2025.xlsx", "Penerima PKH nov 2025.xlsx"),
        ("Sembako nov (setengah).xlsx", "Sembako nov setengah.xlsx"),
        ("C:\\Users\\siti\\daftar.CSV", "daftar.csv"),
        ("../../etc/passwd.csv", "passwd.csv"),
        ("..", "daftar"),
        (".csv", "daftar.csv"),
        ("...csv", "daftar.csv"),
        (".rahasia.xlsx", "rahasia.xlsx"),
        ("titik. .xls", "titik.xls"),
        ("CON.csv", "_CON.csv"),
        ("lpt1.xlsx.csv", "_lpt1.xlsx.csv"),
        ("consol.csv", "consol.csv"),
        ("<img src=x onerror=alert(1)>.csv", "img src_x onerror_alert_1.csv"),
        ("a\u0000b\nc.csv", "a_b_c.csv"),
        ("cafe\u0301.ods", "café.ods"),
        ("daftar.pdf", "daftar.pdf"),
        ("x" * 300 + ".parquet", "x" * 72 + ".parquet"),
    ],
)
def test_names(said: str, name: str) -> None:
    assert safe_name(said) == name


@pytest.mark.parametrize("parted", ["", " ", ".", "-", "_", "/", ",", "__", " - "])
@pytest.mark.parametrize("number", [nik(1), kk(2)])
def test_no_number_of_a_person_is_left(parted: str, number: str) -> None:
    groups = [number[at : at + 4] for at in range(0, 16, 4)]
    name = safe_name(f"data {parted.join(groups)} rev2.csv")
    assert number not in "".join(c for c in name if c.isdigit())
    assert name.endswith("rev2.csv")


@given(
    st.text(max_size=150)
    | st.from_regex(r"[\d ._\-/\\]{10,40}\.(csv|xlsx|XLS)", fullmatch=True)
    | st.from_regex(r"(con|nul|COM1|\.\.|~\$)[ .]*(\.csv)?", fullmatch=True)
)
@example("1" * 90 + ".csv")
def test_a_name_never_leaves_the_folder_and_never_holds_a_number(said: str) -> None:
    name = safe_name(said)
    folder = Path("/berkas/kiriman")
    assert (folder / name).parent == folder
    assert PureWindowsPath(name).name == name
    assert not PureWindowsPath(name).is_reserved() if hasattr(Path, "is_reserved") else True
    assert name not in {"", ".", ".."}
    assert not name.startswith((".", " "))
    assert not name.endswith((".", " "))
    assert not holds_number(name)
    assert len(name) <= 81
    assert len(name.encode()) <= 255
    assert all(c.isalpha() or c in "0123456789.-_ " for c in name)
    assert suffix_of(name) == suffix_of(safe_name(name))
    assert safe_name(name) == name


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
def test_a_known_ending_stays(suffix: str) -> None:
    assert suffix_of(safe_name(f"daftar{suffix.upper()}")) == suffix
