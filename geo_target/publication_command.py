"""The command `publish`. Light: it imports what it needs when it is called."""

from pathlib import Path

import click

from geo_target.errors import Language

_WORDS: dict[str, dict[Language, str]] = {
    "proposed": {
        "id": "{run}: diusulkan; menunggu penyetuju",
        "en": "{run}: proposed; it waits for an approver",
    },
    "published": {"id": "{run}: terbit untuk umum", "en": "{run}: published"},
    "withdrawn": {
        "id": "{run}: ditarik; umum tidak melihat apa-apa lagi",
        "en": "{run}: withdrawn; the public sees nothing any more",
    },
    "nothing": {"id": "tidak ada yang terbit", "en": "nothing is published"},
}


@click.command()
@click.argument("run_id", metavar="RUN", required=False)
@click.option("--as", "name", required=True, help="Account of whoever does this.")
@click.option("--withdraw", is_flag=True, help="Show the public nothing any more.")
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    default=Path("geo-target.toml"),
    show_default=True,
    help="Its archive.",
)
@click.password_option(
    confirmation_prompt=False, help="Asked for when it is not given, which is safer."
)
@click.option(
    "--database",
    "url",
    envvar="GEO_TARGET_DATABASE",
    help="Accounts and audit log; default operations.sqlite beside the config.",
)
@click.pass_context
def publish(
    ctx: click.Context,
    run_id: str | None,
    *,
    name: str,
    withdraw: bool,
    config: Path,
    password: str,
    url: str | None,
) -> None:
    """Show the public RUN: an analyst proposes it, then an approver publishes it."""
    from geo_target import publication  # noqa: PLC0415
    from geo_target.operations.accounts import Accounts  # noqa: PLC0415
    from geo_target.operations.audit import Actor  # noqa: PLC0415
    from geo_target.operations.database import default_url, open_database  # noqa: PLC0415
    from geo_target.operations.publications import Publications  # noqa: PLC0415
    from geo_target.publishing.archive import Archive  # noqa: PLC0415
    from geo_target.settings import read_settings  # noqa: PLC0415

    if withdraw == bool(run_id):
        raise click.UsageError("RUN, or --withdraw")
    archive = Archive(read_settings(config).archive.folder)
    database = open_database(url or default_url(config.resolve().parent))
    try:
        user = Accounts(database).sign_in(name, password)
        by = Actor(name=user.name, role=user.role, scope=tuple(user.districts))
        publications = Publications(database)
        if run_id:
            done = publication.publish(run_id, archive, publications, by=by)
        else:
            run_id = publication.withdraw(archive, publications, by=by)
            done = "withdrawn" if run_id else "nothing"
    finally:
        database.close()
    language: Language = ctx.find_root().params.get("lang", "id")
    click.echo(_WORDS[done][language].format(run=run_id))
