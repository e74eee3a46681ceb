"""The form of a visit as rows of an XLSForm (xlsform.org), for ODK and for Kobo alike.

Its fields are those of `form_fields`; here is what a phone does with them: when one is asked,
what it refuses, and where the values of the list come from.
"""

from collections.abc import Iterator, Sequence

from geo_target.fieldwork.form_fields import (
    GROUPS,
    NO_PROGRAM,
    FormField,
    Kind,
    choice_lists,
    fields_of,
)
from geo_target.fieldwork.outcome_codes import codes
from geo_target.fieldwork.visits import Officer

#: The list of visits: a file beside the form for Kobo, an entity list for ODK.
LIST = "kunjungan"
ID, EN = "Indonesia (id)", "English (en)"
_CHOSEN = "${chosen_visit} != ''"
_NEW = "${chosen_visit} = ''"
_ITEM = f"instance('{LIST}')/root/item[name = ${{chosen_visit}}]"
#: Accuracy at which a phone keeps a point by itself, and from which it warns.
_GOOD_M, _POOR_M = 10, 100

Row = dict[str, str]


def _words(column: str, in_indonesian: str, in_english: str) -> Row:
    return {f"{column}::{ID}": in_indonesian, f"{column}::{EN}": in_english}


_NUMBERS = {"appearance": "numbers"}
_REFUSED_NUMBER = _words("constraint_message", "Nomor ini 16 angka.", "This number has 16 digits.")
_NUMBER_OF_PERSON = {**_NUMBERS, "constraint": "regex(., '^[0-9]{16}$')", **_REFUSED_NUMBER}
_SMALL_AREA = {
    **_NUMBERS,
    "constraint": "regex(., '^[0-9]{1,3}$')",
    **_words("constraint_message", "Satu sampai tiga angka.", "One to three digits."),
}
#: What a phone does with a field, beyond what its kind says.
_OWN: dict[str, Row] = {
    "chosen_visit": {"choice_filter": "officer = ${officer}", "appearance": "minimal autocomplete",
              **_words("hint", "Kosongkan untuk keluarga yang belum terdaftar.",
                       "Leave it empty for a family that is not listed.")},
    "visited_on": {"required": "yes", "default": "today()",
                   "constraint": ". <= today() and . >= date('2020-01-01')",
                   **_words("constraint_message", "Tanggal ini belum tiba atau terlalu lama.",
                            "This day has not come yet, or is too long ago.")},
    "officer": {"required": "yes", "appearance": "minimal"},
    "outcome": {"required": "yes",
                "choice_filter": "is_new = if(${chosen_visit} = '', 'yes', 'no')"},
    "duplicate_of": {
        "relevant": "${outcome} = 'duplicate' or ${outcome} = 'part_of_other'",
        "constraint": "regex(., '^[0-9A-Za-z]{4}[ -]?[0-9A-Za-z]{4}$')",
        **_words("constraint_message", "Kode seperti 4K7Q-W2ZN.", "A code such as 4K7Q-W2ZN.")},
    "point": {"parameters": f"capture-accuracy={_GOOD_M} warning-accuracy={_POOR_M}",
              **_words("hint", "Di depan pintu, satu ketukan.", "At the door, one tap.")},
    "programs": {"constraint": f"not(selected(., '{NO_PROGRAM}') and count-selected(.) > 1)",
                 **_words("constraint_message", "Pilih program, atau tidak menerima apa pun.",
                          "Choose programs, or none at all.")},
    "corrected_village_code": {
        "relevant": _NEW, "required": "yes",
        "constraint": "regex(., '^[0-9]{2}[.][0-9]{2}[.][0-9]{2}[.][0-9]{4}$')",
        **_words("constraint_message", "Kode seperti 36.73.01.1001.",
                 "A code such as 36.73.01.1001.")},
    "corrected_head_name": {"required": _NEW},
    "corrected_rt": _SMALL_AREA,
    "corrected_rw": _SMALL_AREA,
    "corrected_members": {
        **_NUMBERS, "constraint": "regex(., '^[0-9]{1,2}$') and . >= 1 and . <= 40",
        **_words("constraint_message", "Satu sampai 40 orang.", "One to 40 people.")},
    "corrected_head_national_id": _NUMBER_OF_PERSON,
    "corrected_family_card_number": _NUMBER_OF_PERSON,
    "note": {"appearance": "multiline", "constraint": "not(regex(., '.*[0-9]{16}.*'))",
             **_words("constraint_message", "Jangan tulis NIK atau nomor KK di sini.",
                      "Do not write a NIK or KK number here.")},
}  # fmt: skip
_TYPES = {
    Kind.VISIT: f"select_one_from_file {LIST}.csv", Kind.CODE: "calculate", Kind.DAY: "date",
    Kind.TEXT: "text", Kind.LONG_TEXT: "text", Kind.POINT: "geopoint", Kind.GIVEN: "calculate",
    Kind.FLAG: "select_one yes_no",
}  # fmt: skip


def survey_rows(*, with_entities: bool) -> list[Row]:
    """Rows of the sheet ``survey``.

    Parameters
    ----------
    with_entities
        Whether the server keeps the list of visits as entities (ODK Central does, Kobo does
        not): each visit then knows its outcome, and those that are done leave the list.
    """
    rows = [{"type": field.name, "name": field.name} for field in fields_of("")]
    for group, (in_indonesian, in_english) in GROUPS.items():
        relevant = _relevant(group)
        rows.append({"type": "begin_group", "name": group, "appearance": "field-list",
                     **_words("label", in_indonesian, in_english),
                     **({"relevant": relevant} if relevant else {})})  # fmt: skip
        rows += [_row(field, with_entities=with_entities) for field in _in_order(group)]
        rows.append({"type": "end_group"})
    return rows


def choice_rows(officers: Sequence[Officer], programs: Sequence[str] | None = None) -> list[Row]:
    """Rows of the sheet ``choices``: officers by account name, then the lists of `form_fields`."""
    rows = [
        {"list_name": "officer", "name": officer.name,
         **_words("label", officer.display_name, officer.display_name)}
        for officer in officers
    ]  # fmt: skip
    new = {code for code, outcome in codes().items() if outcome.is_proposal}
    for name, choices in choice_lists(programs).items():
        for choice in choices:
            row = {"list_name": name, "name": choice.name, **_words("label", choice.id, choice.en)}
            if name == "outcome":
                row["is_new"] = "yes" if choice.name in new else "no"
            rows.append(row)
    return rows


def saved_properties() -> list[str]:
    """What an entity of the list holds, as publishing the form makes it known to the server."""
    return [row["save_to"] for row in survey_rows(with_entities=True) if "save_to" in row]


def entity_rows() -> list[Row]:
    """The row of the sheet ``entities``: an answer updates its visit; it never makes one."""
    return [{"list_name": LIST, "entity_id": "${chosen_visit}", "update_if": _CHOSEN}]


def _in_order(group: str) -> Iterator[FormField]:
    """Fields of a group; who visits is asked first, for the list of visits depends on it."""
    fields = fields_of(group)
    yield from (field for field in fields if field.name == "officer")
    yield from (field for field in fields if field.name != "officer")


def _row(field: FormField, *, with_entities: bool) -> Row:
    row = {"type": _type(field), "name": field.name, **_OWN.get(field.name, {})}
    if row["type"] == "calculate":
        row["calculation"] = _calculation(field)
    else:
        row |= _words("label", field.id, field.en)
    if field.name.startswith("corrected_") and (given := _given(field)):
        row |= _words("hint", f"Menurut daftar: ${{{given}}}", f"On the list: ${{{given}}}")
    if with_entities and _is_saved(field):
        row["save_to"] = field.name
    if with_entities and field.name == "chosen_visit":
        again = " or ".join(f"outcome = '{c}'" for c, o in codes().items() if o.returns)
        row["choice_filter"] += f" and (outcome = '' or {again})"
    return row


def _type(field: FormField) -> str:
    if field.name == "officer":
        return "select_one officer"
    if field.name == "is_mocked":
        return "calculate"
    if field.kind in {Kind.CHOICE, Kind.CHOICES}:
        many = "one" if field.kind is Kind.CHOICE else "multiple"
        return f"select_{many} {field.choices}"
    return _TYPES[field.kind]


def _calculation(field: FormField) -> str:
    if field.name == "is_mocked":
        # ODK Collect gives a point of a mock provider an accuracy of 0.
        return "if(${point} != '' and number(selected-at(${point}, 3)) = 0, 'yes', '')"
    return f"if({_NEW}, '', {_ITEM}/{field.name})"


def _given(field: FormField) -> str | None:
    name = field.name.replace("corrected_", "given_")
    return name if any(other.name == name for other in fields_of(field.group)) else None


def _is_saved(field: FormField) -> bool:
    return field.kind in {Kind.CODE, Kind.GIVEN} or field.name in {"officer", "outcome"}


def _relevant(group: str) -> str:
    """When a group is asked: the house and its people only where somebody was met."""
    met = [code for code, outcome in codes().items()
           if outcome.result == "complete" or outcome.is_proposal]  # fmt: skip
    if group not in {"aid", "correction", "signs", "house"}:
        return ""
    return " or ".join(f"${{outcome}} = '{code}'" for code in met)
