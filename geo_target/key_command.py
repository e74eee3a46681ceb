"""The command `key`. Light: it imports what it needs when it is called."""

from contextlib import closing
from pathlib import Path

import click

from geo_target.command_line import DATABASE, PATH, database_of, language_of
from geo_target.errors import Fault


@click.group()
def key() -> None:
    """The archive's key, under which numbers of persons are hashed."""


@key.command("change")
@click.argument("config", type=PATH)
@DATABASE
@click.pass_context
def change(ctx: click.Context, config: Path, url: str | None) -> None:
    """Give the archive of CONFIG another key, when somebody else may know it; all are signed out.

    Then restart the service, and run CONFIG.
    """
    from geo_target.publishing.archive import Archive  # noqa: PLC0415
    from geo_target.publishing.keys import change_key  # noqa: PLC0415
    from geo_target.settings import read_settings  # noqa: PLC0415

    settings, folder = read_settings(config), config.resolve().parent
    has_database = url is not None or (folder / "operations.sqlite").is_file()
    with Archive(settings.archive.folder).held():
        if has_database:
            _sign_out(url, config)
        change_key(folder)
    held = _sealed_runs(settings.archive.folder)
    told = (_CHANGED, *(() if has_database else (_NOBODY,)), *((_SEALED,) if held else ()))
    for fault in told:
        click.echo(fault.text(language_of(ctx)), err=True)


def _sealed_runs(archive: Path) -> list[Path]:
    """Runs that hold sealed NIK: the earlier key goes on opening them."""
    from geo_target.sealed_numbers import FILE  # noqa: PLC0415

    return sorted(archive.glob(f"*/{FILE}"))


def _sign_out(url: str | None, config: Path) -> None:
    """End all sessions, and write down why: what cannot be logged is not done."""
    from geo_target.operations.audit import Actor  # noqa: PLC0415
    from geo_target.operations.sessions import Sessions  # noqa: PLC0415

    with closing(database_of(url, config)) as database:
        Sessions(database).revoke_everybody(by=Actor(name="command-line", role="admin"))


_CHANGED = Fault(
    "W-KEY-CHANGED",
    id="kunci diganti. Mulai ulang layanan, lalu jalankan geo-target "
    "run; hapus cadangan lama, yang memuat kunci lama",
    en="the key was changed. Restart the service, then run geo-target "
    "run; delete old backups, which hold the old key",
)
_NOBODY = Fault(
    "W-KEY-NOBODY",
    id="tidak ada basis data operasi di samping konfigurasi, maka tidak ada yang dikeluarkan dan "
    "tidak ada yang dicatat; bila layanan memakai basis data lain, ulangi dengan --database",
    en="there is no operations database beside the configuration, so nobody was signed out and "
    "nothing logged; if the service has another database, do it again with --database",
)
_SEALED = Fault(
    "W-KEY-SEALED",
    id="hasil yang ada memuat NIK tersegel yang masih terbuka dengan kunci lama, dan tidak lagi di "
    "layar; jalankan geo-target run, lalu geo-target purge --yes yang menghapusnya di hasil lama",
    en="the runs that are there hold sealed NIK that the old key still opens, and no page does any "
    "more; run geo-target run, then geo-target purge --yes, which deletes them from old runs",
)
