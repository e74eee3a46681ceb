"""The commands `backup`, `restore` and `purge`. Light: each imports what it needs when called."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from geo_target.errors import Fault, Language

if TYPE_CHECKING:
    from geo_target.keeping.contents import Contents
    from geo_target.operations.database import Database

_PATH = click.Path(path_type=Path)
_DATABASE = click.option(
    "--database",
    "url",
    envvar="GEO_TARGET_DATABASE",
    help="sqlite:///FILE or postgresql://USER@HOST/NAME; default: operations.sqlite of CONFIG.",
)


@click.command()
@click.argument("config", type=_PATH)
@click.argument("file", type=_PATH)
@click.option("--with-sources", is_flag=True, help="The agencies' lists too.")
@_DATABASE
@click.pass_context
def backup(
    ctx: click.Context, config: Path, file: Path, *, with_sources: bool, url: str | None
) -> None:
    """Write all that CONFIG stands on into one new FILE (.tar.gz)."""
    from geo_target.keeping.backup import back_up  # noqa: PLC0415
    from geo_target.keeping.refusals import open_to_all  # noqa: PLC0415

    now = datetime.now(UTC)
    made = back_up(config, file, now=now, url=url, with_sources=with_sources)
    for line in _told(made.contents, _language(ctx)):
        click.echo(line)
    click.echo(f"sha256 {made.sha256}  {made.file}")
    _warn(ctx, (*made.warnings, open_to_all(str(made.file))))


@click.command()
@click.argument("file", type=_PATH)
@click.argument("folder", type=_PATH)
@_DATABASE
@click.pass_context
def restore(ctx: click.Context, file: Path, folder: Path, url: str | None) -> None:
    """Restore the backup FILE into FOLDER, which is new or empty."""
    from geo_target.keeping.restore import restore as restore_backup  # noqa: PLC0415

    restored = restore_backup(file, folder, url=url)
    for line in _told(restored.contents, _language(ctx)):
        click.echo(line)
    click.echo(restored.folder / restored.contents.config)
    _warn(ctx, restored.warnings)


@click.command()
@click.argument("config", type=_PATH)
@click.option("--dry-run", is_flag=True, help="Only say what would be deleted.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--sources", is_flag=True, help="Delete the agencies' old lists too.")
@_DATABASE
@click.pass_context
def purge(
    ctx: click.Context, config: Path, *, dry_run: bool, yes: bool, sources: bool, url: str | None
) -> None:
    """Delete persons that may be kept no longer, by [retention] of CONFIG."""
    from geo_target.keeping import purging, report  # noqa: PLC0415
    from geo_target.settings import read_settings  # noqa: PLC0415

    language = _language(ctx)
    settings, now = read_settings(config), datetime.now(UTC)
    with _database(url, config) as database:
        found = purging.look(
            settings, now, database=database, with_sources=sources, folder=config.resolve().parent
        )
        click.echo("\n".join(report.purge_lines(found, language)))
        _warn(ctx, report.purge_faults(found))
        if not dry_run:
            if not (yes or found.is_empty):
                click.confirm(report.QUESTION[language], abort=True, err=True)
            purging.purge(settings, now, found, database=database)
    click.echo(report.NOTHING_DONE[language] if dry_run else report.DONE[language], err=True)
    ctx.exit(1 if found.plan.unread else 0)


@contextmanager
def _database(url: str | None, config: Path) -> Iterator["Database | None"]:
    from geo_target.operations.database import default_url, open_database  # noqa: PLC0415

    folder = config.resolve().parent
    if url is None and not (folder / "operations.sqlite").is_file():
        yield None
        return
    database = open_database(url or default_url(folder))
    try:
        yield database
    finally:
        database.close()


def _told(contents: "Contents", language: Language) -> list[str]:
    from geo_target.keeping.report import contents_lines  # noqa: PLC0415

    return contents_lines(contents, language)


def _warn(ctx: click.Context, faults: "list[Fault] | tuple[Fault, ...]") -> None:
    for fault in faults:
        click.echo(fault.text(_language(ctx)), err=True)


def _language(ctx: click.Context) -> Language:
    language: Language = ctx.find_root().params.get("lang", "id")
    return language
