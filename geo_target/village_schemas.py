"""Contracts of the tables by village: who is reached by what, and why not.

`village_code` is null in the row of families of no village, so that the rows add up to all.
"""

from geo_target.schemas import COVERAGE_STATES, DAY, FLAG, REAL, TEXT, WHOLE, Column, Schema

_VILLAGE = Column("village_code", TEXT, "village (Kemendagri, dots); null is none")
_POOR = "extreme-poor families"
_STATES = {
    "covered": "enrolled on the day, and eligible",
    "covered_undecided": "enrolled; whether they are eligible is not known",
    "enrolled_not_eligible": "enrolled, and not eligible by the rule",
    "uncovered": "eligible, compared, and on no list",
    "unmatched": "eligible; nothing could be compared",
    "not_eligible": "neither enrolled nor eligible",
    "undecided": "not enrolled; whether they are eligible is not known",
}


def _by_program(name: str, unit: str) -> Schema:
    return Schema(
        f"exact/{name}",
        f"a village, a program that enrolls {unit}, and whether they are extreme poor",
        ("village_code", "program", "is_poor"),
        (
            _VILLAGE,
            Column("program", TEXT, "program code", required=True),
            Column("is_poor", FLAG, "of extreme-poor families", required=True),
            Column(unit, WHOLE, "all of them: the sum of the states", unit, required=True),
            *(
                Column(f"{state}_{unit}", WHOLE, words, unit, required=True)
                for state, words in _STATES.items()
            ),
        ),
    )


def _states() -> tuple[Column, ...]:
    return tuple(
        Column(f"{state}_families", WHOLE, f"of them {state}", "families", required=True)
        for state in COVERAGE_STATES
    )


PROGRAM_VILLAGES = _by_program("program_villages", "families")
PROGRAM_PERSONS = _by_program("program_persons", "persons")
DEFINITION_VILLAGES = Schema(
    "exact/definition_villages",
    "a village and a definition of 'covered'",
    ("village_code", "definition"),
    (
        _VILLAGE,
        Column("definition", TEXT, "its name in the configuration", required=True),
        Column("families", WHOLE, _POOR, "families", required=True),
        *_states(),
    ),
)
REASON_VILLAGES = Schema(
    "exact/reason_villages",
    "a village, a reason why families are uncovered, and whose it is",
    ("village_code", "reason", "office"),
    (
        _VILLAGE,
        Column("reason", TEXT, "see targeting/reasons.py", required=True),
        Column("office", TEXT, "who can change it", required=True),
        Column("families", WHOLE, "uncovered extreme poor", "families", required=True),
    ),
)
LENS_VILLAGES = Schema(
    "exact/lens_villages",
    "a village and a group of families",
    ("village_code", "lens"),
    (
        _VILLAGE,
        Column("lens", TEXT, "see targeting/lenses.py", required=True),
        Column("extreme_poor_families", WHOLE, _POOR, "families", required=True),
        Column("families", WHOLE, "of the group", "families", required=True),
        *_states(),
        Column("unknown_families", WHOLE, f"{_POOR} of whom nobody has said", "families",
               required=True),
    ),
)  # fmt: skip
CONVERGENCE_VILLAGES = Schema(
    "exact/convergence_villages",
    "a village, the strategies that reach families, and by how many programs",
    ("village_code", "strategies", "programs"),
    (
        _VILLAGE,
        Column("strategies", TEXT, "of Inpres 4/2022: 1+2; empty is none", required=True),
        Column("programs", WHOLE, "0, 1, 2, or 3 and more", "programs", required=True),
        Column("families", WHOLE, _POOR, "families", required=True),
    ),
)
EVIDENCE_VILLAGES = Schema(
    "exact/evidence_villages",
    "a village with extreme-poor families",
    ("village_code",),
    (
        _VILLAGE,
        Column("families", WHOLE, _POOR, "families", required=True),
        Column("verified_families", WHOLE, "a visit was completed of late", "families",
               required=True),
        Column("stale_families", WHOLE, "what is known is out of date", "families", required=True),
        Column("median_age_days", REAL, "of what is known", "days", required=True),
        Column("oldest_on", DAY, "the oldest day of evidence", required=True),
        Column("newest_on", DAY, "the newest", required=True),
        Column("is_stale", FLAG, "more than [evidence] stale_share of them are", required=True),
    ),
)  # fmt: skip
FLAG_VILLAGES = Schema(
    "exact/flag_villages",
    "a village and a program that the base register's own flags name, never coverage",
    ("village_code", "program", "year"),
    (
        _VILLAGE,
        Column("program", TEXT, "program code", required=True),
        Column("year", WHOLE, "of the record", required=True),
        Column("flagged_families", WHOLE, _POOR, "families", required=True),
        Column("flagged_covered_families", WHOLE, "covered by the run's definition", "families",
               required=True),
        Column("flagged_uncovered_families", WHOLE, "uncovered by it", "families", required=True),
    ),
)  # fmt: skip
_ERRORS = {
    "exclusion_error": "of visited families: uncovered and fit / fit, by verdict, not by lists",
    "inclusion_error": "of visited families: covered and unfit / covered, by verdict",
}
VERIFIED_ERRORS = Schema(
    "exact/verified_errors",
    "a village, a district or the area, of its visited families",
    ("level", "code"),
    (
        Column("level", TEXT, "which", required=True, allowed=("village", "district", "area")),
        Column("code", TEXT, "Kemendagri code; null of the area"),
        Column("visited_families", WHOLE, "with a verdict; not unmatched", "families",
               required=True),
        Column("fit_families", WHOLE, "of them fit for aid", "families", required=True),
        Column("uncovered_fit_families", WHOLE, "of these uncovered", "families", required=True),
        Column("covered_families", WHOLE, "of the visited covered", "families", required=True),
        Column("covered_unfit_families", WHOLE, "of these unfit", "families", required=True),
        *(
            Column(f"{error}{part}", REAL, words, "share")
            for error, meaning in _ERRORS.items()
            for part, words in (("", meaning), ("_low", "its 95 % interval, Wilson"),
                                ("_high", "its 95 % interval, Wilson"))
        ),
    ),
)  # fmt: skip

#: By the name of the file, and of the table in `targeting.assessment.Assessment`.
BY_VILLAGE = {
    schema.name.removeprefix("exact/"): schema
    for schema in (
        PROGRAM_VILLAGES, PROGRAM_PERSONS, DEFINITION_VILLAGES, REASON_VILLAGES, LENS_VILLAGES,
        CONVERGENCE_VILLAGES, EVIDENCE_VILLAGES, FLAG_VILLAGES, VERIFIED_ERRORS,
    )
}  # fmt: skip
