"""The report on an incident: what the audit log knows, and what the agency must add."""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from sqlalchemy import RowMapping

from geo_target.errors import Language
from geo_target.operations.breach import Findings
from geo_target.operations.breach_words import HEADS, TABLES, WORDS
from geo_target.operations.numbers import holds_number, mask_numbers
from geo_target.operations.report_files import new_report, unwritable
from geo_target.spreadsheet_cells import harmless

#: Of a longer table the rest is counted: who needs it narrows the question.
_MOST_ROWS = 200

#: Of a person's NIK; what else an entry names is the id of a family.
_KEYED = re.compile(r"[0-9a-f]{64}")


def persons_file(file: Path) -> Path:
    """The list of persons beside a report."""
    return file.with_name(f"{file.name}.persons.csv")


def check_file(file: Path) -> None:
    """Refuse to write over a report: somebody may have filled it in.

    Raises
    ------
    AuditError
        If `file` or its list of persons exists, or the folder does not.
    """
    if file.exists() or persons_file(file).exists() or not file.parent.is_dir():
        raise unwritable(file)


def write_report(
    file: Path, findings: Findings, persons: Iterable[RowMapping], *, language: Language = "id"
) -> int:
    """Write the report and, beside it, the list of persons; for their owner only.

    Parameters
    ----------
    file
        New; Markdown.
    findings, persons
        From `breach.BreachInquiry`.

    Returns
    -------
    int
        How many persons and families are listed.

    Raises
    ------
    AuditError
        If a file is there already or cannot be written.
    """
    check_file(file)
    with new_report(persons_file(file)) as out:
        listed = _write_persons(persons, out)
    with new_report(file) as out:
        out.write("\n".join(_lines(findings, listed, persons_file(file).name, language)) + "\n")
    return listed.total()


def _write_persons(persons: Iterable[RowMapping], out: TextIO) -> Counter[str]:
    """Write a line a subject; how many of each kind: a page by name tells of both."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("keyed_id", "first_seen", "last_seen", "times", "kind"))
    listed: Counter[str] = Counter()
    for row in persons:
        kind = "person" if _KEYED.fullmatch(row["subject_id"]) else "family"
        listed[kind] += 1
        keyed = _without_number(row["subject_id"])
        writer.writerow(
            (
                harmless(keyed),
                _time(row["first"]),
                _time(row["last"]),
                row["times"],
                kind,
            )
        )
    return listed


def _lines(
    findings: Findings, listed: Counter[str], list_name: str, language: Language
) -> Iterator[str]:
    words, heads = WORDS[language], HEADS[language]
    yield from (f"# {words['title']}", "", words["parts"], "", f"## {words['known']}", "")
    yield from (f"- {line}" for line in _facts(findings, listed, list_name, language))
    for part, columns in TABLES.items():
        rows = getattr(findings, part)
        yield from ("", f"### {words[part]}", "")
        yield from _table(rows, columns, heads) if rows else (words["none"],)
        if len(rows) > _MOST_ROWS:
            yield from ("", words["more"].format(count=len(rows) - _MOST_ROWS))
    yield from ("", f"## {words['open']}", "")
    yield from (f"- {item}: ............" for item in words["items"])
    fields = sorted({f for row in findings.seen for f in row["fields"].split(",") if f})
    yield from ("", words["fields"].format(fields=_cell(", ".join(fields)) or "-"))


def _facts(
    findings: Findings, listed: Counter[str], list_name: str, language: Language
) -> Iterator[str]:
    words, incident = WORDS[language], findings.incident
    yield f"{words['made']}: {_time(findings.made_at)}"
    yield f"{words['period']}: {_time(incident.since)} - {_time(incident.until)}"
    for name in ("actor", "session", "person"):
        if getattr(incident, name):
            yield f"{words['only']} {HEADS[language][name]}: {_cell(getattr(incident, name))}"
    span = [_time(at) for at in (findings.first, findings.last) if at is not None]
    yield f"{words['entries']}: {findings.entries} ({' - '.join(span) or '-'})"
    yield f"{words['persons']}: {listed['person']} ({_cell(list_name)})"
    yield f"{words['families']}: {listed['family']}"
    counted = sum(row["persons"] for row in findings.unnamed)
    yield words["counted"].format(entries=len(findings.unnamed), persons=counted)
    chain = findings.chain
    if chain.broken is None:
        yield words["whole"].format(head=f"{chain.head.seq}:{chain.head.hash}")
    else:
        yield words["broken"].format(why=_cell(chain.broken.text(language)))


def _table(
    rows: Sequence[RowMapping], columns: Sequence[str], heads: Mapping[str, str]
) -> Iterator[str]:
    yield f"| {' | '.join(heads[column] for column in columns)} |"
    yield "|" + "---|" * len(columns)
    for row in rows[:_MOST_ROWS]:
        yield f"| {' | '.join(_cell(row[column]) for column in columns)} |"


def _cell(value: Any) -> str:
    """A value of the log as text that Markdown shows and does not obey."""
    if isinstance(value, datetime):
        return _time(value)
    text = _without_number(str(value))
    return "".join(f"\\{sign}" if sign in "\\`*[]<>|!#" else sign for sign in text)


def _without_number(text: str) -> str:
    # The log holds none; whoever wrote to its database may have put one there.
    return mask_numbers(text) if holds_number(text) else text


def _time(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
