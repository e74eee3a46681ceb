"""The guard: a list that suddenly says far less waits until somebody accepts it.

A file cut at an agency's end, or of another month, reads well and is wrong. Three things
are looked at, each with its bound in `[guard]` of the settings: quarantined rows of a list,
accepted rows of a source against its last import, and the same by district.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from geo_target.errors import ConfigError, DataRefusedError, Fault
from geo_target.intake.codes import NO_RECORDS
from geo_target.intake.lists import AgencyList, IntakeReport
from geo_target.publishing.archive import Archive
from geo_target.publishing.sums import source_sums
from geo_target.settings import Guard, Settings, Source

Manifest = Mapping[str, Any]

#: A NIK or KK, however its digits are parted: neither goes into a manifest by this door.
_NUMBER = re.compile(r"(?:\d[ .\-]?){15}\d")


@dataclass(frozen=True)
class Acceptance:
    """Who goes on in spite of the guard, and why.

    Raises
    ------
    ConfigError
        ``E-GUARD-NAME`` if one of the two is blank or holds a number of a person.
    """

    name: str
    reason: str

    def __post_init__(self) -> None:
        words = (self.name, self.reason)
        if any(not word.strip() or _NUMBER.search(word) for word in words):
            raise ConfigError(
                Fault(
                    "E-GUARD-NAME",
                    id="tulis siapa yang menerima (--accept) dan sebabnya (--reason), tanpa NIK "
                    "atau nomor KK",
                    en="write who accepts (--accept) and why (--reason), without the number of a "
                    "person",
                )
            )


@dataclass(frozen=True)
class Guarded:
    """What the guard leaves in the manifest, and what it says of files handed in again."""

    entries: Mapping[str, Any]
    notices: Sequence[Fault]


def guard_lists(
    lists: Sequence[AgencyList],
    settings: Settings,
    archive: Archive,
    accepted: Acceptance | None = None,
) -> Guarded:
    """Hold the lists of a run against their bounds and against the last run.

    Parameters
    ----------
    lists
        In the order of ``settings.source``, their villages found.

    Raises
    ------
    DataRefusedError
        With all that is beyond its bound, where nobody accepted it.
    """
    last = _last_manifest(archive)
    imports = _imports(lists, settings.source)
    findings = [
        *_quarantined(lists, settings.guard),
        *_fewer(imports, last.get("imports", {}), settings.guard),
    ]
    if findings and accepted is None:
        raise DataRefusedError(*findings)
    guard = {
        "findings": [{"code": f.code, "file": f.file, "what": f.en} for f in findings],
        "accepted": asdict(accepted) if findings and accepted else None,
    }
    kept = _without_few(imports, settings.guard.smallest)
    notices = _seen_before(settings.source, source_sums(settings.source, lists), last)
    return Guarded({"imports": kept, "guard": guard}, notices)


def _last_manifest(archive: Archive) -> Manifest:
    """manifest.json of the current run; empty before the first one."""
    run_id = archive.current()
    if run_id is None:
        return {}
    try:
        found = json.loads((archive.folder / run_id / "manifest.json").read_text("utf-8"))
    except (OSError, ValueError):  # a later stage says what is wrong with the archive
        return {}
    return found if isinstance(found, dict) else {}


def _imports(lists: Sequence[AgencyList], sources: Sequence[Source]) -> dict[str, Any]:
    """Accepted rows of each source, all and by district, and so of each program that it names.

    A source is a layout and its program, not a file: agencies name their files by month, and
    one district's file or five are the same list. Where the rows name their programs, one that
    falls may hide behind one that grows.
    """
    rows: Counter[tuple[str, str]] = Counter()
    districts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for listed, source in zip(lists, sources, strict=True):
        name = " ".join(filter(None, (listed.profile.name, source.program)))
        rows[name, ""] += listed.report.accepted
        districts[name, ""].update(_by_district(listed))
        if source.program or listed.profile.program or "program" not in listed.table.columns:
            continue
        for program, count in _by_program(listed).items():
            rows[name, program] += count
            districts[name, program].update(_by_district(listed, program))
    entries = {
        key: {"accepted": count, "districts": dict(sorted(districts[key].items()))}
        for key, count in sorted(rows.items())
    }
    return {
        name: entries[name, ""]
        | {"programs": {p: entry for (of, p), entry in entries.items() if p and of == name}}
        for name, program in rows
        if not program
    }


def _without_few(imports: Manifest, smallest: int) -> dict[str, Any]:
    """`imports` without districts of few rows, which are not guarded.

    What a shifted column writes in place of a district, such as a person's name, so stays
    out of the manifest. The only program of a source is the source.
    """
    return {name: _without_few_of(entry, smallest) for name, entry in imports.items()}


def _without_few_of(entry: Manifest, smallest: int) -> dict[str, Any]:
    kept: dict[str, Any] = {
        "accepted": entry["accepted"],
        "districts": {d: n for d, n in entry["districts"].items() if n >= smallest},
    }
    programs = entry.get("programs", {})
    if len(programs) > 1:
        kept["programs"] = {p: _without_few_of(of, smallest) for p, of in programs.items()}
    return kept


def _by_program(listed: AgencyList) -> dict[str, int]:
    return dict(
        listed.table.bench.execute(
            f"""select program, count(distinct row) from {listed.table.name}
                where program is not null group by 1"""
        )
    )


def _by_district(listed: AgencyList, program: str | None = None) -> dict[str, int]:
    """Rows by the district of their village's code, else by its name as written."""
    columns = listed.table.columns
    read = {
        "stated_village_code": "regexp_extract(stated_village_code, '^\\d{2}\\.\\d{2}\\.\\d{2}')",
        "district_name": "regexp_replace(lower(district_name), '[^a-z]', '', 'g')",
    }
    parts = [sql for column, sql in read.items() if column in columns]
    if not parts:
        return {}
    written = ", ".join(column for column in read if column in columns)
    district = "coalesce(" + ", ".join(f"nullif({part}, '')" for part in parts) + ")"
    of_program = "true" if program is None else "program = ?"
    return dict(
        listed.table.bench.execute(
            # a place is written alike by many rows
            f"""select {district}, sum(rows)::bigint from (
                    select {written}, count(distinct row) as rows from {listed.table.name}
                    where {of_program} group by {written})
                where {district} is not null group by 1""",
            [] if program is None else [program],
        )
    )


def _quarantined(lists: Sequence[AgencyList], bounds: Guard) -> Iterator[Fault]:
    for listed in lists:
        report = listed.report
        reasons = {code: n for code, n in report.reasons.items() if code not in NO_RECORDS}
        records = report.rows - report.blank - sum(report.reasons.values()) + sum(reasons.values())
        if report.rows > report.blank and not report.accepted:
            yield _many(report, report.reasons, report.rows - report.blank, bounds)
        elif records >= bounds.smallest and (
            sum(reasons.values()) > bounds.quarantined_share * records
        ):
            yield _many(report, reasons, records, bounds)


def _many(report: IntakeReport, reasons: Mapping[str, int], rows: int, bounds: Guard) -> Fault:
    """So many rows of a list are quarantined, or all of them: a list of notes is no list."""
    count, codes = sum(reasons.values()), ", ".join(reasons)
    return _fault(
        "E-GUARD-QUARANTINED",
        report.file,
        f"{_whole(count)} dari {_whole(rows)} baris dikarantina ({codes}), batasnya "
        f"{bounds.quarantined_share * 100:.0f} %",
        f"{count} of {rows} rows are quarantined ({codes}), the bound is "
        f"{bounds.quarantined_share:.0%}",
    )


def _fewer(imports: Manifest, last: Manifest, bounds: Guard) -> Iterator[Fault]:
    for name, now in imports.items():
        if name not in last:
            continue
        yield from _fewer_of(name, now, last[name], bounds)
        for program, before in last[name].get("programs", {}).items():
            left = now["programs"].get(program, {"accepted": 0, "districts": {}})
            yield from _fewer_of(f"{name} {program}", left, before, bounds)


def _fewer_of(name: str, now: Manifest, before: Manifest, bounds: Guard) -> Iterator[Fault]:
    if _is_fewer(before["accepted"], now["accepted"], bounds.fewer_share, bounds):
        yield _fell("E-GUARD-FEWER", name, "", before["accepted"], now["accepted"])
    for district, rows in before["districts"].items():
        left = now["districts"].get(district, 0)
        if _is_fewer(rows, left, bounds.fewer_in_district_share, bounds):
            yield _fell("E-GUARD-DISTRICT", name, district, rows, left)


def _is_fewer(before: int, now: int, share: float, bounds: Guard) -> bool:
    """Whether so large a part of `before` rows is gone, and not only a few rows."""
    return before >= bounds.smallest and before - now > 0 and before - now >= share * before


def _fell(code: str, name: str, district: str, before: int, now: int) -> Fault:
    where_id = f"di kecamatan {district} " if district else ""
    where_en = f" in district {district}" if district else ""
    return _fault(
        code,
        name,
        f"baris yang diterima {where_id}turun {(before - now) / before * 100:.0f} %, dari "
        f"{_whole(before)} pada hasil terakhir menjadi {_whole(now)}",
        f"the accepted rows{where_en} fell from {before:,} at the last import to {now:,} "
        f"({(before - now) / before:.0%} fewer)",
    )


def _whole(count: int) -> str:
    """As Indonesian writes it: 1.234."""
    return f"{count:,}".replace(",", ".")


def _fault(code: str, where: str, id: str, en: str) -> Fault:
    return Fault(
        code,
        id=f"{id}; tidak ada yang diterbitkan; periksa berkasnya dengan geo-target check, atau "
        "terima dengan: geo-target run --accept NAMA --reason SEBAB",
        en=f"{en}; nothing was published; look at the file with geo-target check, or accept it: "
        "geo-target run --accept NAME --reason TEXT",
        file=where,
    )


def _seen_before(sources: Sequence[Source], sums: Sequence[str], last: Manifest) -> list[Fault]:
    """Lists that the run has twice, or that came again under a new date."""
    dated = _dates_by_sum(last)
    notices, seen = [], dict[tuple[str, str | None], Source]()
    for source, total in zip(sources, sums, strict=True):
        first = seen.setdefault((total, source.sheet), source)
        # One file or query may hold lists of two profiles.
        if (first.file, first.query) != (source.file, source.query):
            notices.append(_twice(source.called, first.called))
        elif total in dated and source.as_of.isoformat() not in dated[total]:
            notices.append(_again(source.called, last["run_id"]))
    return notices


def _dates_by_sum(last: Manifest) -> dict[str, set[str]]:
    """Days of the last run's lists by the sha256 of what was read."""
    dates: dict[str, set[str]] = defaultdict(set)
    settings = last.get("config", {}).get("settings", {})
    for entry in settings.get("source", []):
        total = last.get("sources", {}).get(entry["file"] or entry["name"])
        if total:
            dates[total].add(entry["as_of"])
    return dates


def _twice(file: str, first: str) -> Fault:
    return Fault(
        "W-FILE-TWICE",
        id=f"isinya sama persis dengan {first}; hapus salah satu dari [[source]]",
        en=f"it is byte by byte {first}; take one of the two out of [[source]]",
        file=file,
    )


def _again(file: str, run_id: str) -> Fault:
    return Fault(
        "W-FILE-AGAIN",
        id=f"isinya sama persis dengan yang dipakai hasil {run_id}, tetapi as_of berbeda; pakai "
        "daftar yang baru atau perbaiki as_of",
        en=f"it is byte by byte the one of run {run_id}, but as_of differs; hand in the new list "
        "or mend as_of",
        file=file,
    )
