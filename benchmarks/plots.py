"""A plot as SVG: the same result gives the same bytes."""

import math
from html import escape

from benchmarks.results import Plot, Point, cell_text

_COLORS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#555555", "#000000")
_WIDTH, _LEFT, _RIGHT, _TOP = 760, 230, 70, 46
_BAR, _LINES_HEIGHT = 16, 340


def svg(plot: Plot) -> str:
    """Draw bars lying on their side, or lines with a dot at each point."""
    height, drawn = _bars(plot) if plot.kind == "bars" else _lines(plot)
    legend = _legend(list(plot.series), height) if len(plot.series) > 1 else []
    height += 20 * len(legend) // 2 + 12
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}"'
            ' font-family="sans-serif" font-size="12" fill="#222222">',
            f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>',
            _text(12, 20, plot.title, "start", 'font-size="15" font-weight="bold"'),
            *drawn,
            *legend,
            "</svg>\n",
        ]
    )


class _Scale:
    """From values to pixels, by size or by its logarithm."""

    def __init__(self, values: list[float], start: int, end: int, *, log: bool) -> None:
        self._log, self._start, self._end = log, start, end
        positive = [value for value in values if value > 0] or [1.0]
        if log:
            self._low = 10.0 ** math.floor(math.log10(min(positive)))
            self._high = max(10.0 ** math.ceil(math.log10(max(positive))), 10 * self._low)
        else:
            self._low, self._high = 0.0, max(positive)

    def __call__(self, value: float) -> float:
        if self._log:
            spread = math.log(self._high / self._low)
            part = math.log(max(value, self._low) / self._low) / spread
        else:
            part = value / self._high
        return round(self._start + part * (self._end - self._start), 1)

    def ticks(self) -> list[float]:
        if self._log:
            first, last = round(math.log10(self._low)), round(math.log10(self._high))
            return [10.0**power for power in range(first, last + 1)]
        step = 10.0 ** math.floor(math.log10(self._high))
        step *= next(part for part in (0.2, 0.5, 1) if self._high / (step * part) <= 6 or part == 1)
        return [step * number for number in range(int(self._high / step + 1e-9) + 1)]


def _bars(plot: Plot) -> tuple[int, list[str]]:
    words = list(dict.fromkeys(str(x) for points in plot.series.values() for x, _ in points))
    height = len(plot.series) * _BAR + 10
    bottom = _TOP + height * len(words)
    scale = _Scale(_ys(plot), _LEFT, _WIDTH - _RIGHT, log=plot.log)
    drawn = _grid(scale, _TOP - 6, bottom)
    for place, word in enumerate(words):
        top = _TOP + place * height
        drawn.append(_text(_LEFT - 8, top + height / 2 - 1, word, "end"))
        for number, points in enumerate(plot.series.values()):
            y = top + number * _BAR
            for value in (value for x, value in points if x == word):
                drawn.append(
                    f'<rect x="{_LEFT}" y="{y}" width="{scale(value) - _LEFT:.1f}"'
                    f' height="{_BAR - 3}" fill="{_color(number)}"/>'
                )
                drawn.append(_text(scale(value) + 4, y + _BAR - 6, cell_text(value)))
    drawn.append(_text((_LEFT + _WIDTH - _RIGHT) / 2, bottom + 30, plot.y_label, "middle"))
    return bottom + 38, drawn


def _lines(plot: Plot) -> tuple[int, list[str]]:
    left, bottom = 80, _TOP + _LINES_HEIGHT
    xs = [float(x) for points in plot.series.values() for x, _ in points]
    across = _Scale(xs, left, _WIDTH - _RIGHT, log=plot.log)
    up = _Scale(_ys(plot), bottom, _TOP, log=plot.log)
    drawn = _grid(across, _TOP, bottom)
    for tick in up.ticks():
        drawn.append(_rule(left, up(tick), _WIDTH - _RIGHT, up(tick)))
        drawn.append(_text(left - 6, up(tick) + 4, cell_text(tick), "end"))
    for number, points in enumerate(plot.series.values()):
        places = [(across(float(x)), up(y)) for x, y in _in_order(points)]
        path = " ".join(f"{x},{y}" for x, y in places)
        drawn.append(
            f'<polyline points="{path}" fill="none" stroke="{_color(number)}" stroke-width="2"/>'
        )
        drawn += [f'<circle cx="{x}" cy="{y}" r="3" fill="{_color(number)}"/>' for x, y in places]
    drawn.append(_text((left + _WIDTH - _RIGHT) / 2, bottom + 34, plot.x_label, "middle"))
    drawn.append(_text(12, _TOP - 8, plot.y_label))
    return bottom + 42, drawn


def _grid(scale: _Scale, top: float, bottom: float) -> list[str]:
    return [
        part
        for tick in scale.ticks()
        for part in (
            _rule(scale(tick), top, scale(tick), bottom),
            _text(scale(tick), bottom + 15, cell_text(tick), "middle"),
        )
    ]


def _legend(names: list[str], top: int) -> list[str]:
    return [
        part
        for number, name in enumerate(names)
        for part in (
            f'<rect x="{_LEFT}" y="{top + 20 * number}" width="12" height="12"'
            f' fill="{_color(number)}"/>',
            _text(_LEFT + 18, top + 20 * number + 11, name),
        )
    ]


def _ys(plot: Plot) -> list[float]:
    return [y for points in plot.series.values() for _, y in points]


def _in_order(points: list[Point]) -> list[Point]:
    return sorted(points, key=lambda point: float(point[0]))


def _color(number: int) -> str:
    return _COLORS[number % len(_COLORS)]


def _rule(x: float, y: float, to_x: float, to_y: float) -> str:
    return f'<line x1="{x}" y1="{y}" x2="{to_x}" y2="{to_y}" stroke="#dddddd"/>'


def _text(x: float, y: float, words: str, anchor: str = "start", more: str = "") -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" {more}>{escape(words)}</text>'
