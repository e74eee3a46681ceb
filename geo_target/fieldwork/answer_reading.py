"""A row of cells as one answer is read from it; what is wrong gathers beside it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from geo_target.errors import Fault
from geo_target.fieldwork import answer_cells as cells
from geo_target.fieldwork import answer_faults as faults
from geo_target.fieldwork.answer_doubts import (
    CLOCK,
    MASKED,
    Point,
    VillageOf,
    is_clock_wrong,
    is_day_possible,
    point_doubts,
)
from geo_target.fieldwork.answer_faults import Place
from geo_target.fieldwork.form_fields import form_fields
from geo_target.fieldwork.outcome_codes import code_of, codes, housing, housing_word, signs
from geo_target.fieldwork.outcomes import CORRECTABLE, PROPOSED, Outcome
from geo_target.fieldwork.visit_codes import read_code
from geo_target.long_numbers import holds_number, mask_numbers

_LONGEST = {"note": 4_000}
_LONG = 300


@dataclass(frozen=True)
class Surroundings:
    """What is known besides the answer itself.

    `villages`: village of each visit code; `village_of`: see VillageOf. Without both a point
    is not compared with its village. `program_codes` may remember what it has read.
    """

    received_at: datetime
    villages: Mapping[str, str] = field(default_factory=dict)
    village_of: VillageOf | None = None
    program_codes: Callable[[str], tuple[tuple[str, ...], bool]] = cells.program_codes


class Reading:
    """One row as it is read; what is wrong gathers beside it."""

    def __init__(
        self, raw: Mapping[str, str], source: str, around: Surroundings, place: Place
    ) -> None:
        self.faults: list[Fault] = []
        self._raw = raw
        self._source = source
        self._around = around
        self._place = place
        self._warnings: dict[str, None] = {}
        # Kobo's list of visits names them by their codes, that of ODK by ids of entities.
        chosen = read_code(raw.get("chosen_visit", "")) or ""
        self._visit_code = _visit_code(raw.get("visit_code", "")) or chosen
        self._code = code_of(raw.get("outcome", ""), raw.get("verdict", ""))

    def fatal(self) -> Fault | None:
        """Why nothing of the row can be kept; None where it can."""
        if status := self._raw.get("status"):
            return faults.not_readable(self._place, status)
        if not self._raw.get("submission_id"):
            return faults.no_id(self._place)
        if self._code is None:
            return faults.no_code(self._place, self._raw.get("outcome", ""))
        if codes()[self._code].is_proposal:
            said = self._raw.get
            is_told = cells.village_code(said("corrected_village_code", "").strip()) and cells.text(
                said("corrected_head_name", "")
            )
            return None if is_told else faults.no_proposal(self._place)
        return None if self._visit_code else faults.no_visit(self._place)

    def outcome(self) -> Outcome:
        """All that can be kept of the row, where nothing is `fatal`."""
        corrected = dict(self._corrected())
        point = self._point(corrected.get("village_code", ""))
        times = self._times()
        programs = self._programs()
        return Outcome(
            submission_id=mask_numbers(self._raw["submission_id"].strip()),
            visit_code="" if codes()[self._code or ""].is_proposal else self._visit_code,
            outcome=self._code or "",
            source=self._source,
            visited_on=times[0],
            officer=self._text("officer") or self._text("username"),
            device_at=times[1],
            submitted_at=times[2],
            lon=point.lon,
            lat=point.lat,
            accuracy_m=point.accuracy_m,
            programs=programs,
            given={name: mask_numbers(cells.text(self._raw[f"given_{name}"]))
                   for name in CORRECTABLE
                   if name in corrected and self._raw.get(f"given_{name}")},
            corrected=corrected,
            signs=dict(self._signs()),
            housing=dict(self._housing()),
            duplicate_of=self._other(),
            respondent=self._text("respondent"),
            note=self._text("note"),
            warnings=tuple(self._warnings),
        )  # fmt: skip

    def _other(self) -> str | None:
        """The other family: a code as it is kept, however a hand has written it."""
        said = self._text("duplicate_of")
        return (read_code(said) or said) if said else None

    def _text(self, name: str) -> str | None:
        """A text in which numbers of persons are masked, at once and for good."""
        raw = self._raw.get(name)
        if not raw:
            return None
        said = cells.text(raw)
        if holds_number(said):
            self._warnings[MASKED] = None
            said = mask_numbers(said)
        most = _LONGEST.get(name, _LONG)
        if len(said) > most:
            self.faults.append(faults.too_long(self._place, _label(name), most))
            said = said[:most].rstrip()
        return said or None

    def _corrected(self) -> Iterator[tuple[str, str]]:
        """Corrected values by what they are of, without those that say what the list says."""
        for name in PROPOSED:
            column = f"corrected_{name}"
            said = self._raw.get(column, "").strip()
            given = self._raw.get(f"given_{name}", "")
            # A masked number that came back as it went out has not been corrected.
            if not said or "•" in said or _is_same(said, given):
                continue
            read = cells.CORRECTED.get(name)
            found = read(said) if read else self._text(column)
            if found is None:
                self._set_aside(name, column, said)
            elif not _is_same(found, given):
                yield name, found

    def _set_aside(self, name: str, column: str, said: str) -> None:
        if name in cells.PERSON_NUMBERS:
            self.faults.append(faults.number(self._place, _label(column), said))
            return
        wanted = {
            "village_code": ("perlu kode wilayah dengan titik", "it takes a code with dots"),
            "members": ("perlu bilangan 1-40", "it takes a whole number from 1 to 40"),
        }.get(name, ("perlu 1-3 digit", "it takes 1 to 3 digits"))
        self._wrong(column, said, *wanted)

    def _signs(self) -> Iterator[tuple[str, bool]]:
        for name in signs():
            said = self._raw.get(f"sign_{name}", "").strip()
            found = cells.flag(said) if said else None
            if found is not None:
                yield name, found
            elif said:
                self._wrong(f"sign_{name}", said, "perlu ya atau tidak", "it takes yes or no")

    def _housing(self) -> Iterator[tuple[str, str]]:
        for name in housing():
            said = self._raw.get(f"house_{name}", "").strip()
            found = housing_word(name, said) if said else None
            if found is not None:
                yield name, found
            elif said:
                self._wrong(f"house_{name}", said, "pilih dari daftar", "choose from the list")

    def _programs(self) -> tuple[str, ...] | None:
        said = self._raw.get("programs", "").strip()
        if not said:
            return None
        found, is_read = self._around.program_codes(said)
        if not is_read:
            self._wrong(
                "programs",
                said,
                "ada program yang tidak dikenal, atau 'tidak ada' di samping program",
                "a program is not known, or stands beside 'none'",
            )
        return found if found or is_read else None

    def _times(self) -> tuple[date | None, datetime | None, datetime | None]:
        """Day of the visit, device's time, time of the form's server."""
        server = self._around.received_at
        device = self._moment("end") or self._moment("start")
        submitted = self._moment("submitted_at")
        now = submitted or server
        if device and is_clock_wrong(device, now):
            self._warnings[CLOCK] = None
        visited = self._day()
        if visited and not is_day_possible(visited, server.date()):
            self._warnings[CLOCK] = None
            visited = None
        return visited, device, submitted

    def _day(self) -> date | None:
        said = self._raw.get("visited_on", "").strip()
        found = cells.day(said) if said else None
        if said and found is None:
            self._wrong("visited_on", said, "perlu tanggal seperti 31/12/2025", "it takes a day "
                        "such as 31/12/2025 or 2025-12-31")  # fmt: skip
        return found

    def _moment(self, name: str) -> datetime | None:
        # Kobo's server writes UTC without saying so.
        zone = UTC if name == "submitted_at" else self._around.received_at.tzinfo
        said = self._raw.get(name, "").strip()
        found = cells.moment(said, zone) if said else None
        if said and found is None:
            self._wrong(name, said, "perlu tanggal dan jam", "it takes a date and a time")
        return found

    def _point(self, proposed_village: str) -> Point:
        said = self._point_cells()
        if not any(said[:2]):
            return Point()
        lon, lat = cells.degrees(said[0], 180.0), cells.degrees(said[1], 90.0)
        if lon is None or lat is None or (lon, lat) == (0.0, 0.0):
            self.faults.append(faults.point(self._place, " ".join(said[:2])))
            return Point()
        point = Point(lon, lat, cells.meters(said[2]))
        doubts = point_doubts(
            point,
            source=self._source,
            is_mocked=bool(cells.flag(self._raw.get("is_mocked", ""))),
            village=proposed_village or self._around.villages.get(self._visit_code, ""),
            village_of=self._around.village_of,
        )
        self._warnings.update(dict.fromkeys(doubts))
        return point

    def _point_cells(self) -> tuple[str, str, str]:
        """Longitude, latitude and accuracy as text; ODK and Kobo write latitude first."""
        raw = self._raw
        if raw.get("lon") or raw.get("lat"):
            lon, lat, accuracy = (raw.get(n, "").strip() for n in ("lon", "lat", "accuracy_m"))
            return lon, lat, accuracy
        parts = [*raw.get("point", "").split(), "", "", "", ""]
        return parts[1], parts[0], parts[3]

    def _wrong(self, column: str, said: str, id: str, en: str) -> None:
        self.faults.append(faults.cell(self._place, _label(column), said, id=id, en=en))


def _visit_code(said: str) -> str:
    """A visit's code as it was given; one with a slip in it is kept as far as it can be read."""
    if code := read_code(said):
        return code
    return mask_numbers("".join(cells.text(said).upper().replace("-", " ").split()))[:_LONG]


def _is_same(one: str, other: str) -> bool:
    return cells.text(one).casefold() == cells.text(other).casefold()


def _label(name: str) -> str:
    return form_fields()[name].id if name in form_fields() else name
