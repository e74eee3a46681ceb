"""More uncovered families than the share elsewhere lets expect: a binomial test, many times over.

A place that was chosen because its share is high has a high share by itself. So what is tested are
places that nobody chose: what lies around every cell that compared families live in, and every RW.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import betainc

#: Expected families are added up in whole millionths: the same sum in any order of rows.
PARTS = 1_000_000
#: How far a cluster stands out; they tell how many families were compared.
EXCESS_COLUMNS = ["expected_families", "p_value", "q_value", "readable_share"]

Reals = npt.NDArray[np.float64]
Wholes = npt.NDArray[np.int64]


def p_values(uncovered: npt.ArrayLike, compared: npt.ArrayLike, parts: npt.ArrayLike) -> Reals:
    """Chance of so many uncovered or more where each family is so as likely as expected.

    One-sided and binomial; where the families' chances differ, with their mean, which makes
    the true chance of a high count smaller yet (Hoeffding 1956).

    Parameters
    ----------
    uncovered, compared, parts
        Of each place: families, families (at least one), and the sum of its families'
        `expected_parts`.
    """
    found, of, expected = (
        np.asarray(one, dtype=np.float64) for one in (uncovered, compared, parts)
    )
    least = np.maximum(found, 1)
    # The binomial's upper tail is the incomplete beta function (Abramowitz and Stegun 26.5.24);
    # scipy.stats says the same, and takes half a second to import.
    tail = betainc(least, of - least + 1, expected / PARTS / of)
    return np.asarray(np.where(found > 0, tail, 1.0))


def q_values(p: Reals) -> Reals:
    """Smallest false discovery rate at which each place is found (Benjamini and Hochberg 1995).

    It holds for places that overlap too, since their counts rise together (Benjamini and
    Yekutieli 2001).
    """
    order = np.argsort(p, kind="stable")
    steps = np.minimum(p[order] * len(p) / np.arange(1, len(p) + 1), 1)
    q = np.empty(len(p))
    q[order] = np.minimum.accumulate(steps[::-1])[::-1]
    return q


def expected_parts(families: pd.DataFrame, share: float) -> pd.Series:
    """How likely each family is uncovered if all places are alike, in millionths.

    That is `share`, or what of it is seen: where half of the uncovered and all of the covered
    have a point, every place looks better than it is, and the other way around.

    Parameters
    ----------
    families
        Compared families: ``is_uncovered``, ``is_seen`` (has a point, or a readable address),
        ``seen_with`` (the place in which the seen are counted).
    share
        Uncovered / compared, seen or not.
    """

    def seen(state: bool) -> pd.Series:  # noqa: FBT001
        of_state = families["is_seen"].where(families["is_uncovered"] == state).astype("float64")
        return of_state.groupby(families["seen_with"]).transform("mean").fillna(1.0)

    uncovered, covered = share * seen(state=True), (1 - share) * seen(state=False)
    told = (uncovered / (uncovered + covered)).fillna(share)
    return (told * PARTS).round().astype("int64")
