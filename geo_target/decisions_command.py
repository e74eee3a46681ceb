"""The command `decisions`. Light: each part imports what it needs when it is called."""

import io
import json
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from geo_target.command_line import (
    DATABASE,
    PASSWORD,
    PATH,
    ask_password,
    database_of,
    key_of,
    language_of,
    signed_in,
    tell,
    write_private,
)
from geo_target.errors import Fault

if TYPE_CHECKING:
    from geo_target.found_export import Found

#: Letters of a pair id that name one; the page shows 12.
_SHORTEST = 12


@click.group()
def decisions() -> None:
    """What people have said of doubtful pairs, for the next run."""


@decisions.command("list")
@click.argument("config", type=PATH)
@DATABASE
@click.pass_context
def list_decisions(ctx: click.Context, config: Path, url: str | None) -> None:
    """Print what stands, the newest first: pair id, day, who, verdict, registers, note; tabs."""
    from geo_target.operations.settlements import Settlements, pair_id  # noqa: PLC0415
    from geo_target.review_sheet import verdict_word  # noqa: PLC0415

    key = key_of(config)
    with closing(database_of(url, config)) as database:
        standing = Settlements(database).standing()
    for made in sorted(standing.values(), key=lambda each: -each.number):
        word = verdict_word(made.verdict, language_of(ctx))
        day = made.decided_at.astimezone().date().isoformat()
        registers = f"{made.pair[0]} {made.pair[2]}"
        cells = (pair_id(made.pair, key), day, made.decided_by, word, registers, made.note)
        # A terminal obeys signs that are not seen.
        line = ("".join(c if c.isprintable() else " " for c in cell) for cell in cells)
        click.echo("\t".join(line))


@decisions.command("withdraw")
@click.argument("config", type=PATH)
@click.argument("asked", metavar="PAIR_ID")
@click.option("--by", "name", required=True, help="Account of whoever takes it back.")
@PASSWORD
@DATABASE
def withdraw_decision(
    config: Path, asked: str, *, name: str, password: str | None, url: str | None
) -> None:
    """Take back what stands of the pair PAIR_ID; its first 12 letters, as on the page, will do."""
    from geo_target.operations.refusals import SettlementError  # noqa: PLC0415
    from geo_target.operations.settlements import Settlements  # noqa: PLC0415

    key = key_of(config)
    password = password or ask_password()
    with closing(database_of(url, config)) as database:
        by = signed_in(database, name, password)
        settlements = Settlements(database)
        standing = [(made.question(key), made) for made in settlements.standing().values()]
        found = [each for each in standing if each[0].pair_id.startswith(asked)]
        if len(asked) < _SHORTEST or len(found) != 1:
            raise SettlementError(_NO_DECISION)
        question, made = found[0]
        settlements.withdraw(question, made.number, by=by)
    click.echo(question.pair_id)


@decisions.command("export")
@click.argument("config", type=PATH)
@click.argument("file", type=PATH)
@DATABASE
@click.pass_context
def export_decisions(ctx: click.Context, config: Path, file: Path, url: str | None) -> None:
    """Write what stands into FILE (.csv), and print the lines that name it in CONFIG.

    What visits found goes beside it, into FILE-kunjungan.csv and FILE-usulan.csv, where there is
    any.
    """
    from geo_target.field_desk import open_desk  # noqa: PLC0415
    from geo_target.found_export import find_findings, mark_found  # noqa: PLC0415
    from geo_target.operations.decisions_csv import write_decisions  # noqa: PLC0415
    from geo_target.operations.settlements import Settlements  # noqa: PLC0415

    with open_desk(config, url) as desk:
        standing = Settlements(desk.database).standing()
        found = find_findings(desk, file.resolve())
        tell(desk.database, "decision.export", "", persons=2 * len(standing))
        out = io.StringIO(newline="")
        count = write_decisions(standing.values(), out)
        write_private(file, out.getvalue().encode())
        for one in found.lists:
            tell(
                desk.database, f"{one.profile}.export", "", object_type="visit",
                subjects=one.subjects, persons=one.rows,
            )  # fmt: skip
            write_private(one.file, one.content)
        mark_found(desk, found)
    click.echo(count, err=True)
    for notice in _left_out(found):
        click.echo(notice.text(language_of(ctx)), err=True)
    _echo_source(config, file, "decisions")
    for one in found.lists:
        _echo_source(config, one.file, one.profile)


def _echo_source(config: Path, file: Path, profile: str) -> None:
    folder, whole = config.resolve().parent, file.resolve()
    path = whole.relative_to(folder) if whole.is_relative_to(folder) else whole
    click.echo(
        f"[[source]]\nfile = {json.dumps(path.as_posix(), ensure_ascii=False)}\n"
        f'profile = "{profile}"\nas_of = {date.today().isoformat()}'
    )
    if profile != "decisions":  # it holds persons: without a paper a run names nobody
        click.echo(
            '[source.basis]\nnumber = ""       # nomor surat tugas\nagency = ""\n'
            'kind = "surat"\npurpose = "pemutakhiran data"\nvalid_until = 2000-01-01'
        )


def _left_out(found: "Found") -> list[Fault]:
    """What of the visits is in no list, and what to do about it."""
    said = []
    if found.undecided:
        said.append(
            Fault(
                "W-VISITS-UNDECIDED",
                id=f"{found.undecided} kunjungan belum dimuat karena dua jawabannya berbeda; "
                "pilih yang berlaku di halaman Lapangan, lalu ekspor lagi",
                en=f"{found.undecided} visits are left out, as two answers differ; choose which "
                "stands on the page Lapangan, then export again",
            )
        )
    if found.unlisted:
        said.append(
            Fault(
                "W-VISITS-UNLISTED",
                id=f"{found.unlisted} kunjungan tidak dimuat: keluarganya tidak ada lagi dalam "
                "daftar mana pun",
                en=f"{found.unlisted} visits are left out: no register lists their families "
                "any more",
            )
        )
    return said


_NO_DECISION = Fault(
    "E-DECISION-NONE",
    id="tidak ada keputusan yang berlaku atas pasangan ini; salin id dari geo-target decisions "
    "list, sedikitnya 12 huruf pertamanya",
    en="no decision stands of such a pair; copy the id from geo-target decisions list, at least "
    "its first 12 letters",
)
