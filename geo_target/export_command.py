"""The command `export`. Light: it imports what it needs when it is called."""

from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geo_target.command_line import DATABASE, PATH, language_of
from geo_target.errors import Language

if TYPE_CHECKING:
    from geo_target.civil_registry_export import Exported
    from geo_target.publishing.civil_registry_book import Letter

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
    "no proposals": {
        "id": "belum ada keluarga yang diusulkan; berkas tidak dibuat",
        "en": "no family is to be proposed yet; no file was made",
    },
    "families": {
        "id": "{out}: {families} keluarga, {new} di antaranya baru; {lacking} belum lengkap",
        "en": "{out}: {families} families, {new} of them new; {lacking} lack a number or name",
    },
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


def _with_letter(agency: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The options that say what a file goes with; the command gets them as its `letter`.

    Parameters
    ----------
    agency
        Help of the option that names who gets the file.
    """

    def asking(command: Callable[..., None]) -> Callable[..., None]:
        @click.option("--agency", required=True, help=agency)
        @click.option(
            "--letter", "number", required=True, help="Number of the letter that it goes with."
        )
        @click.option(
            "--expires",
            type=click.DateTime(["%Y-%m-%d"]),
            required=True,
            help="Until when it may be kept: at most 90 days.",
        )
        @click.option("--by", required=True, help="Name of whoever makes it.")
        @wraps(command)
        def with_letter(
            *args: Any, agency: str, number: str, expires: datetime, by: str, **options: Any
        ) -> None:
            from geo_target.publishing.civil_registry_book import Letter  # noqa: PLC0415

            day = date.today()
            letter = Letter(agency, number, made_on=day, expires=expires.date(), by=by)
            command(*args, letter=letter, **options)

        return with_letter

    return asking


@export.command("civil-registry")
@click.argument("config", type=PATH)
@click.argument("out", type=PATH)
@_with_letter("The civil registry that gets the file.")
@DATABASE
@click.pass_context
def civil_registry(
    ctx: click.Context,
    config: Path,
    out: Path,
    *,
    letter: "Letter",
    url: str | None,
) -> None:
    """Write persons whose NIK or KK is of no use into OUT.xlsx, for the civil registry to mend.

    The file opens with a passphrase that is printed once.
    """
    from geo_target import civil_registry_export  # noqa: PLC0415
    from geo_target.operations.database import default_url, open_database  # noqa: PLC0415

    language = language_of(ctx)
    with closing(open_database(url or default_url(config.resolve().parent))) as database:
        exported = civil_registry_export.export(config, out, letter, database=database)
    if exported is None:
        click.echo(_WORDS["nothing"][language])
        return
    for line in _lines(exported, out, language):
        click.echo(line)
    click.echo(_WORDS["advice"][language], err=True)


@export.command("proposals")
@click.argument("config", type=PATH)
@click.argument("out", type=PATH)
@_with_letter("Whoever puts them into SIKS-NG.")
@DATABASE
@click.pass_context
def proposals(
    ctx: click.Context,
    config: Path,
    out: Path,
    *,
    letter: "Letter",
    url: str | None,
) -> None:
    """Write families that visits found, and that are to be proposed, into OUT.xlsx.

    In the order of SIKS-NG's fields, with the figures of the minutes. The file opens with a
    passphrase that is printed once.
    """
    from geo_target import proposal_export  # noqa: PLC0415
    from geo_target.field_desk import open_desk  # noqa: PLC0415

    language = language_of(ctx)
    with open_desk(config, url) as desk:
        made = proposal_export.export(desk, out, letter)
    if made is None:
        click.echo(_WORDS["no proposals"][language])
        return
    told = _WORDS["families"][language]
    click.echo(told.format(out=out, families=made.families, new=made.new, lacking=made.lacking))
    click.echo(f"sha256 {made.sha256}")
    click.echo(_WORDS["passphrase"][language].format(passphrase=made.passphrase))
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
