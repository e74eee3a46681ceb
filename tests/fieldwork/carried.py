"""Visits as they are carried, in a few lines each; everybody in them is made up."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from geo_target.fieldwork.carried_visits import CarriedVisit, VillageNames, carried
from geo_target.fieldwork.errands import Errand
from geo_target.fieldwork.visits import Officer, OfficerKind, Target, Visit

MONDAY = date(2026, 11, 23)
TUESDAY = date(2026, 11, 24)
VILLAGE = VillageNames("Kaligandu", "Serang")

#: What a list may hold in any of its texts; each has to stay the text that it is.
HOSTILE = (
    '#panic("no")', "#import", "$x$ _a_ *b*", "= judul", "<label> @ref", "\\u{41} \\", "`raw`",
    "// komentar", "/* komentar", "]]> </w:t> &amp;", '"kutip" \'satu\'', "=1+1", "@SUM(A1)",
    "${outcome}", "<script>alert(1)</script>", "عائشة بنت", "\u202eterbalik\u202c", "👩‍👩‍👧 Ibu",
    "x" * 400, "baris\nbaru\ttab\x00nol", "مرحبا " * 40,
)  # fmt: skip


@dataclass(frozen=True)
class Family:
    """What a run says of a family by name."""

    name: str | None = "ASEP"
    address: str | None = "KP. KEBON"
    national_id_masked: str | None = "••••••••••••0001"
    family_card_number_masked: str | None = "••••••••••••0002"


def visit(code: str, officer: str | None = "asep", **also: Any) -> Visit:
    """A visit on Monday to a family of village 36.73.01.1001."""
    of_target = {k: also.pop(k) for k in tuple(also) if k in Target.__dataclass_fields__}
    target = Target(**{"family_id": f"F-{code}", "village_code": "36.73.01.1001", **of_target})
    return Visit(code, target, officer, **{"day": MONDAY, "position": 1, **also})


def on_paper(
    code: str, family: Family | None = None, village: VillageNames = VILLAGE, **also: Any
) -> CarriedVisit:
    return carried(visit(code, **also), family or Family(), village)


def errand(officer: str = "asep", display_name: str = "Asep Suhendar") -> Errand:
    return Errand(
        Officer(officer, display_name, OfficerKind.FACILITATOR),
        printed_at=datetime(2026, 11, 22, 8, 30, tzinfo=UTC),
        printed_by="koordinator",
        office="Dinas Sosial",
        place="Serang",
    )
