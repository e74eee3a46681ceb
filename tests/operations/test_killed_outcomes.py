"""Every answer that was acknowledged is there after a kill -9, and none by half."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import text

from geo_target.operations.audit_chain import verify
from geo_target.operations.database import default_url, open_database
from geo_target.operations.migration import migrate
from geo_target.operations.visit_outcomes import VisitOutcomes
from geo_target.operations.visit_plans import VisitPlans
from tests.operations.visiting import KEY, RATNA, WATI, answer, plan, visit

ROOT = Path(__file__).resolve().parents[2]
KILLS = 5


def saver(url: str, first: int) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.operations.save_outcomes", url, str(first)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def told(output: str) -> list[int]:
    """What a process said was kept; its last line may be cut."""
    return [int(line) for line in output.splitlines(keepends=True) if line.endswith("\n")]


@pytest.mark.skipif(os.name == "nt", reason="kill -9")
def test_killed_writers_lose_no_answer_that_was_acknowledged(tmp_path: Path) -> None:
    url = default_url(tmp_path)
    migrate(url)
    database = open_database(url)
    VisitPlans(database).add(plan(visit("A")), title="x", by=RATNA)
    outcomes, chance, acknowledged = VisitOutcomes(database, key=KEY), random.Random(3), []
    for round_ in range(KILLS):
        writer = saver(url, 1_000_000 * round_)
        assert writer.stdout is not None
        first = writer.stdout.readline()
        time.sleep(chance.uniform(0, 0.1))
        writer.send_signal(signal.SIGKILL)
        acknowledged += told(first + writer.communicate(timeout=60)[0])
    kept = Counter(int(one.submission_id.split("-")[0]) for one in outcomes.versions("A"))
    assert set(acknowledged) <= set(kept)
    assert set(kept.values()) == {5}  # of no post there is a part
    assert len(acknowledged) >= KILLS
    assert verify(database).broken is None
    with database.reading() as connection:
        assert connection.scalar(text("PRAGMA integrity_check")) == "ok"
    last = acknowledged[-1]
    again = outcomes.take([answer("A", id_=f"{last}-{part}") for part in range(5)], by=WATI)
    assert (again.new, again.repeated) == (0, 5)
    database.close()
