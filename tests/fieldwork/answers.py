"""Outcomes for tests, drawn and written out; people are synthetic."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from geo_target.fieldwork.outcome_codes import codes, housing, signs
from geo_target.fieldwork.outcomes import CORRECTABLE, Outcome
from geo_target.long_numbers import holds_number
from tests.builders import kk, nik

#: Monday noon in Serang.
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def found(**changed: object) -> Outcome:
    """An answer with everything in it."""
    said: dict[str, object] = {
        "submission_id": "11111111-aaaa-4bbb-8ccc-222222222222",
        "visit_code": "4K7QW2ZN",
        "outcome": "found_eligible",
        "source": "odk",
        "visited_on": date(2026, 11, 23),
        "officer": "sari",
        "device_at": NOW - timedelta(hours=2),
        "submitted_at": NOW - timedelta(hours=1),
        "lon": 106.15,
        "lat": -6.12,
        "accuracy_m": 4.5,
        "programs": ("PKH", "SEMBAKO"),
        "given": {"head_name": "SITI"},
        "corrected": {"head_name": "SITI AMINAH", "rt": "005", "head_national_id": nik(1)},
        "signs": {"floor": True, "power": False},
        "housing": {"floor": "semen/bata merah", "power": "450 watt"},
        "respondent": "anak",
        "note": "rumah di belakang musala; pagar hijau",
    }
    return Outcome(**(said | changed))  # type: ignore[arg-type]


_letters = st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp"))
#: One line, single blanks, no long run of digits: what a reader leaves as it is.
texts = (
    st.text(_letters, min_size=1, max_size=30)
    .map(lambda said: " ".join("".join(" " if s.isspace() else s for s in said).split()))
    .filter(lambda said: said and sum(s.isdigit() for s in said) < 5 and "•" not in said)
    .filter(lambda said: not said.startswith("'"))
)
moments = st.integers(-80_000, 0).map(lambda seconds: NOW + timedelta(seconds=seconds))
_corrected: Mapping[str, st.SearchStrategy[str]] = {
    "head_name": texts, "address": texts, "neighborhood": texts,
    "rt": st.integers(1, 999).map("{:03}".format), "rw": st.integers(1, 999).map("{:03}".format),
    "members": st.integers(1, 40).map(str),
    "head_national_id": st.integers(1, 99).map(nik),
    "family_card_number": st.integers(1, 99).map(kk),
}  # fmt: skip
#: What has so many digits in a row is masked, an id too; one in some hundred has.
_ids = st.uuids(version=4).map(str).filter(lambda said: not holds_number(said))
_visit_codes = st.from_regex(r"[0-9A-HJKMNP-TV-Z]{8}", fullmatch=True)
_programs = st.none() | st.lists(st.sampled_from(["PKH", "SEMBAKO", "PBI_JK"]), unique=True).map(
    tuple
)


@st.composite
def outcomes(draw: st.DrawFn, source: str = "odk") -> Outcome:
    """Any answer that a form could have written."""
    code = draw(st.sampled_from(list(codes())))
    corrected = draw(st.fixed_dictionaries({}, optional=dict(_corrected)))
    if codes()[code].is_proposal:
        corrected |= {"village_code": "36.73.01.1001", "head_name": draw(texts)}
    given = {name: draw(texts) for name in corrected if name in CORRECTABLE and draw(st.booleans())}
    given = {n: s for n, s in given.items() if s.casefold() != corrected[n].casefold()}
    degrees = st.integers(-900_000, 900_000).map(lambda number: number / 10_000)
    has_point = draw(st.booleans())
    lon, lat = (draw(degrees), draw(degrees)) if has_point else (None, None)
    if lon == 0 == lat:
        lon = 1.5
    is_form = source in {"odk", "kobo"}
    mocked = is_form and has_point and draw(st.booleans())
    return Outcome(
        submission_id=draw(_ids),
        visit_code="" if codes()[code].is_proposal else draw(_visit_codes),
        outcome=code,
        source=source,
        visited_on=draw(st.none() | st.dates(date(2026, 11, 1), date(2026, 11, 23))),
        officer=draw(st.none() | texts),
        device_at=draw(st.none() | moments) if is_form else None,
        submitted_at=draw(moments) if is_form else None,
        lon=lon,
        lat=lat,
        accuracy_m=draw(st.none() | st.integers(1, 100).map(float)) if has_point else None,
        programs=draw(_programs),
        given=given if is_form else {},
        corrected=corrected,
        signs=draw(st.fixed_dictionaries({}, optional={name: st.booleans() for name in signs()})),
        housing=draw(st.fixed_dictionaries({}, optional={
            name: st.sampled_from(list(question.words)) for name, question in housing().items()})),
        duplicate_of=draw(st.none() | texts),
        respondent=draw(st.none() | texts),
        note=draw(st.none() | texts),
        warnings=("W-OUTCOME-MOCK",) if mocked else (),
    )  # fmt: skip
