"""The pack of an officer: only theirs, only texts, no full number, nothing that shames."""

import importlib.util
import json
import re
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from geo_target.errors import ConfigError, NotFoundError
from geo_target.fieldwork import packs
from geo_target.fieldwork.carried_visits import VillageNames, carried
from geo_target.fieldwork.outcome_codes import codes
from geo_target.fieldwork.packs import check_printing, officer_pack, visit_cards
from geo_target.fieldwork.sketches import VillageOutline
from geo_target.resources import resource_dir
from tests.builders import kk, nik
from tests.fieldwork.carried import HOSTILE, MONDAY, TUESDAY, Family, errand, on_paper, visit

SQUARE = [(106.0, -6.0), (106.01, -6.0), (106.01, -6.01), (106.0, -6.01)]
OUTLINE = VillageOutline("36.73.01.1001", "Kaligandu", [SQUARE], (106.005, -6.005))


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What is handed to typst, instead of a page."""
    import typst  # noqa: PLC0415

    found: dict[str, Any] = {}

    def take(*_: object, sys_inputs: dict[str, str], **__: object) -> bytes:
        found.update(json.loads(sys_inputs.get("pack", "{}")))
        return b""

    monkeypatch.setattr(typst, "compile", take)
    # Forms are kept for the next pack: not these.
    monkeypatch.setattr(packs, "_form", lambda *_, **__: ())
    return found


def text_of(pdf: bytes, folder: Path) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed")
    (folder / "pack.pdf").write_bytes(pdf)
    done = subprocess.run(
        ["pdftotext", "-layout", str(folder / "pack.pdf"), "-"], capture_output=True, check=True
    )
    return done.stdout.decode().replace("\u200b", "")


def test_a_pack_has_a_letter_a_list_a_page_for_each_and_one_for_who_is_not_listed(
    tmp_path: Path,
) -> None:
    visits = [on_paper("A1B2C3D4", rt="001", rw="002", lon=106.002, lat=-6.003),
              on_paper("E5F6G7H8", position=2, rt="002", rw="002")]  # fmt: skip
    pdf = officer_pack(visits, errand(), outlines=[OUTLINE])
    assert pdf.startswith(b"%PDF-")
    pages = [" ".join(page.split()) for page in text_of(pdf, tmp_path).split("\f")[:-1]]
    assert len(pages) == 1 + 1 + 2 + 1
    letter, listed, first, second, new = pages
    assert "Surat tugas" in letter
    assert "Instruksi Presiden Nomor 4 Tahun 2022 dan Nomor 8 Tahun 2025" in letter
    assert "Undang-Undang Nomor 27 Tahun 2022" in letter
    assert "2 kunjungan" in letter
    assert "Senin, 23 November 2026" in listed
    assert "RT 1 RW 2 · Kaligandu" in listed
    assert "1 dari 2 keluarga yang punya titik" in listed
    assert "A1B2-C3D4" in first
    assert "E5F6-G7H8" in second
    assert "Keluarga baru, belum terdaftar" in new
    for number, page in enumerate(pages, start=1):
        assert "Pemutakhiran data" in page
        assert "Berisi data pribadi – kembalikan atau musnahkan" in page
        assert "Dicetak untuk Asep Suhendar, 22 November 2026 08.30, oleh koordinator" in page
        assert f"{number}/5" in page
        assert "miskin" not in page.lower()


def test_a_page_asks_for_every_outcome_but_that_of_another_family(tmp_path: Path) -> None:
    page = text_of(visit_cards([on_paper("A1B2C3D4")], errand()), tmp_path)
    for code in codes().values():
        assert (code.id in page) is not code.is_proposal
    for words in ("Daya listrik", "NIK kepala keluarga", "8. listrik 450 VA", "Lintang"):
        assert words in page


def test_hostile_texts_stay_texts(tmp_path: Path) -> None:
    family = [Family(name=t, address=t, national_id_masked=t, family_card_number_masked=t)
              for t in HOSTILE]  # fmt: skip
    visits = [
        carried(visit(f"A{at:07d}", neighborhood=text, rt=text, rw=text, position=at),
                family[at], VillageNames(text, text), programs=[text])
        for at, text in enumerate(HOSTILE)
    ]  # fmt: skip
    outline = VillageOutline("36.73.01.1001", HOSTILE[0], [SQUARE], (106.005, -6.005))
    said = text_of(officer_pack(visits, errand(display_name=HOSTILE[0]), outlines=[outline]),
                   tmp_path)  # fmt: skip
    together = re.sub(r"\s", "", said)
    for text in ('#panic("no")', "$x$_a_*b*", "<script>alert(1)</script>", "//komentar"):
        assert text.replace(" ", "") in together


@pytest.mark.skipif(shutil.which("pdffonts") is None, reason="pdffonts is not installed")
def test_no_font_of_this_machine_is_used(tmp_path: Path) -> None:
    """Else a page would look, and break, otherwise on the next one."""
    family = Family(name="ASEP عائشة 宋 👩", address="Жук")
    (tmp_path / "pack.pdf").write_bytes(visit_cards([on_paper("A1B2C3D4", family)], errand()))
    done = subprocess.run(
        ["pdffonts", str(tmp_path / "pack.pdf")], capture_output=True, text=True, check=True
    )
    fonts = {line.split()[0].partition("+")[2] for line in done.stdout.splitlines()[2:]}
    assert any(font.startswith("LibertinusSerif") for font in fonts)
    assert not [
        f for f in fonts if not f.startswith(("LibertinusSerif", "DejaVuSansMono", "NewCM"))
    ]


def test_no_full_number_reaches_a_page(given: dict[str, Any]) -> None:
    family = Family(f"ASEP {nik(1)}", f"KP {kk(1)}", nik(2), kk(2))
    officer_pack([on_paper("A1B2C3D4", family, neighborhood=nik(3))], errand(display_name=nik(4)))
    texts = json.dumps({**given, "cards": [{**card, "qr": ""} for card in given["cards"]]})
    assert "0001" in texts
    assert re.search(r"\d{9,}", texts) is None


def test_an_officer_gets_only_their_own(given: dict[str, Any]) -> None:
    visits = [
        on_paper("A1B2C3D4", Family("MINE")),
        on_paper("E5F6G7H8", Family("HERS"), officer="siti"),
    ]
    officer_pack(visits, errand())
    said = json.dumps(given)
    assert "MINE" in said
    assert "HERS" not in said
    assert "E5F6" not in said


def test_a_day_is_that_day_alone_and_all_days_have_a_list_each(given: dict[str, Any]) -> None:
    visits = [
        on_paper("A1B2C3D4"),
        on_paper("E5F6G7H8", day=TUESDAY),
        on_paper("J1K2M3N4", day=None),
    ]
    officer_pack(visits, errand(), day=TUESDAY)
    assert [day["title"] for day in given["days"]] == ["Selasa, 24 November 2026"]
    assert len(given["cards"]) == 1
    officer_pack(visits, errand())
    assert [day["title"] for day in given["days"]] == [
        "Senin, 23 November 2026", "Selasa, 24 November 2026", "Hari belum ditentukan",
    ]  # fmt: skip


def test_families_without_a_point_are_counts_by_rw(given: dict[str, Any]) -> None:
    visits = [on_paper(f"A{at}", rw=rw, position=at) for at, rw in enumerate(["001", "001", None])]
    officer_pack([*visits, on_paper("B", position=9, rw=None, neighborhood="Kebon")], errand())
    (day,) = given["days"]
    assert [(c["place"], c["families"]) for c in day["counts"]] == [
        ("RW 1", 2), ("tanpa RW", 1), ("Kebon", 1),
    ]  # fmt: skip
    assert "Tidak satu pun keluarga pada daftar punya titik" in day["caption"]
    assert day["sketch"] is None


def test_the_same_visits_are_the_same_bytes() -> None:
    made = [officer_pack([on_paper("A1B2C3D4")], errand(), outlines=[OUTLINE]) for _ in range(2)]
    assert made[0] == made[1]


@pytest.mark.parametrize("day", [TUESDAY, date(2020, 1, 1)])
def test_no_visit_is_said_not_printed(day: date) -> None:
    with pytest.raises(NotFoundError, match="E-CARRY-NONE"):
        officer_pack([on_paper("A1B2C3D4")], errand(), day=day)
    with pytest.raises(NotFoundError, match="E-CARRY-NONE"):
        visit_cards([on_paper("A1B2C3D4", officer="siti")], errand())


@pytest.mark.parametrize("missing", ["typst", "segno"])
def test_without_the_extra_it_is_said_how_to_get_it(
    missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == missing else there(name)
    )
    with pytest.raises(ConfigError, match="E-PACK-EXTRA") as refused:
        officer_pack([on_paper("A1B2C3D4")], errand())
    assert 'pip install "geo-target[pdf]"' in refused.value.text("id")
    monkeypatch.undo()
    check_printing()


def test_no_template_names_a_class_of_people() -> None:
    folder = resource_dir("templates") / "fieldwork"
    files = sorted(folder.glob("*.typ"))
    assert len(files) > 4
    assert not [file.name for file in files if "miskin" in file.read_text("utf-8").lower()]
    assert not [file.name for file in files if "eval(" in file.read_text("utf-8")]
    assert MONDAY.weekday() == 0
