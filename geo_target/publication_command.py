"""The command `publish`. Light: it imports what it needs when it is called."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from geo_target.command_line import ask_password
from geo_target.errors import Language

if TYPE_CHECKING:
    from geo_target.operations.publications import Publication

_WORDS: dict[str, dict[Language, str]] = {
    "proposed": {
        "id": "{run}: diusulkan; menunggu penyetuju",
        "en": "{run}: proposed; it waits for an approver",
    },
    "published": {"id": "{run}: terbit untuk umum", "en": "{run}: published"},
    "finished": {
        "id": "{run}: sudah disetujui sebelumnya; penerbitan yang terputus kini selesai",
        "en": "{run}: approved before; the publication that was cut short is finished now",
    },
    "withdrawn": {
        "id": "{run}: ditarik; umum tidak melihat apa-apa lagi",
        "en": "{run}: withdrawn; the public sees nothing any more",
    },
    "nothing": {"id": "tidak ada yang terbit", "en": "nothing is published"},
    "taken-back": {"id": "{run}: usulan dibatalkan", "en": "{run}: the proposal is taken back"},
    "villages": {
        "id": "kelurahan/desa: {shown} tampil, {withheld} tidak ditampilkan",
        "en": "villages: {shown} shown, {withheld} withheld",
    },
    "row": {
        "id": "{run}  diusulkan {proposer} {proposed}; ",
        "en": "{run}  proposed by {proposer} {proposed}; ",
    },
    "waits": {"id": "menunggu penyetuju", "en": "waits for an approver"},
    "approved": {
        "id": "disetujui {approver} {approved}",
        "en": "approved by {approver} {approved}",
    },
    "shows": {"id": "; kini tampil untuk umum", "en": "; the public sees it now"},
}


@click.command()
@click.argument("run_id", metavar="RUN", required=False)
@click.option("--as", "name", help="Account of whoever does this.")
@click.option("--withdraw", is_flag=True, help="Show the public nothing any more.")
@click.option("--take-back", is_flag=True, help="Drop the proposal of RUN.")
@click.option("--list", "is_list", is_flag=True, help="What was proposed and published.")
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    default=Path("geo-target.toml"),
    show_default=True,
    help="Its archive.",
)
@click.option("--password", help="Asked for when it is not given, which is safer.")
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
    name: str | None,
    withdraw: bool,
    take_back: bool,
    is_list: bool,
    config: Path,
    password: str | None,
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

    if [bool(run_id), withdraw, is_list].count(True) != 1 or (take_back and not run_id):
        raise click.UsageError("RUN, RUN --take-back, --withdraw, or --list")
    if is_list == (name is not None):
        raise click.UsageError("--as NAME" if name is None else "--list")
    if name is not None and password is None:
        password = ask_password()
    language: Language = ctx.find_root().params.get("lang", "id")
    archive = Archive(read_settings(config).archive.folder)
    database = open_database(url or default_url(config.resolve().parent))
    try:
        publications = Publications(database)
        if name is None:  # --list
            for made in publications.all():
                click.echo(_line(made, archive.public(), language))
            return
        user = Accounts(database).sign_in(name, password or "")
        by = Actor(name=user.name, role=user.role, scope=tuple(user.districts))
        if run_id and take_back:
            publications.take_back(run_id, by=by)
            done = "taken-back"
        elif run_id:
            done = publication.publish(run_id, archive, publications, by=by)
        else:
            run_id = publication.withdraw(archive, publications, by=by)
            done = "withdrawn" if run_id else "nothing"
    finally:
        database.close()
    click.echo(_WORDS[done][language].format(run=run_id))
    if run_id and done in {"proposed", "published", "finished"}:
        shown, withheld = publication.count_villages(archive, run_id)
        click.echo(_WORDS["villages"][language].format(shown=shown, withheld=withheld))


def _line(made: "Publication", public: str | None, language: Language) -> str:
    """A proposal, and what became of it."""
    words = _WORDS["row"][language] + _WORDS["approved" if made.approved_at else "waits"][language]
    if made.approved_at and made.run_id == public:
        words += _WORDS["shows"][language]
    return words.format(
        run=made.run_id, proposer=made.proposed_by, proposed=_minute(made.proposed_at),
        approver=made.approved_by, approved=_minute(made.approved_at),
    )  # fmt: skip


def _minute(when: datetime | None) -> str:
    return f"{when.astimezone():%Y-%m-%d %H:%M}" if when is not None else ""
