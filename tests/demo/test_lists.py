import re
from pathlib import Path

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from geo_target.demo.world import write_demo
from tests.demo.worlds import FEW, rows_of, small, truth_of

LISTED = 88


def usable(numbers: "pd.Series[str]") -> set[str]:
    return set(numbers[numbers.str.fullmatch(r"\d{16}")])


def counting_niks(folder: Path) -> set[str]:
    """NIK that PKH and Sembako of quarter 4 name, or an active PBI of the nation."""
    niks = set()
    for name in ("siks_pkh", "siks_sembako"):
        rows = rows_of(folder, name)
        niks |= usable(rows[rows.TAHAP == "4"]["NIK KTP"])
    pbi = rows_of(folder, "bpjs_pbi")
    return niks | usable(pbi[(pbi.SEGMEN == "PBI APBN") & (pbi.STATUS == "AKTIF")].NIK)


@pytest.mark.parametrize(
    "mistakes",
    [{}, {"unmatched": 0.17}, {"unmatched": 0.17, "split": 0.3}],
    ids=["no mistakes", "unmatched", "unmatched and split"],
)
def test_truth_is_what_the_lists_say(mistakes: dict[str, float]) -> None:
    folder = small(seed=3, **mistakes)
    found = counting_niks(folder)
    p3ke = rows_of(folder, "p3ke_individu").groupby("ID Keluarga P3KE")
    dtsen = rows_of(folder, "dtsen_keluarga").merge(rows_of(folder, "dtsen_anggota"), on="no_kk")
    by_base: dict[str, set[str]] = {str(key): usable(rows.NIK) for key, rows in p3ke}
    families = dict(by_base)
    for key, rows in dtsen.groupby("id_keluarga"):
        niks = usable(rows.nik_y)
        bases = [base for base, known in by_base.items() if known & niks]
        assert len(bases) <= 1
        if bases:
            families[bases[0]] |= niks
        else:
            families[f"dtsen:{key}"] = niks

    states = {
        key: "covered" if niks & found else "uncovered" if niks else "unmatched"
        for key, niks in families.items()
    }

    assert states == truth_of(folder).coverage_state.to_dict()


def test_families_are_split_over_two_kk_and_nothing_else_changes() -> None:
    whole, folder = small(), small(split=0.1)
    families = {place: rows_of(place, "dtsen_keluarga") for place in (whole, folder)}
    members = {place: rows_of(place, "dtsen_anggota") for place in (whole, folder)}

    added = families[folder][~families[folder].no_kk.isin(families[whole].no_kk)]
    assert len(families[folder]) - FEW == len(added) == round(0.1 * LISTED)
    assert families[folder].no_kk.is_unique
    assert families[folder].id_keluarga.is_unique
    was, now = (members[place].set_index("idsemesta") for place in (whole, folder))
    moved = now[now.no_kk != was.no_kk]
    assert set(moved.no_kk) == set(added.no_kk)
    assert set(moved.hub_kepala_keluarga) == {"Kepala Keluarga"}
    assert "Kepala Keluarga" not in set(was.loc[moved.index].hub_kepala_keluarga)
    assert set(moved.nik) <= usable(rows_of(folder, "p3ke_individu").NIK)
    assert now.nama.equals(was.nama)
    assert truth_of(folder).equals(truth_of(whole))
    for name in ("p3ke_individu", "p3ke_keluarga"):
        assert rows_of(folder, name).equals(rows_of(whole, name))


def test_a_stated_share_of_the_listed_is_unmatched() -> None:
    truth = truth_of(small(unmatched=0.17))

    states = truth[truth.welfare_class == "extreme_poor"].coverage_state.value_counts()
    assert states["unmatched"] == round(0.17 * LISTED)
    assert states.sum() == LISTED
    # No key ties the DTSEN record of an unmatched family to it, nor says what reaches it.
    assert len(truth) == FEW + states["unmatched"]
    others = truth[truth.welfare_class == "unknown"]
    assert ((others.coverage_state == "unmatched") == others.twin_of.notna()).all()


def test_every_uncovered_family_can_be_compared_by_more_than_its_head() -> None:
    members = rows_of(small(), "p3ke_individu")
    sizes = members.groupby("ID Keluarga P3KE").size()
    others = members[members["Hubungan dengan Kepala Keluarga"] != "KEPALA KELUARGA"]

    compared = others[others.NIK.str.fullmatch(r"\d{16}")]["ID Keluarga P3KE"]

    assert set(sizes[sizes > 1].index) == set(compared)


def test_dtsen_holds_the_listed_families_under_the_same_niks() -> None:
    listed = usable(rows_of(small(), "p3ke_individu").NIK)
    dtsen = rows_of(small(), "dtsen_anggota")

    assert listed <= set(dtsen.nik)
    families = rows_of(small(), "dtsen_keluarga").set_index("no_kk")
    poor = families.loc[dtsen[dtsen.nik.isin(listed)].no_kk.unique()]
    assert len(poor) == LISTED
    assert set(poor.desil_nasional) <= {"1", "2"}


@pytest.mark.parametrize(
    ("name", "nik", "heads"), [("siks_pkh", "NIK KTP", 0.31), ("siks_sembako", "NIK KTP", 0.56)]
)
def test_many_recipients_are_the_wife_and_not_the_head(name: str, nik: str, heads: float) -> None:
    """A list names one person of a family; DTSEN's relation tells which of them it is."""
    folder = small(families=6_000)
    members = rows_of(folder, "dtsen_anggota").query("nik != ''").set_index("nik")
    paid = rows_of(folder, name)[nik]
    relation = members["hub_kepala_keluarga"].reindex(paid).value_counts(normalize=True)

    assert set(relation.index) == {"Kepala Keluarga", "Istri"}
    assert relation["Kepala Keluarga"] == pytest.approx(heads, abs=0.04)


def test_numbers_of_persons_are_synthetic_unique_and_tell_their_birth() -> None:
    people = rows_of(small(area="36.04"), "p3ke_individu")
    people = people[people.NIK.str.fullmatch(r"\d{16}")]
    members = rows_of(small(area="36.04"), "dtsen_anggota")

    assert people.NIK.str.startswith("3604" + "98").all()
    assert members.no_kk.str.startswith("3604" + "99").all()
    assert members[members.nik != ""].nik.is_unique
    told = people.apply(lambda row: born_by_nik(row.NIK, row["Jenis Kelamin"]), axis=1)
    stated = people["Tanggal Lahir"]
    same = stated.str[2:] == told
    assert same.mean() == pytest.approx(0.90, abs=0.04)
    assert (people.NIK.str[12:] != "0000").all()


def born_by_nik(nik: str, sex: str) -> str:
    """YY-MM-DD of a NIK, whose day has 40 added to it for women."""
    return f"{nik[10:12]}-{nik[8:10]}-{int(nik[6:8]) - (40 if sex == 'PEREMPUAN' else 0):02}"


def test_birth_dates_of_p3ke_are_missing_or_wrong_here_and_there() -> None:
    folder = small(families=6_000)
    people = rows_of(folder, "p3ke_individu")
    people = people[people.NIK.str.fullmatch(r"\d{16}")]
    told = people.apply(lambda row: born_by_nik(row.NIK, row["Jenis Kelamin"]), axis=1)
    stated = people["Tanggal Lahir"].str[2:]

    kinds = pd.Series("other", stated.index)
    kinds[(stated.str[:2] != told.str[:2]) & (stated.str[3:] == told.str[3:])] = "year"
    kinds[stated == told.str[:3] + told.str[6:] + "-" + told.str[3:5]] = "swapped"
    kinds[stated == told.str[:2] + "-01-01"] = "january"
    kinds[stated == ""] = "missing"
    kinds[stated == told] = "right"

    share = kinds.value_counts(normalize=True)
    assert share["right"] == pytest.approx(0.90, abs=0.02)
    assert share["missing"] == pytest.approx(0.03, abs=0.012)
    assert share["january"] == pytest.approx(0.05, abs=0.015)
    assert 0 < share["swapped"] < 0.012
    assert 0 < share["year"] < 0.015


def test_both_workbooks_of_p3ke_say_the_same_of_a_head() -> None:
    folder = small(families=6_000)
    people = rows_of(folder, "p3ke_individu")
    heads = people[people["Hubungan dengan Kepala Keluarga"] == "KEPALA KELUARGA"]
    families = rows_of(folder, "p3ke_keluarga")

    for mine, theirs in (("Nama", "Nama Kepala Keluarga"), ("NIK", "NIK Kepala Keluarga"),
                         ("Tanggal Lahir", "Tanggal Lahir Kepala Keluarga")):  # fmt: skip
        assert heads[mine].tolist() == families[theirs].tolist()


def test_both_lists_of_dtsen_spell_a_head_alike() -> None:
    people = rows_of(small(families=6_000), "dtsen_anggota")
    heads = people[people.hub_kepala_keluarga == "Kepala Keluarga"]

    assert heads.nama.tolist() == rows_of(small(families=6_000), "dtsen_keluarga")[
        "nama_kepala_keluarga"
    ].tolist()  # fmt: skip


@pytest.mark.parametrize(
    ("name", "nik", "person", "differing"),
    [
        ("p3ke_individu", "NIK", "Nama", 0.12),
        ("siks_pkh", "NIK KTP", "NAMA PENERIMA", 1 - 0.88 * 0.75),
        ("siks_sembako", "NIK KTP", "NAMA PENERIMA", 1 - 0.88 * 0.75),
        ("bpjs_pbi", "NIK", "NAMA", 1 - 0.88 * 0.75),
        ("paket_sembako", "NIK", "NAMA", 1 - 0.88 * 0.75),
    ],
)
def test_lists_spell_a_person_in_other_ways_than_dtsen(
    name: str, nik: str, person: str, differing: float
) -> None:
    """Each list on its own: DTSEN 12 % of the names, lists of recipients 25 %."""
    folder = small(families=6_000)
    dtsen = rows_of(folder, "dtsen_anggota")
    spelled = dtsen[dtsen.nik != ""].set_index("nik").nama
    rows = rows_of(folder, name)
    rows = rows[rows[nik].isin(spelled.index)]

    other = rows[person].to_numpy() != spelled.loc[rows[nik]].to_numpy()

    assert len(rows) > 400
    assert other.mean() == pytest.approx(differing, abs=0.05)


def test_a_few_recipients_are_listed_twice_under_other_spellings() -> None:
    rows = rows_of(small(families=6_000), "siks_pkh")
    rows = rows[rows["NAMA PENERIMA"] != "JUMLAH"].drop_duplicates()

    twice = rows[rows.duplicated("IDSEMESTA", keep=False)]

    again = twice.groupby("IDSEMESTA").agg(
        {"NAMA PENERIMA": "nunique", "NIK KTP": "nunique", "TAHAP": "size"}
    )
    assert 3 <= len(again) < 0.05 * len(rows)
    assert (again["NAMA PENERIMA"] > 1).any()
    assert (again["NIK KTP"] > 1).any()


def test_the_address_is_all_that_p3ke_knows_of_the_place() -> None:
    folder = small(families=6_000)
    families = rows_of(folder, "p3ke_keluarga").set_index("ID Keluarga P3KE")
    truth = truth_of(folder).loc[families.index]

    told = families.Alamat.str.extract(r"(?i)(?:RW[ :]*|/RW |RT\.\d+/|RT/RW \d+/)(\d+)")[0]

    readable = told.notna()
    assert readable.mean() == pytest.approx(0.85, abs=0.04)
    wrong = told[readable].str.zfill(3) != truth.rw[readable]
    assert wrong.mean() == pytest.approx(0.10, abs=0.04)
    assert not {"RT", "RW", "Penghasilan", "NO KK"} & set(families.columns)
    assert families["Kode Kemdagri"].str.fullmatch(r"\d{10}").all()
    assert (families["Kode Kemdagri"] == truth.stated_village_code.str.replace(".", "")).all()


def test_lists_carry_the_faults_that_lists_carry() -> None:
    folder = small(families=6_000)
    pkh, sembako, pbi = (rows_of(folder, n) for n in ("siks_pkh", "siks_sembako", "bpjs_pbi"))

    assert set(pkh.TAHAP) == {"2", "3", "4"}
    assert set(sembako.BANSOS) == {"SEMBAKO", "BPNT"}
    assert {"PBI APBN", "PBPU PEMDA"} == set(pbi.SEGMEN)
    assert {"AKTIF", "NONAKTIF"} == set(pbi.STATUS)
    assert pkh.duplicated().any()
    spoiled = pkh[~pkh["NIK KTP"].str.fullmatch(r"\d{16}")]["NIK KTP"]
    assert spoiled.str.contains("E+15", regex=False).any()
    known = set(rows_of(folder, "dtsen_anggota").nik)
    assert (~pkh["NIK KTP"].isin(known)).sum() > 10
    text = (folder / "lists" / "siks_pkh.csv").read_text("utf-8").splitlines()
    assert "," * 11 in text
    assert text[-1] == ",JUMLAH" + "," * 10


def test_workbooks_are_as_agencies_send_them(tmp_path: Path) -> None:
    write_demo(tmp_path, families=FEW)

    sheet = CalamineWorkbook.from_path(tmp_path / "lists" / "p3ke_keluarga.xlsx")
    rows = sheet.get_sheet_by_index(0).to_python(skip_empty_area=False)
    header = [str(cell) for cell in rows[11]]
    assert header[0] == "ID Keluarga P3KE"
    assert len(rows) == 12 + LISTED
    niks = [row[header.index("NIK Kepala Keluarga")] for row in rows[12:]]
    assert all(isinstance(nik, str) for nik in niks)
    assert sum(nik == "KOSONG" for nik in niks) < 10
    assert (tmp_path / "lists" / "dtsen_keluarga.csv").read_text("utf-8").startswith("alamat;desil")


def test_program_flags_of_p3ke_are_no_proof() -> None:
    folder = small(families=6_000)
    flags = rows_of(folder, "p3ke_keluarga").set_index("ID Keluarga P3KE")["Penerima PKH"]
    uncovered = truth_of(folder).loc[flags.index].coverage_state == "uncovered"

    assert set(flags) == {"Ya", "Tidak"}
    assert (flags[uncovered] == "Ya").any()


def test_no_number_of_sixteen_digits_stands_in_the_sources() -> None:
    here = Path(__file__).parents[2]
    for folder in ("geo_target/demo", "tests/demo"):
        for file in (here / folder).glob("*.py"):
            assert not re.search(r"\d{16}", file.read_text("utf-8")), file
