"""The questions of a visit as paper asks them: the same fields as the forms of phones."""

from collections.abc import Iterable, Mapping
from typing import Any

from geo_target.fieldwork.form_fields import FormField, choice_lists, fields_of
from geo_target.fieldwork.outcome_codes import codes, housing, signs

#: Corrected values that are numbers of so many digits: paper has a box for each.
_DIGITS = {"corrected_head_national_id": 16, "corrected_family_card_number": 16,
           "corrected_rt": 3, "corrected_rw": 3, "corrected_members": 2}  # fmt: skip
_CORRECTED = "corrected_"


def blank_form(programs: Iterable[str] | None = None) -> Mapping[str, Any]:
    """Words of a form to fill in, as templates/fieldwork/card.typ reads them.

    Parameters
    ----------
    programs
        Codes of those that are asked for; all that have not ended where it is None.
    """
    proposed = [f for f in fields_of("correction") if f.name.startswith(_CORRECTED)]
    none, *asked = choice_lists(programs)["program"]
    return {
        "outcomes": [code.id for code in codes().values() if not code.is_proposal],
        "corrected": [_line(f) for f in proposed if f.name != "corrected_village_code"],
        "proposed": [_line(f) for f in proposed],
        "programs": [choice.id for choice in (*asked, none)],
        "signs": [sign.id for sign in signs().values()],
        "house": [{"label": q.id, "words": list(q.words)} for q in housing().values()],
    }


def _line(field: FormField) -> dict[str, Any]:
    """A line to write on, called by what it asks alone."""
    words = field.id.rpartition(": ")[2]
    return {"label": words[0].upper() + words[1:], "digits": _DIGITS.get(field.name, 0)}
