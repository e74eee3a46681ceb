"""Meetings in the database, past the pages: two forms at the same moment."""

import threading
from collections.abc import Callable
from datetime import date
from functools import partial

from geo_target.operations.audit import Actor
from geo_target.operations.database import Database
from geo_target.operations.meetings import Decision, Meeting, Meetings
from geo_target.operations.refusals import MeetingError
from tests.operations.world import Clock

BY = Actor(name="rina", role="secretary")
HELD = Meeting(held_on=date(2025, 10, 1), title="Rapat koordinasi")


def together(*deeds: Callable[[], object]) -> list[str]:
    """What was refused of deeds that begin at the same moment."""
    start, refused = threading.Barrier(len(deeds)), list[str]()

    def do(deed: Callable[[], object]) -> None:
        start.wait()
        try:
            deed()
        except MeetingError as error:
            refused.append(error.faults[0].code)

    threads = [threading.Thread(target=do, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


def test_a_form_that_is_sent_twice_at_the_same_moment_is_one(
    database: Database, clock: Clock
) -> None:
    meetings = Meetings(database, clock)
    assert together(*4 * [lambda: meetings.save(HELD, by=BY)]) == []
    (meeting,) = meetings.all()
    decision = Decision(meeting_id=meeting.meeting_id or 0, what="Padankan NIK")
    assert together(*4 * [lambda: meetings.decide(decision, by=BY)]) == []
    assert len(meetings.decisions()) == 1


def test_of_a_meeting_that_is_withdrawn_at_the_same_moment_nothing_is_changed_after_it(
    database: Database, clock: Clock
) -> None:
    meetings = Meetings(database, clock)
    for number in range(5):
        meetings.save(Meeting(held_on=date(2025, 10, 1), title=f"Rapat {number}"), by=BY)
    for meeting in meetings.all():
        late = Decision(meeting_id=meeting.meeting_id or 0, what="Padankan NIK")
        refused = together(
            partial(meetings.withdraw, meeting, by=BY), partial(meetings.decide, late, by=BY)
        )
        kept = len(meetings.decisions(meeting.meeting_id))
        assert (refused, kept) in (([], 1), (["E-MEETING-WITHDRAWN"], 0))
