"""What a run loses most of, each loss measured against what it is lost from."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _  # type: ignore[import-untyped]
from flask_babel import ngettext

from geo_target.web.figures import SMALLEST_BASE, Figure, State, count_of
from geo_target.web.language import own
from geo_target.web.lists import lists_of
from geo_target.web.reach import LISTED, UNMATCHED, told_of
from geo_target.web.store import Snapshot


@dataclass(frozen=True)
class Loss:
    """`part` of `base` rows or families are lost to what is asked of the data.

    Attributes
    ----------
    need
        What would bring them back.
    link
        The table or page that tells more.
    """

    title: str
    need: str
    unit: str
    part: Figure
    base: Figure
    link: str

    @property
    def share(self) -> float | None:
        """What is lost; None where that is not told, or of too few to say."""
        if self.part.value is None or not self.base.value or self.base.value < SMALLEST_BASE:
            return None
        return self.part.value / self.base.value


def largest_losses(snapshot: Snapshot, most: int = 3) -> list[Loss]:
    """The losses of the largest share, of equal ones that of more rows or families.

    Rows and families are never added up or compared: a share has no unit.
    """
    told = [one for one in losses_of(snapshot) if one.share]
    return sorted(told, key=lambda one: (-(one.share or 0), -(one.part.value or 0)))[:most]


def losses_of(snapshot: Snapshot) -> list[Loss]:
    """Every loss that is measured, told or not."""
    return [*_of_families(snapshot), *_of_lists(snapshot)]


def _of_families(snapshot: Snapshot) -> Iterator[Loss]:
    summary = snapshot.summary
    totals, balance = summary["totals"], summary["balance"]
    listed, located = told_of(totals[LISTED]), told_of(totals["located_families"])
    if snapshot.coverage:
        evidence = snapshot.coverage["evidence"]
        yield Loss(
            _("keterangannya usang"), _("pemutakhiran data di lapangan"), "KK",
            told_of(evidence["stale_families"]), told_of(evidence["families"]), "#bukti",
        )  # fmt: skip
    yield Loss(
        _("belum punya titik"), _("titik rumah dari kunjungan atau daftar"), "KK",
        _less(listed, located), listed, "#letak",
    )  # fmt: skip
    yield Loss(
        _("belum padan"), _("NIK dan nomor KK yang utuh"), "KK",
        told_of(totals[UNMATCHED]), listed, url_for("coverage.show", _anchor="matriks"),
    )  # fmt: skip
    yield Loss(
        _("tak tertempatkan"), _("kode dan ejaan wilayah yang resmi"), "KK",
        told_of(balance["unplaced"]), told_of(balance["families"]), "#pembukuan",
    )  # fmt: skip


def _of_lists(snapshot: Snapshot) -> Iterator[Loss]:
    for row in lists_of(snapshot):
        name, link = f"{own(row.source['title'])} ({row.source['file']})", f"#daftar-{row.number}"
        if row.match is not None:
            yield Loss(
                _("tidak terhubung dengan keluarga, %(list)s", list=name),
                _("NIK dan nama yang benar di daftar asal"), _rows(row.enrollments),
                row.unlinked, row.enrollments, link,
            )  # fmt: skip
        yield Loss(
            _("dikarantina atau ganda, %(list)s", list=name),
            _("berkas yang diperbaiki"), _rows(count_of(row.source, "rows")),
            row.unusable, count_of(row.source, "rows"), link,
        )  # fmt: skip


def _rows(base: Figure) -> str:
    return str(ngettext("baris", "baris", int(base.value or 0)))


def _less(whole: Figure, part: Figure) -> Figure:
    if whole.value is None or part.value is None:
        return Figure(State.WITHHELD)
    return told_of(int(whole.value - part.value))
