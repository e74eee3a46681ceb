"""Names of people as they are compared, in SQL and in Python alike.

The same name is written in many ways: with titles, with the father's name behind BIN, in the
spelling before 1972 (OE for U, DJ for J), by ear (F and V as P), in another order. What is
left here is what two clerks would both have written.
"""

import re
import unicodedata
from collections.abc import Sequence

#: Academic titles, which follow a name: with their dots anywhere, without them after a comma.
_DEGREES = (
    r"[,\s]+[smad]\s*\.\s*(pd|ag|e|h|t|kom|sos|si|ip|km|hum|kep|farm|md|hi|p|pt)\b\.?(\s*i\b\.?)?"
    r"|,\s*(se|sh|st|spd|spdi|sag|skom|ssos|ssi|sip|skm|shum|mm|msi|mpd|mh|ma|mt|mag|amd)\b\.?"
)
_TITLES = (
    r"\b(h|hj|haji|hajah|hajjah|kh|kyai|kiai|ust|ustad|ustadz|ustazah|ustadzah|drs|dra|dr|drg|"
    r"ir|prof|alm|almh|almarhum|almarhumah|bapak|bpk|ibu|sdr|sdri|tn|ny|nn|al)\b"
)
_TAILS = r"\s(bin|binti|binte|bti|bt|alias|als)\b.*"
_MUHAMAD = r"\b(m[ou]c?h(am+[ae]d)?|md|mhd|m[ou]hd)\b|^\s*m\s"

#: What is replaced by what, in this order: regular expressions that RE2 and Python read alike.
#: Few names have anything of the first and of the last.
_WRITING = (
    (r"['’`´]", ""),
    (_DEGREES, " "),
    (r"[^a-z]{2,}|[^a-z ]", " "),  # runs of what is no letter, but for the one blank
    (_TITLES, " "),
    (_TAILS, ""),
    (_MUHAMAD, "muhamad "),
    (r"\babd\b", "abdul"),
    (r"\btb\b", "tubagus"),
    (r"\bst\b", "siti"),
)
_SPELLING = (("oe", "u"), ("dj", "j"), ("tj", "c"), ("f", "p"), ("v", "p"), ("y", "i"))
_REPEATED = (
    *((letter * 2, letter) for letter in "abcdefghijklmnopqrstuvwxyz"),
    (r"\s\s+", " "),
)

#: Words that so many bear that they find nobody: only a name of nothing else is sought by them.
COMMON_WORDS = ("muhamad", "siti")


def folded_name_sql(column: str) -> str:
    """SQL of `folded_name`; null where nothing of the name is left."""
    folded = _where_any_sql(f"strip_accents(lower({column}))", _WRITING)
    folded = _where_any_sql(_replaced_sql(folded, _SPELLING), _REPEATED)
    return f"nullif(trim({folded}), '')"


def _where_any_sql(text: str, steps: Sequence[tuple[str, str]]) -> str:
    """SQL of `text` after steps that change few texts: of the others none is tried."""
    matching = "|".join(f"({pattern})" for pattern, _ in steps).replace("'", "''")
    changed = f"if(regexp_matches(x, '{matching}'), {_replaced_sql('x', steps)}, x)"
    # As a parameter the text is worked out once, however often it is named.
    return f"list_transform([{text}], lambda x: {changed})[1]"


def _replaced_sql(text: str, steps: Sequence[tuple[str, str]]) -> str:
    for pattern, replacement in steps:
        if pattern.isalpha():  # many times as fast
            text = f"replace({text}, '{pattern}', '{replacement}')"
        else:
            quoted = pattern.replace("'", "''")
            text = f"regexp_replace({text}, '{quoted}', '{replacement}', 'g')"
    return text


def folded_name(name: str) -> str:
    """Give a name without case, titles, tails and variants of spelling, its words in order."""
    folded = "".join(
        sign for sign in unicodedata.normalize("NFD", name.lower())
        if unicodedata.category(sign) != "Mn"
    )  # fmt: skip
    for pattern, replacement in (*_WRITING, *_SPELLING, *_REPEATED):
        folded = re.sub(pattern, replacement, folded)
    return folded.strip()


def name_words_sql(column: str) -> str:
    """SQL of `name_words`, a list; null where nothing of the name is left."""
    return f"list_sort(list_distinct(string_split({folded_name_sql(column)}, ' ')))"


def name_words(name: str) -> tuple[str, ...]:
    """Give the words of a folded name, each once, in the order of the alphabet."""
    return tuple(sorted(set(folded_name(name).split())))
