"""Answers as files, in each shape in which they come back: ODK, Kobo twice, and sheets."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from geo_target.demo.answers import simulate_returns
from geo_target.demo.found_lists import FOLDER
from geo_target.demo.month import ANSWER_FILES, VISITS_TRUTH, read_findings
from geo_target.demo.planned_visits import read_visits
from geo_target.errors import ConfigError, Fault
from geo_target.fieldwork.kobo_csv import write_kobo_csv
from geo_target.fieldwork.kobo_json import write_kobo_json
from geo_target.fieldwork.odk_csv import write_odk_csv
from geo_target.fieldwork.outcomes import Outcome
from geo_target.fieldwork.return_sheets import write_return_sheet

_SHAPES = ("odk", "kobo-csv", "kobo-json", "sheet")


def answer_visits(folder: Path, plan: Path, *, seed: int = 1) -> list[Path]:
    """Answer the visits of a plan into the folder ``returns`` of a demo; the files written.

    Villages take turns: the first is answered with ODK, the next two with Kobo (CSV and JSON),
    the fourth on a sheet of its own. Strays and new families of no sheet's village go with ODK.

    Parameters
    ----------
    folder
        A demo before its visits.
    plan
        See `planned_visits.read_visits`.

    Raises
    ------
    ConfigError
        If `folder` holds no such demo.
    DataRefusedError
        If the plan cannot be read, or is of another demo.
    """
    if not (folder / "truth" / VISITS_TRUTH).is_file():
        raise _no_month(folder)
    visits = read_visits(plan)
    answers = simulate_returns(read_findings(folder), visits, seed=seed)
    village = {one.code: one.target.village_code for one in visits}
    (folder / FOLDER).mkdir(exist_ok=True)
    for name in ANSWER_FILES:
        for file in (folder / FOLDER).glob(name):
            file.unlink()
    written = []
    for name, content in _files(answers, village).items():
        (folder / FOLDER / name).write_bytes(content)
        written.append(folder / FOLDER / name)
    return written


def _files(answers: Sequence[Outcome], village: dict[str, str]) -> dict[str, bytes]:
    turn = {code: number for number, code in enumerate(sorted(set(village.values())))}
    parts: dict[str, list[Outcome]] = {shape: [] for shape in _SHAPES[:3]}
    sheets: dict[str, list[Outcome]] = {}
    for one in answers:
        where = village.get(one.visit_code) or one.corrected.get("village_code")
        shape = _SHAPES[turn[where] % len(_SHAPES)] if where in turn else "odk"
        if shape == "sheet" and where is not None:
            sheets.setdefault(where, []).append(replace(one, source="xlsx"))
        else:
            parts[shape].append(replace(one, source=shape.partition("-")[0]))
    writers = {
        "odk.csv": (write_odk_csv, parts["odk"]),
        "kobo.csv": (write_kobo_csv, parts["kobo-csv"]),
        "kobo.json": (write_kobo_json, parts["kobo-json"]),
        **{f"lembar-{where}.xlsx": (write_return_sheet, part) for where, part in sheets.items()},
    }
    return {name: write(part) for name, (write, part) in writers.items() if part}


def _no_month(folder: Path) -> ConfigError:
    return ConfigError(
        Fault(
            "E-DEMO-MONTH",
            id=f"{folder} bukan dunia peragaan sebelum kunjungan; buat dengan "
            "geo-target demo FOLDER --before-visits",
            en=f"{folder} is no demo before its visits; make one with "
            "geo-target demo FOLDER --before-visits",
        )
    )
