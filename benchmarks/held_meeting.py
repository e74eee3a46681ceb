"""A meeting in a demo's database, with decisions of each kind, for pictures and tests of pages."""

from datetime import timedelta

from geo_target.operations.audit import Actor
from geo_target.operations.meetings import Decision, Meeting, Status
from geo_target.web.doors import Doors
from geo_target.web.store import Snapshot

_BY = Actor(name="secretary", role="secretary")


def hold_meeting(doors: Doors, snapshot: Snapshot) -> int:
    """A meeting on two villages and the whole area: one decision is overdue, one open, one done.

    Returns
    -------
    int
        Its number.
    """
    today = doors.clock().date()
    first, second = list(snapshot.villages)[:2]
    number = doors.meetings.save(
        Meeting(
            held_on=today - timedelta(days=14), title="Rapat koordinasi November",
            place="Ruang rapat Bappeda", agencies=("bappeda", "dinas-sosial", "bps"),
            run_id=snapshot.run_id,
        ),
        by=_BY,
    )  # fmt: skip
    for place, agency, due, status, what in (
        (first, "dinas-sosial", -3, Status.OPEN, "Usulkan keluarga yang belum tersentuh"),
        (second, "dinas-sosial", 12, Status.OPEN, "Kunjungi lagi rumah yang kosong"),
        ("", "bps", -7, Status.DONE, "Padankan nama kelurahan dengan kode BPS"),
    ):
        doors.meetings.decide(
            Decision(
                meeting_id=number, what=what, place_code=place, agency=agency, status=status,
                due_on=today + timedelta(days=due), run_id=snapshot.run_id,
            ),
            by=_BY,
        )  # fmt: skip
    return number
