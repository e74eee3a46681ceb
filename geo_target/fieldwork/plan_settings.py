"""What a plan rests on and takes, as JSON holds it: `Plan.settings`."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from geo_target.fieldwork.days import Planned
from geo_target.fieldwork.effort import effort_of
from geo_target.fieldwork.selection import Selection, Wanted
from geo_target.fieldwork.terms import Terms
from geo_target.fieldwork.visits import Visit
from geo_target.fieldwork.zones import Assigned


def of_choice(wanted: Wanted, chosen: Selection) -> dict[str, object]:
    """What was asked for, and how many were left out by reason."""
    asked = {name: _plain(value) for name, value in asdict(wanted).items()}
    return {"wanted": asked, "skipped": dict(chosen.skipped)}


def of_work(assigned: Assigned, planned: Planned, terms: Terms) -> dict[str, object]:
    """Loads, imbalance, effort and travel."""
    return {
        "loads": of_loads(assigned),
        "imbalance": assigned.imbalance,
        "split_rws": assigned.split_rws,
        "effort": of_effort(planned.visits, terms),
        "travel": asdict(planned.travel),
    }


def of_loads(assigned: Assigned) -> list[dict[str, object]]:
    """What each officer has to do, and who shares with whom."""
    return [asdict(load) | {"share": load.share} for load in assigned.loads]


def of_effort(visits: Sequence[Visit], terms: Terms) -> dict[str, object]:
    """What visits with a day take."""
    effort = effort_of(visits, rupiah_per_officer_day=terms.rupiah_per_officer_day)
    return {name: _plain(value) for name, value in asdict(effort).items()}


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple, set, frozenset)):
        return sorted(map(str, value))
    return value
