"""What visits found leaves the database as lists that the next run reads."""

import csv
import io
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import Result

from geo_target.fieldwork.outcomes import Outcome
from geo_target.fieldwork.visits import Plan, Target, Visit
from geo_target.operations.accounts import Accounts
from geo_target.operations.audit import Actor, AuditLog
from geo_target.operations.database import default_url, open_database
from geo_target.operations.migration import migrate
from geo_target.operations.numbers import keyed_id
from geo_target.operations.visit_outcomes import VisitOutcomes
from geo_target.operations.visit_plans import VisitPlans
from geo_target.publishing.archive import read_key
from tests.builders import nik
from tests.operations.world import GOOD, ROOT
from tests.test_cli import CONFIG, geo_target
from tests.web.named import VILLAGE, add_names
from tests.web.sample import RUN_ID, write_snapshot

RATNA = Actor(name="ratna", role="coordinator")
_CODES = ("AAAA", "BBBB", "CCCC", "DDDD")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A run of four families that a plan visits; the base lists three of them."""
    (tmp_path / "geo-target.toml").write_text(CONFIG, encoding="utf-8")
    read_key(tmp_path)  # a run has made it
    snapshot = write_snapshot(tmp_path / "archive")
    add_names(snapshot)
    keys = [
        {
            "register": "families",
            "register_family_id": f"K{n}",
            "family_id": f"F{n}",
            "is_listed": n < 4,
        }
        for n in (1, 2, 3, 4)
    ]
    pq.write_table(pa.Table.from_pylist(keys), snapshot / "exact" / "family_keys.parquet")
    migrate(default_url(tmp_path))
    database = open_database(default_url(tmp_path))
    Accounts(database, good_for=None).add("ratna", "Ratna", GOOD, "coordinator", by=ROOT)
    visits = [Visit(c, Target(f"F{n}", VILLAGE)) for n, c in enumerate(_CODES, start=1)]
    VisitPlans(database).add(Plan(RUN_ID, date(2025, 10, 1), visits), title="Oktober", by=RATNA)
    database.close()
    return tmp_path / "geo-target.toml"


def take(config: Path, *outcomes: Outcome) -> None:
    database = open_database(default_url(config.parent))
    VisitOutcomes(database, key=b"k" * 32).take(outcomes, by=RATNA)
    database.close()


def export(config: Path) -> Result:
    return geo_target("decisions", "export", config, config.parent / "november.csv")


def rows(config: Path, name: str) -> list[dict[str, str]]:
    text = (config.parent / f"november-{name}.csv").read_text("utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def test_without_visits_the_pairs_alone_leave(config: Path) -> None:
    done = export(config)
    assert done.exit_code == 0, done.output
    assert 'profile = "decisions"' in done.stdout
    assert "visits" not in done.stdout
    assert [file.name for file in config.parent.glob("november*")] == ["november.csv"]


def test_what_stands_leaves_under_the_base_s_ids(config: Path) -> None:
    take(
        config,
        Outcome("s1", "AAAA", "not_found", "odk"),
        Outcome("s2", "AAAA", "found_eligible", "odk", programs=()),
        Outcome("s3", "BBBB", "duplicate", "xlsx", duplicate_of="CCCC"),
    )
    done = export(config)
    assert done.exit_code == 0, done.output
    assert 'file = "november-kunjungan.csv"\nprofile = "visits"' in done.stdout
    found = [(row["family_id"], row["result"], row["programs"], row["same_as"])
             for row in rows(config, "kunjungan")]  # fmt: skip
    assert found == [("K1", "complete", "none", ""), ("K2", "duplicate", "", "K3")]


def test_what_nobody_has_decided_and_whom_the_base_lost_are_left_out_and_told(
    config: Path,
) -> None:
    take(
        config,
        Outcome("s1", "AAAA", "found_eligible", "odk"),
        Outcome("s2", "AAAA", "moved", "xlsx"),
        Outcome("s3", "BBBB", "found_eligible", "odk"),
        Outcome("s4", "DDDD", "found_eligible", "odk"),
    )
    done = export(config)
    assert [row["family_id"] for row in rows(config, "kunjungan")] == ["K2"]
    assert "[W-VISITS-UNDECIDED]" in done.stderr
    assert "[W-VISITS-UNLISTED]" in done.stderr


def test_new_families_leave_as_proposals(config: Path) -> None:
    corrected = {"village_code": VILLAGE, "head_name": "Siti"}
    take(config, Outcome("s1", "", "new_family", "kobo", corrected=corrected))
    done = export(config)
    assert 'profile = "proposals"' in done.stdout
    assert [row["head_name"] for row in rows(config, "usulan")] == ["Siti"]


def test_no_file_is_written_over(config: Path) -> None:
    take(config, Outcome("s1", "AAAA", "found_eligible", "odk"))
    assert export(config).exit_code == 0
    assert export(config).exit_code == 1


def test_both_lists_are_in_the_audit_log(config: Path) -> None:
    """Whoever asks who had a family's data is told that they left for a run."""
    new = {"village_code": VILLAGE, "head_name": "Siti", "head_national_id": nik(3)}
    take(
        config,
        Outcome("s1", "AAAA", "found_eligible", "odk"),
        Outcome("s2", "", "new_family", "kobo", corrected=new),
    )
    export(config)
    database = open_database(default_url(config.parent))
    log, past, future = AuditLog(database), datetime.min.replace(tzinfo=UTC), datetime.max
    told = [(e["verb"], e["persons"]) for e in log.entries(by=ROOT)]
    period = (past, future.replace(tzinfo=UTC))
    siti = keyed_id(nik(3), read_key(config.parent))
    of_family, of_new = (
        {e["verb"] for e in log.who_saw(each, *period, by=ROOT)} for each in ("F1", siti)
    )
    database.close()
    assert {("decision.export", 0), ("visits.export", 1), ("proposals.export", 1),
            ("outcome.export", 0)} <= {*told}  # fmt: skip
    assert "visits.export" in of_family
    assert of_new == {"proposals.export"}
