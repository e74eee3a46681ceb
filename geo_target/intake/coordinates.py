"""Strict parsers of coordinates: degrees with dot or comma, DMS, both in one cell.

What looks like meters of UTM is recognized and refused: its zone is not in the cell. Whether
a pair lies where its family lives is a question of the places, not asked here: a longitude
under the header of latitudes passes, so that it can be tried the other way round there.
"""

import re
from typing import Literal

from geo_target.intake.values import ValueFault

Axis = Literal["lon", "lat"]

#: Letters of a hemisphere, English and Indonesian (bujur timur, lintang selatan ...).
_HEMISPHERES: dict[str, tuple[Axis, int]] = {
    "E": ("lon", 1), "T": ("lon", 1), "BT": ("lon", 1), "W": ("lon", -1), "BB": ("lon", -1),
    "N": ("lat", 1), "U": ("lat", 1), "LU": ("lat", 1), "S": ("lat", -1), "LS": ("lat", -1),
}  # fmt: skip
_LETTERS = "|".join(sorted(_HEMISPHERES, key=len, reverse=True))
_DEGREES = re.compile(
    rf"""([+-]?)(\d{{1,3}}(?:[.,]\d+)?)            # degrees
        (?:°(?:(\d{{1,2}}(?:[.,]\d+)?)'            # minutes
        (?:(\d{{1,2}}(?:[.,]\d+)?)")?)?)?          # seconds
        ({_LETTERS})?""",
    re.VERBOSE | re.ASCII,
)
#: As most lists write it: read without more ado, for there are many.
_USUAL = re.compile(r"-?\d{1,3}\.\d+", re.ASCII)
_METERS = re.compile(r"-?(?:\d{1,3}(?:\.\d{3})+|\d+)(?:[.,]\d+)?", re.ASCII)
#: East and north of UTM in meters (EPSG:32648 and its kin).
_UTM_METERS = (100_000, 10_000_000)
_LONGEST = 30
_LARGEST_DEGREE, _LARGEST_LATITUDE, _SIXTY = 180.0, 90.0, 60.0

#: Whether a cell holds both coordinates, as SQL's regexp_matches reads it.
PAIR_PATTERN = r"\d[.,]\d.*[\s;,/|].*\d[.,]\d|[°º].*[°º]"
#: What parts two coordinates; a bare comma only where both have decimals after a dot.
_SEPARATORS = (r"\s*[;/|]\s*", r"\s*,\s+", r"\s+", r"(?<=\.\d),|(?<=\d),(?=[+-]?\d+\.)")


def parse_longitude(text: str) -> float:
    """Degrees east of ``98.65``, ``98,65``, ``98°39'00" BT``, or of a pair in one cell."""
    return _coordinate(text, "lon")


def parse_latitude(text: str) -> float:
    """Degrees north of ``-6.12``, ``-6,12``, ``6°07'12" LS``, or of a pair in one cell.

    In a pair the order does not matter where only one of the two can be a latitude, as
    everywhere in Indonesia; where both can, it is refused.
    """
    return _coordinate(text, "lat")


def _coordinate(text: str, axis: Axis) -> float:
    if _USUAL.fullmatch(text) and abs(degrees := float(text)) <= _LARGEST_DEGREE:
        return degrees
    bare = _plain(text)
    pair = _pair(bare)
    if pair is not None:
        return pair[axis]
    degrees, own_axis = _single(bare)
    if own_axis not in {None, axis}:
        raise ValueFault("E-COORDINATE")
    return degrees


def _plain(text: str) -> str:
    """One spelling of signs: ``°``, ``'``, ``"``; no blanks around them."""
    bare = text.strip().strip("()[]").upper()
    for sign, variants in (("°", "º˚"), ("'", "’‘′`´"), ('"', "”“″"), ("-", "−–")):
        bare = re.sub(f"[{variants}]", sign, bare)
    bare = re.sub(r"\s*([°'\"])\s*", r"\1", bare.replace("''", '"'))
    return re.sub(rf"(?<=[\d°'\"])\s*({_LETTERS})\b\s*", r"\1 ", bare).strip()


def _pair(bare: str) -> dict[Axis, float] | None:
    for separator in _SEPARATORS:
        parts = re.split(separator, bare)
        if len(parts) == 2:  # noqa: PLR2004
            try:
                return _ordered(_single(parts[0]), _single(parts[1]))
            except ValueFault as fault:
                if fault.code == "E-COORDINATE-UTM":
                    raise
    return None


def _ordered(
    first: tuple[float, Axis | None], second: tuple[float, Axis | None]
) -> dict[Axis, float]:
    """Which is the longitude: its letter says so, or that it is beyond 90 degrees."""
    axes = {first[1], second[1]} - {None}
    of_first = first[1] or ("lat" if "lon" in axes else "lon" if axes else None)
    if len(axes) == 1 and first[1] == second[1]:
        raise ValueFault("E-COORDINATE")
    if of_first is None:
        beyond = [abs(degrees) > _LARGEST_LATITUDE for degrees in (first[0], second[0])]
        if beyond[0] == beyond[1]:
            raise ValueFault("E-COORDINATE")
        of_first = "lon" if beyond[0] else "lat"
    lon, lat = (first[0], second[0]) if of_first == "lon" else (second[0], first[0])
    return {"lon": lon, "lat": lat}


def _single(bare: str) -> tuple[float, Axis | None]:
    """Degrees of one coordinate, and its axis where a letter says it."""
    match = _DEGREES.fullmatch(bare)
    if not match:
        raise ValueFault(_code_of_meters(bare))
    sign, whole, minutes, seconds, letter = match.groups()
    axis, turn = _HEMISPHERES[letter] if letter else (None, -1 if sign == "-" else 1)
    if (letter and sign) or (minutes and not whole.isdecimal()):
        raise ValueFault("E-COORDINATE")
    parts = [float(part.replace(",", ".")) if part else 0.0 for part in (minutes, seconds)]
    degrees = float(whole.replace(",", ".")) + parts[0] / 60 + parts[1] / 3600
    if max(parts) >= _SIXTY or degrees > _most(axis):
        raise ValueFault(_code_of_meters(bare))
    return turn * degrees, axis


def _most(axis: Axis | None) -> float:
    return _LARGEST_LATITUDE if axis == "lat" else _LARGEST_DEGREE


def _code_of_meters(bare: str) -> str:
    # Nothing of UTM is below 0: -6.120.345 is a latitude that Excel has parted into thousands.
    if len(bare) > _LONGEST or bare.startswith("-") or not _METERS.fullmatch(bare):
        return "E-COORDINATE"
    whole = re.split(r"[.,](?!\d{3}(?:\D|$))", bare)[0]
    least, most = _UTM_METERS
    is_utm = least <= int(re.sub(r"\D", "", whole) or 0) < most
    return "E-COORDINATE-UTM" if is_utm else "E-COORDINATE"
