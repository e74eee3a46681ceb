"""The commands `review` and `decisions`. Light: each imports what it needs when it is called."""

import io
import json
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from geo_target.errors import DataRefusedError, Fault, Language, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geo_target.operations.audit import Actor
    from geo_target.operations.database import Database
    from geo_target.operations.settlements import Question
    from geo_target.publishing.review import DoubtfulPair


_PATH = click.Path(path_type=Path)
_DATABASE = click.option(
    "--database",
    "url",
    envvar="GEO_TARGET_DATABASE",
    help="sqlite:///FILE or postgresql://USER@HOST/NAME; default: operations.sqlite of CONFIG.",
)
_PASSWORD = click.option("--password", help="Asked for when it is not given, which is safer.")
#: Letters of a pair id that name one; the page shows 12.
_SHORTEST = 12


@click.group()
def review() -> None:
    """Doubtful pairs of families, as a sheet to settle them in."""


@review.command("export")
@click.argument("config", type=_PATH)
@click.argument("file", type=_PATH)
@_DATABASE
@click.pass_context
def export_pairs(ctx: click.Context, config: Path, file: Path, url: str | None) -> None:
    """Write the open pairs of the current run into FILE (.xlsx), with names: keep it safe."""
    from geo_target.operations.numbers import subject_id  # noqa: PLC0415
    from geo_target.operations.settlements import Settlements, settled  # noqa: PLC0415
    from geo_target.publishing.archive import read_key  # noqa: PLC0415
    from geo_target.review_sheet import MOST_PAIRS, review_sheet  # noqa: PLC0415

    if file.suffix.lower() != ".xlsx":
        raise click.BadParameter("FILE.xlsx")
    asked, villages = _doubtful(config)
    key = read_key(config.resolve().parent)
    with closing(_database(url, config)) as database:
        standing = Settlements(database).standing()
        left = [
            (question, pair) for question, pair in asked
            if settled(standing, pair.key, pair.fingerprint, question.run_id,
                       was_decided=pair.was_decided) is None
        ]  # fmt: skip
        shown = left[:MOST_PAIRS]
        subjects = {subject_id(each, key) for _, pair in shown for each in pair.family_ids}
        run_id = shown[0][0].run_id if shown else ""
        _tell(database, "pair.export", run_id, subjects=tuple(subjects))
    _write(file, review_sheet(shown, villages))
    click.echo(len(shown))
    if len(left) > len(shown):
        click.echo(_more(len(shown), len(left)).text(_language(ctx)), err=True)


@review.command("import")
@click.argument("config", type=_PATH)
@click.argument("file", type=_PATH)
@click.option("--by", "name", required=True, help="Account of whoever has filled it in.")
@_PASSWORD
@_DATABASE
@click.pass_context
def import_pairs(
    ctx: click.Context,
    config: Path,
    file: Path,
    *,
    name: str,
    password: str | None,
    url: str | None,
) -> None:
    """Take what was filled in in FILE; ends with 1 when a row was refused."""
    from geo_target.operations.settlements import Settlements  # noqa: PLC0415
    from geo_target.review_sheet import read_review, take, told  # noqa: PLC0415

    language = _language(ctx)
    rows = read_review(file)
    questions = {question.pair_id: question for question, _ in _doubtful(config)[0]}
    password = password or _ask_password()
    with closing(_database(url, config)) as database:
        by = _signed_in(database, name, password)
        taken = take(rows, questions, Settlements(database), by=by)
    for fault in taken.faults:
        click.echo(fault.text(language), err=True)
    click.echo(told(taken, language))
    ctx.exit(1 if taken.faults else 0)


@click.group()
def decisions() -> None:
    """What people have said of doubtful pairs, for the next run."""


@decisions.command("list")
@click.argument("config", type=_PATH)
@_DATABASE
@click.pass_context
def list_decisions(ctx: click.Context, config: Path, url: str | None) -> None:
    """Print what stands, the newest first: pair id, day, who, verdict, registers, note; tabs."""
    from geo_target.operations.settlements import Settlements, pair_id  # noqa: PLC0415
    from geo_target.publishing.archive import read_key  # noqa: PLC0415
    from geo_target.review_sheet import verdict_word  # noqa: PLC0415

    key = read_key(config.resolve().parent)
    with closing(_database(url, config)) as database:
        standing = Settlements(database).standing()
    for made in sorted(standing.values(), key=lambda each: -each.number):
        word = verdict_word(made.verdict, _language(ctx))
        day = made.decided_at.astimezone().date().isoformat()
        registers = f"{made.pair[0]} {made.pair[2]}"
        cells = (pair_id(made.pair, key), day, made.decided_by, word, registers, made.note)
        # A terminal obeys signs that are not seen.
        line = ("".join(c if c.isprintable() else " " for c in cell) for cell in cells)
        click.echo("\t".join(line))


@decisions.command("withdraw")
@click.argument("config", type=_PATH)
@click.argument("asked", metavar="PAIR_ID")
@click.option("--by", "name", required=True, help="Account of whoever takes it back.")
@_PASSWORD
@_DATABASE
def withdraw_decision(
    config: Path, asked: str, *, name: str, password: str | None, url: str | None
) -> None:
    """Take back what stands of the pair PAIR_ID; its first 12 letters, as on the page, will do."""
    from geo_target.operations.refusals import SettlementError  # noqa: PLC0415
    from geo_target.operations.settlements import Settlements  # noqa: PLC0415
    from geo_target.publishing.archive import read_key  # noqa: PLC0415

    key = read_key(config.resolve().parent)
    password = password or _ask_password()
    with closing(_database(url, config)) as database:
        by = _signed_in(database, name, password)
        settlements = Settlements(database)
        standing = [(made.question(key), made) for made in settlements.standing().values()]
        found = [each for each in standing if each[0].pair_id.startswith(asked)]
        if len(asked) < _SHORTEST or len(found) != 1:
            raise SettlementError(_NO_DECISION)
        question, made = found[0]
        settlements.withdraw(question, made.number, by=by)
    click.echo(question.pair_id)


@decisions.command("export")
@click.argument("config", type=_PATH)
@click.argument("file", type=_PATH)
@_DATABASE
def export_decisions(config: Path, file: Path, url: str | None) -> None:
    """Write what stands into FILE (.csv), and print the lines that name it in CONFIG."""
    from geo_target.operations.decisions_csv import write_decisions  # noqa: PLC0415
    from geo_target.operations.settlements import Settlements  # noqa: PLC0415

    with closing(_database(url, config)) as database:
        standing = Settlements(database).standing()
        _tell(database, "decision.export", "", persons=2 * len(standing))
    out = io.StringIO(newline="")
    count = write_decisions(standing.values(), out)
    _write(file, out.getvalue().encode())
    click.echo(count, err=True)
    folder, whole = config.resolve().parent, file.resolve()
    path = whole.relative_to(folder) if whole.is_relative_to(folder) else whole
    click.echo(
        f"[[source]]\nfile = {json.dumps(path.as_posix(), ensure_ascii=False)}\n"
        f'profile = "decisions"\nas_of = {date.today().isoformat()}'
    )


def _doubtful(config: Path) -> "tuple[Sequence[tuple[Question, DoubtfulPair]], Mapping[str, str]]":
    """Doubtful pairs of the current run as they are asked about, and names of villages."""
    from geo_target.operations.settlements import Question, pair_id  # noqa: PLC0415
    from geo_target.publishing.archive import read_key  # noqa: PLC0415
    from geo_target.publishing.review import FILES, doubtful_pairs  # noqa: PLC0415
    from geo_target.settings import read_settings  # noqa: PLC0415
    from geo_target.web.names import NamesRefusedError, names_of  # noqa: PLC0415
    from geo_target.web.store import NoSnapshotError, Store  # noqa: PLC0415

    settings = read_settings(config)
    try:
        snapshot = Store(settings.archive.folder).current().snapshot
        exact = names_of(snapshot, more=FILES)
    except NamesRefusedError as error:
        raise DataRefusedError(error.fault) from None
    except NoSnapshotError:
        raise NotFoundError(_NO_RUN) from None
    if not set(FILES) <= set(snapshot.manifest["files"]):
        raise NotFoundError(_NO_RUN)
    key = read_key(config.resolve().parent)
    asked = [
        (Question(pair.key, pair_id(pair.key, key), pair.fingerprint, snapshot.run_id), pair)
        for pair in doubtful_pairs(exact)
    ]
    return asked, {code: str(row["village_name"]) for code, row in snapshot.villages.items()}


def _database(url: str | None, config: Path) -> "Database":
    from geo_target.operations.database import default_url, open_database  # noqa: PLC0415

    return open_database(url or default_url(config.resolve().parent))


def _tell(
    database: "Database",
    verb: str,
    run_id: str,
    *,
    subjects: tuple[str, ...] = (),
    persons: int | None = None,
) -> None:
    """Write down what is about to leave; whoever sits at the machine, the log cannot know more."""
    from geo_target.operations.audit import Actor, AuditLog, Entry  # noqa: PLC0415

    AuditLog(database).append(
        Entry(
            actor=Actor(name="command-line", role="admin"), verb=verb, object_type="pair",
            run_id=run_id, subjects=subjects, persons=persons,
        )
    )  # fmt: skip


def _signed_in(database: "Database", name: str, password: str) -> "Actor":
    """Whoever an account belongs to: on a machine that several share the log has to know."""
    from geo_target.operations.accounts import Accounts  # noqa: PLC0415
    from geo_target.operations.audit import Actor  # noqa: PLC0415

    user = Accounts(database).sign_in(name, password)
    return Actor(name=user.name, role=user.role, scope=tuple(user.districts))


def _ask_password() -> str:
    return str(click.prompt("Password", hide_input=True))


def _language(ctx: click.Context) -> Language:
    language: Language = ctx.find_root().params.get("lang", "id")
    return language


def _write(file: Path, content: bytes) -> None:
    """Write a new file, whole or not at all, that nobody else on the machine can read."""
    from geo_target.deliveries.private_files import FULL_DISK, write_bytes  # noqa: PLC0415
    from geo_target.operations.report_files import unwritable  # noqa: PLC0415

    try:
        if file.is_symlink() or file.exists():
            raise FileExistsError(file)
        write_bytes(file, content)
    except OSError as error:
        if error.errno in FULL_DISK:
            raise
        raise unwritable(file) from error


def _more(shown: int, left: int) -> Fault:
    return Fault(
        "W-REVIEW-MORE",
        id=f"lembar kerja memuat {shown} pasangan pertama; {left - shown} lagi tidak muat, ekspor "
        "lagi setelah yang ini diimpor",
        en=f"a sheet holds the first {shown} pairs; {left - shown} more do not fit, export again "
        "when these are imported",
    )


_NO_RUN = Fault(
    "E-REVIEW-NONE",
    id="belum ada hasil utuh yang memuat pasangan; jalankan geo-target run lebih dahulu",
    en="there is no whole run with pairs yet; run geo-target run first",
)
_NO_DECISION = Fault(
    "E-DECISION-NONE",
    id="tidak ada keputusan yang berlaku atas pasangan ini; salin id dari geo-target decisions "
    "list, sedikitnya 12 huruf pertamanya",
    en="no decision stands of such a pair; copy the id from geo-target decisions list, at least "
    "its first 12 letters",
)
