"""Whose number is spoiled on the lists of recipients: nobody whose state would be another."""

from geo_target.registry.names import folded_name
from tests.demo.worlds import rows_of, small


def test_who_has_a_spoiled_number_is_a_stranger_or_is_found_elsewhere() -> None:
    folder = small(families=6_000)
    pkh, sembako = (rows_of(folder, name) for name in ("siks_pkh", "siks_sembako"))
    members = rows_of(folder, "dtsen_anggota").set_index("idsemesta")
    paid = set(sembako[sembako["TAHAP"] == "4"]["NIK KTP"]) - {""}
    reached = set(members[members["nik"].isin(paid)]["no_kk"])

    rows = pkh[pkh["NAMA PENERIMA"] != "JUMLAH"]
    spoiled = rows[~rows["NIK KTP"].str.fullmatch(r"\d{16}")]

    known = spoiled[spoiled["IDSEMESTA"].isin(members.index)]
    assert 0 < len(known) < len(spoiled)
    assert set(members.loc[known["IDSEMESTA"], "no_kk"]) <= reached
    poor = set(rows_of(folder, "p3ke_individu")["NIK"])
    assert not set(members.loc[known["IDSEMESTA"], "nik"]) & poor


def test_nobody_else_of_the_village_has_the_name_of_a_spoiled_number() -> None:
    folder = small(families=6_000)
    members = rows_of(folder, "dtsen_anggota").merge(rows_of(folder, "dtsen_keluarga"), on="no_kk")
    bearers = {
        (place.upper(), folded_name(name)): card
        for place, name, card in members[["kelurahan", "nama", "no_kk"]].itertuples(index=False)
    }
    own = members.set_index("idsemesta")["no_kk"].to_dict()

    pkh = rows_of(folder, "siks_pkh")
    spoiled = pkh[~pkh["NIK KTP"].str.fullmatch(r"\d{16}") & (pkh["NAMA PENERIMA"] != "JUMLAH")]

    assert len(spoiled) > 5
    for person, name, place in zip(
        spoiled["IDSEMESTA"], spoiled["NAMA PENERIMA"], spoiled["NM KEL"], strict=True
    ):
        card = own.get(person)
        assert bearers.get((place.upper(), folded_name(name)), card) == card
