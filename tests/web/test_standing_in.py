"""Which snapshot stands in for a broken one: the newest before it, never a later one."""

from pathlib import Path

from geo_target.web.store import Store
from tests.web.sample import write_snapshot

RUNS = [f"00000{number}-20251001T000000Z" for number in (1, 2, 3, 4)]


def test_the_newest_before_the_broken_one_stands_in(tmp_path: Path) -> None:
    first, second, third, later = RUNS
    write_snapshot(tmp_path, first)
    write_snapshot(tmp_path, second)
    (write_snapshot(tmp_path, third) / "shown" / "meeting" / "summary.json").unlink()
    write_snapshot(tmp_path, later, current=False)  # whole, and nobody pointed at it
    served = Store(tmp_path).current()
    assert (served.snapshot.run_id, served.degraded) == (second, True)
