"""Why a village is where it is: one paragraph, of nothing but the numbers of its own row.

The row is what an audience is shown. A number that it lacks is called not shown, and nothing else
is said that follows from it: no share of it, no rank by it, and no word for how large it may be.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import Formatter
from typing import Any

from geo_target.errors import Language
from geo_target.targeting.indicators import Indicator

_BY_LISTS = ("uncovered_families", "covered_families")
_BY_RANK = ("uncovered_families", "priority_rank")
_BY_DRAWS = (*_BY_RANK, "covered_families", "unmatched_families")
#: What a number follows from: it is said only where all of these are shown.
_FOLLOWS_FROM: Mapping[str, Sequence[str]] = {
    "exclusion_error": _BY_LISTS,
    "smoothed_exclusion_error": _BY_LISTS,
    "priority_rank": ("uncovered_families",),
    "priority_score": _BY_RANK,
    "priority_class": ("uncovered_families",),
    "first_share": _BY_DRAWS,
    "rank_low": _BY_DRAWS,
    "rank_high": _BY_DRAWS,
}
#: How many indicators are named.
_NAMED = 2
_TEENS = range(11, 14)

_WORDS: Mapping[Language, Mapping[str, str]] = {
    "id": {
        "not_shown": "tidak ditampilkan",
        "ranked": "{village_name} (Kecamatan {district_name}) berada di urutan ke-{priority_rank}"
        " dari {ranked_villages} desa/kelurahan",
        "computed": "{village_name} (Kecamatan {district_name}) menurut hitungan berada di urutan "
        "ke-{priority_rank} dari {ranked_villages} desa/kelurahan",
        "tied": ", bersama desa/kelurahan lain yang skornya sama",
        "class": " (kelas {priority_class})",
        "unranked": "{village_name} (Kecamatan {district_name}) tidak diurutkan, sebab ada "
        "angkanya yang tidak ditampilkan atau tidak dapat dihitung",
        "listed": "keluarga terdaftar {register}",
        "target": "keluarga sasaran",
        "uncovered": ": {uncovered_families} {whose} belum tersentuh",
        "no_uncovered": ": jumlah {whose} yang belum tersentuh {uncovered_families}",
        "share": " ({exclusion_error:%} dari yang padan)",
        "smoothed": "; setelah dihaluskan {smoothed_exclusion_error:%}",
        "unmatched": ". Selain itu {unmatched_families} keluarga belum padan: mereka "
        "mungkin juga belum tersentuh",
        "no_unmatched": ". Jumlah keluarga yang belum padan {unmatched_families}",
        "score": ". Skornya {priority_score:.2}, terutama dari: ",
        "part": "{title} ({contribution:.2})",
        "draws": ". Dalam {first_share:%} dari {draws} simulasi desa/kelurahan ini masuk {first} "
        "besar; dalam {held:%} simulasi urutannya antara {rank_low} dan {rank_high}",
        "no_draws": ". Seberapa pasti urutan ini tidak dihitung, sebab ada angkanya yang tidak "
        "ditampilkan",
        "locked": ". Urutan akhirnya ke-{final_rank}, ditetapkan oleh {override_by} pada "
        "{override_on}, dengan alasan: {override_reason}",
        "moved": ". Urutan akhirnya ke-{final_rank}, sebab urutan desa/kelurahan lain ditetapkan",
        "decreed": ". Disebut di SK {sk_number} tanggal {sk_date}",
        "decreed_place": " sebagai urutan ke-{sk_order}",
    },
    "en": {
        "not_shown": "not shown",
        "ranked": "{village_name} ({district_name} district) ranks {priority_rank:th} of "
        "{ranked_villages} villages",
        "computed": "{village_name} ({district_name} district) by computation ranks "
        "{priority_rank:th} of {ranked_villages} villages",
        "tied": ", with others of the same score",
        "class": " (class {priority_class})",
        "unranked": "{village_name} ({district_name} district) is not ranked, since a number of "
        "it is not shown or cannot be computed",
        "listed": "on the {register} list",
        "target": "of the target group",
        "uncovered": ": {uncovered_families:|uncovered family|uncovered families} {whose}",
        "no_uncovered": ": the number of uncovered families {whose} is {uncovered_families}",
        "share": " ({exclusion_error:%} of those that could be compared)",
        "smoothed": "; smoothed, {smoothed_exclusion_error:%}",
        "unmatched": ". Another {unmatched_families:|family|families} could not be compared, and "
        "may be uncovered too",
        "no_unmatched": ". The number of families that could not be compared is "
        "{unmatched_families}",
        "score": ". Its score is {priority_score:.2}, most of it from: ",
        "part": "{title} ({contribution:.2})",
        "draws": ". In {first_share:%} of {draws} simulations it is among the first {first}; in "
        "{held:%} of them its rank is between {rank_low} and {rank_high}",
        "no_draws": ". How sure this rank is has not been computed, since a number of it is not "
        "shown",
        "locked": ". Its final rank is {final_rank}, set by {override_by} on {override_on}, "
        "because: {override_reason}",
        "moved": ". Its final rank is {final_rank}, since the place of other villages was set",
        "decreed": ". Decree {sk_number} of {sk_date} names it",
        "decreed_place": " in place {sk_order}",
    },
}


@dataclass(frozen=True)
class Part:
    """A piece of a paragraph; `column` is where its number stands, '' of plain words."""

    text: str
    column: str = ""


@dataclass(frozen=True)
class Setting:
    """What is the same for all villages of a table."""

    ranked_villages: int
    draws: int = 1_000
    first: int = 10
    held: float = 0.9
    """Share of draws between ``rank_low`` and ``rank_high``."""
    register: str | None = None
    """Short name of the register whose families are the targets, where all of them are."""


def explain(
    row: Mapping[str, Any],
    setting: Setting,
    indicators: Sequence[Indicator],
    language: Language = "id",
) -> tuple[Part, ...]:
    """One paragraph on a village.

    Parameters
    ----------
    row
        A row of the audience's own village table: names, counts and rates, ``priority_rank``,
        ``is_tied``, ``priority_score``, ``priority_class``, ``contribution_KEY``, ``first_share``,
        ``rank_low``, ``rank_high``, ``final_rank``; of an override ``is_locked`` and
        ``override_*``; of a decree ``sk_number``, ``sk_date`` and ``sk_order``. What is missing,
        or not there, is not said.

    Returns
    -------
    tuple of Part
        Every number is a part of its own with its column: of the row, or ``ranked_villages``,
        ``draws``, ``first`` and ``held`` of `setting`. Texts joined are the paragraph.
    """
    words = _WORDS[language]
    whose = words["listed" if setting.register else "target"].format(register=setting.register)
    shown = _shown(row) | vars(setting) | {"whose": whose}
    parts: list[Part] = []
    for name in _sentences(shown):
        parts += _fill(words[name], shown, language)
        if name == "score":
            parts += _contributions(shown, indicators, language)
    return (*parts, Part("."))


def text_of(parts: Sequence[Part]) -> str:
    """The paragraph."""
    return "".join(part.text for part in parts)


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """What is there, and follows from nothing that is not."""
    there = {name: value for name, value in row.items() if not _is_missing(value)}
    return {
        name: value
        for name, value in there.items()
        if all(source in there for source in _sources_of(name))
    }


def _sources_of(name: str) -> Sequence[str]:
    return _FOLLOWS_FROM.get("priority_score" if _is_contribution(name) else name, ())


def _is_contribution(name: str) -> bool:
    return name.startswith("contribution_")


def _is_missing(value: Any) -> bool:
    """Whether it is none, or unlike itself: NaN is, and so may be what pandas says for it.

    Without pandas, which the web process does not load.
    """
    try:
        return value is None or bool(value != value)  # noqa: PLR0124
    except TypeError:  # pandas.NA is neither like itself nor not
        return True


def _sentences(shown: Mapping[str, Any]) -> Iterator[str]:
    """Which words are said, in order."""
    is_ranked = "priority_rank" in shown
    if is_ranked:
        yield "computed" if _is_moved(shown) else "ranked"
    else:
        yield "unranked"
    if is_ranked and shown.get("is_tied"):
        yield "tied"
    if shown.get("priority_class"):
        yield "class"
    yield "uncovered" if "uncovered_families" in shown else "no_uncovered"
    if "exclusion_error" in shown:
        yield "share"
    if "smoothed_exclusion_error" in shown:
        yield "smoothed"
    if shown.get("unmatched_families") != 0:
        yield "unmatched" if "unmatched_families" in shown else "no_unmatched"
    if "priority_score" in shown and any(map(shown.get, filter(_is_contribution, shown))):
        yield "score"
    if is_ranked:
        yield "draws" if {"first_share", "rank_low", "rank_high"} <= shown.keys() else "no_draws"
    yield from _decided(shown)


def _decided(shown: Mapping[str, Any]) -> Iterator[str]:
    """Of what people have set."""
    if shown.get("is_locked"):
        yield "locked"
    elif _is_moved(shown):
        yield "moved"
    if "sk_number" in shown:
        yield "decreed"
        if "sk_order" in shown:
            yield "decreed_place"


def _is_moved(shown: Mapping[str, Any]) -> bool:
    """Whether people's decisions put it elsewhere than its score does."""
    computed = shown.get("priority_rank")
    return computed is not None and bool(shown.get("final_rank", computed) != computed)


def _contributions(
    shown: Mapping[str, Any], indicators: Sequence[Indicator], language: Language
) -> Iterator[Part]:
    """The greatest ones above 0, with the title of each."""
    found = [
        (float(shown[column]), column, indicator)
        for indicator in indicators
        if shown.get(column := f"contribution_{indicator.key}")
    ]
    found.sort(key=lambda one: -one[0])  # equals stay in the order of the file
    for place, (amount, column, indicator) in enumerate(found[:_NAMED]):
        title = getattr(indicator.title, language)
        yield Part(", " if place else "")
        for part in _fill(
            _WORDS[language]["part"], {"title": title, "contribution": amount}, language
        ):
            yield Part(part.text, column if part.column else "")


def _fill(template: str, shown: Mapping[str, Any], language: Language) -> Iterator[Part]:
    """Words and values in turn; a value that is not there is called not shown."""
    for words, column, spec, _ in Formatter().parse(template):
        if words:
            yield Part(words)
        if column is None:
            continue
        if column not in shown:
            yield Part(_WORDS[language]["not_shown"], column)
            continue
        kind, *nouns = (spec or "").split("|")
        yield Part(_said(shown[column], kind, language), "" if column == "whose" else column)
        if nouns:
            yield Part(f" {nouns[0] if shown[column] == 1 else nouns[1]}")


def _said(value: Any, kind: str, language: Language) -> str:
    if kind == "%":
        share = 100 * float(value)
        if 0 < share < 0.5:  # noqa: PLR2004 - else 0 %
            return "< 1 %"
        if 99.5 <= share < 100:  # noqa: PLR2004 - else 100 %
            return "> 99 %"
        return f"{number(share, language)} %"
    if kind.startswith("."):
        return number(float(value), language, decimals=int(kind[1:]))
    if kind == "th":
        return number(value, language) + _ending(int(value))
    return (
        str(value)
        if isinstance(value, str) or hasattr(value, "isoformat")
        else (number(value, language))
    )


def number(value: float, language: Language, *, decimals: int = 0) -> str:
    """1.234,5 in Indonesian, 1,234.5 in English."""
    english = f"{value:,.{decimals}f}"
    return english.translate(str.maketrans(",.", ".,")) if language == "id" else english


def _ending(rank: int) -> str:
    """Of an English ordinal: st, nd, rd, th."""
    return "th" if rank % 100 in _TEENS else {1: "st", 2: "nd", 3: "rd"}.get(rank % 10, "th")
