"""What charts of families say: counts as they are written, and one sentence for who cannot see."""

from collections.abc import Iterable, Sequence

from flask_babel import gettext as _  # type: ignore[import-untyped]

from geo_target.web.charts import BarChart, Item, bars
from geo_target.web.language import whole

#: Districts that a chart shows; its table has all.
MOST_DISTRICTS = 12


def counted(label: str, families: int | None, *, group: str = "", key: str = "") -> Item:
    """An item of a chart of families; None is withheld."""
    words = str(_("tidak ditampilkan")) if families is None else whole(families)
    return Item(label, families, words, group, key)


def says(items: Iterable[Item]) -> str:
    """The largest and how many are withheld, in a sentence."""
    found = [*items]
    shown = [item for item in found if item.value is not None]
    sentences = []
    if shown:
        largest = max(shown, key=lambda item: item.value or 0)
        sentences.append(
            _("Terbanyak: %(label)s, %(count)s.", label=largest.label, count=largest.words)
        )
    if held := len(found) - len(shown):
        sentences.append(_("%(count)s tidak ditampilkan.", count=whole(held)))
    return " ".join(sentences)


def by_district(
    parts: Sequence[str], districts: Sequence[tuple[str, Sequence[int | None]]]
) -> list[tuple[str, BarChart, str]]:
    """A chart of districts for each part that is not empty, all on one scale: title, chart, words.

    Parameters
    ----------
    parts
        Titles, in the order of the parts of a row.
    districts
        Names, and families by part.
    """
    shown = districts[:MOST_DISTRICTS]
    most = max((part or 0 for _name, row in shown for part in row), default=0)
    charts = []
    for number, title in enumerate(parts):
        items = [counted(name, row[number]) for name, row in shown]
        if any(item.value != 0 for item in items):
            charts.append((title, bars(items, most=most), says(items)))
    return charts
