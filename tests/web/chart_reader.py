"""What the charts of a page show, and what the tables hold that they name."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class DrawnChart:
    """A chart's sentence, its table's id, the values of its marks and all that is written."""

    says: str
    table: str
    values: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)


class ChartReader(HTMLParser):
    """Reads charts and the cells of tables by the tables' ids."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.charts: list[DrawnChart] = []
        self.cells: dict[str, list[str]] = {}
        self._chart: DrawnChart | None = None
        self._table = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if tag == "svg" and named.get("class") == "drawn":
            assert named["role"] == "img"
            self._chart = DrawnChart(named["aria-label"], named["data-table"])
            self.charts.append(self._chart)
        elif self._chart and "data-value" in named:
            self._chart.values.append(named["data-value"])
        elif tag == "table":
            self._table = named.get("id", "")
            self.cells.setdefault(self._table, [])
        elif tag in ("td", "th"):
            self.cells.setdefault(self._table, []).append("")

    def handle_data(self, data: str) -> None:
        if self._chart:
            self._chart.texts.append(data)
        elif self._table and self.cells[self._table]:
            self.cells[self._table][-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "svg":
            self._chart = None
        elif tag == "table":
            self._table = ""


def plain(words: str) -> str:
    """Words without their unit and with common blanks."""
    return re.sub(r"\s+", " ", words).removesuffix(" KK").strip()
