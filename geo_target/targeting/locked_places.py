"""Villages at places that are locked, and the others around them in their own order.

Plain Python: the web process keeps locked villages where they are while weights change.
"""

from collections.abc import Mapping, Sequence


def final_places(computed: Mapping[str, int], locked: Mapping[str, int]) -> dict[str, int]:
    """Put locked villages at their places; all others follow as computed.

    Of two that ask for one place the earlier of `locked` has it, the other the next free one. A
    place before the first or behind the last is the first or the last. Villages that are not
    locked, and that are equals next to each other, stay equals.

    Parameters
    ----------
    computed
        Ranks by code, 1 first, equals share one; of villages that have one.
    locked
        Places that are asked for, by code; a village without a rank may have one too.
    """
    others = [code for code in sorted(computed, key=lambda code: (computed[code], code))
              if code not in locked]  # fmt: skip
    last = len(others) + len(locked)
    places: dict[int, str] = {}
    for code, asked in locked.items():
        place = min(max(asked, 1), last)
        behind_then_ahead = [*range(place, last + 1), *range(place - 1, 0, -1)]
        places[next(free for free in behind_then_ahead if free not in places)] = code
    return _between(others, computed, places)


def _between(
    others: Sequence[str], computed: Mapping[str, int], places: Mapping[int, str]
) -> dict[str, int]:
    final: dict[str, int] = {}
    waiting, before = iter(others), None
    for place in range(1, len(others) + len(places) + 1):
        if (locked := places.get(place)) is not None:
            final[locked], before = place, None
            continue
        code = next(waiting)
        equals = before is not None and computed[before] == computed[code]
        final[code] = final[before] if before is not None and equals else place
        before = code
    return final
