"""What is true of each family, as a run will count them; never taken from a run."""

import numpy as np
import pandas as pd

from geo_target.demo.columns import Flags, either, subset, text, words
from geo_target.demo.families import second_ids
from geo_target.demo.family_mistakes import FamilyMistakes
from geo_target.demo.society import World


def truth_table(world: World, mistakes: FamilyMistakes, *, located: Flags) -> pd.DataFrame:
    """One row a family of the base, or of DTSEN where it belongs to no base family.

    A listed family without any key is unmatched. Where P3KE has no key of a family, its
    DTSEN record has a row too: it is a family of its own unless a run knows it by name.

    Returns
    -------
    DataFrame
        ``family_id`` (P3KE id, or ``dtsen:`` and the DTSEN id), ``true_village_code``,
        ``stated_village_code``, ``welfare_class``, ``coverage_state``, ``rw`` (true one,
        3 digits), ``hamlet_id`` (null of those who live scattered), ``hamlet_is_missed``,
        ``lon``, ``lat`` (true place, degrees, EPSG:4326), ``has_point``,
        ``twin_of`` (P3KE id of the family whose DTSEN record this is, else null),
        ``base_spoiled`` (its keys are spoiled in P3KE alone), ``also_listed_as`` (its second
        P3KE id, else null).
    """
    listed = world.families["is_listed"].to_numpy(dtype=np.bool_)
    own = np.r_[np.flatnonzero(listed), np.flatnonzero(~listed | mistakes.spoiled_in_base)]
    is_base = np.arange(len(own)) < listed.sum()
    families = subset(world.families, own)
    state = either(families["is_uncovered"], "uncovered", "covered")
    settlement = families["settlement"].to_numpy(dtype=np.int64)
    hamlet = words(world.settlements["settlement_id"].tolist(), np.maximum(settlement, 0))
    missed = world.settlements["is_missed"].to_numpy(dtype=np.bool_)
    truth = pd.DataFrame(
        {
            "family_id": either(is_base, families["p3ke_id"], "dtsen:" + families["dtsen_id"]),
            "true_village_code": world.village("village_code", families["village"].to_numpy()),
            "stated_village_code": world.village("village_code", families["stated"].to_numpy()),
            "welfare_class": either(is_base, "extreme_poor", "unknown"),
            "coverage_state": either(mistakes.keyless[own], "unmatched", state),
            "rw": text(families["rw"].to_numpy(), width=3),
            "hamlet_id": hamlet.mask(settlement < 0),
            "hamlet_is_missed": missed[settlement] & (settlement >= 0),
            "lon": families["lon"],
            "lat": families["lat"],
            "has_point": located[own] & is_base,
            "twin_of": families["p3ke_id"].mask(is_base | ~listed[own]),
            "base_spoiled": mistakes.base_spoiled[own] & is_base,
            "also_listed_as": second_ids(families["p3ke_id"]).mask(mistakes.relisted[own] == 0),
        }
    )
    return truth.sort_values("family_id", ignore_index=True)
