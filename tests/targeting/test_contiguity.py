from itertools import permutations
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from geo_target.places.boundaries import read_boundaries
from geo_target.targeting.contiguity import Contiguity, find_contiguity
from tests.quickness import fastest
from tests.targeting.village_grids import square_of_villages, villages_at

# A B .     D touches B in a corner; E is two kilometers from D, and three from C.
# C . D
# . . .
# . . E   F lies alone, nine kilometers east of D.
PLACES = {"A": (0, 3), "B": (1, 3), "C": (0, 2), "D": (2, 2), "E": (2, 0), "F": (12, 2)}


def pairs(contiguity: Contiguity) -> set[str]:
    one, other = contiguity.matrix.nonzero()
    return {contiguity.codes[a] + contiguity.codes[b] for a, b in zip(one, other, strict=True)}


def test_neighbors_share_a_line_or_a_corner_and_islands_are_joined() -> None:
    found = find_contiguity(villages_at(PLACES))
    assert pairs(found) == {
        "AB", "BA", "AC", "CA", "BC", "CB", "BD", "DB", "ED", "DE", "FD", "DF",
    }  # fmt: skip
    assert found.joined == (("E", "D"), ("F", "D"))


def test_the_order_of_the_villages_does_not_matter() -> None:
    found = find_contiguity(villages_at(dict(reversed(PLACES.items()))))
    assert found.codes.tolist() == list("ABCDEF")
    assert pairs(found) == pairs(find_contiguity(villages_at(PLACES)))


def test_of_villages_equally_near_the_first_is_joined() -> None:
    squares = np.array([shapely.box(10 * x, 0, 10 * x + 1, 1) for x in (2, 1, 0)])
    nobody = csr_array((3, 3), dtype=np.int64)
    islands = Contiguity(pd.Index(list("ABC")), nobody, nobody, (), squares)
    assert islands.within("ABC").joined == (("A", "B"), ("B", "A"), ("C", "B"))


def test_islands_that_touch_each_other_are_none() -> None:
    found = find_contiguity(villages_at({"A": (0, 0), "B": (1, 0), "X": (5, 0), "Y": (6, 0)}))
    assert pairs(found) == {"AB", "BA", "XY", "YX"}
    assert found.joined == ()


def test_what_has_lost_its_neighbors_is_joined_as_if_they_had_never_been() -> None:
    found = find_contiguity(villages_at(PLACES)).within(["F", "E", "A", "C"])
    assert pairs(found) == {"AC", "CA", "EC", "CE", "FE", "EF"}
    assert found.joined == (("E", "C"), ("F", "E"))


def test_what_an_island_was_joined_to_may_become_an_island() -> None:
    # A . . C D B E: without D, C is nearer to B than to A, which had been joined to it.
    row = {"A": (0, 0), "C": (3, 0), "D": (4, 0), "B": (5, 0), "E": (6, 0)}
    found = find_contiguity(villages_at(row)).within("ABCE")
    assert pairs(found) == {"AC", "CA", "CB", "BC", "BE", "EB"}


def test_one_village_has_no_neighbor_and_none_are_no_matrix() -> None:
    found = find_contiguity(villages_at(PLACES))
    assert found.within(["B"]).matrix.toarray().tolist() == [[0]]
    assert found.within([]).matrix.shape == (0, 0)


def test_area_by_village() -> None:
    areas = find_contiguity(villages_at(PLACES)).area_km2
    assert areas.tolist() == pytest.approx([1] * 6, rel=1e-6)


@settings(max_examples=30)
@given(
    st.sets(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=2, max_size=12),
    st.data(),
)
def test_some_of_the_villages_are_as_a_layer_of_their_own(
    squares: set[tuple[int, int]], data: st.DataObject
) -> None:
    villages = villages_at({f"{x}{y}": (x, y) for x, y in squares})
    kept = data.draw(st.lists(st.sampled_from(list(villages.index)), unique=True, min_size=1))
    alone = find_contiguity(villages.loc[kept])
    part = find_contiguity(villages).within(kept)
    assert pairs(part) == pairs(alone)
    side_by_side = {
        a + b for a in kept for b in kept
        if a != b and max(abs(int(a[0]) - int(b[0])), abs(int(a[1]) - int(b[1]))) == 1
    }  # fmt: skip
    assert side_by_side <= pairs(part)
    assert len(kept) == 1 or (part.matrix.sum(axis=1) > 0).all()
    assert (part.matrix != part.matrix.T).nnz == 0


def test_the_same_as_libpysals_queen() -> None:
    from libpysal.graph import Graph  # type: ignore[import-untyped]  # noqa: PLC0415

    villages = square_of_villages(5)
    queen = Graph.build_contiguity(villages, rook=False)
    assert np.array_equal(find_contiguity(villages).matrix.toarray(), queen.sparse.toarray())


def test_the_schematic_layer_of_a_city_has_no_islands() -> None:
    villages = read_boundaries(None, area="36.73").villages
    found = find_contiguity(villages)
    assert found.joined == ()
    shapes = villages.geometry
    assert pairs(found) == {
        a + b for a, b in permutations(villages.index, 2) if shapes[a].touches(shapes[b])
    }


def test_the_real_layer(boundary_folder: Path) -> None:
    file = boundary_folder / "villages_banten_bps2020.gpkg"
    if not file.exists():
        pytest.skip("the folder has no layer of Banten")
    villages = read_boundaries(file, area="36", faults="repair").villages
    assert fastest(lambda: find_contiguity(villages), times=2) < 3
    found = find_contiguity(villages)
    assert len(found.codes) == 1552
    touching = shapely.STRtree(villages.geometry.to_numpy()).query(
        villages.geometry.to_numpy(), predicate="touches"
    )
    assert set(zip(*found.touching.nonzero(), strict=True)) == set(zip(*touching, strict=True))
    # Pulo Panjang and Pulau Tunda, each with the shore that is nearest.
    assert len(found.joined) == 2
    for island, nearest in found.joined:
        metric = gpd.GeoSeries(found.shapes, index=found.codes)
        apart = metric.drop(island).distance(metric[island])
        assert apart[nearest] == apart.min() > 0
