"""Names of people as they are compared, in SQL and in Python alike.

The same name is written in many ways: with titles, with the father's name behind BIN, in the
spelling before 1972 (OE for U, DJ for J), by ear (F and V as P), in another order. What is
left here is what two clerks would both have written.
"""

import re
import unicodedata

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
_STEPS = (
    (r"['’`´]", ""),
    (_DEGREES, " "),
    (r"[^a-z]+", " "),
    (_TITLES, " "),
    (_TAILS, ""),
    (_MUHAMAD, "muhamad "),
    (r"\babd\b", "abdul"),
    (r"\btb\b", "tubagus"),
    (r"\bst\b", "siti"),
    ("oe", "u"),
    ("dj", "j"),
    ("tj", "c"),
    ("[fv]", "p"),
    ("y", "i"),
    *((letter * 2, letter) for letter in "abcdefghijklmnopqrstuvwxyz"),
    (r"\s+", " "),
)

#: Words that so many bear that they find nobody: only a name of nothing else is sought by them.
COMMON_WORDS = ("muhamad", "siti")


def folded_name_sql(column: str) -> str:
    """SQL of `folded_name`; null where nothing of the name is left."""
    folded = f"strip_accents(lower({column}))"
    for pattern, replacement in _STEPS:
        if pattern.isalpha():  # many times as fast
            folded = f"replace({folded}, '{pattern}', '{replacement}')"
        else:
            quoted = pattern.replace("'", "''")
            folded = f"regexp_replace({folded}, '{quoted}', '{replacement}', 'g')"
    return f"nullif(trim({folded}), '')"


def folded_name(name: str) -> str:
    """Give a name without case, titles, tails and variants of spelling, its words in order."""
    folded = "".join(
        sign for sign in unicodedata.normalize("NFD", name.lower())
        if unicodedata.category(sign) != "Mn"
    )  # fmt: skip
    for pattern, replacement in _STEPS:
        folded = re.sub(pattern, replacement, folded)
    return folded.strip()


def name_words_sql(column: str) -> str:
    """SQL of `name_words`, a list; null where nothing of the name is left."""
    return f"list_sort(list_distinct(string_split({folded_name_sql(column)}, ' ')))"


def name_words(name: str) -> tuple[str, ...]:
    """Give the words of a folded name, each once, in the order of the alphabet."""
    return tuple(sorted(set(folded_name(name).split())))
