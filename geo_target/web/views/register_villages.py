"""Registers and lists by village: exact counts, and the families of a combination, for few."""

import re
from collections.abc import Collection, Mapping
from pathlib import Path

from flask import Blueprint, render_template, request

from geo_target.errors import Fault, NotFoundError
from geo_target.operations.numbers import mask_numbers
from geo_target.operations.roles import Verb
from geo_target.operations.visibility import visible
from geo_target.publishing.register_tables import (
    JOINT,
    Combination,
    families_by_combination,
    families_of_combination,
    matches_by_list,
    sum_of_villages,
)
from geo_target.web import visitors
from geo_target.web.access import Access, shows
from geo_target.web.figures import Record
from geo_target.web.names import is_whole, names_of, subjects_of, tell
from geo_target.web.pages import store
from geo_target.web.store import NoSnapshotError, Served, Snapshot
from geo_target.web.views.registers import CombinationRow, MatchRow, source_of, words_of

bp = Blueprint("register_villages", __name__)

ON_A_PAGE = 200
_PAGE_NUMBER = re.compile(r"[1-9][0-9]{0,4}")
_TABLES = ("exact/overlaps.parquet", "exact/match_rates.parquet")
_KEYS = "exact/family_keys.parquet"


@bp.get("/register/kelurahan")
@shows(Access.EXACT)
def index() -> str:
    """Exact counts of the villages that the visitor may see, and of all of them together."""
    served = store().current()
    exact = _exact_of(served.snapshot)
    area = visible(visitors.user(), Verb.EXACT_COUNTS)
    districts: dict[str, list[Record]] = {}
    for village in sorted(served.snapshot.villages.values(), key=_by_name):
        if area.holds(str(village["district_code"])):
            districts.setdefault(str(village["district_name"]), []).append(village)
    own = [str(village["village_code"]) for group in districts.values() for village in group]
    found = families_by_combination(exact)
    counts = sum_of_villages(found, own)
    placed = sum_of_villages(found, [code for code in found if code])
    return render_template(
        "registers/villages.html",
        **words_of(served),
        **_tables(served, counts, exact, None if area.everywhere else own),
        everywhere=area.everywhere,
        districts=districts,
        by_village={code: found.get(code, {}) for code in own},
        # No district holds those of no village.
        unplaced=_families(found.get(None, {})) - _families(placed) if area.everywhere else 0,
    )


@bp.get("/kelurahan/<village_code:village_code>/register")
@shows(Access.EXACT)
def show(village_code: str) -> str:
    """Exact counts of a village; its combinations lead to their families where names do."""
    served = store().current()
    village = _village(served, village_code, Verb.EXACT_COUNTS)
    exact = _exact_of(served.snapshot)
    counts = sum_of_villages(families_by_combination(exact), [village_code])
    may_name = visible(visitors.user()).holds(str(village["district_code"]))
    return render_template(
        "registers/village.html",
        **words_of(served),
        **_tables(served, counts, exact, [village_code]),
        village=village,
        may_name=may_name,
        joint=JOINT,
    )


@bp.get("/kelurahan/<village_code:village_code>/register/keluarga")
@shows(Access.BY_NAME)
def families(village_code: str) -> str:
    """Families of a village that a combination of registers lists, 200 a page."""
    served = store().current()
    village = _village(served, village_code, Verb.READ_NAMES)
    registers, number = _asked()
    exact = names_of(served.snapshot, more=(_KEYS,))
    if _KEYS not in served.snapshot.manifest["files"]:
        raise NoSnapshotError(broken=True)
    found = families_of_combination(exact, village_code, registers)
    shown = found[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]
    if not shown:
        raise _NO_PAGE
    tell(
        Verb.READ_NAMES, object_type="village", object_id=village_code,
        fields=("name", "registers"),
        subjects=[s for one in shown for s in subjects_of(one.family_id, one.national_id_key)],
        persons=len(shown), run_id=served.snapshot.run_id,
    )  # fmt: skip
    return render_template(
        "registers/families.html",
        **words_of(served),
        village=village,
        registers=registers,
        joint=JOINT,
        families=[(family, mask_numbers(family.family_id)) for family in shown],
        all=len(found),
        first=(number - 1) * ON_A_PAGE + 1,
        number=number,
        pages=-(-len(found) // ON_A_PAGE),
        user=visitors.user(),
        opened=visitors.doors().clock(),
    )


def _village(served: Served, village_code: str, verb: Verb) -> Record:
    """The village, or the same 404 for one that is not theirs as for one that is none."""
    village = served.snapshot.villages.get(village_code)
    if village is None or not visible(visitors.user(), verb).holds(str(village["district_code"])):
        visitors.deny(village_code, object_type="village", verb=verb)
        raise _NO_PAGE
    return village


def _exact_of(snapshot: Snapshot) -> Path:
    """The folder exact/ of a run whose tables of registers are those that it wrote."""
    files = snapshot.manifest["files"]
    try:
        whole = all(is_whole(snapshot.folder / name, files[name]["sha256"]) for name in _TABLES)
    except (OSError, KeyError):
        whole = False
    if not whole:
        raise NoSnapshotError(broken=True)
    return snapshot.folder / "exact"


def _tables(
    served: Served, counts: Mapping[Combination, int], exact: Path, villages: Collection[str] | None
) -> dict[str, object]:
    """The two tables of some villages, as a page shows them; lists of None are whole."""
    summary = served.snapshot.summary
    return {
        "registers": sorted({name for names in counts for name in names}),
        "families": _families(counts),
        "rows": [CombinationRow(names, count) for names, count in counts.items()],
        "matches": [
            MatchRow(
                source=source_of(summary, found.number),
                agency=found.agency,
                enrollments=found.enrollments,
                ways=found.linked,
                linked=sum(found.linked.values()),
                unlinked=found.unlinked,
            )
            for found in matches_by_list(exact, villages)
        ],
    }


def _families(counts: Mapping[Combination, int]) -> int:
    return sum(counts.values())


def _by_name(village: Record) -> tuple[str, str]:
    return str(village["district_code"]), str(village["village_name"])


def _asked() -> tuple[Combination, int]:
    number = request.args.get("halaman", "1")
    if not _PAGE_NUMBER.fullmatch(number):
        raise _NO_PAGE
    return tuple(request.args.get("gabungan", "").split(JOINT)), int(number)


_NO_PAGE = NotFoundError(Fault("E-VILLAGE", id="tidak ada halaman ini", en="there is no such page"))
