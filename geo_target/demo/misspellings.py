"""One person's name as other clerks write it: spelling, titles, order, words left out.

Names are those of lists, in capitals. Every way to write one is a pattern and what comes in
its place, so that millions of names stay quick and each way can be read and tested alone.
"""

from typing import NamedTuple

import numpy as np

from geo_target.demo.columns import Ints, Text, matches


class Way(NamedTuple):
    """A way to write a name otherwise: `pattern` (RE2), its first hit becomes `written`."""

    kind: str
    weight: float
    pattern: str
    written: str


#: Only a first word that is a woman's by its sound gets a woman's title or BINTI.
_WOMAN = r"^((?:SITI|RATU|SRI|DEWI)\b.*|[A-Z]*(?:AH|TI|NI|IH)\b.*)$"
_FATHERS = ("SARMAN", "KASIM", "JUMRI", "MADSARI")
_ONE_LETTER = tuple(
    Way("letter", 1.0, rf"^([A-Z]{{{place}}})[A-Z]([A-Z])", r"\1\2") for place in (2, 3, 4, 5)
) + tuple(
    Way("letter", 0.7, rf"^([A-Z]{{{place}}})([AEIOU])([^AEIOU\W])", r"\1\3\2") for place in (2, 3)
)

WAYS = (
    # The spelling of before 1972, which older papers still have.
    Way("old spelling", 3.0, "U", "OE"),
    Way("old spelling", 1.5, "J", "DJ"),
    Way("old spelling", 1.0, "C", "TJ"),
    Way("old spelling", 1.0, "Y", "J"),
    # Letters that sound alike.
    Way("sound", 1.5, "F", "P"),
    Way("sound", 1.0, "V", "F"),
    Way("sound", 1.5, "([A-Z])Y", r"\1I"),
    Way("sound", 0.8, "([A-Z])I", r"\1Y"),
    Way("sound", 1.5, "([AEIOU])([LMNRST])([AEIOU])", r"\1\2\2\3"),
    Way("sound", 1.5, "([AEIOU])H([A-Z])", r"\1\2"),
    Way("sound", 1.0, "AE", "AI"),
    Way("sound", 1.0, "UDIN", "UDDIN"),
    # The names that have a short form of their own.
    Way("short form", 8.0, r"^MUHAMAD\b", "MUH."),
    Way("short form", 8.0, r"^MUHAMAD\b", "M."),
    Way("short form", 6.0, r"^MUHAMAD\b", "MOCHAMAD"),
    Way("short form", 6.0, r"^MUHAMAD\b", "MOHAMMAD"),
    Way("short form", 4.0, r"^AHMAD\b", "ACHMAD"),
    Way("short form", 6.0, r"^ABDUL\b", "ABD."),
    Way("short form", 6.0, r"^TUBAGUS\b", "TB."),
    Way("short form", 5.0, r"^SITI ", "ST. "),
    Way("title", 1.0, r"^([A-Z]*[DNRST](?:I|IN|AT|O)?)\b", r"H. \1"),
    Way("title", 0.4, r"^([A-Z]*(?:IN|AN|AD|DI))\b", r"UST. \1"),
    Way("title", 1.5, _WOMAN, r"HJ. \1"),
    *(Way("father", 0.2, r"^([A-Z]*(?:IN|AN|AD|DI))$", rf"\1 BIN {father}") for father in _FATHERS),
    *(Way("father", 0.2, r"^([A-Z]*(?:AH|TI|NI|IH))$", rf"\1 BINTI {f}") for f in _FATHERS),
    # Clerks shorten and turn round what has two words or more.
    Way("swapped order", 2.5, r"^(.+) (\S+)$", r"\2 \1"),
    Way("missing last word", 8.0, r"^(.+) \S+$", r"\1"),
    Way("initial", 2.5, r"^(.+) (\S)\S+$", r"\1 \2"),
    *_ONE_LETTER,
)  # fmt: skip


def mistyped_names(rng: np.random.Generator, names: Text, *, share: float) -> Text:
    """Write a share of names in another way, each by one of WAYS that fits it.

    Parameters
    ----------
    names
        Names in capitals, index from 0.
    share
        Probability that a name is written otherwise, 0 to 1; a name of one or two letters,
        which no way fits, stays.

    Returns
    -------
    Text
        As long as `names`; what is not chosen is the same text.
    """
    chosen = np.flatnonzero(rng.random(len(names)) < share)
    written = names.take(chosen).reset_index(drop=True)
    ways = _choose_ways(rng, written)
    for number, way in enumerate(WAYS):
        mine = np.flatnonzero(ways == number)
        written.iloc[mine] = written_so(written.iloc[mine], way)
    result = names.copy()
    result.iloc[chosen] = written
    return result


def written_so(names: Text, way: Way) -> Text:
    """Each name as `way` writes it; a name that it does not fit stays."""
    return names.str.replace(way.pattern, way.written, n=1, regex=True)


def _choose_ways(rng: np.random.Generator, names: Text) -> Ints:
    """For each name a way that fits it, by weight; -1 where none does."""
    # The first of exponential waiting times is each way's with its share of the weights.
    best = np.full(len(names), np.inf)
    ways = np.full(len(names), -1, dtype=np.int64)
    for number, way in enumerate(WAYS):
        waiting = rng.exponential(1 / way.weight, len(names))
        sooner = (waiting < best) & matches(names, way.pattern)
        best[sooner], ways[sooner] = waiting[sooner], number
    return ways
