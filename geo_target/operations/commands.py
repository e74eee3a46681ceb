"""The commands `migrate`, `users` and `audit`. Light: each imports what it needs when called."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geo_target.errors import Fault, Language

if TYPE_CHECKING:
    from geo_target.operations.accounts import Accounts
    from geo_target.operations.audit import Actor
    from geo_target.operations.audit_chain import Head
    from geo_target.operations.database import Database

_DATABASE = click.option(
    "--database",
    "url",
    envvar="GEO_TARGET_DATABASE",
    help="sqlite:///FILE or postgresql://USER@HOST/NAME; default operations.sqlite here.",
)
_PASSWORD = click.password_option(
    prompt="Sandi (password)", confirmation_prompt="Sekali lagi (again)",
    help="Asked for when it is not given, which is safer.",
)  # fmt: skip
_TIME = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"])


@click.command()
@_DATABASE
def migrate(url: str | None) -> None:
    """Make the operations database, or bring it to this version."""
    from geo_target.operations.migration import migrate as run_migrations  # noqa: PLC0415

    click.echo(run_migrations(_url(url)))


@click.group()
def users() -> None:
    """Accounts: who may sign in, and as what."""


@users.command()
@click.argument("name")
@click.option("--display-name", required=True, help="The person's own name.")
@click.option("--role", required=True, help="viewer, secretary, operator, officer ...")
@click.option("--district", "districts", multiple=True, help="Code NN.NN.NN; for officers.")
@_PASSWORD
@_DATABASE
@click.pass_context
def add(ctx: click.Context, /, name: str, password: str, url: str | None, **about: Any) -> None:
    """Make the account NAME; its owner chooses another password at the first sign-in."""
    from geo_target.operations.passwords import password_advice  # noqa: PLC0415

    with _accounts(url) as (accounts, by):
        user = accounts.add(name, password=password, by=by, **about)
    _say(ctx, password_advice(password))
    click.echo(f"{user.name} {user.role} {' '.join(user.districts)}".rstrip())


@users.command()
@click.argument("name")
@_PASSWORD
@_DATABASE
@click.pass_context
def passwd(ctx: click.Context, name: str, password: str, url: str | None) -> None:
    """Give NAME a new password, good for three days and one sign-in; its sessions end."""
    from geo_target.operations.passwords import password_advice  # noqa: PLC0415

    with _accounts(url) as (accounts, by):
        accounts.set_password(name, password, by=by)
    _say(ctx, password_advice(password))


@users.command()
@click.argument("name")
@click.option(
    "--present",
    prompt="Sandi sekarang (present password)",
    hide_input=True,
    help="The password that NAME was given; asked for when it is not given.",
)
@_PASSWORD
@_DATABASE
@click.pass_context
def choose(ctx: click.Context, /, name: str, present: str, password: str, url: str | None) -> None:
    """Choose the own password of the account NAME, where no sign-in page is at hand."""
    from geo_target.operations.passwords import password_advice  # noqa: PLC0415

    with _accounts(url) as (accounts, by):
        accounts.change_password(name, present, password, by=by, is_signed_in=False)
    _say(ctx, password_advice(password))


@users.command()
@click.argument("name")
@click.argument("role")
@click.option("--district", "districts", multiple=True, help="Code NN.NN.NN; for officers.")
@_DATABASE
def role(name: str, role: str, districts: tuple[str, ...], url: str | None) -> None:
    """Give NAME another ROLE or other districts; its sessions end."""
    with _accounts(url) as (accounts, by):
        accounts.set_role(name, role, districts, by=by)


@users.command()
@click.argument("name")
@_DATABASE
def disable(name: str, url: str | None) -> None:
    """Close the account NAME; its sessions end at once."""
    with _accounts(url) as (accounts, by):
        accounts.disable(name, by=by)


@users.command()
@click.argument("name")
@_DATABASE
def enable(name: str, url: str | None) -> None:
    """Open the account NAME again."""
    with _accounts(url) as (accounts, by):
        accounts.enable(name, by=by)


@users.command("list")
@_DATABASE
def list_users(url: str | None) -> None:
    """All accounts: name, role, open or closed, districts, the person's name."""
    with _accounts(url) as (accounts, _):
        for user in accounts.users():
            state = "disabled" if user.disabled_at else "enabled"
            districts = ",".join(user.districts) or "-"
            click.echo("\t".join((user.name, user.role, state, districts, user.display_name)))


@click.group()
def audit() -> None:
    """The audit log: who did and saw what."""


@audit.command()
@click.option("--head", "copied", multiple=True, help="SEQ:HASH that was copied out earlier.")
@_DATABASE
@click.pass_context
def verify(ctx: click.Context, copied: tuple[str, ...], url: str | None) -> None:
    """Walk along the chain; print its head as SEQ:HASH, or name the first broken entry."""
    from geo_target.operations import audit_chain  # noqa: PLC0415

    with _database(url) as database:
        found = audit_chain.verify(database, copied=[_head(text) for text in copied])
    if found.broken is not None:
        _say(ctx, found.broken)
        ctx.exit(1)
    click.echo(f"{found.head.seq}:{found.head.hash}")


@audit.command("who-saw")
@click.argument("object_id")
@click.option("--since", type=_TIME, default="2000-01-01", help="UTC.")
@click.option("--until", type=_TIME, default="2999-12-31", help="UTC; not itself.")
@_DATABASE
def who_saw(object_id: str, since: datetime, until: datetime, url: str | None) -> None:
    """Entries whose answer held OBJECT_ID (a keyed id or a code), as CSV."""
    from geo_target.operations.audit import AuditLog  # noqa: PLC0415
    from geo_target.operations.audit_csv import write_csv  # noqa: PLC0415

    with _database(url) as database:
        entries = AuditLog(database).who_saw(
            object_id, since.replace(tzinfo=UTC), until.replace(tzinfo=UTC), by=_operator()
        )
    table = io.StringIO()
    write_csv(entries, table)
    click.echo(table.getvalue(), nl=False)


@audit.command()
@click.argument("file", type=click.Path(path_type=Path))
@_DATABASE
def export(file: Path, url: str | None) -> None:
    """Write the whole log into FILE, as CSV."""
    from geo_target.operations.audit import AuditLog  # noqa: PLC0415
    from geo_target.operations.audit_csv import write_csv  # noqa: PLC0415
    from geo_target.operations.report_files import new_report  # noqa: PLC0415

    with _database(url) as database, new_report(file) as out:
        click.echo(write_csv(AuditLog(database).entries(by=_operator()), out))


@audit.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--since", type=_TIME, required=True, help="UTC.")
@click.option("--until", type=_TIME, required=True, help="UTC; not itself.")
@click.option("--actor", default="", help="Only what this account did.")
@click.option("--session", default="", help="Only this session, as the log writes it.")
@click.option("--person", default="", help="Only answers that held this keyed id.")
@_DATABASE
@click.pass_context
def breach(
    ctx: click.Context,
    /,
    file: Path,
    since: datetime,
    until: datetime,
    url: str | None,
    **only: str,
) -> None:
    """Write a report on an incident into FILE, and whom it concerns into FILE.persons.csv.

    Ends with 1 when the log was changed; the report is written all the same.
    """
    from geo_target.operations.audit import AuditLog, local_now  # noqa: PLC0415
    from geo_target.operations.breach import BreachInquiry, Incident  # noqa: PLC0415
    from geo_target.operations.breach_report import check_file, write_report  # noqa: PLC0415

    incident = Incident(since=since.replace(tzinfo=UTC), until=until.replace(tzinfo=UTC), **only)
    if incident.since >= incident.until:
        raise click.BadParameter("--since < --until", param_hint="--until")
    check_file(file)
    language: Language = ctx.find_root().params.get("lang", "id")
    with _database(url) as database:
        inquiry = BreachInquiry(database, AuditLog(database), incident, by=_operator())
        findings = inquiry.findings(now=local_now())
        click.echo(write_report(file, findings, inquiry.persons(), language=language))
    if findings.chain.broken is not None:
        _say(ctx, findings.chain.broken)
        ctx.exit(1)


@contextmanager
def _database(url: str | None) -> Iterator["Database"]:
    from geo_target.operations.database import open_database  # noqa: PLC0415

    database = open_database(_url(url))
    try:
        yield database
    finally:
        database.close()


@contextmanager
def _accounts(url: str | None) -> Iterator[tuple["Accounts", "Actor"]]:
    from geo_target.operations.accounts import Accounts  # noqa: PLC0415

    with _database(url) as database:
        yield Accounts(database), _operator()


def _operator() -> "Actor":
    """Whoever sits at the machine: the log cannot know more."""
    from geo_target.operations.audit import Actor  # noqa: PLC0415

    return Actor(name="command-line", role="admin")


def _url(url: str | None) -> str:
    from geo_target.operations.database import default_url  # noqa: PLC0415

    return url or default_url(Path())


def _head(text: str) -> "Head":
    from geo_target.operations.audit_chain import Head  # noqa: PLC0415

    seq, _, hash_ = text.partition(":")
    if not seq.isdecimal() or not hash_:
        raise click.BadParameter("SEQ:HASH", param_hint="--head")
    return Head(int(seq), hash_)


def _say(ctx: click.Context, fault: Fault | None) -> None:
    language: Language = ctx.find_root().params.get("lang", "id")
    if fault is not None:
        click.echo(fault.text(language), err=True)
