"""What the public sees moves after a second person said so, and only to what is whole."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from geo_target import pipeline, publication
from geo_target.balance_sheet import balance_sheet
from geo_target.cli import main
from geo_target.demo.world import write_demo
from geo_target.errors import GeoTargetError
from geo_target.operations.accounts import Accounts
from geo_target.operations.audit import Actor
from geo_target.operations.database import default_url, open_database
from geo_target.operations.migration import migrate
from geo_target.operations.publications import Publications
from geo_target.publishing import shown_public
from geo_target.publishing.archive import KEY_FILE, Archive
from geo_target.publishing.audiences import COUNTS, MEETING, PUBLIC
from geo_target.publishing.interval_attack import GateError
from geo_target.publishing.releases import (
    ever_published,
    file_of,
    recall,
    seen_by,
)
from tests.operations.world import GOOD, ROOT

ANI = Actor(name="ani", role="analyst")
BUDI = Actor(name="budi", role="approver")
BANDS = {"10-24", "25-49", "50-99", "100+", "0", None}


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small world, run twice."""
    folder = tmp_path_factory.mktemp("world")
    write_demo(folder, area="36.73.02", families=1_500, lists="csv")
    for _ in range(2):
        pipeline.run(folder / "geo-target.toml")
    return folder


@pytest.fixture
def archive(ran: Path, tmp_path: Path) -> Archive:
    shutil.copytree(ran / "archive", tmp_path / "archive")
    for file in (*ran.glob("*.toml"), *ran.glob("*.csv")):
        shutil.copy(file, tmp_path)
    return Archive(tmp_path / "archive")


def copy_inputs(ran: Path, to: Path) -> None:
    """What a run reads beside its configuration: lists, boundaries, the archive's key."""
    for name in ("lists", "boundaries"):
        if (ran / name).exists():
            shutil.copytree(ran / name, to / name)
    shutil.copy(ran / KEY_FILE, to)


@pytest.fixture
def publications(tmp_path: Path) -> Iterator[Publications]:
    migrate(default_url(tmp_path))
    database = open_database(default_url(tmp_path))
    yield Publications(database)
    database.close()


def published(archive: Archive, publications: Publications, run_id: str) -> None:
    assert publication.publish(run_id, archive, publications, by=ANI) == "proposed"
    assert publication.publish(run_id, archive, publications, by=BUDI) == "published"


def test_a_second_person_publishes(archive: Archive, publications: Publications) -> None:
    first, second = archive.run_ids()
    assert publication.publish(first, archive, publications, by=ANI) == "proposed"
    assert (archive.public(), archive.published()) == (None, [])
    assert publication.publish(first, archive, publications, by=BUDI) == "published"
    assert (archive.public(), archive.published()) == (first, [first])
    published(archive, publications, second)
    published(archive, publications, first)
    assert (archive.public(), archive.published()) == (first, [first, second])
    assert archive.current() == second  # signed-in people see what they saw


def test_what_was_withdrawn_stays_remembered(archive: Archive, publications: Publications) -> None:
    first, _ = archive.run_ids()
    published(archive, publications, first)
    with pytest.raises(GeoTargetError, match="E-PUBLISH-ROLE"):
        publication.withdraw(archive, publications, by=ANI)
    assert publication.withdraw(archive, publications, by=BUDI) == first
    assert (archive.public(), archive.published()) == (None, [first])
    assert publication.withdraw(archive, publications, by=BUDI) is None
    assert len(ever_published(archive, PUBLIC)) == 1


def test_what_is_not_whole_is_not_published(archive: Archive, publications: Publications) -> None:
    def refused(run_id: str) -> str:
        with pytest.raises(publication.NotPublishedError) as caught:
            publication.publish(run_id, archive, publications, by=ANI)
        return caught.value.faults[0].code

    first, second = archive.run_ids()
    assert refused("000009-20251001T020000Z") == "E-PUBLISH-RUN"
    assert refused("../../etc") == "E-PUBLISH-RUN"
    table = archive.folder / first / "shown/public/tables/villages.json"
    whole = table.read_bytes()
    table.write_bytes(whole.replace(b"10-24", b"11-24"))
    assert refused(first) == "E-PUBLISH-BROKEN"
    table.write_bytes(whole)
    (table.parent / "more.json").write_bytes(b"{}")
    assert refused(first) == "E-PUBLISH-BROKEN"
    shutil.rmtree(archive.folder / second / "shown/public")
    assert refused(second) == "E-PUBLISH-BROKEN"
    manifest = archive.folder / second / "manifest.json"
    told = json.loads(manifest.read_text("utf-8")) | {"public": {"refused": "E-GATE"}}
    manifest.write_text(json.dumps(told), encoding="utf-8")
    assert refused(second) == "E-PUBLISH-REFUSED"
    assert archive.public() is None


def test_what_breaks_between_proposal_and_approval_is_not_published(
    archive: Archive, publications: Publications
) -> None:
    first, _ = archive.run_ids()
    publication.publish(first, archive, publications, by=ANI)
    (archive.folder / first / "shown/public/summary.json").unlink()
    with pytest.raises(publication.NotPublishedError, match="E-PUBLISH-BROKEN"):
        publication.publish(first, archive, publications, by=BUDI)
    assert (archive.public(), archive.published()) == (None, [])
    assert [made.approved_at for made in publications.all()] == [None]


def test_the_gate_holds_a_run_to_all_that_was_published(
    archive: Archive, publications: Publications
) -> None:
    first, second = archive.run_ids()
    published(archive, publications, first)
    publication.publish(second, archive, publications, by=ANI)
    # As if the first had shown all: what the second withholds is known.
    path = archive.folder / first / file_of(PUBLIC)
    rows = pd.read_parquet(path)
    flags = [f"{name}_withheld" for name in COUNTS]
    assert rows[flags].to_numpy().any()
    rows.assign(**dict.fromkeys(flags, False)).to_parquet(path)
    with pytest.raises(GateError, match="E-GATE"):
        publication.publish(second, archive, publications, by=BUDI)
    assert archive.public() == first
    path.unlink()
    with pytest.raises(GateError, match="E-RELEASE-LOST"):
        publication.publish(second, archive, publications, by=BUDI)


def test_a_run_knows_what_was_published(
    ran: Path, archive: Archive, publications: Publications, tmp_path: Path
) -> None:
    first, _ = archive.run_ids()
    published(archive, publications, first)
    copy_inputs(ran, tmp_path)
    seen: list[int] = []
    tables = shown_public.public_tables

    def watched(villages: object, meeting: object, earlier: list[object]) -> object:
        seen.append(len(earlier))
        return tables(villages, meeting, earlier)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(shown_public, "public_tables", watched)
        pipeline.run(tmp_path / "geo-target.toml")
    # What is not in the archive any more cannot be held against: the public gets nothing.
    (archive.folder / first / file_of(PUBLIC)).unlink()
    report = pipeline.run(tmp_path / "geo-target.toml").report
    snapshot = Path(report["snapshot"])
    manifest = json.loads((snapshot / "manifest.json").read_text("utf-8"))
    assert seen == [1]
    assert "Untuk umum" not in balance_sheet({**report, "public": {}}, "id")
    assert manifest["public"] == report["public"] == {"refused": "E-RELEASE-LOST"}
    assert "tidak ada (E-RELEASE-LOST)" in balance_sheet(report, "id")
    assert "nothing (E-RELEASE-LOST)" in balance_sheet(report, "en")
    assert not (snapshot / "shown/public").exists()
    assert (snapshot / "shown/meeting/summary.json").is_file()


class Killed(BaseException):
    """What stops a program from outside."""


def killed(*_: object, **__: object) -> None:
    raise Killed


def test_a_publication_that_was_cut_short_is_finished(
    archive: Archive, publications: Publications
) -> None:
    first, second = archive.run_ids()
    published(archive, publications, first)
    publication.publish(second, archive, publications, by=ANI)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Archive, "point_public", killed)
        with pytest.raises(Killed):
            publication.publish(second, archive, publications, by=BUDI)
    assert archive.public() == first
    assert publication.publish(second, archive, publications, by=BUDI) == "finished"
    assert archive.public() == second
    for run_id in (first, second):  # what is done is not due again
        with pytest.raises(GeoTargetError, match="E-PUBLISH-UNPROPOSED"):
            publication.publish(run_id, archive, publications, by=BUDI)
    publication.withdraw(archive, publications, by=BUDI)
    with pytest.raises(GeoTargetError, match="E-PUBLISH-UNPROPOSED"):
        publication.publish(second, archive, publications, by=BUDI)
    assert archive.public() is None


def test_a_withdrawal_that_was_cut_short_is_repeated(
    archive: Archive, publications: Publications
) -> None:
    first, _ = archive.run_ids()
    published(archive, publications, first)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Publications, "withdraw", killed)
        with pytest.raises(Killed):
            publication.withdraw(archive, publications, by=BUDI)
    assert archive.public() is None  # the public sees nothing from the first moment
    assert publications.last_published() == first
    assert publication.withdraw(archive, publications, by=BUDI) == first
    assert publications.last_published() is None
    assert publication.withdraw(archive, publications, by=BUDI) is None


def test_what_the_meeting_was_shown_is_not_lost_in_silence(archive: Archive) -> None:
    first, second = archive.run_ids()
    (shown,) = seen_by(archive, MEETING)
    assert archive.current() == second
    current = archive.folder / "CURRENT"
    current.unlink()  # the newest run is taken for it
    (taken,) = seen_by(archive, MEETING)
    pd.testing.assert_frame_equal(taken.suppression.cells, shown.suppression.cells)
    current.write_text("000009-20251001T020000Z\n")
    with pytest.raises(GateError, match="E-RELEASE-LOST"):
        seen_by(archive, MEETING)
    current.write_text(f"{second}\n")
    (archive.folder / second / file_of(MEETING)).unlink()
    with pytest.raises(GateError, match="E-RELEASE-LOST"):
        seen_by(archive, MEETING)
    shutil.rmtree(archive.folder / second)
    with pytest.raises(GateError, match="E-RELEASE-LOST"):
        seen_by(archive, MEETING)
    shutil.rmtree(archive.folder / first)
    assert seen_by(archive, MEETING) == []  # no run at all


def test_a_version_that_remembered_nothing_lost_nothing(archive: Archive) -> None:
    for run_id in archive.run_ids():
        name = archive.folder / run_id / "manifest.json"
        manifest = json.loads(name.read_bytes())
        del manifest["files"][file_of(MEETING)], manifest["public"]
        name.write_text(json.dumps(manifest), encoding="utf-8")
        (archive.folder / run_id / file_of(MEETING)).unlink()
    assert seen_by(archive, MEETING) == []


def test_a_run_is_refused_where_the_meetings_memory_is_lost(
    ran: Path, archive: Archive, tmp_path: Path
) -> None:
    copy_inputs(ran, tmp_path)
    runs = archive.run_ids()
    (archive.folder / runs[-1] / file_of(MEETING)).unlink()
    with pytest.raises(GateError, match="E-RELEASE-LOST"):
        pipeline.run(tmp_path / "geo-target.toml")
    assert (archive.run_ids(), archive.current()) == (runs, runs[-1])


def test_the_files_of_the_public(archive: Archive) -> None:
    run_id = archive.run_ids()[-1]
    folder = archive.folder / run_id / "shown/public"
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    (script,) = {name for name in names if name.startswith("map.")}
    assert {"tables/villages.json", "summary.json", "layers/villages.json.gz",
            "layers/districts.json.gz"} <= names  # fmt: skip
    assert b"clusters" not in (folder / script).read_bytes()
    villages = json.loads((folder / "tables/villages.json").read_bytes())
    bands = {row[name] for row in villages for name in COUNTS}
    assert bands <= BANDS
    assert None in bands
    assert len(bands) > 2
    assert not {"priority_rank", "families", "exclusion_error", "located_families"} & set(
        villages[0]
    )
    for row in villages:
        assert [name for name in COUNTS if row[name] is None] == [
            name for name in COUNTS if name in row["withheld"]
        ]
    summary = json.loads((folder / "summary.json").read_bytes())
    assert {key for source in summary["sources"] for key in source} == {"title", "as_of"}
    assert not {"balance", "file", "rows"} & set(summary)
    text = json.dumps(summary)
    assert ".csv" not in text
    assert ".geojson" not in text


def test_releases_are_read_back_as_they_were(archive: Archive) -> None:
    run_id = archive.run_ids()[-1]
    meeting, public = (recall(archive, run_id, audience) for audience in (MEETING, PUBLIC))
    exact = pd.read_parquet(archive.folder / run_id / "exact/villages.parquet")
    exact = exact.set_index("village_code")[list(COUNTS)]
    assert (meeting.table[list(COUNTS)] == exact).all(axis=None)
    assert (public.suppression.cells >= meeting.suppression.cells).all(axis=None)
    rows = json.loads((archive.folder / run_id / "shown/meeting/tables/villages.json").read_bytes())
    for row in rows:
        flags = meeting.suppression.cells.loc[row["village_code"]]
        assert [row[name] is None for name in COUNTS] == [bool(flags[name]) for name in COUNTS]
    (seen,) = seen_by(archive, MEETING)
    assert (seen.suppression.margins == meeting.suppression.margins).all(axis=None)


def test_the_command(archive: Archive, tmp_path: Path) -> None:
    url = default_url(tmp_path)
    migrate(url)
    database = open_database(url)
    for name, role in (("ani", "analyst"), ("budi", "approver"), ("citra", "viewer")):
        Accounts(database, good_for=None).add(name, name.title(), GOOD, role, by=ROOT)
    database.close()
    config = str(tmp_path / "geo-target.toml")
    run_id = archive.run_ids()[0]

    def call(*words: str, password: str = GOOD) -> Result:
        return CliRunner().invoke(
            main, ["publish", *words, "--config", config, "--database", url], input=f"{password}\n"
        )

    assert "E-PUBLISH-ROLE" in call(run_id, "--as", "citra").output
    assert "E-PUBLISH-UNPROPOSED" in call(run_id, "--as", "budi").output
    assert "E-SIGN-IN" in call(run_id, "--as", "ani", password="salah").output
    assert call("--list").output == ""
    assert "diusulkan" in call(run_id, "--as", "ani").output
    assert "dibatalkan" in call(run_id, "--take-back", "--as", "ani").output
    proposed = call(run_id, "--as", "ani").output
    rows = json.loads((archive.folder / run_id / "shown/public/tables/villages.json").read_bytes())
    withheld = sum(row["uncovered_families"] is None for row in rows)
    told = f"kelurahan/desa: {len(rows) - withheld} tampil, {withheld} tidak ditampilkan"
    assert told in proposed
    assert "menunggu penyetuju" in call("--list").output
    assert "E-PUBLISH-WAITS" in call(run_id, "--as", "ani").output
    assert told in call(run_id, "--as", "budi").output
    (line,) = call("--list").output.splitlines()
    assert line.startswith(f"{run_id}  diusulkan ani ")
    assert line.endswith("kini tampil untuk umum")
    assert archive.public() == run_id
    assert "ditarik" in call("--withdraw", "--as", "budi").output
    assert archive.public() is None
    assert "kini tampil" not in call("--list").output
    for words in (("--as", "budi"), ("--take-back", "--as", "budi"), (run_id,), ("--list", run_id),
                  ("--list", "--as", "budi")):  # fmt: skip
        assert call(*words).exit_code == 2
