import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from geo_target.cli import main
from geo_target.intake.codes import CODES
from geo_target.resources import PACKAGE
from tests.builders import nik

CONTRACT = {"file", "profile", "header_row", "delimiter", "encoding", "sheet", "rows", "accepted",
            "quarantined", "duplicates", "blank", "refused", "reasons", "messages"}  # fmt: skip
HEAD = "family_id;nik;district_name;village_name;income_rupiah_per_month\n"


def checked(file: Path, *options: str, language: str = "id") -> tuple[int, dict[str, Any]]:
    result = CliRunner().invoke(main, ["--lang", language, "check", str(file), "--json", *options])
    assert result.stdout.count("\n") == 1
    found = json.loads(result.stdout)
    assert set(found) >= CONTRACT
    return result.exit_code, found


def written(folder: Path, text: str) -> Path:
    file = folder / "list.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_report_of_a_list(tmp_path: Path) -> None:
    text = (
        f"{HEAD}K1;{nik(1)};Kasemen;Banten;400.5\nK1;{nik(1)};Kasemen;Banten;400.5\n\n"
        f"K2;{nik(2)[:-1]};Kasemen;Banten;1\nK3;x\nJUMLAH;;;;1\n"
    )
    code, found = checked(written(tmp_path, text))
    assert code == 0
    assert {key: found[key] for key in CONTRACT - {"messages"}} == {
        "file": "list.csv", "profile": "families", "header_row": 1, "delimiter": ";",
        "encoding": "utf-8", "sheet": "", "rows": 6, "accepted": 2, "quarantined": 2,
        "duplicates": 1, "blank": 1, "refused": False,
        "reasons": {"E-RAGGED": 1, "E-TOTALROW": 1, "E-MONEY": 1, "E-NIK-LEN": 1},
    }  # fmt: skip
    places, *messages = found["messages"]
    assert places.endswith("[W-VILLAGE]")
    assert len(messages) == 4
    assert messages[0].startswith("list.csv: baris 2: kolom income_rupiah_per_month: ")
    assert messages[0].endswith("[E-MONEY]")


def test_a_refused_file_is_one_object_with_every_key_and_exit_1(tmp_path: Path) -> None:
    code, found = checked(written(tmp_path, "a;b\n1;2\n"), language="en")
    assert code == 1
    assert found["refused"] is True
    assert found["reasons"] == {"E-LAYOUT": 1}
    assert (found["file"], found["rows"], found["accepted"]) == ("list.csv", None, None)
    assert "the layout is unknown" in found["messages"][0]


def test_the_first_fifty_messages(tmp_path: Path) -> None:
    rows = "".join(f"K{i};{nik(i + 1)};Kasemen;Banten;x\n" for i in range(80))
    _, found = checked(written(tmp_path, HEAD + rows))
    assert found["reasons"] == {"E-MONEY": 80}
    assert len(found["messages"]) == 1 + 50  # what is said of the places takes nobody's room
    assert "baris 51:" in found["messages"][-1]


def test_messages_hide_the_value(tmp_path: Path) -> None:
    _, found = checked(written(tmp_path, f"{HEAD}K1;{nik(1)[:-1]};Kasemen;Banten;1\n"))
    assert nik(1)[:8] not in json.dumps(found)
    assert nik(1)[-5:-1] in found["messages"][1]
    assert not re.search(r"\d{5}", found["messages"][1])  # the last four digits, and no more


@pytest.mark.parametrize(
    ("language", "words"),
    [("id", ["1 baris = 1 diterima + 0 karantina + 0 ganda + 0 kosong", "kolom diabaikan: -"]),
     ("en", ["1 rows = 1 accepted + 0 quarantined + 0 duplicates + 0 blank",
             "columns ignored: -"])],
)  # fmt: skip
def test_the_report_as_text(tmp_path: Path, language: str, words: list[str]) -> None:
    file = written(tmp_path, f"{HEAD}K1;{nik(1)};Kasemen;Banten;1\n")
    result = CliRunner().invoke(main, ["--lang", language, "check", str(file)])
    assert result.exit_code == 0
    for word in words:
        assert word in result.stdout


def test_a_shape_is_called_so_and_all_codes_are_counted(tmp_path: Path) -> None:
    rows = f"K1;12;Kasemen;Banten;40x\nK2;{nik(2)};Kasemen;Banten;99-\n"
    rows += "".join(f"K{i};{nik(i)};Kasemen;Banten;x\n" for i in range(3, 63))
    result = CliRunner().invoke(main, ["check", str(written(tmp_path, HEAD + rows))])
    said = result.stdout.splitlines()
    assert said[0].endswith("pemisah dan huruf ';', utf-8")
    assert said[4] == "sel atau baris yang tidak dapat dipakai: E-MONEY 62, E-NIK-LEN 1"
    told = [line for line in said if "baris 2:" in line or "baris 3:" in line]
    assert [line.partition("(")[2] for line in told] == [
        "••••••••••••) [E-NIK-LEN]", "bentuk isinya: 99x) [E-MONEY]",
        "bentuk isinya: 99-) [E-MONEY]"]  # fmt: skip
    assert said[-1] == "... dan 13 lagi; --repair BERKAS.xlsx menulis semua baris dan sebabnya"


def test_options_of_the_check(tmp_path: Path) -> None:
    text = f"NAMA PENERIMA;NIK KTP;TAHAP;BANSOS\nA;{nik(1)};4;PKH\n"
    code, found = checked(
        written(tmp_path, text), "--profile", "siks-recipients", "--as-of", "2025-10-01"
    )
    assert (code, found["accepted"]) == (0, 1)


def test_a_folder_of_layouts_that_is_not_there_is_said(tmp_path: Path) -> None:
    file = written(tmp_path, f"{HEAD}K1;{nik(1)};Kasemen;Banten;1\n")
    result = CliRunner().invoke(main, ["check", str(file), "--profiles", str(tmp_path / "profil")])
    assert result.exit_code == 2
    assert "profil" in result.stderr


# ----------------------------------------------------------------------------------- codes

CODE = re.compile(r'"([EW]-[A-Z0-9]+(?:-[A-Z0-9]+)*)"')
TABLE_ROW = re.compile(r"^\| `([EW]-[A-Z0-9-]+)` \|", re.MULTILINE)
DOCUMENT = PACKAGE.parent / "docs" / "codes.md"


def used_codes() -> set[str]:
    texts = (file.read_text("utf-8") for file in sorted(PACKAGE.rglob("*.py")))
    return {code for text in texts for code in CODE.findall(text)} | set(CODES)


def documented_codes() -> list[str]:
    return TABLE_ROW.findall(DOCUMENT.read_text("utf-8"))


def test_every_code_is_documented() -> None:
    assert sorted(used_codes() - set(documented_codes())) == []


def test_no_code_is_documented_that_nothing_raises() -> None:
    built = {"E-NIK-", "E-KK-"}  # made of the kind of number
    stale = set(documented_codes()) - used_codes()
    assert [code for code in sorted(stale) if not code.startswith(tuple(built))] == []


def test_no_code_is_documented_twice_in_a_section() -> None:
    for section in DOCUMENT.read_text("utf-8").split("\n## "):
        found = TABLE_ROW.findall(section)
        assert len(found) == len(set(found))


#: What a message may ask of its reader.
TO_DO = re.compile(r"\b(periksa|perbaiki|tulis|lengkapi|ambil|hapus|ubah|ekspor|buka|pakai|tanyakan"
                   r"|ukur)\b")  # fmt: skip
TO_DO_EN = re.compile(r"\b(look|mend|write|complete|take|delete|convert|export|open|ask|measure"
                      r"|add)\b")  # fmt: skip


@pytest.mark.parametrize("code", CODES)
def test_a_code_says_what_to_do_in_both_languages(code: str) -> None:
    """After what is wrong comes what to do about it."""
    assert TO_DO.search(CODES[code].id), CODES[code].id
    assert TO_DO_EN.search(CODES[code].en), CODES[code].en
