"""An address of every page that can be read, in a house with a plan of visits and answers."""

import io
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date

from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from geo_target.operations.audit import Actor
from geo_target.operations.meetings import Decision, Meeting
from geo_target.web.access import Access
from geo_target.web.field_scope import officer_key
from geo_target.web.pages import store
from tests.web.house import House
from tests.web.named import VILLAGE
from tests.web.sample import RUN_ID, clusters, villages

OFFICER, DAY = "field-officer", "2025-11-24"
CLUSTER = str(clusters(villages())["cluster_id"].iloc[0])
_HERE = {
    "run_id": [RUN_ID], "village_code": [VILLAGE], "district_code": [VILLAGE[:8]],
    "regency_code": [VILLAGE[:5]], "cluster_id": [CLUSTER], "agency": ["bps"],
    "figure_id": ["kota-serang-miskin-ekstrem-2021"],
    "plan_id": ["1"], "meeting_id": ["1"], "day": [DAY], "package": ["odk", "kobo"],
    "zoom": ["0"], "column": ["0"], "row": ["0"], "delivery": ["0" * 12], "upload": ["0" * 32],
}  # fmt: skip
#: What a name is of, by route; every kind of file that a route has.
_OF_ROUTE: Mapping[str, Mapping[str, list[str]]] = {
    "files.asset": {"name": ["geo-target.css"]},
    "files.layer": {"name": ["villages", "districts", "clusters", "unmatched"]},
    "public.layer": {"name": ["villages"]},
    "public.script": {"name": ["map.js"]},
    "takeaway.file": {"name": ["kelurahan", "kecamatan", "klaster", "rw"],
                      "kind": ["csv", "xlsx", "geojson", "gpkg"]},
    "takeaway.carried": {"audience": ["rapat", "publik"]},
    "field_carry.of_officer": {"day": [DAY, "semua"],
                               "kind": ["pdf", "zip", "gpx", "kml", "gpkg"]},
}  # fmt: skip
#: What is asked for after the address, where a page is another one by it.
_ASKED = {
    "village_card.district": [f"?kec={VILLAGE[:8]}"],
    "register_villages.families": ["?gabungan=p3ke", "?gabungan=dtsen%2Bp3ke"],
    "families.show": ["?keadaan=belum", "?keadaan=belum-padan", "?keadaan=tersentuh"],
}

#: Not to be had here: nothing is published in it, it has no base map, no file that waits, is of
#: one city, whose page is the first one, and everybody has chosen a password.
ABSENT = {
    "public.show", "public.layer", "public.script", "files.base_tile", "deliveries.repair",
    "regencies.show", "own_password.show",
}  # fmt: skip


def add_meeting(house: House) -> None:
    """A meeting with a decision, of which there is a page."""
    by = Actor(name="secretary", role="secretary")
    meeting = Meeting(held_on=date.fromisoformat(DAY), title="Rapat")
    number = house.meetings.save(meeting, by=by)
    house.meetings.decide(Decision(meeting_id=number, what="Usulkan", place_code=VILLAGE), by=by)


def readable(house: House) -> Iterator[Rule]:
    """Every route of the app that answers GET."""
    return (rule for rule in house.app.url_map.iter_rules() if "GET" in (rule.methods or ()))


def addresses(house: House, *, visit: str) -> dict[str, list[str]]:
    """Addresses by route.

    Parameters
    ----------
    visit
        Code of a visit of OFFICER.
    """
    with house.app.test_request_context():
        known = _HERE | {"visit_code": [visit], "officer": [officer_key(OFFICER)]}
        script = store().current().snapshot.map_name
    adapter = house.app.url_map.bind("geo.example")
    found: dict[str, list[str]] = {}
    for rule in readable(house):
        values = known | dict(_OF_ROUTE.get(rule.endpoint, {}))
        if rule.endpoint == "files.script":
            values |= {"name": [script]}
        paths = [
            adapter.build(rule.endpoint, arguments)
            for arguments in _every({name: values[name] for name in sorted(rule.arguments)})
        ]
        asked = _ASKED.get(rule.endpoint, [""])
        found.setdefault(rule.endpoint, []).extend(
            f"{path}{more}" for path in paths for more in asked
        )
    return found


def _every(values: Mapping[str, list[str]]) -> Iterator[dict[str, str]]:
    """Each value of each name with each of the others."""
    if not values:
        yield {}
        return
    (name, first), rest = next(iter(values.items())), dict(list(values.items())[1:])
    for value in first:
        for others in _every(rest):
            yield {name: value} | others


def level_of(house: House, endpoint: str) -> Access:
    level: Access = vars(house.app.view_functions[endpoint])["access"]
    return level


def text_of(reply: TestResponse) -> str:
    """Headers and body of a reply; what is packed in it (workbooks, zips) is unpacked."""
    return f"{reply.headers}{_unpacked(reply.data)}"


def _unpacked(content: bytes) -> str:
    if not content.startswith(b"PK"):
        return content.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return "\n".join(f"{name}\n{_unpacked(packed.read(name))}" for name in packed.namelist())
