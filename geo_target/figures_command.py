"""The command `figures`. Light: it imports what it needs when it is called."""

import json
import re
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geo_target.errors import Language

if TYPE_CHECKING:
    from geo_target.publishing.figure_ledger import Comparison, PublishedFigure
    from geo_target.publishing.quantities import Quantity

    Held = Sequence[tuple[PublishedFigure, Comparison]]

_WORDS: Mapping[str, Mapping[Language, str]] = {
    "basis": {
        "id": "Hitungan kami: {run_id}, keadaan pada {as_of}; satuan KK; sasaran: {rule}; "
        "tersentuh: {programs} pada {on}",
        "en": "Our counts: {run_id}, as of {as_of}; unit families (KK); target: {rule}; "
        "covered: {programs} on {on}",
    },
    "no_run": {
        "id": "Belum ada hasil; jalankan geo-target run untuk menyandingkannya",
        "en": "There is no run yet; geo-target run makes the counts to hold them against",
    },
    "demo": {"id": "Data contoh, bukan data sebenarnya", "en": "Sample data, not real data"},
    "nothing": {"id": "Tidak ada angka terbitan.", "en": "No figures were published."},
    "count": {"id": "Angka dari daftar dan program", "en": "Figures of lists and programs"},
    "survey": {"id": "Angka BPS (survei)", "en": "Figures of BPS (survey)"},
    "head": {
        "id": "angka\ttanggal\tpenerbit\thitungan kami\tselisih\tarti\tmengapa",
        "en": "figure\tdate\tpublisher\tour count\tdifference\tmeaning\twhy",
    },
}


def _code(_ctx: click.Context, _option: click.Parameter, text: str | None) -> str | None:
    if text is not None and not re.fullmatch(r"\d\d(\.\d\d){0,2}", text):
        raise click.BadParameter("PP, PP.KK or PP.KK.CC")
    return text


@click.command()
@click.argument("config", type=click.Path(path_type=Path))
@click.option(
    "--area", callback=_code, help="Kemendagri code with dots; default: the area of CONFIG."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
@click.pass_context
def figures(ctx: click.Context, config: Path, *, area: str | None, as_json: bool) -> None:
    """Print published figures on the area of CONFIG beside the counts of its current snapshot.

    Figures of the places inside it and around it are there too; nothing is ever subtracted
    from a figure in another unit.
    """
    from geo_target.publishing.archive import Archive  # noqa: PLC0415
    from geo_target.publishing.audiences import MEETING  # noqa: PLC0415
    from geo_target.publishing.figure_file import read_ledger  # noqa: PLC0415
    from geo_target.publishing.figure_ledger import compare, figures_about  # noqa: PLC0415
    from geo_target.publishing.shown_registers import shown_summary  # noqa: PLC0415
    from geo_target.settings import read_settings  # noqa: PLC0415

    language: Language = ctx.find_root().params.get("lang", "id")
    settings = read_settings(config)
    ledger = read_ledger(settings.figures.file)
    archive = Archive(settings.archive.folder)
    run_id = archive.current()
    summary = shown_summary(archive, run_id, MEETING) if run_id else {}
    code = area or settings.area.code
    held = [(figure, compare(figure, summary)) for figure in figures_about(code, ledger)]
    if as_json:
        found = {
            "area": code,
            "run_id": run_id if summary else None,
            "as_of": summary.get("as_of"),
            "demo": summary.get("demo"),
            "figures": [_entry(figure, comparison) for figure, comparison in held],
        }
        click.echo(json.dumps(found, ensure_ascii=False))
    else:
        click.echo("\n".join([*_basis(run_id, summary, language), *_table(held, language)]))


def _basis(run_id: str | None, summary: Mapping[str, Any], language: Language) -> list[str]:
    if not summary:
        return [_WORDS["no_run"][language]]
    definition = summary["definition"]
    line = _WORDS["basis"][language].format(
        run_id=run_id,
        as_of=summary["as_of"],
        rule=summary["welfare"][language],
        programs=", ".join(program["short_name"] for program in definition["programs"]),
        on=definition["on"],
    )
    return [line, *([_WORDS["demo"][language]] if summary["demo"] else [])]


def _table(held: "Held", language: Language) -> list[str]:
    if not held:
        return [_WORDS["nothing"][language]]
    lines = []
    for kind in ("count", "survey"):
        rows = [each for each in held if each[0].kind == kind]
        for code, of_area in groupby(rows, lambda each: each[0].area):
            cells = [(figure.area_name, _cells(figure, c, language)) for figure, c in of_area]
            name = cells[0][0]
            lines += ["", f"{name} ({code}): {_WORDS[kind][language]}", _WORDS["head"][language]]
            lines += ["\t".join(row) for _, row in cells]
    return lines


def _cells(figure: "PublishedFigure", comparison: "Comparison", language: Language) -> list[str]:
    from geo_target.publishing.figure_ledger import STATUS_WORDS  # noqa: PLC0415

    status = STATUS_WORDS[comparison.status][language]
    ours = _span(comparison.own, comparison.most, language)
    apart = _span(comparison.difference, comparison.most_difference, language, signed=True)
    return [
        figure.quantity.text(language),
        figure.date,
        f"{figure.publisher} ({figure.source})",
        f"{ours} ({comparison.own_date})" if ours else "-",
        f"{apart} ({status})" if apart else status,
        figure.definition[language],
        figure.why[language] or "-",
    ]


def _span(
    least: "Quantity | None", most: "Quantity | None", language: Language, *, signed: bool = False
) -> str:
    return "–".join(each.text(language, signed=signed) for each in (least, most) if each)


def _entry(figure: "PublishedFigure", comparison: "Comparison") -> dict[str, Any]:
    def number(quantity: "Quantity | None") -> int | float | None:
        if quantity is None:
            return None
        value = quantity.value
        return float(value) if quantity.unit == "percent" else int(value)

    return {
        "id": figure.id,
        "area": figure.area,
        "area_name": figure.area_name,
        "kind": figure.kind,
        "figure": number(figure.quantity),
        "unit": figure.quantity.unit,
        "date": figure.date,
        "publisher": figure.publisher,
        "source": figure.source,
        "definition": dict(figure.definition),
        "why": dict(figure.why),
        "counts": figure.counts or None,
        "status": comparison.status,
        "own": number(comparison.own),
        "own_most": number(comparison.most),
        "own_unit": comparison.own.unit if comparison.own else None,
        "own_date": comparison.own_date or None,
        "difference": number(comparison.difference),
        "most_difference": number(comparison.most_difference),
        "reasons": list(comparison.reasons),
    }
