"""Exact linkage of a province: registers by NIK and KK, recipients by NIK; seconds and memory.

    python -m benchmarks.registry [--families 3300000] [--memory-limit 1.5GB] [--rounds 3]

Made-up lists in memory, as intake leaves them: a base of all families with their members, a
second register of every tenth family under ids of its own, and five lists of recipients, of
whom one in fifty lives elsewhere and is in no register: nobody is left for names.
"""

import argparse
import os
import platform
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

from geo_target.registry.families import Register, Registry, link_registers
from geo_target.registry.fingerprints import fingerprint_rows
from geo_target.registry.recipients import link_recipients, number_rows
from geo_target.schemas import ENROLLMENTS, FAMILIES, PERSONS
from geo_target.workbench import Table, Workbench

PERSONS_PER_FAMILY = 3.64
#: Rows of the lists of recipients, as shares of the families.
LISTS = {"PKH": 0.094, "SEMBAKO": 0.194, "PBI_JK": 0.415, "BPU_JKK_JKM": 0.076, "PIP": 0.248}

#: Districts 98 and 99 are nobody's. Every number is there once.
_NUMBERS = """
    create macro number(i, district) as
        '36' || lpad((1 + i % 8)::varchar, 2, '0') || district
        || lpad((1 + i // 8 % 28)::varchar, 2, '0') || lpad((1 + i // 224 % 12)::varchar, 2, '0')
        || lpad((30 + i // 2688 % 60)::varchar, 2, '0')
        || lpad((1 + i // 161280)::varchar, 4, '0');
    create macro village(i) as
        '36.' || lpad((1 + i % 8)::varchar, 2, '0')
        || '.' || lpad((1 + i // 8 % 20)::varchar, 2, '0')
        || '.' || (2000 + i // 160 % 10)::varchar;
    create macro named(i) as 'NAMA ' || (i % 90000)::varchar || ' KEDUA ' || (i % 7)::varchar;
"""

_T = TypeVar("_T")


def main() -> None:
    """Print seconds of each step and the peak of memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--families", type=int, default=3_300_000)
    parser.add_argument("--memory-limit", default="1.5GB")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; "
          f"duckdb {version('duckdb')}, limit {given.memory_limit}")  # fmt: skip
    with (
        tempfile.TemporaryDirectory() as spill,
        Workbench(spill=Path(spill), memory_limit=given.memory_limit) as bench,
    ):
        for statement in _NUMBERS.strip().split(";\n"):
            bench.execute(statement)
        base, other, lists = _world(bench, given.families)
        print(f"{len(base.families)} families, {_rows(base)} persons; {len(other.families)} and "
              f"{_rows(other)}; {sum(map(len, lists.values()))} recipients; "
              f"lists alone {_peak_gb():.2f} GB")  # fmt: skip
        seconds = [_round(bench, base, other, lists) for _ in range(given.rounds)]
        for step in seconds[0]:
            taken = sorted(each[step] for each in seconds)
            print(f"{step:<12}{taken[0]:6.1f} {statistics.median(taken):6.1f} {taken[-1]:6.1f} s")
        whole = sorted(each["registers"] + each["recipients"] for each in seconds)
        print(f"{'linkage':<12}{whole[0]:6.1f} {statistics.median(whole):6.1f} "
              f"{whole[-1]:6.1f} s; peak {_peak_gb():.2f} GB")  # fmt: skip


def _round(
    bench: Workbench, base: Register, other: Register, lists: dict[int, Table]
) -> dict[str, float]:
    kept = set(bench.execute("select table_name from duckdb_tables()"))
    registry, registers = _timed(lambda: link_registers(base, [other]))
    rows = number_rows(bench, lists)
    placed = bench.query("select *, village_code as stated_village_code from rows", rows=rows)
    found, recipients = _timed(lambda: link_recipients(placed, registry))
    _, sums = _timed(lambda: fingerprint_rows([base, other], bytes(32)))
    _check(registry, found.rows, len(base.families))
    for (name,) in set(bench.execute("select table_name from duckdb_tables()")) - kept:
        bench.execute(f"drop table memory.main.{name}")
    return {"registers": registers, "recipients": recipients, "sums": sums}


def _check(registry: Registry, rows: Table, families: int) -> None:
    """Every family of the second register is one of the base, and nobody is in doubt."""
    assert len(registry.families) == families
    assert not len(registry.doubtful)
    unlinked = rows.bench.execute(f"select count(*) from {rows.name} where way = 'unlinked'")
    assert 0.01 < unlinked[0][0] / len(rows) < 0.03


def _timed(step: Callable[[], _T]) -> tuple[_T, float]:
    begun = time.perf_counter()
    return step(), time.perf_counter() - begun


def _world(bench: Workbench, families: int) -> tuple[Register, Register, dict[int, Table]]:
    persons = round(families * PERSONS_PER_FAMILY)
    base = _register(bench, "dtsen", "D", families, persons, every=1)
    other = _register(bench, "p3ke", "P", families, persons, every=10)
    lists = {
        number: _typed(
            bench, ENROLLMENTS.columns,
            f"""select '{program}' as program, named(i) as name, if(i % 50 = 0, '32.01.01.2001',
                    village(i % {families})) as village_code,
                    if(i % 50 = 0, number({persons} + i + {number} * 9000000, '98'),
                        number(i, '98')) as national_id
                from (select (hash(range, {number}) % {persons})::bigint as i
                    from range({round(families * share)}))""",
        )
        for number, (program, share) in enumerate(LISTS.items(), start=1)
    }  # fmt: skip
    return base, other, lists


def _register(
    bench: Workbench, name: str, letter: str, families: int, persons: int, *, every: int
) -> Register:
    """Person i is in family i % families, and its head where i < families."""
    listed = f"""select range as row, '{letter}' || range as family_id,
        number(range, '99') as family_card_number, number(range, '98') as head_national_id,
        named(range) as head_name, village(range) as stated_village_code, 'code' as village_basis,
        '001' as rt, lpad((1 + range % 9)::varchar, 3, '0') as rw
        from range({families}) where range % {every} = 0"""
    members = f"""select '{letter}' || (range % {families}) as family_id, 'I' || range as person_id,
        number(range, '98') as national_id, named(range) as name,
        if(range < {families}, 'Kepala Keluarga', 'Anak') as relation
        from range({persons}) where range % {families} % {every} = 0"""
    typed = _typed(bench, FAMILIES.columns, listed, "row", "stated_village_code", "village_basis")
    return Register(name, typed, _typed(bench, PERSONS.columns, members))


def _typed(bench: Workbench, columns: object, sql: str, *more: str) -> Table:
    """A table with all columns of a role; those that are not written are null."""
    written = {row[0] for row in bench.execute(f"describe {sql}")}
    named = [
        f'"{c.name}"' if c.name in written else f'cast(null as {c.type}) as "{c.name}"'
        for c in columns  # type: ignore[attr-defined]
    ]
    return bench.query(f"select {', '.join([*more, *named])} from ({sql})")


def _rows(register: Register) -> int:
    return len(register.persons) if register.persons is not None else 0


def _peak_gb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


if __name__ == "__main__":
    main()
