"""The command `plan`. Light: each part imports what it needs when it is called."""

import json
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geo_target.command_line import DATABASE, JSON, PASSWORD, PATH, ask_password, language_of
from geo_target.plan_words import NOTICES, SKIPPED, WORDS, head_row, summary_of, visit_row

if TYPE_CHECKING:
    from geo_target.fieldwork.visits import Plan

_DAY = click.DateTime(["%Y-%m-%d"])
_BY = click.option("--by", "name", required=True, help="Account of whoever does this.")


@click.group()
def plan() -> None:
    """Visits: who is visited, by whom and when, and what is carried."""


@plan.command("officers")
@click.argument("config", type=PATH)
@click.argument("file", type=PATH)
@_BY
@PASSWORD
@DATABASE
@click.pass_context
def keep_officers(
    ctx: click.Context,
    config: Path,
    file: Path,
    *,
    name: str,
    password: str | None,
    url: str | None,
) -> None:
    """Keep the officers of FILE (.csv): name, display_name, kind, villages ... (docs/fieldwork.md).

    An officer who is known already is changed; one whom the file does not name stays.
    """
    from geo_target.field_desk import open_desk, village_codes  # noqa: PLC0415
    from geo_target.officer_list import read_officers  # noqa: PLC0415

    with open_desk(config, url) as desk:
        by = desk.signed_in(name, password or ask_password())
        officers = read_officers(file, village_codes(desk.snapshot()))
        for officer in officers:
            desk.officers.save(officer, by=by)
    _say(ctx, "officers", count=len(officers))


@plan.command("make")
@click.argument("config", type=PATH)
@click.option("--title", required=True, help="What the plan is called.")
@click.option("--start", type=_DAY, required=True, help="First day, 2026-11-23.")
@click.option("--days", type=click.IntRange(1, 366), help="Working days; default: all it takes.")
@click.option("--finish", type=_DAY, help="Last day, in place of --days.")
@click.option("--cluster", "cluster_ids", multiple=True, help="Cluster of points, or RW.")
@click.option("--village", "village_codes", multiple=True, help="Code NN.NN.NN.NNNN.")
@click.option("--district", "district_codes", multiple=True, help="Code NN.NN.NN.")
@click.option("--reason", "reasons", multiple=True, help="Why they are uncovered.")
@click.option("--state", "states", multiple=True, type=click.Choice(["uncovered", "unmatched"]))
@click.option("--evidence-before", type=_DAY, help="Only whom nothing newer is known of.")
@click.option(
    "--order",
    type=click.Choice(["cluster", "evidence", "value", "list"]),
    default="cluster",
    show_default=True,
    help="Who comes first where days or --limit do not hold all.",
)
@click.option("--limit", type=click.IntRange(min=1), help="At most so many visits.")
@click.option("--rupiah", type=click.IntRange(min=0), help="Transport of an officer and day.")
@click.option("--dry-run", is_flag=True, help="Print what it would take, and keep nothing.")
@_BY
@PASSWORD
@JSON
@DATABASE
@click.pass_context
def make(
    ctx: click.Context,
    /,
    config: Path,
    *,
    title: str,
    name: str,
    password: str | None,
    as_json: bool,
    dry_run: bool,
    url: str | None,
    **asked: Any,
) -> None:
    """Plan visits to families of the current run: officers, days, order.

    Families in an open plan, and those visited of late, are left out.
    """
    from geo_target.field_desk import open_desk  # noqa: PLC0415
    from geo_target.field_planning import plan_visits  # noqa: PLC0415

    with open_desk(config, url) as desk:
        by = desk.signed_in(name, password or ask_password())
        made = plan_visits(desk, asked, by=by, today=date.today())
        kept = None if dry_run or not made.visits else desk.plans.add(made, title=title, by=by)
    _tell_plan(ctx, made, kept, as_json=as_json, key="saved")


@plan.command("remake")
@click.argument("config", type=PATH)
@click.argument("number", metavar="PLAN", type=int)
@click.option("--days", type=click.IntRange(1, 366), help="Working days from today on.")
@click.option("--finish", type=_DAY, help="Last day, in place of --days.")
@_BY
@PASSWORD
@JSON
@DATABASE
@click.pass_context
def remake(
    ctx: click.Context,
    config: Path,
    number: int,
    *,
    days: int | None,
    finish: datetime | None,
    name: str,
    password: str | None,
    as_json: bool,
    url: str | None,
) -> None:
    """Plan PLAN anew with the officers of today; what is done or locked by hand stays."""
    from geo_target.field_desk import open_desk  # noqa: PLC0415
    from geo_target.field_planning import plan_again  # noqa: PLC0415

    with open_desk(config, url) as desk:
        by = desk.signed_in(name, password or ask_password())
        last = finish.date() if finish else None
        made = plan_again(desk, number, today=date.today(), days=days, ends_on=last)
        desk.plans.replace_open(number, made, by=by)
    _tell_plan(ctx, made, number, as_json=as_json, key="remade")


@plan.command("returns")
@click.argument("config", type=PATH)
@click.argument("number", metavar="PLAN", type=int)
@click.option("--days", type=click.IntRange(1, 366), help="Working days from today on.")
@_BY
@PASSWORD
@DATABASE
@click.pass_context
def add_returns(
    ctx: click.Context,
    config: Path,
    number: int,
    *,
    days: int | None,
    name: str,
    password: str | None,
    url: str | None,
) -> None:
    """Add a second visit to PLAN, a week later, for each that met nobody; each has its own code."""
    from geo_target.field_desk import open_desk  # noqa: PLC0415
    from geo_target.field_planning import plan_returns  # noqa: PLC0415

    with open_desk(config, url) as desk:
        by = desk.signed_in(name, password or ask_password())
        made, count = plan_returns(desk, number, today=date.today(), days=days)
        if count:
            desk.plans.replace_open(number, made, by=by)
    _say(ctx, "returns", count=count, plan=number)


@plan.command("list")
@click.argument("config", type=PATH)
@DATABASE
@click.pass_context
def list_plans(ctx: click.Context, config: Path, url: str | None) -> None:
    """Print all plans with how many of their visits are open, done and withdrawn."""
    from geo_target.field_desk import open_desk  # noqa: PLC0415

    with open_desk(config, url) as desk:
        for head in desk.plans.plans():
            _say(ctx, "row", **head_row(head))


@plan.command("show")
@click.argument("config", type=PATH)
@click.argument("number", metavar="PLAN", type=int)
@JSON
@DATABASE
def show(config: Path, number: int, *, as_json: bool, url: str | None) -> None:
    """Print the visits of PLAN without names: code, officer, day, place; tabs."""
    from geo_target.field_desk import open_desk  # noqa: PLC0415

    with open_desk(config, url) as desk:
        visits = desk.plans.visits(plan_id=number)
    rows = [visit_row(each) for each in visits]
    if as_json:
        click.echo(json.dumps({"plan": number, "visits": rows}, ensure_ascii=False))
        return
    for row in rows:
        click.echo("\t".join("-" if cell is None else str(cell) for cell in row.values()))


@plan.command("carry")
@click.argument("config", type=PATH)
@click.argument("number", metavar="PLAN", type=int)
@click.argument("folder", type=PATH)
@_BY
@PASSWORD
@DATABASE
def carry(
    config: Path,
    number: int,
    folder: Path,
    *,
    name: str,
    password: str | None,
    url: str | None,
) -> None:
    """Write what officers of PLAN carry into FOLDER: papers, sheets, forms, maps; keep it safe.

    One pack of paper (PDF) an officer and day, one sheet (XLSX) a kelurahan, GPX, KML and
    GeoPackage where points are known, and packages for ODK and Kobo. What is written is in the
    audit log before it is there.
    """
    from geo_target.field_carrying import carry_plan  # noqa: PLC0415
    from geo_target.field_desk import open_desk  # noqa: PLC0415

    with open_desk(config, url) as desk:
        by = desk.signed_in(name, password or ask_password())
        written = carry_plan(desk, number, folder, by=by)
    for kind, count in Counter(file.suffix for file in written).items():
        click.echo(f"{kind.lstrip('.')}\t{count}")


def _tell_plan(
    ctx: click.Context, made: "Plan", number: int | None, *, as_json: bool, key: str
) -> None:
    told = summary_of(made)
    if as_json:
        whole = {**told, "plan": number, "notices": list(made.notices), "settings": made.settings}
        click.echo(json.dumps(whole, ensure_ascii=False, default=str))
        return
    if not made.visits:
        _say(ctx, "nobody")
    else:
        _say(ctx, "visits", **told)
        _say(ctx, "loads", **told)
    for count, line in ((told["dayless"], "dayless"), (told["ownerless"], "ownerless")):
        if count:
            _say(ctx, line, count=count)
    for code in made.notices:
        if code in NOTICES:
            click.echo(f"{NOTICES[code][language_of(ctx)]} [{code}]")
    for why, count in dict(made.settings.get("skipped", {})).items():  # type: ignore[call-overload]
        _say(ctx, "skipped", why=SKIPPED[why][language_of(ctx)], count=count)
    if number is not None:
        _say(ctx, key, plan=number)


def _say(ctx: click.Context, key: str, **values: Any) -> None:
    click.echo(WORDS[key][language_of(ctx)].format(**values))
