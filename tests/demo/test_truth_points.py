from tests.demo.worlds import small, truth_of


def test_points_are_of_listed_families_alone() -> None:
    """The DTSEN record of an unmatched family has none: the list of points has P3KE ids."""
    truth = truth_of(small(unmatched=0.17, located=1.0))
    assert not [family for family in truth.index[truth["has_point"]] if family.startswith("dtsen:")]
    assert truth["has_point"].any()
