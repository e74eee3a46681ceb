"""Recipients whose number no register has, and whom it should not take for somebody else.

Numbers and names of made-up people lie closer together than those of the living. What is true
of a family must not hang on a namesake whose number happens to be a digit off.
"""

from collections.abc import Iterator
from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz.distance import JaroWinkler

from geo_target.demo.columns import Flags, Ints
from geo_target.demo.society import World
from geo_target.registry.names import folded_name

#: Likeness of two names (Jaro-Winkler) of which one may be the other, mistyped.
_NEARLY = 0.88
_folded = cache(folded_name)


def name_words(name: str) -> frozenset[str]:
    """Words of a name that is written as people are named, as registers compare them."""
    return frozenset(map(_folded, name.split()))


def unmistakable(world: World, *, keyless: Flags) -> Flags:
    """Persons whom a run would not take for another one of the district, by name and number.

    Not so is who has a word of the name nearly in common with somebody whose number is theirs,
    mistyped, and of whom no register has the number itself (registers write Nurudin as Nurdin
    too); and a stranger who is named nearly as somebody of the village without one.

    Parameters
    ----------
    keyless
        Families (rows of the world) of whose numbers no register has any.
    """
    people = world.people
    family = people["family"].to_numpy(dtype=np.int64)
    stated = people["village"].to_numpy(dtype=np.int64).copy()
    stated[family >= 0] = world.families["stated"].to_numpy(dtype=np.int64)[family[family >= 0]]
    names = people["name"].to_numpy()
    sure = np.ones(len(people), dtype=np.bool_)
    for one, other in _mistyped(world, stated, of=np.flatnonzero((family < 0) | keyless[family])):
        sure[one] &= not _share_nearly(name_words(names[one]), name_words(names[other]))
    lacks = np.flatnonzero(people["lacks_nik"].to_numpy(dtype=np.bool_) & (family >= 0))
    unnumbered = pd.Series(names[lacks]).groupby(stated[lacks]).agg(list).to_dict()
    for stranger in world.strangers:
        own = name_words(names[stranger])
        for other in unnumbered.get(stated[stranger], ()):
            sure[stranger] &= not _are_nearly(own, name_words(other))
    return sure


def _mistyped(world: World, stated: Ints, *, of: Ints) -> Iterator[tuple[int, int]]:
    """Persons `of`, and others of their district whose number is theirs with one mistake.

    One digit is another, or two have changed places.
    """
    district = pd.factorize(world.plan.villages["district_code"])[0][stated]
    digits = world.people["nik"].to_numpy(dtype="S16").view(np.uint8).reshape(-1, 16)
    # Alike but for one digit, or in all but their order.
    for alike in (*(np.delete(digits, at, axis=1) for at in range(16)), np.sort(digits, axis=1)):
        key = pd.DataFrame({"district": district, "digits": _joined(alike)})
        pairs = key.iloc[of].assign(one=of).merge(key.assign(other=np.arange(len(key))))
        one, other = pairs["one"].to_numpy(), pairs["other"].to_numpy()
        near = (one != other) & ((digits[one] != digits[other]).sum(axis=1) <= 2)
        yield from zip(one[near].tolist(), other[near].tolist(), strict=True)


def _joined(digits: npt.NDArray[np.uint8]) -> Ints:
    tens = 10 ** np.arange(digits.shape[1], dtype=np.int64)
    return np.asarray((digits - ord("0")).astype(np.int64) @ tens, dtype=np.int64)


def _share_nearly(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether a word of a name may be one of the other, mistyped."""
    return any(
        JaroWinkler.similarity(word, another) >= _NEARLY for word in one for another in other
    )


def _are_nearly(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether one name may be the other, mistyped."""
    in_order = (" ".join(sorted(name)) for name in (one, other))
    return JaroWinkler.similarity(*in_order) >= _NEARLY
