"""What commands of several modules share: options, who asks, and files for one's own eyes."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from geo_target.errors import Language

if TYPE_CHECKING:
    from geo_target.operations.audit import Actor
    from geo_target.operations.database import Database

PATH = click.Path(path_type=Path)
DATABASE = click.option(
    "--database",
    "url",
    envvar="GEO_TARGET_DATABASE",
    help="sqlite:///FILE or postgresql://USER@HOST/NAME; default: operations.sqlite of CONFIG.",
)
PASSWORD = click.option("--password", help="Asked for when it is not given, which is safer.")
JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")


def database_of(url: str | None, config: Path) -> "Database":
    """The operations database; `url` None is the file beside the configuration."""
    from geo_target.operations.database import default_url, open_database  # noqa: PLC0415

    return open_database(url or default_url(config.resolve().parent))


def key_of(config: Path) -> bytes:
    """The key of the archive; where it is gone none is made in its place."""
    from geo_target.publishing.archive import Archive  # noqa: PLC0415
    from geo_target.publishing.keys import kept_key  # noqa: PLC0415
    from geo_target.settings import read_settings  # noqa: PLC0415

    archive = Archive(read_settings(config).archive.folder)
    return kept_key(config.resolve().parent, archive)


def tell(
    database: "Database",
    verb: str,
    run_id: str,
    *,
    object_type: str = "pair",
    subjects: tuple[str, ...] = (),
    persons: int | None = None,
) -> None:
    """Write down what is about to leave; whoever sits at the machine, the log cannot know more."""
    from geo_target.operations.audit import Actor, AuditLog, Entry  # noqa: PLC0415

    AuditLog(database).append(
        Entry(
            actor=Actor(name="command-line", role="admin"), verb=verb, object_type=object_type,
            run_id=run_id, subjects=subjects, persons=persons,
        )
    )  # fmt: skip


def signed_in(database: "Database", name: str, password: str) -> "Actor":
    """Whoever an account belongs to: on a machine that several share the log has to know."""
    from geo_target.operations.accounts import Accounts  # noqa: PLC0415
    from geo_target.operations.audit import Actor  # noqa: PLC0415

    user = Accounts(database).sign_in(name, password)
    return Actor(name=user.name, role=user.role, scope=tuple(user.districts))


def ask_password() -> str:
    """Ask for a password that was not given, which nobody else sees."""
    words = {"id": "Sandi", "en": "Password"}
    return str(click.prompt(words[language_of(click.get_current_context())], hide_input=True))


def language_of(ctx: click.Context) -> Language:
    """What `--lang` says."""
    language: Language = ctx.find_root().params.get("lang", "id")
    return language


def write_private(file: Path, content: bytes) -> None:
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
