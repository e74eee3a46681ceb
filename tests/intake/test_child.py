"""A list is read in a process of its own: whatever that does, this one goes on."""

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from python_calamine import CalamineWorkbook

from geo_target.errors import GeoTargetError
from geo_target.intake.child import ReadAside, read_in_child
from geo_target.intake.report import check_file
from geo_target.platform import Limits, end_group
from geo_target.resources import resource_dir
from tests.builders import kk, nik, write_csv

DAY = date(2025, 10, 1)
linux_only = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="limits of a process hold on Linux"
)


def small_list(folder: Path, families: int = 2) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    rows = "\n".join(f"F{i} | Serang | Cipare | {kk(1)} | {nik(1)}" for i in range(families))
    return write_csv(
        folder / "list.csv",
        f"family_id | district_name | village_name | family_card_number | head_national_id\n{rows}",
    )


def read(file: Path, folder: Path, **limits: float) -> ReadAside:
    bound = Limits(**limits)  # type: ignore[arg-type]
    return read_in_child(file, folder, as_of=DAY, profile="families", limits=bound)


def code_of(file: Path, folder: Path, **limits: float) -> str:
    with pytest.raises(GeoTargetError) as caught:
        read(file, folder, **limits)
    (fault,) = caught.value.faults
    assert fault.file == file.name
    assert fault.id != fault.en
    assert list(folder.iterdir()) == []  # nothing half-written
    return fault.code


def never_ends(folder: Path) -> Path:
    """A pipe that nobody writes to: whoever opens it waits."""
    pipe = folder / "list.csv"
    os.mkfifo(pipe)
    return pipe


def children() -> list[int]:
    return [child.pid or 0 for child in multiprocessing.active_children()]


def kill_child_when_there(before: list[int]) -> None:
    while not (new := set(children()) - set(before)):
        time.sleep(0.01)
    time.sleep(1)
    os.kill(new.pop(), signal.SIGKILL)


def memory_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def test_a_list_comes_back_as_files(tmp_path: Path) -> None:
    file = small_list(tmp_path)
    found = read(file, tmp_path / "out")
    assert found.report["en"] == check_file(file, profile="families", as_of=DAY).to_json("en")
    assert set(found.report) == {"id", "en"}
    accepted = pq.read_table(tmp_path / "out" / "accepted.parquet").to_pydict()
    assert sorted(accepted["family_id"]) == ["F0", "F1"]
    assert accepted["head_national_id"] == [nik(1), nik(1)]
    assert pq.read_table(tmp_path / "out" / "faults.parquet").num_rows == 0
    assert {p.name for p in (tmp_path / "out").iterdir()} == {
        "accepted.parquet", "faults.parquet", "report.json"
    }  # fmt: skip


def test_a_refused_list_comes_back_as_its_report(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("<html>", "utf-8")
    found = read(tmp_path / "list.csv", tmp_path / "out")
    assert found.refused
    assert found.report["en"]["reasons"] == {"E-TYPE": 1}
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["report.json"]


def test_rows_to_mend_are_written_where_there_are_any(tmp_path: Path) -> None:
    file, folder = small_list(tmp_path), tmp_path / "out"
    read_in_child(file, folder, as_of=DAY, profile="families", repair="en")
    assert "repair.xlsx" not in {p.name for p in folder.iterdir()}
    file.write_text(file.read_text("utf-8").replace(nik(1), nik(1)[1:]), "utf-8")
    read_in_child(file, folder, as_of=DAY, profile="families", repair="en")
    _, *rows = CalamineWorkbook.from_path(folder / "repair.xlsx").get_sheet_by_index(0).to_python()
    assert [str(row[-1])[-11:] for row in rows] == ["[E-NIK-LEN]"] * 2
    read(file, folder)
    assert "repair.xlsx" not in {p.name for p in folder.iterdir()}


def test_layouts_of_the_users_own_are_named_to_it(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    ours = (resource_dir("geodata") / "profiles" / "families.toml").read_text("utf-8")
    own = ours.replace('name = "families"', 'name = "kantor"', 1)
    (tmp_path / "own" / "kantor.toml").write_text(own, "utf-8")
    how = {"as_of": DAY, "profile": "kantor"}
    file, folder = small_list(tmp_path), tmp_path / "out"
    assert read_in_child(file, folder, **how).refused  # type: ignore[arg-type]
    known = read_in_child(file, folder, profiles=tmp_path / "own", **how)  # type: ignore[arg-type]
    assert known.report["en"]["profile"] == "kantor"


def test_the_program_of_a_list_is_told_to_it(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text(f"NAMA PENERIMA;NIK KTP;TAHAP\nA;{nik(1)};4\n", "utf-8")
    kept = []
    for program in (None, "PKH"):
        read_in_child(file, tmp_path / "out", as_of=DAY, profile="siks-recipients", program=program)
        kept += pq.read_table(tmp_path / "out" / "accepted.parquet").to_pydict()["program"]
    assert kept == [None, "PKH"]


def test_what_an_earlier_list_left_is_gone(tmp_path: Path) -> None:
    read(small_list(tmp_path), tmp_path / "out")
    (tmp_path / "list.csv").write_text("<html>", "utf-8")
    assert read(tmp_path / "list.csv", tmp_path / "out").refused
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["report.json"]


def test_two_lists_at_once(tmp_path: Path) -> None:
    files = [small_list(tmp_path / name, families) for name, families in (("a", 2), ("b", 3))]
    with ThreadPoolExecutor(2) as both:
        found = list(both.map(lambda file: read(file, file.parent / "out"), files))
    assert [one.report["en"]["accepted"] for one in found] == [2, 3]


@linux_only
def test_a_child_that_hangs_is_ended_in_time(tmp_path: Path) -> None:
    begun = time.monotonic()
    assert code_of(never_ends(tmp_path), tmp_path / "out", seconds=2) == "E-READER-TIME"
    assert time.monotonic() - begun < 60  # and not as long as nobody writes
    assert children() == []


@linux_only
def test_a_child_that_is_killed_is_reported(tmp_path: Path) -> None:
    killer = threading.Thread(target=kill_child_when_there, args=(children(),))
    killer.start()
    assert code_of(never_ends(tmp_path), tmp_path / "out", seconds=30) == "E-READER-DIED"
    killer.join()


@linux_only
def test_a_child_that_takes_too_much_memory_leaves_this_process_alone(tmp_path: Path) -> None:
    file = small_list(tmp_path, 200_000)
    read(small_list(tmp_path / "first"), tmp_path / "out")  # what a first call costs
    before = memory_mb()
    code = code_of(file, tmp_path / "none", memory_bytes=700_000_000)
    assert code in {"E-READER-MEMORY", "E-READER-DIED"}
    assert memory_mb() - before < 20
    assert read(file, tmp_path / "out").report["en"]["accepted"] == 200_000


@linux_only
def test_a_child_that_computes_too_long_is_ended(tmp_path: Path) -> None:
    file = small_list(tmp_path, 200_000)
    assert code_of(file, tmp_path / "out", cpu_seconds=1) == "E-READER-TIME"


@linux_only
def test_a_result_that_cannot_be_written_is_a_full_disk(tmp_path: Path) -> None:
    file = small_list(tmp_path, 1_000)
    assert code_of(file, tmp_path / "out", file_bytes=1_000) == "E-DISK-FULL"


@pytest.mark.parametrize(
    "does",
    [
        "import socket; socket.socket()",
        "import socket; socket.getaddrinfo('localhost', 80)",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true')",
    ],
)
def test_a_bound_process_asks_no_host_and_starts_no_program(does: str) -> None:
    bound = "from geo_target.platform import Limits, bind_process; bind_process(Limits())"
    done = subprocess.run(
        [sys.executable, "-c", f"{bound}; {does}"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "PermissionError" in done.stderr


@linux_only
def test_a_group_ends_with_its_children() -> None:
    shell = subprocess.Popen(
        ["sh", "-c", "sleep 60 & echo $!; wait"], stdout=subprocess.PIPE, start_new_session=True
    )
    assert shell.stdout is not None
    grandchild = int(shell.stdout.readline())
    end_group(shell.pid)
    assert shell.wait(60) == -signal.SIGKILL
    shell.stdout.close()
    assert eventually(lambda: not is_running(grandchild))


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def eventually(holds: Callable[[], bool]) -> bool:
    until = time.monotonic() + 60
    while not holds() and time.monotonic() < until:
        time.sleep(0.02)
    return holds()
