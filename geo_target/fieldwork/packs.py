"""The A4 pack of an officer: letter, list of visits, sketch, and a page to fill in for each.

Set by typst out of templates/fieldwork. Texts of lists go in as JSON and are only ever shown as
text: nothing of them is read as markup. It asks no network, and only the fonts that typst brings
are used, so that pages look the same on every machine.
"""

import importlib.util
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import Any

from geo_target.errors import ConfigError, Fault, NotFoundError
from geo_target.fieldwork.blank_forms import blank_form
from geo_target.fieldwork.carried_visits import NOTHING_TO_CARRY, CarriedVisit, visits_of_officer
from geo_target.fieldwork.errands import BANNER, GROUND, MANNERS, PURPOSE, TITLE, Errand
from geo_target.fieldwork.paper_text import breakable, date_word, day_word, plain
from geo_target.fieldwork.sketches import Sketch, VillageOutline, sketch
from geo_target.fieldwork.visit_codes import printed
from geo_target.resources import resource_dir

_NO_DAY = "Hari belum ditentukan"


def check_printing() -> None:
    """Refuse to begin where the libraries that set pages are not there.

    Raises
    ------
    ConfigError
        ``E-PACK-EXTRA``.
    """
    if any(importlib.util.find_spec(name) is None for name in ("typst", "segno")):
        raise ConfigError(
            Fault(
                "E-PACK-EXTRA",
                id='mencetak PDF memerlukan typst dan segno; pip install "geo-target[pdf]"',
                en='printing PDF needs typst and segno; pip install "geo-target[pdf]"',
            )
        )


def officer_pack(
    visits: Iterable[CarriedVisit],
    errand: Errand,
    *,
    day: date | None = None,
    outlines: Sequence[VillageOutline] = (),
    programs: Sequence[str] | None = None,
    new_families: int = 1,
) -> bytes:
    """PDF of everything that an officer carries, of one day or of all.

    Parameters
    ----------
    visits
        Of the plan; those of other officers are left out.
    errand
        For whom, and who prints it.
    day
        None: all days.
    outlines
        Of the villages, for the sketch; without them there is none.
    programs
        Codes that the form asks for; all that have not ended where it is None.
    new_families
        Empty pages for families that are not listed.

    Raises
    ------
    ConfigError
        ``E-PACK-EXTRA``: see `check_printing`.
    NotFoundError
        ``E-CARRY-NONE``: the officer has no visit then.
    """
    own = visits_of_officer(visits, errand.officer.name, day=day)
    if not own:
        raise NotFoundError(NOTHING_TO_CARRY)
    content = {
        "letter": _letter(own, errand),
        "days": [_day(when, list(its), errand, outlines) for when, its in groupby(own, _when)],
        "cards": _cards(own),
        "new_families": new_families,
    }
    return _pdf(content, errand, programs)


def visit_cards(
    visits: Iterable[CarriedVisit], errand: Errand, *, programs: Sequence[str] | None = None
) -> bytes:
    """PDF of the pages to fill in alone, one a visit of the officer.

    Raises
    ------
    ConfigError, NotFoundError
        As `officer_pack`.
    """
    own = visits_of_officer(visits, errand.officer.name)
    if not own:
        raise NotFoundError(NOTHING_TO_CARRY)
    content = {"letter": None, "days": [], "cards": _cards(own), "new_families": 0}
    return _pdf(content, errand, programs)


def _pdf(content: Mapping[str, Any], errand: Errand, programs: Sequence[str] | None) -> bytes:
    check_printing()
    asked, at = None if programs is None else tuple(programs), int(errand.printed_at.timestamp())
    pack = {
        **content,
        "title": TITLE,
        "banner": BANNER,
        "printed": breakable(errand.printed),
        "form": _form(asked, is_new=False, at=at),
        "new_form": _form(asked, is_new=True, at=at),
    }
    return _set("pack", pack, at)


@lru_cache(maxsize=8)
def _form(programs: tuple[str, ...] | None, *, is_new: bool, at: int) -> tuple[int, ...]:
    """What a page asks, as the bytes of a PDF.

    Set once and placed on every page: 200 pages take a third of the time. The packs of a plan
    share it, since they are printed at one time.
    """
    return tuple(_set("form", {**blank_form(programs), "is_new": is_new}, at))


def _set(template: str, given: Mapping[str, Any], at: int) -> bytes:
    """PDF of a template, to which its data are the input of its own name; `at` in seconds."""
    import typst  # noqa: PLC0415  # an extra, and 80 MB

    folder = resource_dir("templates") / "fieldwork"
    made = typst.compile(
        str(folder / f"{template}.typ"),
        root=str(folder),
        ignore_system_fonts=True,
        format="pdf",
        # Papers to print: tags would make them four times as large.
        pdf_tags=False,
        sys_inputs={template: json.dumps(given, ensure_ascii=False)},
        # The same visits printed for the same person at the same time are the same bytes.
        timestamp=at,
    )
    return bytes(made)


def _letter(own: Sequence[CarriedVisit], errand: Errand) -> dict[str, Any]:
    days = sorted({one.visit.day for one in own if one.visit.day})
    return {
        "office": breakable(plain(errand.office)),
        "place": breakable(plain(errand.place)),
        "signer": breakable(plain(errand.signer)),
        "officer": breakable(plain(errand.officer.display_name)),
        "role": errand.role,
        "ground": GROUND,
        "purpose": PURPOSE,
        "manners": MANNERS,
        "days": [day_word(day) for day in days] or [_NO_DAY.lower()],
        "villages": [breakable(name) for name in dict.fromkeys(one.village_name for one in own)],
        "visits": len(own),
    }


def _day(
    when: date | None, its: Sequence[CarriedVisit], errand: Errand, outlines: Sequence[Any]
) -> dict[str, Any]:
    drawn = sketch(outlines, its)
    numbered = list(enumerate(its, start=1))
    return {
        "title": day_word(when) if when else _NO_DAY,
        "places": breakable(", ".join(dict.fromkeys(one.village_name for one in its))),
        "visits": len(its),
        "sketch": _drawn(drawn) if drawn else None,
        "caption": _caption(its, errand.outline_note),
        "counts": _counts(its),
        "groups": [
            {"title": title, "visits": [_listed(number, one) for number, one in rows]}
            for title, rows in groupby(numbered, lambda row: _group(row[1]))
        ],
    }


def _drawn(drawn: Sketch) -> dict[str, Any]:
    """The sketch for its template; `asdict` would copy every vertex of every neighbor."""
    return {**vars(drawn), "villages": [vars(village) for village in drawn.villages]}


def _caption(its: Sequence[CarriedVisit], note: str) -> str:
    located = sum(one.visit.target.lon is not None for one in its)
    points = (
        f"Lingkaran: nomor pada daftar, {located} dari {len(its)} keluarga yang punya titik."
        if located
        else "Tidak satu pun keluarga pada daftar punya titik: cari lewat RT dan RW."
    )
    return " ".join(part for part in ("Sketsa, bukan peta batas.", points, plain(note)) if part)


def _counts(its: Iterable[CarriedVisit]) -> list[dict[str, Any]]:
    """Families by RW, or by neighborhood where there is none."""
    places = Counter((one.village_name, _of_rw(one)) for one in its)
    several = len({village for village, _ in places}) > 1
    return [
        {"place": breakable(f"{village} {place}" if several else place), "families": families}
        for (village, place), families in places.items()
    ]


def _of_rw(one: CarriedVisit) -> str:
    return f"RW {one.rw}" if one.rw else one.neighborhood or "tanpa RW"


def _group(one: CarriedVisit) -> str:
    rt_rw = " ".join(part for part in (f"RT {one.rt}" if one.rt else "", _of_rw(one)) if part)
    return breakable(f"{rt_rw} · {one.village_name}")


def _listed(number: int, one: CarriedVisit) -> dict[str, Any]:
    return {
        "number": number,
        "code": printed(one.code),
        "name": breakable(one.head_name),
        "address": breakable(", ".join(p for p in (one.address, one.neighborhood) if p)),
        "nik": one.national_id_masked,
        "kk": one.family_card_number_masked,
        "reason": one.reason,
    }


def _cards(own: Sequence[CarriedVisit]) -> list[dict[str, Any]]:
    import segno  # noqa: PLC0415  # an extra

    return [
        {
            **_listed(number, one),
            "day": date_word(one.visit.day) if one.visit.day else "",
            "place": _place(one),
            "members": "" if one.members is None else str(one.members),
            "programs": breakable(", ".join(one.programs)),
            "qr": segno.make(one.code, micro=False, error="m").svg_inline(border=2, omitsize=True),
        }
        for number, one in enumerate(own, start=1)
    ]


def _place(one: CarriedVisit) -> str:
    rt_rw = " / ".join([f"RT {one.rt or '–'}", f"RW {one.rw or '–'}"])
    return breakable(f"{rt_rw} · {one.village_name} · Kecamatan {one.district_name}")


def _when(one: CarriedVisit) -> date | None:
    return one.visit.day
