"""Faults of facilities as messages of the lists that they came from."""

from collections.abc import Sequence
from dataclasses import replace

from geo_target.errors import Fault
from geo_target.intake.codes import CODES
from geo_target.intake.lists import AgencyList
from geo_target.places.facilities import Facilities

_WORDS = {
    "E-FACILITY-KIND": (
        "tanpa jenis; tidak dipakai untuk jarak; lengkapi jenisnya di berkas asal",
        "have no kind; no distance is measured to them; complete the kind in the source",
    ),
    "E-FACILITY-POINT": (
        "tanpa koordinat yang dapat dipakai; tidak dipakai untuk jarak, dan tidak ditaruh di "
        "tengah desa; lengkapi bujur dan lintangnya",
        "have no usable coordinate; no distance is measured to them, and none is put in the "
        "middle of its village; complete longitude and latitude",
    ),
    "E-FACILITY-FAR": (
        "jauh di luar wilayah; tidak dipakai untuk jarak; periksa koordinatnya",
        "lie far outside the area; no distance is measured to them; look at the coordinates",
    ),
    "W-POINT-SWAPPED": (
        "tertukar lintang dan bujurnya; dibalik karena lalu jatuh di desa/kelurahan yang tertulis; "
        "perbaiki di berkas asal",
        "have latitude and longitude swapped; turned round, since they then lie in the village "
        "that is stated; mend the source",
    ),
    "W-FACILITY-VILLAGE": (
        "berada lebih dari 150 m dari desa/kelurahan yang tertulis; titiknya dipakai; periksa mana "
        "yang benar",
        "lie more than 150 m from the village that is stated; their point is used; look which "
        "of the two is right",
    ),
    "W-FACILITY-STACK": (
        "sejenis dan di titik yang sama dengan yang lain; semuanya dipakai; periksa apakah titik "
        "itu disalin",
        "are of one type and on one point with another; all are used; look whether the point "
        "was copied",
    ),
    "W-FACILITY-TWICE": (
        "sejenis, senama, dan sedesa dengan yang lain; semuanya dipakai; hapus yang berulang di "
        "berkas asal",
        "share type, name and village with another; all are used; delete those that repeat in "
        "the source",
    ),
}


def report_facilities(lists: Sequence[AgencyList], found: Facilities) -> list[AgencyList]:
    """`lists` in their order, with the remarks of `remark_facilities` among their notices."""
    reported = []
    for number, listed in enumerate(lists):
        own = replace(found, faults=found.faults[found.faults["list"] == number])
        notices = [*listed.report.notices, *remark_facilities(lists, own)]
        reported.append(replace(listed, report=replace(listed.report, notices=notices)))
    return reported


def remark_facilities(lists: Sequence[AgencyList], found: Facilities) -> list[Fault]:
    """One message a list and fault: how many facilities, and the first row.

    Parameters
    ----------
    lists
        Those that `found` was gathered of, in the same order.
    """
    remarks = []
    for _, rows in found.faults.groupby(["list", "code"], sort=True):
        report = lists[int(rows["list"].iloc[0])].report
        code = str(rows["code"].iloc[0])
        id_words, en_words = _WORDS.get(code) or (CODES[code].id, CODES[code].en)
        column = str(rows["column"].iloc[0])
        remarks.append(
            Fault(
                code,
                id=f"{len(rows)} fasilitas, mulai baris ini: {id_words}",
                en=f"{len(rows)} facilities, from this row on: {en_words}",
                file=report.file,
                sheet=report.sheet,
                row=int(rows["row"].min()),
                column=report.columns.get(column, column),
            )
        )
    return remarks
