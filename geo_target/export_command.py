"""The command `export`. Light: it imports what it needs when it is called."""

from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from geo_target.errors import Language

if TYPE_CHECKING:
    from geo_target.civil_registry_export import Exported

_PATH = click.Path(path_type=Path)
_WORDS: dict[str, dict[Language, str]] = {
    "nothing": {
        "id": "tidak ada NIK atau nomor KK yang perlu diperbaiki; berkas tidak dibuat",
        "en": "no NIK or KK number needs mending; no file was made",
    },
    "persons": {"id": "{out}: {persons} orang", "en": "{out}: {persons} persons"},
    "elsewhere": {
        "id": "{elsewhere} orang di luar wilayah tidak dimasukkan",
        "en": "{elsewhere} persons outside of the area were left out",
    },
    "source": {"id": "daftar {number}: {called}", "en": "list {number}: {called}"},
    "passphrase": {"id": "sandi: {passphrase}", "en": "passphrase: {passphrase}"},
    "advice": {
        "id": "sandi ini tidak disimpan di mana pun dan tidak ditampilkan lagi; sampaikan lewat "
        "jalan lain daripada berkasnya, misalnya telepon ke petugas yang ditunjuk",
        "en": "the passphrase is stored nowhere and not shown again; send it by another way than "
        "the file, such as a call to the appointed clerk",
    },
}


@click.group()
def export() -> None:
    """Files with persons for a named agency: encrypted, audited, until a day."""


@export.command("civil-registry")
@click.argument("config", type=_PATH)
@click.argument("out", type=_PATH)
@click.option("--agency", required=True, help="The civil registry that gets the file.")
@click.option("--letter", "number", required=True, help="Number of the letter that it goes with.")
@click.option(
    "--expires",
    type=click.DateTime(["%Y-%m-%d"]),
    required=True,
    help="Until when it may be kept: at most 90 days.",
)
@click.option("--by", required=True, help="Name of whoever makes it.")
@click.option(
    "--database",
    "url",
    envvar="GEO_TARGET_DATABASE",
    help="Audit log; default operations.sqlite beside the config.",
)
@click.pass_context
def civil_registry(
    ctx: click.Context,
    config: Path,
    out: Path,
    *,
    agency: str,
    number: str,
    expires: datetime,
    by: str,
    url: str | None,
) -> None:
    """Write persons whose NIK or KK is of no use into OUT.xlsx, for the civil registry to mend.

    The file opens with a passphrase that is printed once.
    """
    from geo_target import civil_registry_export  # noqa: PLC0415
    from geo_target.operations.database import default_url, open_database  # noqa: PLC0415
    from geo_target.publishing.civil_registry_book import Letter  # noqa: PLC0415

    language: Language = ctx.find_root().params.get("lang", "id")
    letter = Letter(agency, number, made_on=date.today(), expires=expires.date(), by=by)
    with closing(open_database(url or default_url(config.resolve().parent))) as database:
        exported = civil_registry_export.export(config, out, letter, database=database)
    if exported is None:
        click.echo(_WORDS["nothing"][language])
        return
    for line in _lines(exported, out, language):
        click.echo(line)
    click.echo(_WORDS["advice"][language], err=True)


def _lines(exported: "Exported", out: Path, language: Language) -> list[str]:
    def said(key: str, **values: object) -> str:
        return _WORDS[key][language].format(**values)

    return [
        said("persons", out=out, persons=exported.persons),
        *([said("elsewhere", elsewhere=exported.elsewhere)] if exported.elsewhere else []),
        *(said("source", number=n, called=called) for n, called in exported.sources.items()),
        f"sha256 {exported.sha256}",
        said("passphrase", passphrase=exported.passphrase),
    ]
