"""The command `audit person`. Light: it imports what it needs when it is called."""

import io
import re
from collections.abc import Collection
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import click

from geo_target.command_line import DATABASE, PATH, database_of, language_of
from geo_target.errors import DataRefusedError, Fault

_TIME = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"])
#: What people write between the digits of a NIK.
_GAPS = re.compile(r"[\s.\-]")
_NIK = re.compile(r"\d{16}", re.ASCII)


@click.command("person")
@click.argument("config", type=PATH)
@click.option("--since", type=_TIME, default="2000-01-01", help="UTC.")
@click.option("--until", type=_TIME, default="2999-12-31", help="UTC; not itself.")
@DATABASE
@click.pass_context
def person(
    ctx: click.Context, config: Path, since: datetime, until: datetime, url: str | None
) -> None:
    """Ask for a NIK, and print as CSV who saw that person's data, or the family's.

    Nobody sees what is typed, and it is kept nowhere. The family is found in the runs of CONFIG
    that have not been purged.
    """
    from geo_target.operations.audit import Actor, AuditLog  # noqa: PLC0415
    from geo_target.operations.audit_csv import write_csv  # noqa: PLC0415
    from geo_target.operations.breach import unnamed  # noqa: PLC0415

    own, earlier, families = _ids(config, str(click.prompt("NIK", hide_input=True, err=True)))
    period = (since.replace(tzinfo=UTC), until.replace(tzinfo=UTC))
    with closing(database_of(url, config)) as database:
        log = AuditLog(database)
        by = Actor(name="command-line", role="admin")
        entries = log.who_saw(own, *period, by=by, also=(*earlier, *families))
        uncertain = unnamed(database, *period)
    table = io.StringIO()
    write_csv(entries, table)
    click.echo(table.getvalue(), nl=False)
    for fault in (_known(own, families), *([_unnamed(uncertain)] if uncertain else ())):
        click.echo(fault.text(language_of(ctx)), err=True)


def _ids(config: Path, typed: str) -> tuple[str, list[str], list[str]]:
    """The keyed id of a NIK, what it was under earlier keys, and its families in the log."""
    from geo_target.operations.numbers import keyed_id, subject_id  # noqa: PLC0415
    from geo_target.publishing.archive import Archive  # noqa: PLC0415
    from geo_target.publishing.by_name import families_of_person  # noqa: PLC0415
    from geo_target.publishing.keys import check_key, read_keys  # noqa: PLC0415
    from geo_target.settings import read_settings  # noqa: PLC0415

    settings = read_settings(config)
    number = _GAPS.sub("", typed)
    if not _NIK.fullmatch(number):
        raise DataRefusedError(_NO_NIK)
    archive = Archive(settings.archive.folder)
    check_key(config.resolve().parent, archive)
    keys = read_keys(config.resolve().parent)
    (own, *earlier), found = [keyed_id(number, key) for key in keys], set[str]()
    for run_id in archive.run_ids():
        exact = archive.folder / run_id / "exact"
        if (exact / "identities.parquet").is_file():
            found |= families_of_person(exact, [own, *earlier])
    return own, earlier, sorted({subject_id(family, key) for family in found for key in keys})


def _known(own: str, families: Collection[str]) -> Fault:
    many = len(families)
    named = f" ({', '.join(families)})" if families else ""
    return Fault(
        "W-PERSON-IDS",
        id=f"dicari dengan sandi {own} dan {many} nomor keluarga{named} dari hasil yang belum "
        "dihapus; yang menampilkan keluarganya saja ikut tercantum",
        en=f"looked for under the keyed id {own} and {many} ids of families{named} of runs that "
        "are not purged; entries that showed the family alone are among them",
    )


def _unnamed(entries: Collection[object]) -> Fault:
    return Fault(
        "W-PERSON-UNNAMED",
        id=f"{len(entries)} entri lain hanya mencatat jumlah orang (berkas yang dibawa keluar): "
        "orangnya dicari di berkas itu; daftarnya ada di geo-target audit breach",
        en=f"{len(entries)} other entries say only how many persons they held (files that left): "
        "look for the person in these files; geo-target audit breach lists them",
    )


_NO_NIK = Fault(
    "E-PERSON-NIK",
    id="yang diketik bukan NIK; ketik 16 angkanya",
    en="what was typed is no NIK; type its 16 digits",
)
