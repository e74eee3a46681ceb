"""What a plan is made of on a page: families that may be visited, their worth, and the terms."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from geo_target.errors import Fault
from geo_target.fieldwork.confirmation_rates import learn
from geo_target.fieldwork.terms import LonLat, Terms, agreed_terms
from geo_target.fieldwork.visit_values import by_value, met_of, value_of
from geo_target.fieldwork.visits import Target
from geo_target.publishing.visit_targets import targets_of
from geo_target.web import visitors
from geo_target.web.field_scope import seen
from geo_target.web.locator import features_of
from geo_target.web.names import NamesRefusedError, is_whole
from geo_target.web.store import ShownFile, Snapshot

_FAMILIES = "exact/families.parquet"


def targets_seen(snapshot: Snapshot) -> list[Target]:
    """Families that may be visited, with what earlier visits found; without names.

    Raises
    ------
    NamesRefusedError
        If the families of the run have been purged, or are not those that the run wrote.
    """
    files = snapshot.manifest["files"]
    try:
        whole = is_whole(snapshot.folder / _FAMILIES, files[_FAMILIES]["sha256"])
    except (KeyError, OSError):
        whole = False
    if not whole:
        raise NamesRefusedError(_GONE)
    within = seen()
    districts = None if within.everywhere else within.districts
    found = targets_of(snapshot.folder / "exact", district_codes=districts)
    visited = visitors.doors().visit_plans.last_visits()
    return [target.as_visited(visited.get(target.family_id)) for target in found]


def terms_of(snapshot: Snapshot) -> Terms:
    """On what terms pages plan: from the home village on, and without pyvroom.

    That brings pandas into the process; what it saves on the way, `geo-target plan` has.
    """
    return agreed_terms(
        visitors.doors().fieldwork,
        engine="plain",
        village_points=points_of(snapshot),
    )


def points_of(snapshot: Snapshot) -> Mapping[str, LonLat]:
    """A point inside each village, by its code; degrees, EPSG:4326."""
    return _points(snapshot.layers["villages"])


@lru_cache(maxsize=4)
def _points(file: ShownFile) -> Mapping[str, LonLat]:
    told = [feature["properties"] for feature in features_of(file)]
    return {str(one["village_code"]): (one["label"][0], one["label"][1])
            for one in told if "village_code" in one and "label" in one}  # fmt: skip


def worth_of(snapshot: Snapshot, targets: Sequence[Target]) -> Mapping[str, float] | None:
    """What a visit to each is expected to confirm an hour; None while nothing is learned."""
    doors = visitors.doors()
    found = [answered.current.outcome for answered in doors.visit_outcomes.standing().values()]
    visits = [each.visit for each in doors.visit_plans.visits(within=seen())] if found else []
    counted = {str(one["code"]) for one in snapshot.summary["definition"]["programs"]}
    learned = learn(met_of(found, visits, programs=counted))
    return by_value(value_of(targets, learned)) if learned.visits else None


_GONE = Fault(
    "E-NAMES-PURGED",
    id="keluarga dari hasil ini sudah dihapus menurut masa simpan, atau berkasnya rusak; jalankan "
    "geo-target run dengan daftar terbaru",
    en="the families of this run have been deleted, as retention asks, or their file is damaged; "
    "run geo-target run with the newest lists",
)
