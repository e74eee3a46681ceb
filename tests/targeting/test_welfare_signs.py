from datetime import date
from pathlib import Path
from typing import Any

import pytest

from geo_target.errors import ConfigError
from geo_target.intake.code_lists import code_lists
from geo_target.intake.lists import read_list
from geo_target.settings import Welfare
from geo_target.targeting.welfare import classify_welfare
from geo_target.targeting.welfare_signs import COLUMNS, SIGNS
from geo_target.workbench import Table, Workbench, query
from tests.builders import kk, rows_by, table, write_csv
from tests.targeting.test_welfare import classes

RULE = Welfare(rule="signs", least_signs=2, extreme_signs=3)
# Signs that are there: A 3, B 2, C 1 of which 7 are known not to be more, D 1 and the rest
# unknown, E none at all but no shelter, F nothing known.
FAMILIES = """
family_id  has_shelter  head_works  food_insecure  food_above_half  bought_clothes  floor    wall              toilet         power
A          yes          no          yes            yes              -               -        -                 -              -
B          -            no          no             no               yes             tanah    Tembok            milik_sendiri  900
C          -            no          no             no               yes             keramik  tembok_diplester  sendiri        2200
D          -            no          -              -                -               -        -                 -              -
E          no           yes         no             no               yes             -        -                 -              -
F          -            -           -              -                -               -        -                 -              -
"""  # noqa: E501
TYPES = {name: "boolean" for name in COLUMNS if name not in {"floor", "wall", "toilet", "power"}}


def families(bench: Workbench, text: str = FAMILIES) -> Table:
    made = table(bench, text, TYPES)
    spaced = ", ".join(
        f"replace({c}, '_', ' ') as {c}" for c in ("wall", "toilet") if c in made.columns
    )
    return query(f"select * replace ({spaced}) from t", t=made) if spaced else made


def test_signs_are_counted_by_what_is_known(bench: Workbench) -> None:
    assert classes(families(bench), RULE) == {
        "A": "extreme_poor", "B": "poor", "C": "other", "D": "unknown", "E": "extreme_poor",
        "F": "unknown",
    }  # fmt: skip


def test_whoever_may_be_without_shelter_is_not_called_other(bench: Workbench) -> None:
    answers = "head_works  food_insecure  food_above_half  bought_clothes  toilet  power  floor"
    told = f"""
family_id  has_shelter  {answers}
A          -            yes  no  no  yes  sendiri  2200  -
B          yes          yes  no  no  yes  sendiri  2200  -
C          -            yes  no  no  yes  sendiri  2200  keramik
D          -            yes  no  no  yes  sendiri  2200  KOSONG
"""
    rule = Welfare(rule="signs", least_signs=3, extreme_signs=3)
    assert classes(families(bench, told), rule) == {
        "A": "unknown", "B": "other", "C": "other", "D": "unknown",
    }  # fmt: skip


def sign(bench: Workbench, **told: str) -> bool | None:
    """Whether the sign of the last column is there."""
    held = bench.take_rows(dict.fromkeys(told, "varchar"), [list(told.values())])
    (one,) = (
        s for s in SIGNS if s.columns[0] in told or [*told] == ["lighting"] == [s.columns[-1]]
    )
    found: Any = bench.execute(f"select {one.sql(held.columns)} from {held.name}")[0][0]
    return None if found is None else bool(found)


@pytest.mark.parametrize(
    ("column", "word", "there"),
    [
        ("floor", "TANAH", True), ("floor", "SEMEN", True), ("floor", "Ubin/Keramik", False),
        # The decree names plaster and not bricks, planks and not gypsum.
        ("floor", "semen/bata merah", None), ("wall", "kayu/papan/gypsum/GRC", None),
        ("wall", "KAYU/PAPAN", True), ("wall", "plesteran anyaman bambu/kawat", True),
        # Plastered or not: the word does not say.
        ("wall", "TEMBOK", None), ("wall", "tembok diplester", False),
        ("wall", "tembok  tanpa diplester", True), ("wall", "batang kayu", None),
        ("toilet", "UMUM/BERSAMA", True), ("toilet", "MILIK SENDIRI", False),
        ("toilet", "ada, tidak digunakan", None), ("toilet", "tidak ada", True),
        ("power", "=< 900 WATT", None), ("power", "> 900 WATT", False),
        ("power", "450 VA", True), ("power", "1.300 watt", False),
        ("lighting", "BUKAN LISTRIK", True), ("lighting", "listrik PLN dengan meteran", None),
        ("floor", "lainnya", None), ("wall", "KOSONG", None), ("toilet", "entah", None),
        ("power", "", None),
    ],
)  # fmt: skip
def test_words_that_do_not_say_it_leave_the_sign_unknown(
    bench: Workbench, column: str, word: str, there: Any
) -> None:
    assert sign(bench, **{column: word}) is there


def test_without_electricity_no_power_needs_to_be_known(bench: Workbench) -> None:
    assert sign(bench, power="KOSONG", lighting="bukan listrik") is True
    assert sign(bench, power="900 watt", lighting="listrik PLN dengan meteran") is False


def test_a_rule_that_asks_for_more_signs_than_lists_fill_is_refused(bench: Workbench) -> None:
    told = "family_id  in_base  floor  wall    toilet\nA  yes  tanah  tembok  sendiri"
    with pytest.raises(ConfigError) as caught:  # of a bare 'tembok' nothing is known
        classes(table(bench, told, {"in_base": "boolean"}), RULE)
    assert caught.value.faults[0].code == "E-RULE-EMPTY"
    assert "signs (extreme_signs 1-2)" in caught.value.text("id")
    fewer = Welfare(rule="signs", least_signs=1, extreme_signs=2)
    assert classes(table(bench, told, {"in_base": "boolean"}), fewer) == {"A": "poor"}


def read(bench: Workbench, tmp_path: Path, text: str) -> Table:
    listed = read_list(bench, write_csv(tmp_path / "list.csv", text), profile=None,
                       as_of=date(2025, 10, 1))  # fmt: skip
    assert listed.report.accepted == 2
    return listed.table


def test_the_canonical_layout_reads_every_column_of_the_rule(
    bench: Workbench, tmp_path: Path
) -> None:
    list_ = read(bench, tmp_path, """
        family_id|village_code|pengeluaran|has_shelter|head_works|food_insecure|food_above_half|bought_clothes|floor|wall|toilet|power|lighting
        A|3673021007|Rp 391.000|ya|tidak|Tidak|no|yes|tanah|tembok diplester|milik sendiri|900 VA|listrik PLN
        B|3673021007|1.200.000|-|mungkin||||||||
    """)  # fmt: skip  # noqa: E501
    columns = ", ".join(["spending_rupiah_per_month", *COLUMNS])
    a, b = bench.execute(f"select {columns} from {list_.name} order by family_id")
    assert a == (391_000, True, False, False, False, True, "tanah", "tembok diplester",
                 "milik sendiri", "900 VA", "listrik PLN")  # fmt: skip
    # A dash is nobody's answer: it must not make a family one without shelter.
    assert b == (1_200_000, *[None] * 10)
    based = query("select *, true as in_base from t", t=list_)
    assert rows_by(classify_welfare(based, RULE), "family_id", "welfare_class") == {
        "A": "poor", "B": "unknown",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["nomor_kartu_keluarga|kode_kelurahan_desa|desil_nasional|jenis_lantai_terluas|"
         "jenis_dinding_terluas|fasilitas_bab|daya_terpasang",
         f"{kk(1)}|3673021007|1|8|6|4|1", f"{kk(2)}|3673021007|9|2|1|1|3"],
         ["tanah", "bambu", "MCK umum", "450 watt"]),
        (["ID Keluarga P3KE|Kode Kemdagri|Desil Kesejahteraan|Jenis Lantai|Jenis Dinding|"
         "Memiliki fasilitas Buang Air Besar|Daya Listrik Terpasang",
         "P1|3673021007|1|TANAH|BAMBU|UMUM/BERSAMA|KOSONG",
         "P2|3673021007|9|UBIN/KERAMIK|TEMBOK|MILIK SENDIRI|> 900 WATT"],
         ["TANAH", "BAMBU", "UMUM/BERSAMA", "KOSONG"]),
    ],
    ids=["dtsen", "p3ke"],
)  # fmt: skip
def test_signs_of_real_layouts(
    bench: Workbench, tmp_path: Path, lines: list[str], expected: list[str]
) -> None:
    list_ = read(bench, tmp_path, "\n".join(lines))
    rows = query("select floor, wall, toilet, power from t order by decile", t=list_).rows()
    assert list(rows[0].values()) == expected
    based = query("select *, true as in_base from t", t=list_)
    judged = query("select welfare_class from c join t using (family_id) order by decile",
                   c=classify_welfare(based, RULE), t=list_)  # fmt: skip
    # 3 or 4 signs of the first; of the second too little is known for 'other'.
    assert [row["welfare_class"] for row in judged.rows()] == ["extreme_poor", "unknown"]


def test_every_word_of_the_code_lists_is_judged_or_left_open(bench: Workbench) -> None:
    """What a source's own words say: a word that is new here must be looked at."""
    found = {
        (thing, word): sign(bench, **{thing: word})
        for each in code_lists().values()
        for thing in ("floor", "wall", "toilet", "power", "lighting")
        for word in each.lists.get(thing, {}).values()
    }
    assert {key for key, there in found.items() if there} == {
        ("floor", "tanah"), ("wall", "plesteran anyaman bambu/kawat"), ("wall", "anyaman bambu"),
        ("wall", "bambu"), ("toilet", "bersama"), ("toilet", "MCK komunal"),
        ("toilet", "MCK umum"), ("toilet", "tidak ada"), ("power", "450 watt"),
        ("lighting", "bukan listrik"),
    }  # fmt: skip
    assert {key for key, there in found.items() if there is None} == {
        ("floor", "semen/bata merah"), ("floor", "lainnya"), ("wall", "tembok"),
        ("wall", "kayu/papan/gypsum/GRC"), ("wall", "batang kayu"), ("wall", "lainnya"),
        ("toilet", "ada, tidak digunakan"), ("lighting", "listrik PLN dengan meteran"),
        ("lighting", "listrik PLN tanpa meteran"), ("lighting", "listrik non-PLN"),
    }  # fmt: skip
