import re
from datetime import datetime
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


@pytest.mark.parametrize("unmatched", [0.0, 0.17])
def test_truth_is_what_the_lists_say(unmatched: float) -> None:
    folder = small(unmatched=unmatched, seed=3)
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


def test_a_stated_share_of_the_listed_is_unmatched() -> None:
    truth = truth_of(small(unmatched=0.17))

    states = truth[truth.welfare_class == "extreme_poor"].coverage_state.value_counts()
    assert states["unmatched"] == round(0.17 * LISTED)
    assert states.sum() == LISTED
    # Nothing ties the DTSEN record of an unmatched family to it: it counts for itself.
    assert len(truth) == FEW + states["unmatched"]
    assert "unmatched" not in set(truth[truth.welfare_class == "unknown"].coverage_state)


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


def test_numbers_of_persons_are_synthetic_unique_and_tell_their_birth() -> None:
    people = rows_of(small(area="36.04"), "p3ke_individu")
    people = people[people.NIK.str.fullmatch(r"\d{16}")]
    members = rows_of(small(area="36.04"), "dtsen_anggota")

    assert people.NIK.str.startswith("3604" + "98").all()
    assert members.no_kk.str.startswith("3604" + "99").all()
    assert members[members.nik != ""].nik.is_unique
    for nik, born, sex in zip(
        people.NIK, people["Tanggal Lahir"], people["Jenis Kelamin"], strict=True
    ):
        day = int(nik[6:8]) - (40 if sex == "PEREMPUAN" else 0)
        assert datetime.strptime(f"{day:02}{nik[8:12]}", "%d%m%y").strftime("%m%d%y") == (
            datetime.fromisoformat(born).strftime("%m%d%y")
        )
        assert nik[12:] != "0000"


def test_one_person_has_one_name_in_all_lists() -> None:
    named = pd.concat(
        rows_of(small(), name)[[nik, person]].set_axis(["nik", "name"], axis=1)
        for name, nik, person in (
            ("p3ke_individu", "NIK", "Nama"),
            ("dtsen_anggota", "nik", "nama"),
            ("siks_pkh", "NIK KTP", "NAMA PENERIMA"),
            ("bpjs_pbi", "NIK", "NAMA"),
            ("paket_sembako", "NIK", "NAMA"),
        )
    )
    named = named[named.nik.str.fullmatch(r"\d{16}")]

    assert (named.groupby("nik").name.nunique() == 1).all()


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
