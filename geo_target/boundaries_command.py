"""The commands `boundaries`. Light: each imports what it needs when it is called."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from geo_target.errors import Language

_PATH = click.Path(path_type=Path)


@click.group()
def boundaries() -> None:
    """Check or repair a layer of village boundaries, or compare two."""


def _layer_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("--area", help="Kemendagri code; default: what the layer's codes cover."),
        click.option("--code-column", help="Column of the village code; default: by lookup."),
        click.option("--code-system", type=click.Choice(["kemendagri", "bps"])),
        click.option("--json", "as_json", is_flag=True),
    ):
        command = option(command)
    return command


@boundaries.command()
@click.argument("file", type=_PATH)
@_layer_options
@click.pass_context
def check(ctx: click.Context, /, file: Path, *, as_json: bool, **options: Any) -> None:
    """Report on a layer; ends with 1 when it cannot be used as it is."""
    from geo_target.places.boundaries import check_boundaries  # noqa: PLC0415

    report = check_boundaries(file, **options)
    _print_report(ctx, report, as_json=as_json)
    ctx.exit(0 if report.usable_as_is else 1)


@boundaries.command()
@click.argument("file", type=_PATH)
@click.argument("out", type=_PATH)
@_layer_options
@click.pass_context
def repair(ctx: click.Context, /, file: Path, out: Path, *, as_json: bool, **options: Any) -> None:
    """Close gaps and overlaps of FILE into OUT, and report every change of area.

    A layer whose coordinates all stand as [latitude, longitude] is turned.
    """
    from geo_target.places.boundaries import repair_boundaries  # noqa: PLC0415

    _print_report(ctx, repair_boundaries(file, out, **options), as_json=as_json)


@boundaries.command()
@click.argument("file_a", metavar="A", type=_PATH)
@click.argument("file_b", metavar="B", type=_PATH)
@click.option("--area", help="Kemendagri code; default: what the codes of A cover.")
@click.option(
    "--map",
    "maps",
    type=_PATH,
    multiple=True,
    help="Write the zones of difference (.geojson, .gpkg) or a picture (.html); may be repeated.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
@click.pass_context
def compare(
    ctx: click.Context,
    file_a: Path,
    file_b: Path,
    *,
    area: str | None,
    maps: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Compare the layers A and B: which ground is another village's in the other."""
    from geo_target.places.boundary_comparison import (  # noqa: PLC0415
        compare_boundaries,
        write_zones,
    )
    from geo_target.places.boundary_writing import check_output  # noqa: PLC0415
    from geo_target.publishing.comparison_map import write_comparison_map  # noqa: PLC0415

    pictures = [out for out in maps if out.suffix.lower() == ".html"]
    zones = [out for out in maps if out not in pictures]
    for out in zones:
        check_output(out)
    compared = compare_boundaries(file_a, file_b, area=area)
    for out in zones:
        write_zones(compared.report, out)
    for out in pictures:
        write_comparison_map(compared, out, _language(ctx))
    _print_report(ctx, compared.report, as_json=as_json)


def _print_report(ctx: click.Context, report: Any, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(report.to_json(), ensure_ascii=False))
    else:
        click.echo("\n".join(report.lines(_language(ctx))))


def _language(ctx: click.Context) -> Language:
    language: Language = ctx.find_root().params.get("lang", "id")
    return language
