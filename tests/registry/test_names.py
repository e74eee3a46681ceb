import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_target.registry.names import (
    folded_name,
    folded_name_sql,
    name_words,
    name_words_sql,
)
from geo_target.workbench import Workbench
from tests.builders import workbench

# What a clerk wrote, and the words that are compared.
WRITTEN = {
    "Suhendi": "suhendi",
    "SOEHENDI": "suhendi",
    "  ahmad   Hidayat ": "ahmad hidaiat",
    "Hidayat Ahmad": "ahmad hidaiat",
    "Djoko Tjahjono": "cahjono joko",
    "Yusuf": "iusup",
    "Iusup": "iusup",
    "Fatimah": "patimah",
    "Vatimah": "patimah",
    "Sitti Aminnah": "aminah siti",
    "St. Aminah": "aminah siti",
    "H. Sanwani": "sanwani",
    "Hj. Siti Rohayati": "rohaiati siti",
    "KH. Drs. Marjuki": "marjuki",
    "Almh. Sarnah": "sarnah",
    "Ahmad Hidayat, S.Pd.I": "ahmad hidaiat",
    "Ahmad Hidayat, SE": "ahmad hidaiat",
    "Ahmad Hidayat S. Ag.": "ahmad hidaiat",
    "Moh. Ali": "ali muhamad",
    "MUH ALI": "ali muhamad",
    "Mochammad Ali": "ali muhamad",
    "Muchamad Ali": "ali muhamad",
    "Mohammed Ali": "ali muhamad",
    "M. Ali": "ali muhamad",
    "Ali M": "ali m",
    "M": "m",
    "Muhidin": "muhidin",
    "Abd. Rohim": "abdul rohim",
    "Tb. Entus": "entus tubagus",
    "Rohim bin Kosim": "rohim",
    "Siti Sarnah BINTI H. Kosim": "sarnah siti",
    "Bintang": "bintang",
    "Udin alias Ujang": "udin",
    "Sarip Al Kiman": "kiman sarip",
    "Ma'mun": "mamun",
    "Nur`aini": "nuraini",
    "Sénang": "senang",
    "Wati Wati": "wati",
    "Haji": "",
    "Drs.": "",
    "-": "",
    "": "",
    "12": "",
}


@pytest.mark.parametrize(("written", "words"), WRITTEN.items())
def test_words_of_a_name(written: str, words: str) -> None:
    assert " ".join(name_words(written)) == words


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ahmad", "Amad"), ("Siti", "Sari"), ("Rohim Kosim", "Rohim"), ("Bintang", "Bin Tang")],
)
def test_other_names_stay_other_names(one: str, other: str) -> None:
    assert name_words(one) != name_words(other)


def test_the_order_of_words_is_kept_before_they_are_sorted() -> None:
    assert folded_name("Hj. Siti Aminah") == "siti aminah"


def _in_sql(bench: Workbench, names: list[str]) -> list[tuple[str | None, list[str] | None]]:
    given_names = bench.take_rows({"n": "bigint", "name": "varchar"}, enumerate(names))
    return [
        (folded, words)
        for folded, words in bench.execute(
            f"select {folded_name_sql('name')}, {name_words_sql('name')} "
            f"from {given_names.name} order by n"
        )
    ]


def test_sql_and_python_fold_alike(bench: Workbench) -> None:
    names = list(WRITTEN)
    assert _in_sql(bench, names) == [
        (folded_name(name) or None, list(name_words(name)) or None) for name in names
    ]


_SYLLABLES = [
    "mu", "ham", "mad", "H. ", "hj", " bin ", " BINTI", "oe", "dj", "Tj", "f", "v", "yy", "aaa",
    "é", "'", ", S.Pd", " s. e", ", sh", "M. ", "md", " al ", "  ", ".", "siti", "tb ", "9",
]  # fmt: skip


@given(st.lists(st.lists(st.sampled_from(_SYLLABLES), max_size=7).map("".join), max_size=30))
def test_sql_and_python_fold_any_names_alike(names: list[str]) -> None:
    with workbench() as bench:
        assert _in_sql(bench, names) == [
            (folded_name(name) or None, list(name_words(name)) or None) for name in names
        ]
