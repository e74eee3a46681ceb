import numpy as np
import pytest

from geo_target.demo.columns import text
from geo_target.demo.misspellings import WAYS, mistyped_names, written_so
from geo_target.demo.names import person_names, upper


def every_spelling(name: str, kind: str) -> set[str]:
    written = {written_so(text([name]), way).iloc[0] for way in WAYS if way.kind == kind}
    return written - {name}


@pytest.mark.parametrize(
    ("kind", "name", "some"),
    [
        ("old spelling", "SUJADI", {"SOEJADI", "SUDJADI"}),
        ("old spelling", "YAYAH CAHYATI", {"JAYAH CAHYATI", "YAYAH TJAHYATI"}),
        ("sound", "FAUZI", {"PAUZI", "FAUZY"}),
        ("sound", "ROHMAT", {"ROMAT"}),
        ("sound", "SURYADI", {"SURIADI"}),
        ("sound", "NURAENI", {"NURAINI"}),
        ("sound", "SALIM", {"SALLIM"}),
        ("short form", "MUHAMAD ALI", {"MUH. ALI", "M. ALI", "MOCHAMAD ALI", "MOHAMMAD ALI"}),
        ("short form", "ABDUL HAMID", {"ABD. HAMID"}),
        ("short form", "SITI AMINAH", {"ST. AMINAH"}),
        ("short form", "MUHAMADIN", set()),
        ("title", "SITI AMINAH", {"HJ. SITI AMINAH"}),
        ("title", "NURDIN", {"H. NURDIN", "UST. NURDIN"}),
        ("father", "NURDIN", {"NURDIN BIN KASIM"}),
        ("father", "AMINAH", {"AMINAH BINTI KASIM"}),
        ("father", "AMINAH SARI", set()),
        ("swapped order", "AHMAD JAENUDIN HAKIM", {"HAKIM AHMAD JAENUDIN"}),
        ("missing last word", "AHMAD JAENUDIN HAKIM", {"AHMAD JAENUDIN"}),
        ("missing last word", "AHMAD", set()),
        ("initial", "AHMAD HAKIM", {"AHMAD H"}),
        ("letter", "SARMIN", {"SAMIN", "SARIN", "SARMN"}),
        ("letter", "SUHENDI", {"SUHNEDI"}),
    ],
)
def test_ways_to_write_a_name(kind: str, name: str, some: set[str]) -> None:
    written = every_spelling(name, kind)

    assert some <= written
    assert some or not written


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_so_many_names_are_written_otherwise(share: float) -> None:
    names = upper(person_names(np.random.default_rng(1), np.arange(4_000) % 2 == 0))

    written = mistyped_names(np.random.default_rng(2), names, share=share)

    assert (written != names).mean() == pytest.approx(share, abs=0.03)
    assert written.index.equals(names.index)
    assert (written.str.len() > 0).all()


def test_every_kind_of_way_is_met() -> None:
    names = upper(person_names(np.random.default_rng(1), np.arange(3_000) % 2 == 0))

    written = mistyped_names(np.random.default_rng(2), names, share=1.0)

    for kind in {way.kind for way in WAYS}:
        so = np.zeros(len(names), dtype=bool)
        for way in WAYS:
            if way.kind == kind:
                so |= (written_so(names, way) == written).to_numpy() & (names != written).to_numpy()
        assert so.sum() >= 10, kind


def test_what_is_no_name_stays() -> None:
    blank = text(["", "A", "-"])

    assert mistyped_names(np.random.default_rng(1), blank, share=1.0).tolist() == ["", "A", "-"]


def test_a_few_names_are_common_and_most_are_rare() -> None:
    is_woman = np.arange(40_000) % 2 == 0
    first = person_names(np.random.default_rng(1), is_woman).str.split(" ").str[0]

    for people in (first[is_woman], first[~is_woman]):
        share = people.value_counts(normalize=True)
        assert 0.03 < share.iloc[0] < 0.08
        assert share.iloc[:60].sum() < 0.75
        assert len(share) > 700
