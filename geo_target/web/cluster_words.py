"""What is said of a cluster: how far it reaches, how old it is, and why it is no chance."""

from flask_babel import gettext as _  # type: ignore[import-untyped]
from flask_babel import ngettext

from geo_target.web.figures import Record
from geo_target.web.language import whole
from geo_target.web.priority_words import decimal

_KILOMETER = 1_000
_MONTH = 30
_RARE = 0.001


def away(meters: float) -> str:
    """A distance, as ``850 m`` or ``1,2 km``."""
    if meters < _KILOMETER:
        return f"{whole(max(10, round(meters, -1)))}\N{NO-BREAK SPACE}m"
    return f"{decimal(meters / _KILOMETER)}\N{NO-BREAK SPACE}km"


def days_old(days: float) -> str:
    """An age in months of 30 days."""
    months = round(days / _MONTH)
    if months < 1:
        return str(_("kurang dari sebulan"))
    words = ngettext("%(num)s bulan", "%(num)s bulan", months)
    return str(words).replace(" ", "\N{NO-BREAK SPACE}")


def false_share(q: float) -> str:
    """A false discovery rate, as ``q = 0,012`` or ``q ≤ 0,001``."""
    sign, told = ("≤", _RARE) if q <= _RARE else ("=", q)
    return f"q {sign} {decimal(told, '0.000')}".replace(" ", "\N{NO-BREAK SPACE}")


def found_by_chance(q: float) -> str:
    """A false discovery rate in a sentence."""
    told = false_share(q)
    if q <= _RARE:
        return str(_("Jumlah sebanyak itu hampir mustahil karena kebetulan saja (%(q)s).", q=told))
    return str(_("Jumlah sebanyak itu jarang karena kebetulan saja (%(q)s).", q=told))


def is_over_area(summary: Record) -> bool:
    """Whether the expected are of the whole area's share, and not of what is outside clusters."""
    return (summary.get("clusters") or {}).get("excess_over") == "area"


def expected_words(record: Record, *, is_over_area: bool = False) -> str | None:
    """Expected and found in one sentence; None where they are not shown."""
    expected, compared, found = (
        record.get(name)
        for name in ("expected_families", "compared_families", "uncovered_families")
    )
    if expected is None or compared is None or found is None:
        return None
    counts = {
        "compared": whole(compared), "found": whole(found), "expected": whole(expected),
    }  # fmt: skip
    if is_over_area:
        return str(
            _(
                "Dari %(compared)s KK di sini yang dapat dibandingkan dengan daftar penerima, "
                "%(found)s belum tersentuh. Dengan tingkat seluruh wilayah akan ada sekitar "
                "%(expected)s.",
                **counts,
            )
        )
    return str(
        _(
            "Dari %(compared)s KK di sini yang dapat dibandingkan dengan daftar penerima, "
            "%(found)s belum tersentuh. Dengan tingkat di luar klaster akan ada sekitar "
            "%(expected)s.",
            **counts,
        )
    )
