"""Villages in three classes, and in the four fields of burden and coverage.

Arrays only, as in `composite`: what is missing is NaN, belongs to no class, and all others come
out as if it were not there.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from geo_target.targeting.composite import Floats, Wholes, standings

Labels = npt.NDArray[np.str_]

CLASSES: Sequence[str] = ("I", "II", "III")
#: Up to which share of the uncovered families a class goes, most families first.
HELD = (0.80, 0.95)

#: The four fields, by which a meeting reads what is needed: to reach the many who are missed, to
#: look who still is among many that are reached, to mend what is small and missed, to keep up.
QUADRANTS: Sequence[str] = ("many_low", "many_high", "few_low", "few_high")


def classes_by_share(
    uncovered: Floats, whole: float | None = None, held: tuple[float, float] = HELD
) -> Labels:
    """I: the fewest villages that together hold 80 % of the uncovered families.

    II: those that follow until 95 % are held; III: all others (the cuts of an ABC analysis:
    Dickie 1951, Factory Management and Maintenance 109). By the families alone, whatever the
    order of visiting is: the headline says the same number. Equals are of one class.

    Parameters
    ----------
    uncovered
        ``(n,)`` families; missing where not shown.
    whole
        The families that shares are of; None means those of the villages that are shown. Where
        these hold less than a share of it, the class goes to the last that has any.

    Returns
    -------
    array of str
        ``(n,)``: I, II, III, or '' where the count of a village is missing.
    """
    shown = ~np.isnan(uncovered)
    ranks = np.zeros(uncovered.shape, np.int64)
    ranks[shown] = standings(uncovered[shown], tie=0.0)
    by_rank = np.bincount(ranks, weights=np.where(shown, uncovered, 0.0), minlength=1)
    ahead = (np.cumsum(by_rank) - by_rank)[ranks]  # of villages that have more
    whole = by_rank.sum() if whole is None else whole
    reached = (ahead[:, None] >= np.array(held) * whole).sum(axis=1) if whole else 2
    reached = np.where(uncovered > 0, reached, len(held))
    return _labelled(np.where(shown, reached, -1))


def leading_villages(uncovered: Floats, whole: float | None) -> int | None:
    """How many villages class I has by `classes_by_share`.

    None where `whole` is, or where all that are shown hold less than 80 % of it.
    """
    if whole is None:
        return None
    leads = classes_by_share(uncovered, whole) == CLASSES[0]
    return int(leads.sum()) if uncovered[leads].sum() >= HELD[0] * whole else None


def classes_by_breaks(score: Floats) -> Labels:
    """Natural breaks: the three classes of scores whose values lie closest to their own mean.

    Fisher (1958), J. Am. Stat. Assoc. 53(284), 789-798, doi:10.1080/01621459.1958.10501479:
    exact, by trying both breaks everywhere, and so the same in every run. Equal scores are never
    parted; of fewer than three different scores each is a class, from I on.

    Parameters
    ----------
    score
        ``(n,)``; NaN where a village is not ranked.

    Returns
    -------
    array of str
        ``(n,)``: I for the greatest, II, III, or '' where a village is not ranked.
    """
    values, counts = np.unique(score[~np.isnan(score)], return_counts=True)
    few = len(values) <= len(CLASSES)
    bounds = values[:-1] if few else values[_breaks(values, counts)]
    classes = np.searchsorted(bounds, score, side="left")  # 0 for the least
    return _labelled(np.where(np.isnan(score), -1, len(bounds) - classes))


def _breaks(values: Floats, counts: Wholes) -> list[int]:
    """Places of the last values of the two lower classes."""
    zeros = [0.0]
    number = np.concatenate([zeros, np.cumsum(counts)])
    total = np.concatenate([zeros, np.cumsum(values * counts)])

    # The sum of squares within classes is least where that of sums squared by size is greatest.
    def weight(start: Wholes, end: Wholes) -> Floats:
        size = number[end] - number[start]
        return np.asarray((total[end] - total[start]) ** 2 / np.where(size > 0, size, np.inf))

    cuts = np.arange(1, len(values))
    first, second = np.meshgrid(cuts, cuts, indexing="ij")
    begin, end = np.zeros_like(cuts), np.full_like(cuts, len(values))
    between = weight(begin, cuts)[:, None] + weight(first, second) + weight(cuts, end)[None, :]
    best = np.unravel_index(np.where(first < second, between, -np.inf).argmax(), between.shape)
    return [int(cuts[place]) - 1 for place in best]


def quadrants(uncovered: Floats, covered: Floats) -> Labels:
    """Burden x coverage: more uncovered families than the median village, and missed oftener.

    Burden is *many* above the median of the villages; coverage is *low* where a greater share of
    the compared families is uncovered than in all of them together. On the line itself it is
    *few*, and *high*. Villages without compared families are in no field.

    Returns
    -------
    array of str
        ``(n,)``: one of QUADRANTS, or ''.
    """
    compared = uncovered + covered
    usable = compared > 0
    fields = np.full(uncovered.shape, -1)
    if usable.any():
        many = uncovered > np.median(uncovered[usable])
        # Held against each other as products: no rounding puts an equal share beside the line.
        low = uncovered * compared[usable].sum() > uncovered[usable].sum() * compared
        fields = np.where(usable, 2 * ~many + ~low, -1)
    return _labelled(fields, QUADRANTS)


def _labelled(places: npt.NDArray[np.intp], words: Sequence[str] = CLASSES) -> Labels:
    labels: Labels = np.array([*words, ""])[places]  # the last, '', is at place -1
    return labels
