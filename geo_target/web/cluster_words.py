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
    return str(ngettext("%(num)s bulan", "%(num)s bulan", months))


def found_by_chance(q: float) -> str:
    """A false discovery rate in words."""
    if q <= _RARE:
        return str(_("hampir mustahil kebetulan (q ≤ %(q)s)", q=decimal(_RARE, "0.000")))
    return str(_("jarang kebetulan (q = %(q)s)", q=decimal(q, "0.000")))


def expected_words(record: Record) -> str | None:
    """Expected and found in one sentence; None where they are not shown."""
    expected, compared, found = (
        record.get(name)
        for name in ("expected_families", "compared_families", "uncovered_families")
    )
    if expected is None or compared is None or found is None:
        return None
    return str(
        _(
            "Dari %(compared)s KK di sini yang dapat dibandingkan dengan daftar penerima, "
            "%(found)s belum tersentuh. Dengan tingkat di luar klaster akan ada sekitar "
            "%(expected)s.",
            compared=whole(compared),
            found=whole(found),
            expected=whole(expected),
        )
    )
