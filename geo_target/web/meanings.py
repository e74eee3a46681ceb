"""What every indicator means, one anchor each: the same list that maps and tables choose from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _  # type: ignore[import-untyped]

from geo_target.web.indicators import Indicator, Measure, indicators_of
from geo_target.web.language import day
from geo_target.web.priority_words import denominator_word
from geo_target.web.store import Snapshot
from geo_target.web.subjects import Group, Subject

#: Indicators that the page defines at its head already: their anchor stands there.
AT_THE_HEAD = frozenset({"uncovered", "exclusion", "located"})


@dataclass(frozen=True)
class Meaning:
    """Of which families the indicators of a subject tell, and how each counts them."""

    subject: Subject
    words: str
    indicators: Sequence[tuple[Indicator, str]]


def meanings_of(snapshot: Snapshot) -> Mapping[Group, list[Meaning]]:
    """Meanings of every indicator of a run, by group, in their order."""
    by_subject: dict[str, list[Indicator]] = {}
    for indicator in indicators_of(snapshot):
        by_subject.setdefault(indicator.subject.key, []).append(indicator)
    found: dict[Group, list[Meaning]] = {}
    for indicators in by_subject.values():
        subject = indicators[0].subject
        found.setdefault(subject.group, []).append(
            Meaning(subject, _words(subject, snapshot), [(one, _how(one)) for one in indicators])
        )
    return found


def _words(subject: Subject, snapshot: Snapshot) -> str:
    if subject.group is Group.DEFINITIONS:
        return _of_definition(subject.key.removeprefix("definition-"), snapshot)
    on = day(snapshot.summary["definition"]["on"])
    kinds = {
        "uncovered": _("Keluarga belum tersentuh menurut definisi hasil ini, lihat di atas."),
        "located": _("Keluarga yang koordinatnya dimuat sebuah daftar, lihat di atas."),
        "matched": _("Keluarga yang kuncinya dapat dibandingkan: tersentuh atau belum tersentuh."),
        "stale": _("Keluarga yang keterangan terbarunya lebih tua dari batas yang dipakai."),
        "enrolled": _("Keluarga terdaftar yang juga ada di daftar penerima program itu pada "
                      "%(on)s.", on=on),
        "missed": _("Layak menurut aturan program, dan tidak ada di daftar penerimanya pada "
                    "%(on)s.", on=on),
        "lens": _("Keluarga dari kelompok itu yang belum tersentuh menurut definisi hasil ini. "
                  "Satu keluarga dapat masuk beberapa kelompok."),
    }  # fmt: skip
    return str(kinds[subject.key.split("-")[0]])


def _of_definition(name: str, snapshot: Snapshot) -> str:
    told = snapshot.coverage["definitions"] if snapshot.coverage else []
    one = next(each for each in told if each["name"] == name)
    programs = ", ".join(str(program["short_name"]) for program in one["programs"])
    words = _("Dibandingkan dengan daftar penerima %(programs)s yang berlaku pada %(on)s, dan "
              "tidak ditemukan.", programs=programs, on=day(one["on"]))  # fmt: skip
    if one["member_counts_for_family"]:
        return str(words)
    return f"{words} {_('Satu anggota yang menerima belum berarti keluarganya tersentuh.')}"


def _how(indicator: Indicator) -> str:
    """How a measure counts, in words."""
    ways = {
        Measure.COUNT: _("banyaknya keluarga (KK)"),
        Measure.RATE: _("bagian %(base)s", base=indicator.unit),
        Measure.SHARE: _("bagian %(base)s", base=indicator.unit),
        Measure.KM2: _("KK dibagi luas wilayah dalam km²"),
        Measure.PER_1000: _(
            "KK tiap 1.000 %(whose)s", whose=denominator_word("".join(indicator.base))
        ),
    }
    return str(ways[indicator.measure])
