"""Nobody is kept longer than the settings say, and a manifest never lies about it."""

import json
import os
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Row, Table, select

from geo_target.errors import BusyError, GeoTargetError
from geo_target.keeping.purging import Purge, look, purge
from geo_target.keeping.refusals import KeepingError
from geo_target.keeping.report import purge_lines
from geo_target.operations import audit_chain
from geo_target.operations.accounts import Accounts
from geo_target.operations.audit import AuditLog
from geo_target.operations.database import Database, open_database
from geo_target.operations.migration import migrate
from geo_target.operations.passwords import PasswordHasher
from geo_target.operations.refusals import AuditError, SignInError
from geo_target.operations.sessions import Sessions
from geo_target.operations.tables import AUDIT_LOG, LOGIN_ATTEMPTS, SESSIONS
from geo_target.operations.visit_outcomes import VisitOutcomes
from geo_target.operations.visit_plans import VisitPlans
from geo_target.publishing.archive import Archive, sha256
from geo_target.settings import read_settings
from tests.keeping.office import EXACT, NOW, fresh_url, killed_at, names, office, posix, sums
from tests.operations.visiting import KEY, RATNA, WATI, answer, plan, visit
from tests.operations.world import CHEAP, GOOD, ROOT, Clock, read_of

DAY = timedelta(days=1)

#: Made how many days ago, about which day: the second last is of the quarter before.
RUNS = {200: "2025-04-01", 140: "2025-07-01", 80: "2025-09-01", 50: "2025-10-01",
        31: "2025-10-01", 29: "2025-10-01", 10: "2025-11-01"}  # fmt: skip

#: What is left of exact/ where persons are gone: counts of villages, and what was released.
REST = {"released_meeting.parquet", "villages.parquet"}
ALL = set(EXACT)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return office(tmp_path / "office", runs={NOW - days * DAY: on for days, on in RUNS.items()})


def purged(config: Path, now: datetime = NOW, *, database: Database | None = None,
           with_sources: bool = False) -> Purge:  # fmt: skip
    settings = read_settings(config)
    found = look(settings, now, database=database, with_sources=with_sources)
    purge(settings, now, found, database=database)
    return found


def left(config: Path) -> list[set[str]]:
    """Files in exact/ of every run, oldest first."""
    archive = Archive(config.parent / "archive")
    return [names(archive.folder / run_id / "exact") for run_id in archive.run_ids()]


def limits(config: Path, **days: int) -> Path:
    """Set limits, in days."""
    lines = "\n".join(f"{name}_days = {number}" for name, number in days.items())
    config.write_text(f"{config.read_text()}\n[retention]\n{lines}\n")
    return config


def assert_true(config: Path) -> None:
    """What a manifest says is there, is there and whole; what it says is gone, is gone."""
    archive = Archive(config.parent / "archive")
    for run_id in archive.run_ids():
        folder = archive.folder / run_id
        manifest = json.loads((folder / "manifest.json").read_text())
        on_disk = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
        for name, entry in manifest["files"].items():
            assert sha256(folder / name) == entry["sha256"]
        assert not on_disk & manifest.get("purged", {}).keys()
        told = {*manifest["files"], *manifest.get("purging", {}), "manifest.json"}
        assert on_disk <= told


# ----------------------------------------------------------------------------- what goes


def test_sealed_numbers_go_from_every_run_but_the_current_one(tmp_path: Path) -> None:
    """None is past its time yet; NIK are revealed from the current run alone."""
    days = {NOW - number * DAY: "2025-11-01" for number in (3, 2, 1)}
    config = office(tmp_path / "office", runs=days, more=("sealed_numbers.parquet",))
    purged(config)
    assert [folder - ALL for folder in left(config)] == [set(), set(), {"sealed_numbers.parquet"}]
    assert [ALL - folder for folder in left(config)] == [set()] * 3
    assert_true(config)


def test_persons_of_old_runs_go(config: Path) -> None:
    found = purged(config)
    no_quarantine = ALL - {"quarantine.csv", "quarantine.xlsx"}
    #                    200   140   80: of the quarter before  50    31    29   10: current
    assert left(config) == [REST, REST, no_quarantine, REST, REST, ALL, ALL]
    assert [len(run.files) for run in found.plan.runs] == [5, 5, 2, 5, 5]
    assert found.plan.files == 22
    assert_true(config)


@pytest.mark.parametrize("days", [0, 5, 30, 60, 300])
def test_nothing_older_than_the_limit_remains(config: Path, days: int) -> None:
    purged(limits(config, exact=days, quarantine=days))
    no_quarantine = ALL - {"quarantine.csv", "quarantine.xlsx"}
    *older, current = zip(sorted(RUNS, reverse=True), left(config), strict=True)
    for age, files in older:
        past = no_quarantine if age == 80 else REST
        assert files == (past if age > days else ALL)
    assert current[1] == ALL


def test_what_is_shown_stays_and_the_manifest_tells(config: Path) -> None:
    archive = config.parent / "archive"
    oldest = archive / Archive(archive).run_ids()[0]
    before = json.loads((oldest / "manifest.json").read_text())
    purged(config)
    after = json.loads((oldest / "manifest.json").read_text())
    at = NOW.isoformat(timespec="seconds")
    gone = {f"exact/{name}" for name in ALL - REST}
    assert after.pop("purged_at") == at
    assert after.pop("purged") == {
        name: {**before["files"].pop(name), "purged_at": at} for name in gone
    }
    assert after == before
    assert (oldest / "shown/meeting/summary.json").is_file()


def test_the_quarantine_may_go_first_and_the_rest_later(config: Path) -> None:
    purged(limits(config, exact=100, quarantine=5))
    assert left(config)[-3] == ALL - {"quarantine.csv", "quarantine.xlsx"}
    purged(config, NOW + 80 * DAY)
    assert left(config)[-3] == REST
    run = config.parent / "archive" / Archive(config.parent / "archive").run_ids()[-3]
    gone = json.loads((run / "manifest.json").read_text())["purged"]
    assert {name: entry["purged_at"][:10] for name, entry in gone.items()} == {
        "exact/quarantine.csv": "2025-11-20", "exact/quarantine.xlsx": "2025-11-20",
        "exact/clusters.parquet": "2026-02-08",
        "exact/families.parquet": "2026-02-08", "exact/identities.parquet": "2026-02-08",
    }  # fmt: skip
    assert_true(config)


def test_twice_is_once(config: Path) -> None:
    purged(config)
    once = sums(config.parent)
    assert purged(config, NOW + timedelta(hours=1)).is_empty
    assert sums(config.parent) == once


def test_looking_changes_nothing(config: Path) -> None:
    before = sums(config.parent)
    found = look(read_settings(config), NOW, database=None)
    assert sums(config.parent) == before
    assert purged(config) == found


def test_files_that_the_manifest_does_not_know_go_too(config: Path) -> None:
    archive = config.parent / "archive"
    for run_id in Archive(archive).run_ids():
        (archive / run_id / "exact" / "copy of families.xlsx").write_text("names")
    purged(config)
    assert ["copy of families.xlsx" in files for files in left(config)] == [
        age in {80, 29, 10} for age in sorted(RUNS, reverse=True)
    ]


def test_what_killed_runs_left_goes_too(config: Path) -> None:
    spill = config.parent / "archive" / ".work" / "000009" / "spill"
    spill.mkdir(parents=True)
    (spill / "part.tmp").write_text("names")
    purged(config)
    assert not (config.parent / "archive" / ".work").exists()


# -------------------------------------------------------------------------- what remains


@pytest.mark.parametrize("pointer", ["", "nonsense", "000001-20250504T080000Z"])
def test_the_current_run_stays_whatever_its_age(config: Path, pointer: str) -> None:
    """Where nothing says which it is: the newest."""
    archive = Archive(config.parent / "archive")
    (archive.folder / "CURRENT").write_text(pointer)
    purged(config, NOW + 1000 * DAY)
    current = archive.current() or archive.run_ids()[-1]
    assert names(archive.folder / current / "exact") == ALL
    assert_true(config)


def test_a_run_of_the_future_is_not_old(config: Path) -> None:
    """The clock was set back."""
    assert purged(config, NOW - 1000 * DAY).is_empty


def test_another_quarter_further_back_is_not_the_one_before(tmp_path: Path) -> None:
    config = office(tmp_path / "office", runs={NOW - 90 * DAY: "2025-06-30", NOW: "2025-10-01"})
    purged(config)
    assert left(config) == [REST, ALL]


def test_over_the_new_year(tmp_path: Path) -> None:
    runs = {NOW - 90 * DAY: "2025-10-01", NOW - 80 * DAY: "2025-12-31", NOW: "2026-01-01"}
    config = office(tmp_path / "office", runs=runs)
    purged(config)
    assert left(config) == [REST, ALL - {"quarantine.csv", "quarantine.xlsx"}, ALL]


@pytest.mark.parametrize(
    "content",
    ["", "{}", "[]", '{"files": 3}', None, '{"files": {"exact/../../../geo-target.key": {}}}'],
)
def test_a_run_without_a_manifest_is_named_and_left(config: Path, content: str | None) -> None:
    archive = config.parent / "archive"
    broken = Archive(archive).run_ids()[1]
    manifest = archive / broken / "manifest.json"
    manifest.unlink() if content is None else manifest.write_text(content)
    found = purged(config)
    assert [(f.code, f.file) for f in found.plan.faults()] == [("E-PURGE-MANIFEST", broken)]
    assert left(config)[:2] == [REST, ALL]
    assert (config.parent / "geo-target.key").exists()


# ------------------------------------------------------------------------------- sources


def test_old_lists_are_named_and_go_only_when_asked_for(config: Path) -> None:
    lists = config.parent / "lists"
    for name, days in {"families": 31, "population": 300}.items():
        at = (NOW - days * DAY).timestamp()
        os.utime(lists / f"{name}.csv", (at, at))
    found = purged(config)
    assert [(f.code, f.file) for f in found.plan.faults()] == [
        ("W-PURGE-SOURCE", str(lists / "families.csv"))
    ]
    assert names(lists) == {"families.csv", "population.csv"}
    assert not purged(config, with_sources=True).is_empty
    assert names(lists) == {"population.csv"}  # it names nobody
    assert purged(config, with_sources=True).is_empty


@pytest.mark.parametrize("profile", ["decisions", "visits", "proposals"])
def test_what_people_decided_and_found_never_goes_with_the_lists(
    config: Path, profile: str
) -> None:
    """Once its visits are purged, this file is all that later runs know of them."""
    ours = config.parent / "putusan.csv"
    ours.write_text(profile)
    os.utime(ours, (0, 0))
    config.write_text(
        f'{config.read_text()}\n[[source]]\nfile = "putusan.csv"\nprofile = "{profile}"\n'
        "as_of = 2025-09-01\n"
    )
    found = purged(config, with_sources=True)
    assert ours.exists()
    assert [f.code for f in found.plan.faults()] == []


# ------------------------------------------------------------------------------ database


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    with fresh_url(request.param, tmp_path) as url:
        migrate(url)
        opened = open_database(url)
        yield opened
        opened.close()


def test_sessions_and_wrong_passwords_go_and_the_log_stays(
    config: Path, database: Database
) -> None:
    clock = Clock()
    accounts = Accounts(database, hasher=PasswordHasher(cost=CHEAP), clock=clock)
    user = accounts.add("siti", password=GOOD, by=ROOT, display_name="S", role="viewer")
    sessions = Sessions(database, clock=clock)
    for hours in (50, 37, 35, 1):
        clock.now = NOW - timedelta(hours=hours)
        token = sessions.create(user)
        with pytest.raises(SignInError):
            accounts.sign_in("siti", "wrong", address=f"10.0.0.{hours}")
    sessions.revoke(token)
    AuditLog(database, clock=clock).append(read_of("a"))
    entries = len(rows(database, AUDIT_LOG))
    found = purged(config, database=database)
    assert found.expired is not None
    assert (found.expired.sessions, found.expired.login_attempts) == (2, 2 - OLD_ATTEMPTS)
    assert len(rows(database, SESSIONS)) == 2
    assert all(row.at >= NOW - DAY for row in rows(database, LOGIN_ATTEMPTS))
    told = rows(database, AUDIT_LOG)[-1]
    assert len(rows(database, AUDIT_LOG)) == entries + 1
    assert (told.verb, told.actor, told.result) == ("purge", "command-line", "ok")
    assert told.reason == "runs=5 files=22 sources=0 sessions=2 login_attempts=0"
    assert audit_chain.verify(database).broken is None
    # Nothing more to do, nothing more to tell.
    assert purged(config, database=database).is_empty
    assert len(rows(database, AUDIT_LOG)) == entries + 1


def test_visits_go_after_their_days_and_the_log_tells(config: Path, database: Database) -> None:
    clock = Clock()
    clock.now = NOW - 100 * DAY
    plans, outcomes = VisitPlans(database, clock), VisitOutcomes(database, key=KEY, clock=clock)
    plans.add(plan(visit("A"), visit("B")), title="x", by=RATNA)
    outcomes.take([answer("A")], by=WATI)
    outcomes.mark_exported(1, by=RATNA)
    plans.close(1, by=RATNA)
    assert plans.codes_taken() == {"A", "B"}
    purged(limits(config, visits=101), database=database)
    assert plans.codes_taken() == {"A", "B"}
    config.write_text(config.read_text().replace("visits_days = 101", "visits_days = 99"))
    found = purged(config, database=database)
    assert "2 kunjungan, 1 hasil kunjungan" in purge_lines(found, "id")
    assert "2 visits, 1 outcomes of visits" in purge_lines(found, "en")
    assert (plans.codes_taken(), outcomes.standing()) == (set(), {})
    assert rows(database, AUDIT_LOG)[-1].reason.endswith("visits=2 visit_outcomes=1")
    assert purged(config, database=database).is_empty


#: A wrong password takes those of more than a day before away by itself.
OLD_ATTEMPTS = 2


def rows(database: Database, table: Table) -> list[Row[Any]]:
    with database.reading() as connection:
        return list(connection.execute(select(table)))


def test_what_cannot_be_told_is_not_done(
    config: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise AuditError

    monkeypatch.setattr(AuditLog, "write", full)
    before = sums(config.parent)
    with pytest.raises(AuditError):
        purged(config, database=database)
    assert sums(config.parent) == before


# -------------------------------------------------------------------- in the middle of it


def test_not_during_a_run(config: Path) -> None:
    before = sums(config.parent)
    settings = read_settings(config)
    found = look(settings, NOW, database=None)
    with Archive(config.parent / "archive").open_run(NOW), pytest.raises(BusyError):
        purge(settings, NOW, found, database=None)
    assert sums(config.parent) == before


def test_not_what_was_not_shown(config: Path) -> None:
    """While the operator read the report, a run made another one current."""
    settings = read_settings(config)
    found = look(settings, NOW, database=None)
    with Archive(config.parent / "archive").open_run(NOW) as draft:
        draft.publish({"as_of": "2026-01-01"})
    before = sums(config.parent)
    with pytest.raises(KeepingError) as caught:
        purge(settings, NOW, found, database=None)
    assert caught.value.faults[0].code == "E-PURGE-CHANGED"
    assert sums(config.parent) == before


def test_a_file_that_cannot_be_deleted(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def held(*_: object, **__: object) -> None:
        raise PermissionError

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", held)
        with pytest.raises(GeoTargetError) as caught:
            purged(config)
    assert caught.value.faults[0].code == "E-PURGE-FILE"
    assert_true(config)
    purged(config)
    assert left(config)[0] == REST
    assert_true(config)


@posix
def test_killed_anywhere_it_never_lies_and_the_next_one_ends_it(tmp_path: Path) -> None:
    runs = {NOW - 90 * DAY: "2025-01-01", NOW - 80 * DAY: "2025-01-01", NOW: "2025-10-01"}
    whole = office(tmp_path / "whole", runs=runs)
    purged(whole)
    expected = {name: sum_ for name, sum_ in sums(whole.parent).items() if "key" not in name}
    for number in range(1, 200, 2):
        config = office(tmp_path / f"office{number}", runs=runs)
        killed = killed_at(number, lambda config=config: purged(config))  # type: ignore[misc]
        assert_true(config)
        purged(config)
        assert_true(config)
        assert {n: s for n, s in sums(config.parent).items() if "key" not in n} == expected
        if not killed:
            break
    assert number > 30


def hand_in(config: Path, *, old: Mapping[str, bool]) -> Path:
    """Files that were handed in and that nothing names, by what their folder is called."""
    home = config.parent / "deliveries"
    for name, is_old in old.items():
        file = home / name / "list.csv"
        file.parent.mkdir(parents=True)
        file.write_text("people")
        at = (NOW - (40 if is_old else 1) * DAY).timestamp()
        os.utime(file, (at, at))
    return home


def purge_all(config: Path) -> Purge:
    """As `purged`, with what was handed in beside the configuration."""
    settings, folder = read_settings(config), config.parent
    found = look(settings, NOW, database=None, folder=folder)
    purge(settings, NOW, found, database=None)
    return found


@posix
def test_killed_among_deliveries_and_copies_the_next_one_ends_it(tmp_path: Path) -> None:
    for number in range(1, 300, 3):
        config = office(tmp_path / f"office{number}")
        home = hand_in(config, old={"a": True, "b": True, "c": False})
        keep_copies(config, 40)
        killed = killed_at(number, lambda config=config: purge_all(config))  # type: ignore[misc]
        assert (home / "c" / "list.csv").read_text() == "people"
        purge_all(config)
        assert names(home) == {"c"}
        assert not any((config.parent / "archive" / ".cache").glob("*"))
        assert purge_all(config).is_empty
        if not killed:
            break
    assert number > 10


# ------------------------------------------------------------------------------ kept lists


def keep_copies(config: Path, *days: float) -> Path:
    """Kept lists that a run used so many days ago."""
    folder = Archive(config.parent / "archive").cache
    for number, ago in enumerate(days):
        entry = folder / f"{number}"
        entry.mkdir(parents=True)
        (entry / "table.parquet").write_bytes(b"people")
        (entry / "list.json").write_text("{}")
        used = (NOW - ago * DAY).timestamp()
        os.utime(entry / "list.json", (used, used))
    return folder


@pytest.mark.parametrize(
    ("days", "rest"),
    [({"exact": 30, "sources": 30}, {"0", "1"}), ({"exact": 30, "sources": 5}, {"0"}),
     ({"exact": 5, "sources": 30}, {"0"}), ({"exact": 0, "sources": 30}, set())],
)  # fmt: skip
def test_a_kept_list_goes_with_the_shorter_limit(
    config: Path, days: dict[str, int], rest: set[str]
) -> None:
    folder = keep_copies(config, 1, 29, 31)
    (folder / "torn").mkdir()
    (folder / "village-cells").write_bytes(b"nobody's")
    found = purged(limits(config, **days))
    assert names(folder) == rest | {"village-cells"}
    assert len(found.plan.copies) == 4 - len(rest)


def test_no_copy_outlives_the_list(config: Path) -> None:
    folder = keep_copies(config, 1)
    families = config.parent / "lists" / "families.csv"
    old = (NOW - 31 * DAY).timestamp()
    os.utime(families, (old, old))
    purged(config)
    assert names(folder) == {"0"}
    purged(config, with_sources=True)
    assert not families.exists()
    assert not folder.exists()


def test_a_look_changes_nothing_and_tells_of_copies(config: Path) -> None:
    purged(config)  # everything else
    folder = keep_copies(config, 31)
    found = look(read_settings(config), NOW, database=None)
    assert not found.is_empty
    assert names(folder) == {"0"}
