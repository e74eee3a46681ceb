"""How far a run is: true to the bytes, never backwards, and whole at the end alone."""

import io
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from geo_target import pipeline
from geo_target.errors import DataRefusedError
from geo_target.intake import text_blocks
from geo_target.progress import shown_progress
from geo_target.stages import SHARES, Stages, Told
from tests.builders import kk
from tests.test_cli import FAMILIES, world

NOW = datetime(2025, 10, 3, 8, 0, tzinfo=UTC)


def told_by(config: Path) -> list[Told]:
    told: list[Told] = []
    pipeline.run(config, progress=told.append, now=lambda: NOW)
    return told


def test_a_run_is_told_by_the_bytes_of_its_lists(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = world(tmp_path)
    # Nine times as long as the list of families, and read in nine pieces.
    families = (tmp_path / "families.csv").stat().st_size
    rows = [
        "program;no kk",
        f"SEMBAKO;{kk(1)}",
        *(f"PKH;{kk(i)}" for i in range(1, 9 * families // 21)),
    ]
    (tmp_path / "recipients.csv").write_text("\n".join(rows) + "\n")
    monkeypatch.setattr(text_blocks, "BLOCK_BYTES", families)
    told = told_by(config)
    shares = [one.share for one in told]
    assert all(before <= after for before, after in pairwise(shares))
    assert (shares[0], shares[-1]) == (0, 1)
    assert all(share < 1 for share in shares[:-1])
    intake = [one.share for one in told if one.en == "Reading lists"]
    whole = SHARES["intake"] / 1000
    assert intake[-1] == whole
    parts = sorted({round(share / whole, 1) for share in intake})
    assert parts == [round(i / 10, 1) for i in range(11)]


def test_every_stage_has_its_share(tmp_path: Path) -> None:
    report = pipeline.run(world(tmp_path), now=lambda: NOW).report
    assert [*report["seconds"]] == [*SHARES]
    assert sum(SHARES.values()) == 1000


def test_a_stage_that_nobody_has_measured_takes_nothing_back() -> None:
    told: list[Told] = []
    stages = Stages(told.append)
    with stages.stage("intake", "", "") as read:
        read(0.5)
        read(5)  # a list that grew: no more than all of it
    with stages.stage("unmeasured", "", "") as step:
        step(1)
    read_all = SHARES["intake"] / 1000
    assert [one.share for one in told] == [0, read_all / 2, read_all, read_all] + [1] * 3


class Terminal(io.StringIO):
    """A stream that somebody watches."""

    def isatty(self) -> bool:
        return True


def shown(out: io.StringIO) -> list[str]:
    with shown_progress("en", out) as progress:
        for share in (0, 0.1, 0.1, 0.999):
            progress(Told("Membaca", "Reading", share))
        progress(Told("Membaca", "Reading", 1, 2.345))
    return out.getvalue().replace("\r", "\n").splitlines()[out.isatty() :]


def test_a_terminal_sees_a_bar() -> None:
    assert shown(Terminal()) == [
        "Reading                  [------------------------------]   0%",
        "Reading                  [###---------------------------]  10%",
        "Reading                  [#############################-]  99%",
        "Reading                  [##############################] 100%",
    ]


def test_a_log_sees_a_line_a_stage() -> None:
    assert shown(io.StringIO()) == ["Reading                       2.3 s"]


def test_what_stops_early_leaves_its_line(tmp_path: Path) -> None:
    out = Terminal()
    config = world(tmp_path, families=FAMILIES.replace("family_id", "merah", 1))
    with pytest.raises(DataRefusedError), shown_progress("id", out) as progress:
        pipeline.run(config, progress=progress, now=lambda: NOW)
    assert out.getvalue().endswith("%\n")
    assert "100%" not in out.getvalue()
