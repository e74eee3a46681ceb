"""The command `outcomes`. Light: each part imports what it needs when it is called."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geo_target.command_line import DATABASE, JSON, PASSWORD, PATH, ask_password, language_of
from geo_target.errors import Language
from geo_target.outcome_words import WORDS

if TYPE_CHECKING:
    from geo_target.outcome_import import Imported

#: Faults that are printed; all are counted.
_MOST_FAULTS = 50


@click.group()
def outcomes() -> None:
    """What visits found: taken in, and how far the visits are."""


@outcomes.command("import")
@click.argument("config", type=PATH)
@click.argument("files", type=PATH, nargs=-1, required=True)
@click.option("--by", "name", required=True, help="Account of whoever brings them in.")
@PASSWORD
@JSON
@DATABASE
@click.pass_context
def import_files(
    ctx: click.Context,
    config: Path,
    files: tuple[Path, ...],
    *,
    name: str,
    password: str | None,
    as_json: bool,
    url: str | None,
) -> None:
    """Take in FILES of ODK Central (CSV, zip), Kobo (CSV, JSON), or sheets of a kelurahan.

    What was taken in before is known again by the id of each answer: a file can be imported
    twice. Ends with 1 when something of a file could not be read; the rest is kept.
    """
    from geo_target.field_desk import open_desk  # noqa: PLC0415
    from geo_target.outcome_import import import_returns  # noqa: PLC0415

    language = language_of(ctx)
    with open_desk(config, url) as desk:
        by = desk.signed_in(name, password or ask_password())
        imported = import_returns(desk, files, by=by)
    if as_json:
        click.echo(json.dumps(imported.to_json(language), ensure_ascii=False))
    else:
        _tell(imported, language)
    ctx.exit(1 if imported.faults else 0)


@outcomes.command("status")
@click.argument("config", type=PATH)
@click.argument("number", metavar="PLAN", type=int)
@click.option("--by-village", is_flag=True, help="By village; default by officer.")
@JSON
@DATABASE
@click.pass_context
def status(
    ctx: click.Context,
    config: Path,
    number: int,
    *,
    by_village: bool,
    as_json: bool,
    url: str | None,
) -> None:
    """Print how far the visits of PLAN are, and who lags behind the days that were planned."""
    from geo_target.field_desk import open_desk  # noqa: PLC0415
    from geo_target.outcome_import import status_of  # noqa: PLC0415

    with open_desk(config, url) as desk:
        rows = status_of(desk, number, by_village=by_village)
    if as_json:
        click.echo(json.dumps({"plan": number, "rows": rows}, ensure_ascii=False))
        return
    for row in rows:
        click.echo(_said("status", language_of(ctx), **row))


@outcomes.command("conflicts")
@click.argument("config", type=PATH)
@click.argument("number", metavar="PLAN", type=int)
@JSON
@DATABASE
def conflicts(config: Path, number: int, *, as_json: bool, url: str | None) -> None:
    """Print answers of PLAN that differ: visit code, number, outcome, source, days, who; tabs.

    The last cell is + for the answer that is taken while nobody has decided.
    """
    from geo_target.field_desk import open_desk  # noqa: PLC0415
    from geo_target.open_answers import conflicts_of  # noqa: PLC0415

    with open_desk(config, url) as desk:
        rows = conflicts_of(desk, number)
    _print_rows(rows, {"plan": number, "answers": rows}, as_json=as_json)


@outcomes.command("decide")
@click.argument("config", type=PATH)
@click.argument("visit_code")
@click.argument("number", type=int)
@click.option("--by", "name", required=True, help="Account of whoever decides.")
@PASSWORD
@DATABASE
@click.pass_context
def decide(
    ctx: click.Context,
    config: Path,
    visit_code: str,
    number: int,
    *,
    name: str,
    password: str | None,
    url: str | None,
) -> None:
    """Say that answer NUMBER stands for the visit VISIT_CODE; the others are kept beside it."""
    from geo_target.field_desk import open_desk  # noqa: PLC0415
    from geo_target.open_answers import code_of  # noqa: PLC0415

    code = code_of(visit_code)
    with open_desk(config, url) as desk:
        by = desk.signed_in(name, password or ask_password())
        desk.outcomes.resolve_conflict(code, number, by=by)
    click.echo(_said("decided", language_of(ctx), number=number, code=code))


@outcomes.command("orphans")
@click.argument("config", type=PATH)
@JSON
@DATABASE
def orphans(config: Path, *, as_json: bool, url: str | None) -> None:
    """Print answers that are of no visit, as conflicts does; the last cell is why."""
    from geo_target.field_desk import open_desk  # noqa: PLC0415
    from geo_target.open_answers import orphans_of  # noqa: PLC0415

    with open_desk(config, url) as desk:
        rows = list(orphans_of(desk))
    _print_rows(rows, {"answers": rows}, as_json=as_json)


@outcomes.command("attach")
@click.argument("config", type=PATH)
@click.argument("number", type=int)
@click.argument("visit_code", required=False)
@click.option("--by", "name", required=True, help="Account of whoever decides.")
@PASSWORD
@DATABASE
@click.pass_context
def attach(
    ctx: click.Context,
    config: Path,
    number: int,
    visit_code: str | None,
    *,
    name: str,
    password: str | None,
    url: str | None,
) -> None:
    """Say that answer NUMBER of no visit is the one to VISIT_CODE; without it: to none."""
    from geo_target.field_desk import open_desk  # noqa: PLC0415
    from geo_target.open_answers import code_of  # noqa: PLC0415

    code = None if visit_code is None else code_of(visit_code)
    with open_desk(config, url) as desk:
        by = desk.signed_in(name, password or ask_password())
        desk.outcomes.resolve_orphan(number, code, by=by)
    key = "dismissed" if code is None else "attached"
    click.echo(_said(key, language_of(ctx), number=number, code=code))


def _print_rows(
    rows: Sequence[Mapping[str, Any]], whole: Mapping[str, Any], *, as_json: bool
) -> None:
    if as_json:
        click.echo(json.dumps(whole, ensure_ascii=False))
        return
    for row in rows:
        click.echo("\t".join(_cell(cell) for cell in row.values()))


def _cell(value: object) -> str:
    """A cell for a terminal, which obeys signs that are not seen."""
    if isinstance(value, bool):
        return "+" if value else "-"
    text = "".join(sign if sign.isprintable() else " " for sign in str(value or ""))
    return text or "-"


def _tell(imported: "Imported", language: Language) -> None:
    for file in imported.files:
        click.echo(_said("file", language, **file))
    taken = imported.taken
    click.echo(
        _said("taken", language, given=taken.given, new=taken.new, repeated=taken.repeated,
              versions=taken.versions, orphans=len(taken.orphans))
    )  # fmt: skip
    if taken.conflicts:
        click.echo(_said("conflicts", language, count=len(taken.conflicts)))
    for code, count in sorted(Counter(taken.warnings).items()):
        click.echo(_said("warning", language, code=code, count=count))
    for fault in imported.faults[:_MOST_FAULTS]:
        click.echo(fault.text(language), err=True)


def _said(key: str, language: Language, **values: Any) -> str:
    return WORDS[key][language].format(**values)
