"""What a visit found: its code, what was given and what was corrected, both kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

#: What of a family may be corrected at the door; the list's own value is kept beside it.
CORRECTABLE = (
    "head_name", "address", "neighborhood", "rt", "rw", "members",
    "head_national_id", "family_card_number",
)  # fmt: skip
#: A family that no list has yet, as it was met; `village_code` and `head_name` are needed.
PROPOSED = ("village_code", *CORRECTABLE)


@dataclass(frozen=True)
class Outcome:
    """One answer to one visit, as a form, sheet or page brought it in.

    `submission_id` names the answer (KEY of ODK, rootUuid of Kobo, or our own): sent again, it
    is the same answer. Texts hold no NIK but those of `CORRECTABLE`; others are masked.
    """

    submission_id: str
    visit_code: str
    """Empty for a family that was found and not on the list."""
    outcome: str
    """Code of geodata/outcomes.toml."""
    source: str
    """odk, kobo, xlsx, or keyboard."""
    visited_on: date | None = None
    officer: str | None = None
    """Account name as the form says it; who is signed in is another thing."""
    device_at: datetime | None = None
    """By the device's clock, which nobody trusts."""
    submitted_at: datetime | None = None
    """By the clock of the form's server, where it tells; None of sheets and of the page."""
    lon: float | None = None
    lat: float | None = None
    accuracy_m: float | None = None
    programs: Sequence[str] | None = None
    """Codes of programs that the family receives; None: it was not asked, () is none."""
    given: Mapping[str, str] = field(default_factory=dict)
    corrected: Mapping[str, str] = field(default_factory=dict)
    signs: Mapping[str, bool] = field(default_factory=dict)
    """Signs of Kepmensos 262/HUK/2022 by name, of those that were looked at."""
    housing: Mapping[str, str] = field(default_factory=dict)
    duplicate_of: str | None = None
    """Visit code, or family id, of the family that it is, or is part of."""
    respondent: str | None = None
    note: str | None = None
    warnings: Sequence[str] = ()
    """Codes of docs/codes.md: clock, accuracy, place ..."""
