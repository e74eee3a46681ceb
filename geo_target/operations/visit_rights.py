"""Who may change officers, plans and visits of which districts."""

from collections.abc import Iterable
from dataclasses import replace

from geo_target.operations import visit_faults
from geo_target.operations.audit import AuditLog, Entry, Result
from geo_target.operations.refusals import VisitError
from geo_target.operations.roles import Verb, may
from geo_target.operations.visibility import visible_to


def check_right(audit: AuditLog, need: Verb, tried: Entry, villages: Iterable[str] = ()) -> None:
    """Refuse whose role or districts may not, and note that it was tried.

    Not within a transaction that writes: the note is one of its own.

    Parameters
    ----------
    tried
        Entry of the deed; its actor is whoever asks.
    villages
        Codes of the villages that it is about.

    Raises
    ------
    VisitError
        ``E-VISIT-ROLE`` or ``E-VISIT-SCOPE``.
    """
    by = tried.actor
    theirs = visible_to(by, need)
    fault = None if may(by.role, need) else visit_faults.role(by.role)
    if fault is None and not all(theirs.holds(code.rpartition(".")[0]) for code in set(villages)):
        fault = visit_faults.scope()
    if fault is not None:
        audit.append(replace(tried, result=Result.DENIED))
        raise VisitError(fault)
