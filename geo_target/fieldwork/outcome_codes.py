"""What a visit may end in, and what is looked at there: geodata/outcomes.toml and its neighbor."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from geo_target.resources import resource_dir

#: Words of hasil_verivali, of musyawarah and of Regsosek for a family that was met: only a
#: verdict beside them tells which code it is.
_MET = frozenset({"1", "selesai dicacah", "selesai", "terisi lengkap", "ditemukan", "complete"})
#: Words of verdicts, those of musyawarah (mampu: 1 yes, 2 no) among them.
_VERDICTS = {
    "layak": "fit", "fit": "fit", "tidak mampu": "fit", "tidak (tidak mampu)": "fit",
    "layak dengan intervensi": "fit_with_intervention",
    "fit with intervention": "fit_with_intervention",
    "tidak layak": "unfit", "tdk layak": "unfit", "unfit": "unfit", "mampu": "unfit",
    "ya (mampu)": "unfit",
}  # fmt: skip
_FIT = ("fit", "fit_with_intervention")
#: Results after which there is no family there to be fit.
_ENDING = frozenset({"dead", "moved", "merged", "duplicate"})


@dataclass(frozen=True)
class OutcomeCode:
    """One of the codes: its words, and what it says to the list of visits."""

    code: str
    id: str
    en: str
    result: str | None = None
    """Of schemas.VISITS; None for a family that no list has."""
    verdict: str | None = None
    verivali: int | None = None
    """Number of hasil_verivali; None where that has none for it."""
    returns: bool = False
    """Nobody was met who could answer: somebody goes again."""
    is_proposal: bool = False
    words: Sequence[str] = ()
    """What people type for it, beside the code and both labels."""

    @property
    def is_completed(self) -> bool:
        """Whether the visit has done what it was for."""
        return not self.returns

    @property
    def ends_eligibility(self) -> bool:
        """Whether it says that the family is fit for aid no more.

        That nobody was found, was at home or would answer says nothing of the family: it never
        ends anything by itself.
        """
        return self.verdict == "unfit" or self.result in _ENDING


@dataclass(frozen=True)
class Sign:
    """A sign of Kepmensos 262/HUK/2022; an answer is whether the sign is there."""

    name: str
    id: str
    en: str
    column_value: bool | None = None
    """What the column `name` says where the sign is there; None: it holds a word."""


@dataclass(frozen=True)
class HousingQuestion:
    """What of a house is looked at; `words` are what is kept, each with its English."""

    name: str
    id: str
    en: str
    words: Mapping[str, str]

    @property
    def choice_names(self) -> Mapping[str, str]:
        """Words by the name that a form gives the choice, which has no blanks or signs."""
        return {_choice_name(word): word for word in self.words}


@cache
def codes() -> Mapping[str, OutcomeCode]:
    """Codes of outcomes, in the order in which papers print them."""
    return {code: OutcomeCode(code, **entry) for code, entry in _read("outcomes.toml").items()}


@cache
def signs() -> Mapping[str, Sign]:
    """The eight signs by name, in the decree's order."""
    found = _read("door_questions.toml")["signs"]
    return {name: Sign(name, **entry) for name, entry in found.items()}


@cache
def housing() -> Mapping[str, HousingQuestion]:
    """What is looked at in a house, by name."""
    found = _read("door_questions.toml")["housing"]
    return {
        name: HousingQuestion(
            name, entry["id"], entry["en"], {word["id"]: word["en"] for word in entry["words"]}
        )
        for name, entry in found.items()
    }


@cache
def asking_for_a_return() -> frozenset[str]:
    """Outcomes after which somebody goes again, by their own code and by their result."""
    again = [one for one in codes().values() if one.returns]
    return frozenset({one.code for one in again} | {one.result for one in again if one.result})


@cache
def confirming() -> frozenset[str]:
    """Outcomes that found the family, and found it eligible."""
    return frozenset(c for c, one in codes().items() if one.verdict in _FIT)


def code_of(word: str, verdict: str = "") -> str | None:
    """Code that somebody means by `word`; None where it says none, or not which.

    Parameters
    ----------
    word
        The code, its Indonesian or English label, a word that people type for it, or a number
        of hasil_verivali; those of musyawarah have other numbers and count by their words only.
    verdict
        What was judged, in another cell: ``1`` and ``ditemukan`` say who was met, no more.
    """
    said = plain(word)
    if said in _MET:
        judged = _VERDICTS.get(plain(verdict))
        return _by_verdict().get(judged) if judged else None
    return _by_word().get(said)


def housing_word(name: str, said: str) -> str | None:
    """The word that is kept for what a form or a person says of `name`; None: it is not one."""
    return _housing_words(name).get(plain(said))


def plain(word: str) -> str:
    """`word` as it is looked up: small letters, single blanks, no comma, no underscore."""
    return re.sub(r"[\s,_]+", " ", word.casefold()).strip(" .")


@cache
def _by_word() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for one in codes().values():
        number = (str(one.verivali),) if one.verivali not in (None, 1) else ()
        for word in (one.code, one.id, one.en, *one.words, *number):
            if found.setdefault(plain(word), one.code) != one.code:
                raise ValueError(f"geodata/outcomes.toml: {word} is said of two codes")
    return found


@cache
def _by_verdict() -> Mapping[str, str]:
    return {one.verdict: code for code, one in codes().items() if one.verdict}


@cache
def _housing_words(name: str) -> Mapping[str, str]:
    question = housing()[name]
    by_label = {plain(en): word for word, en in question.words.items()}
    by_choice = {plain(choice): word for choice, word in question.choice_names.items()}
    return by_label | by_choice | {plain(word): word for word in question.words}


def _choice_name(word: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", word.casefold()).strip("_")


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((resource_dir("geodata") / name).read_text("utf-8"))
