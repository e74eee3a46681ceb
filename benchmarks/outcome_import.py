"""Reading 50,000 answers of visits, as ODK Central, Kobo's CSV and Kobo's JSON write them.

    python -m benchmarks.outcome_import --part parse [--answers 50000] [--save]

The answers are made up, by the seed; each file is read three times and must say what was written.
"""

import argparse
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

from benchmarks.results import Plot, Result, Table, finish, machine, today
from geo_target.fieldwork.kobo_csv import write_kobo_csv
from geo_target.fieldwork.kobo_json import write_kobo_json
from geo_target.fieldwork.odk_csv import write_odk_csv
from geo_target.fieldwork.outcome_codes import codes, housing, signs
from geo_target.fieldwork.outcomes import Outcome
from geo_target.fieldwork.returns import Returns, read_returns

PARTS = ("parse",)
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
RUNS = 3
GOAL_S = 12.0
_WRITERS: dict[str, tuple[str, Callable[[Sequence[Outcome]], bytes]]] = {
    "ODK Central, CSV": ("odk", write_odk_csv),
    "Kobo, CSV": ("kobo", write_kobo_csv),
    "Kobo, JSON": ("kobo", write_kobo_json),
}
_NOTE = """\
The job: {answers:,} answers of visits as each server writes them, {fields} filled fields an answer
on average, read from bytes to outcomes: cells, words, clocks, points, masks. Points are not
compared with villages. CPU seconds of the fastest of three; every file must say what was written.
The goal: 50,000 answers of ODK within {goal:.0f} s of CPU. The peak is of Python's own memory, in a
run of its own, with the bytes of the file."""


def answers(count: int, *, seed: int = 7) -> Iterator[Outcome]:
    """Made-up answers: two of three found somebody, one of three corrected something."""
    rng = Random(seed)
    code_names = [code for code, one in codes().items() if not one.is_proposal]
    for number in range(count):
        is_found = rng.random() < 0.66
        yield Outcome(
            submission_id=f"{number:08x}-aaaa-4bbb-8ccc-{rng.randrange(10**6):06d}abcdef",
            visit_code=f"{number:08X}",
            outcome="found_eligible" if is_found else rng.choice(code_names),
            source="odk",
            visited_on=NOW.date(),
            officer=f"petugas{rng.randrange(87)}",
            device_at=NOW - timedelta(seconds=rng.randrange(80_000)),
            submitted_at=NOW - timedelta(seconds=rng.randrange(3_000)),
            lon=round(106.1 + rng.random() / 10, 6),
            lat=round(-6.2 + rng.random() / 10, 6),
            accuracy_m=round(3 + rng.random() * 20, 1),
            programs=tuple(rng.sample(["PKH", "SEMBAKO", "PBI_JK"], rng.randrange(3))),
            signs={name: rng.random() < 0.5 for name in signs()} if is_found else {},
            housing={name: rng.choice(list(question.words)) for name, question in housing().items()}
            if is_found
            else {},
            corrected={"rt": f"{rng.randrange(1, 20):03}"} if rng.random() < 1 / 3 else {},
            respondent="istri",
            note="rumah di belakang musala, pagar hijau" if number % 4 == 0 else None,
        )


def measure(kind: str, sent: Sequence[Outcome]) -> tuple[float, float, float, float]:
    """Megabytes of the file; CPU seconds of the fastest run; megabytes at the peak; answers a s."""
    source, write = _WRITERS[kind]
    expected = [replace(one, source=source) for one in sent]
    content = write(expected)
    seconds = []
    for _ in range(RUNS):
        begun = time.process_time()
        back = read(content)
        seconds.append(time.process_time() - begun)
        if back.outcomes != expected or back.faults:
            raise AssertionError(f"{kind}: what was read is not what was written")
    tracemalloc.start()
    read(content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    fastest = min(seconds)
    return len(content) / 1e6, fastest, (peak + len(content)) / 1e6, len(sent) / fastest


def read(content: bytes) -> Returns:
    """What the service does with an upload."""
    return read_returns(content, name="jawaban", received_at=NOW)


def parse(count: int, command: str) -> Result:
    """Read all kinds of files."""
    sent = list(answers(count))
    filled = sum(
        12 + len(one.signs) + len(one.housing) + len(one.corrected) + bool(one.note) for one in sent
    )
    rows = [(kind, *measure(kind, sent)) for kind in _WRITERS]
    columns = ("file", "MB", "CPU s", "peak MB", "answers a CPU s")
    return Result(
        "outcome_import", "Answers of visits coming in", command,
        _NOTE.format(answers=count, fields=round(filled / max(count, 1)), goal=GOAL_S),
        (Table("Reading", columns, tuple(rows)),),
        Plot("CPU seconds of reading", "", "s", "bars",
             {"read": [(str(row[0]), float(row[2])) for row in rows]}),
        {"csv, json": "of Python"}, machine(), today(),
    )  # fmt: skip


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=PARTS, default="parse")
    parser.add_argument("--answers", type=int, default=50_000)
    parser.add_argument("--save", action="store_true")
    given = parser.parse_args()
    command = f"python -m benchmarks.outcome_import --part {given.part}"
    if given.answers != parser.get_default("answers"):
        command += f" --answers {given.answers}"
    finish(parse(given.answers, command), save=given.save)


if __name__ == "__main__":
    main()
