"""Which parser reads which column, and what it makes of each distinct text of it."""

from collections.abc import Mapping
from datetime import date

from geo_target.intake import coordinates, days, values
from geo_target.intake.code_lists import code_lists
from geo_target.intake.flags import parse_days, parse_flag
from geo_target.intake.profiles import UNITS, Profile, folded
from geo_target.intake.rt_rw_pairs import BOTH, parse_both
from geo_target.programs import program_code_of

_PARSERS: Mapping[str, values.Parser] = {
    "lon": coordinates.parse_longitude,
    "lat": coordinates.parse_latitude,
    "decile": values.parse_decile,
    "income_rupiah_per_month": values.parse_rupiah,
    "spending_rupiah_per_month": values.parse_rupiah,
    "has_shelter": values.parse_answer,
    "head_works": values.parse_answer,
    "food_insecure": values.parse_answer,
    "food_above_half": values.parse_answer,
    "bought_clothes": values.parse_answer,
    "amount_rupiah": values.parse_rupiah,
    "members": values.parse_whole,
    "population_persons": values.parse_count,
    "population_families": values.parse_count,
    "families": values.parse_count,
    "accuracy_m": values.parse_number,
    "decided_on": days.parse_date,
    "valid_from": days.parse_date,
    "valid_to": days.parse_date,
    "rt": values.parse_rt_rw,
    BOTH: parse_both,
    "rw": values.parse_rt_rw,
    "registered_rt": values.parse_rt_rw,
    "registered_rw": values.parse_rt_rw,
}
#: Between the programs that one row names.
AND = "+"
#: Folded words of an answer: it was asked, and receives none.
_NO_PROGRAM = {"none", "tidakada", "tidakmenerima", "nihil"}


def column_parsers(profile: Profile, as_of: date) -> dict[str, values.Parser]:
    """Parser of each canonical column that is more than text, for lists of a layout."""
    parsers = dict(_PARSERS)
    for column in ("birth_date", "head_birth_date", "as_of", "visited_on"):
        parsers[column] = lambda text: days.parse_past_day(text, as_of)
    if profile.role == "enrollments":
        parsers["program"] = _program_parser(profile)
        parsers["status"] = _status_parser(profile)
        if profile.period == "quarter":
            parsers["period"] = lambda text: parse_days(text, as_of)
        elif profile.period == "month":
            parsers["period"] = days.parse_month
    if profile.role == "families":
        parsers["as_of"] = lambda text: days.parse_record_day(text, as_of)
        parsers["civil_registry"] = _word_parser(profile, "civil_registry", "E-CIVIL-REGISTRY")
        parsers["flagged_programs"] = _program_parser(profile)
        parsers |= {f"flag_{i}": parse_flag for i in range(len(profile.flag))}
    if profile.role == "decisions":
        parsers["verdict"] = _word_parser(profile, "verdict", "E-VERDICT")
    if profile.role == "visits":
        parsers["result"] = _word_parser(profile, "result", "E-VISIT-RESULT")
        parsers["verdict"] = _word_parser(profile, "verdict", "E-VISIT-VERDICT")
        parsers["programs"] = _answered_programs
    for thing in profile.coded:
        parsers[thing] = _code_parser(profile, thing)
    for column, unit in profile.units.items():
        parsers[column] = _scaled(parsers[column], UNITS[unit])
    return parsers


def _scaled(parse: values.Parser, factor: float) -> values.Parser:
    return lambda text: parse(text) * factor


def _code_parser(profile: Profile, thing: str) -> values.Parser:
    """Words of a source's own codes: the same code is another roof in another source."""
    known = code_lists()[profile.code_list or ""]

    def parse(text: str) -> str:
        word = known.word(thing, text)
        if word is None:
            raise values.ValueFault("E-CODE")
        return word

    return parse


def _program_parser(profile: Profile) -> values.Parser:
    words = profile.words("program")

    def code_of(text: str) -> str | None:
        return words.get(folded(text)) or program_code_of(text)

    return lambda text: AND.join(values.parse_programs(text, code_of))


def _answered_programs(text: str) -> str:
    """Codes of what a family says that it receives, parted by spaces; empty if it is none."""
    return "" if folded(text) in _NO_PROGRAM else " ".join(values.parse_programs(text))


def _status_parser(profile: Profile) -> values.Parser:
    words = profile.words("status")
    return lambda text: words.get(folded(text)) or values.parse_status(text)


def _word_parser(profile: Profile, column: str, code: str) -> values.Parser:
    """Of the words of a layout, and no others: `code` says what is wrong with those."""
    words = profile.words(column)

    def parse(text: str) -> str:
        if (value := words.get(folded(text))) is None:
            raise values.ValueFault(code)
        return value

    return parse
