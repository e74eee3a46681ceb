"""The commands. Light: each imports what it needs when it is called."""

import json
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal

import click

from geo_target import (
    __version__,
    boundaries_command,
    decisions_command,
    export_command,
    figures_command,
    key_command,
    outcomes_command,
    person_command,
    plan_command,
    publication_command,
    review_command,
)
from geo_target.errors import GeoTargetError, Language
from geo_target.keeping import commands as keeping
from geo_target.operations import commands
from geo_target.shortages import disk_full, is_full_disk

_PATH = click.Path(path_type=Path)


class _Commands(click.Group):
    """Shows our own errors as plain lines, and ends with their exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        language: Language = ctx.params.get("lang", "id")
        try:
            return super().invoke(ctx)
        except GeoTargetError as error:
            click.echo(error.text(language), err=True)
            ctx.exit(error.exit_code)
        except Exception as error:
            if not is_full_disk(error):
                raise
            click.echo(disk_full().text(language), err=True)
            ctx.exit(1)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--lang",
    type=click.Choice(["id", "en"]),
    default="id",
    help="Language of messages: Indonesian or English.",
)
@click.version_option(__version__, prog_name="geo-target")
def main(lang: Language) -> None:
    """Peta keluarga miskin ekstrem yang belum tersentuh bantuan.

    Maps of extreme-poor families that no program reaches.
    """


@main.command()
@click.argument("folder", type=_PATH)
@click.option("--area", default="36.73", show_default=True, help="Kemendagri code with dots.")
@click.option("--families", type=click.IntRange(min=1), help="All families; default by the area.")
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--boundaries", type=_PATH, help="Village boundaries; default the schematic layer.")
@click.option(
    "--located",
    type=click.FloatRange(0, 1),
    default=0.4,
    show_default=True,
    help="Share of the listed families that the list of points holds.",
)
@click.option(
    "--unmatched",
    type=click.FloatRange(0, 1),
    default=0.0,
    show_default=True,
    help="Share of the listed families whose keys are spoiled in every register.",
)
@click.option(
    "--spoiled-base",
    type=click.FloatRange(0, 1),
    default=0.0,
    show_default=True,
    help="Share of the listed families whose keys are spoiled in P3KE alone.",
)
@click.option(
    "--split",
    type=click.FloatRange(0, 1),
    default=0.0,
    show_default=True,
    help="Share of the listed families that DTSEN has under two KK.",
)
@click.option(
    "--relisted",
    type=click.FloatRange(0, 1),
    default=0.0,
    show_default=True,
    help="Share of the listed families that P3KE lists a second time.",
)
@click.option(
    "--visited",
    type=click.FloatRange(0, 1),
    default=0.0,
    show_default=True,
    help="Share of the listed families that a list of visits holds.",
)
@click.option(
    "--lists", type=click.Choice(["xlsx", "csv", "parquet"]), default="xlsx", show_default=True
)
@click.option(
    "--before-visits",
    is_flag=True,
    help="August 2023: nothing verified, and beside it what visits will find.",
)
@click.option(
    "--answer-visits",
    "plan",
    type=_PATH,
    metavar="FILE",
    help="Answer the visits of a plan (CSV) into FOLDER/returns; writes no new world.",
)
def demo(folder: Path, plan: Path | None, **options: Any) -> None:
    """Write a made-up world into FOLDER, as agencies would send it, with its truth."""
    if plan is not None:
        from geo_target.demo.answer_files import answer_visits  # noqa: PLC0415

        for file in answer_visits(folder, plan, seed=options["seed"]):
            click.echo(f"{file}", err=True)
        return
    from geo_target.demo.world import write_demo  # noqa: PLC0415

    write_demo(folder, **options)
    click.echo(f"{folder / 'geo-target.toml'}", err=True)


@main.command()
@click.argument("config", type=_PATH)
@click.option("--accept", "name", metavar="NAME", help="Who accepts what the guard refused.")
@click.option("--reason", metavar="TEXT", help="Why; goes into the manifest with the name.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
@click.pass_context
def run(
    ctx: click.Context, config: Path, *, name: str | None, reason: str | None, as_json: bool
) -> None:
    """Run CONFIG (geo-target.toml): lists to a snapshot that `serve` shows.

    It stops where a list has many faulty rows or far fewer than last time, until somebody
    accepts that: --accept NAME --reason TEXT.
    """
    from geo_target import pipeline  # noqa: PLC0415
    from geo_target.papers import warnings  # noqa: PLC0415
    from geo_target.progress import shown_progress  # noqa: PLC0415
    from geo_target.publishing.guard import Acceptance  # noqa: PLC0415

    language = _language(ctx)
    if (name is None) != (reason is None):
        raise click.UsageError("--accept NAME --reason TEXT")
    accepted = Acceptance(name, reason) if name is not None and reason is not None else None
    with shown_progress(language, sys.stderr) as progress:
        result = pipeline.run(config, progress=progress, accepted=accepted)
    for notice in result.notices:
        click.echo(notice.text(language), err=True)
    for warning in warnings(result.report["papers"]):
        click.echo(warning.text(language), err=True)
    if as_json:
        click.echo(json.dumps(result.report, ensure_ascii=False))
    else:
        from geo_target.balance_sheet import balance_sheet  # noqa: PLC0415

        click.echo(balance_sheet(result.report, language))
        for line in list_notices(result.report, language):
            click.echo(line, err=True)


@main.command()
@click.argument("file", type=_PATH)
@click.option("--profile", help="Layout of the list; default: its headers tell.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day the list stood.")
@click.option("--sheet", help="Sheet of the workbook.")
@click.option("--repair", type=_PATH, help="Write the faulty rows here, to mend (.xlsx, .csv).")
@click.option("--area", help="Kemendagri code of the run's area; default: the province we know.")
@click.option(
    "--code-system",
    type=click.Choice(["kemendagri", "bps"]),
    help="Whose village codes; default: as the layout says, or by lookup.",
)
@click.option(
    "--profiles",
    "folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder of own layouts; default: profiles.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
@click.pass_context
def check(
    ctx: click.Context,
    file: Path,
    *,
    profile: str | None,
    as_of: Any,
    sheet: str | None,
    repair: Path | None,
    area: str | None,
    code_system: Literal["kemendagri", "bps"] | None,
    folder: Path | None,
    as_json: bool,
) -> None:
    """Read one list and print what is usable, what is not, and why. Publishes nothing."""
    from geo_target.intake.report import check_file  # noqa: PLC0415
    from geo_target.places.list_report import places_report  # noqa: PLC0415
    from geo_target.resources import use_profiles  # noqa: PLC0415

    use_profiles(folder or Path("profiles"))
    day = as_of.date() if as_of else date.today()  # the user's own day
    language = _language(ctx)
    report = check_file(
        file,
        profile=profile,
        as_of=day,
        sheet=sheet,
        repair=repair,
        language=language,
        places=lambda listed: places_report(listed, area, code_system=code_system),
    )
    if as_json:
        click.echo(json.dumps(report.to_json(language), ensure_ascii=False))
    else:
        click.echo("\n".join(report.lines(language)))
    ctx.exit(1 if report.refused else 0)


@main.command()
@click.argument("config", type=_PATH)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
@click.pass_context
def papers(ctx: click.Context, config: Path, *, as_json: bool) -> None:
    """Print the record of processing of CONFIG; ends with 1 when a list has no valid paper."""
    from geo_target.papers import warnings  # noqa: PLC0415
    from geo_target.processing_record import processing_record, record_text  # noqa: PLC0415
    from geo_target.settings import read_settings  # noqa: PLC0415

    language = _language(ctx)
    record = processing_record(
        read_settings(config), config.resolve().parent, day=date.today(), language=language
    )
    text = json.dumps(record, ensure_ascii=False) if as_json else record_text(record, language)
    click.echo(text)
    faults = warnings(record["papers"])
    for fault in faults:
        click.echo(fault.text(language), err=True)
    ctx.exit(1 if faults else 0)


@main.command()
@click.option(
    "--config", type=_PATH, default=Path("geo-target.toml"), show_default=True, help="Its archive."
)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option(
    "--database",
    "url",
    envvar="GEO_TARGET_DATABASE",
    help="Accounts and audit log; default operations.sqlite beside the config.",
)
def serve(config: Path, host: str, port: int, url: str | None) -> None:
    """Serve the maps of the last snapshot, to those who sign in.

    With open_on_loopback = true in the config: to this machine's own browser alone, without
    signing in. Whoever holds the laptop then holds the data.
    """
    from geo_target.settings import read_settings  # noqa: PLC0415
    from geo_target.web.doors import open_doors  # noqa: PLC0415
    from geo_target.web.serving import serve as serve_archive  # noqa: PLC0415

    settings = read_settings(config)
    doors = None
    if not settings.access.open_on_loopback:
        doors = open_doors(
            config.resolve().parent,
            settings.access,
            database_url=url,
            oidc=settings.oidc,
            fieldwork=settings.fieldwork,
            config=config,
        )
    serve_archive(
        settings.archive.folder,
        host=host,
        port=port,
        doors=doors,
        figures=settings.figures.file,
        base_map=settings.map.base,
        announce=lambda address: click.echo(address, err=True),
    )


commands.audit.add_command(person_command.person)
for _command in (
    boundaries_command.boundaries,
    commands.migrate,
    commands.users,
    commands.audit,
    keeping.backup,
    keeping.restore,
    keeping.purge,
    publication_command.publish,
    review_command.review,
    decisions_command.decisions,
    plan_command.plan,
    outcomes_command.outcomes,
    export_command.export,
    figures_command.figures,
    key_command.key,
):
    main.add_command(_command)


def list_notices(report: Mapping[str, Any], language: Language) -> list[str]:
    """What is odd about each list of a run, list by list; each line begins with its file."""
    said = (entry["notices"] for entry in report["intake"])
    return [
        line
        for notices in said
        for line in (notices[language] if isinstance(notices, Mapping) else notices)
    ]


def _language(ctx: click.Context) -> Language:
    language: Literal["id", "en"] = ctx.find_root().params.get("lang", "id")
    return language
