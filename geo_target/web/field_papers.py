"""What is carried of a plan: its open visits with the families' names, and the log of it."""

import secrets
from collections.abc import Sequence
from datetime import date

from geo_target.errors import Fault, NotFoundError
from geo_target.fieldwork.errands import Errand
from geo_target.fieldwork.visits import Officer
from geo_target.operations.audit import Entry
from geo_target.operations.roles import Verb
from geo_target.operations.visibility import visible
from geo_target.web import visitors
from geo_target.web.field_scope import officer_by_key
from geo_target.web.paper_visits import NAMED, PLACED, Bundle, bundle_of, errand_of, outlines_of
from geo_target.web.store import Snapshot

__all__ = ["NAMED", "PLACED", "Bundle", "carried_of", "errand_here", "outlines_of", "tell_carried"]


def carried_of(
    snapshot: Snapshot,
    plan_id: int,
    *,
    officer: str | None = None,
    day: date | None = None,
    village: str | None = None,
    is_given: bool = False,
) -> Bundle:
    """Open visits of a plan that this request's user may carry.

    Parameters
    ----------
    officer
        Key of the officer, see `officer_key`; None is everybody.
    day, village
        Of this day or village alone.
    is_given
        Those of some officer alone.

    Raises
    ------
    NotFoundError
        ``E-CARRY-NONE``: there is none, or none of theirs.
    NamesRefusedError
        If the run's names may be shown to nobody.
    """
    within = visible(visitors.user(), Verb.CARRY_VISITS)
    found = visitors.doors().visit_plans.visits(
        plan_id=plan_id, village=village, open_only=True, within=within
    )
    name = officer_by_key(officer, {each.visit.officer for each in found}) if officer else None
    chosen = [
        each for each in found
        if (officer is None or (name is not None and each.visit.officer == name))
        and day in (None, each.visit.day)
        and (each.visit.officer is not None or not is_given)
    ]  # fmt: skip
    if not chosen:
        visitors.deny(str(plan_id), object_type="visits", verb=Verb.CARRY_VISITS)
        raise NotFoundError(_NONE)
    return bundle_of(snapshot, chosen, visitors.doors().key)


def tell_carried(bundle: Bundle, what: str, fields: Sequence[str]) -> None:
    """Write down what is about to be carried away; only then it is sent.

    It does not count against what an hour allows to be looked up: a day of all officers is more
    than that, and nobody carries a family that no plan has.
    """
    visitors.doors().audit.append(
        Entry(
            actor=visitors.actor(), verb=Verb.CARRY_VISITS, object_type="visits",
            object_id=f"{what}-{secrets.token_hex(4)}", fields=tuple(fields),
            subjects=tuple(sorted(set(bundle.subjects))), persons=len(bundle.visits),
            run_id=bundle.run_id,
        )
    )  # fmt: skip


def errand_here(snapshot: Snapshot, officer: Officer) -> Errand:
    """For whom a paper is printed, and by whom."""
    user = visitors.user()
    by = user.display_name if user else ""
    return errand_of(snapshot, officer, by=by, at=visitors.doors().clock())


_NONE = Fault("E-CARRY-NONE", id="tidak ada kunjungan ini", en="there is no such visit")
