"""The command `review`. Light: each part imports what it needs when it is called."""

from contextlib import closing
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
from geo_target.errors import DataRefusedError, Fault, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geo_target.operations.settlements import Question
    from geo_target.publishing.review import DoubtfulPair


@click.group()
def review() -> None:
    """Doubtful pairs of families, as a sheet to settle them in."""


@review.command("export")
@click.argument("config", type=PATH)
@click.argument("file", type=PATH)
@DATABASE
@click.pass_context
def export_pairs(ctx: click.Context, config: Path, file: Path, url: str | None) -> None:
    """Write the open pairs of the current run into FILE (.xlsx), with names: keep it safe."""
    from geo_target.operations.numbers import subject_id  # noqa: PLC0415
    from geo_target.operations.settlements import Settlements, settled  # noqa: PLC0415
    from geo_target.review_sheet import MOST_PAIRS, review_sheet  # noqa: PLC0415

    if file.suffix.lower() != ".xlsx":
        raise click.BadParameter("FILE.xlsx")
    asked, villages = _doubtful(config)
    key = key_of(config)
    with closing(database_of(url, config)) as database:
        standing = Settlements(database).standing()
        left = [
            (question, pair) for question, pair in asked
            if settled(standing, pair.key, pair.fingerprint, question.run_id,
                       was_decided=pair.was_decided) is None
        ]  # fmt: skip
        shown = left[:MOST_PAIRS]
        subjects = {subject_id(each, key) for _, pair in shown for each in pair.family_ids}
        run_id = shown[0][0].run_id if shown else ""
        tell(database, "pair.export", run_id, subjects=tuple(subjects))
    write_private(file, review_sheet(shown, villages))
    click.echo(len(shown))
    if len(left) > len(shown):
        click.echo(_more(len(shown), len(left)).text(language_of(ctx)), err=True)


@review.command("import")
@click.argument("config", type=PATH)
@click.argument("file", type=PATH)
@click.option("--by", "name", required=True, help="Account of whoever has filled it in.")
@PASSWORD
@DATABASE
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

    language = language_of(ctx)
    rows = read_review(file)
    questions = {question.pair_id: question for question, _ in _doubtful(config)[0]}
    password = password or ask_password()
    with closing(database_of(url, config)) as database:
        by = signed_in(database, name, password)
        taken = take(rows, questions, Settlements(database), by=by)
    for fault in taken.faults:
        click.echo(fault.text(language), err=True)
    click.echo(told(taken, language))
    ctx.exit(1 if taken.faults else 0)


def _doubtful(config: Path) -> "tuple[Sequence[tuple[Question, DoubtfulPair]], Mapping[str, str]]":
    """Doubtful pairs of the current run as they are asked about, and names of villages."""
    from geo_target.operations.settlements import Question, pair_id  # noqa: PLC0415
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
    key = key_of(config)
    asked = [
        (Question(pair.key, pair_id(pair.key, key), pair.fingerprint, snapshot.run_id), pair)
        for pair in doubtful_pairs(exact)
    ]
    return asked, {code: str(row["village_name"]) for code, row in snapshot.villages.items()}


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
