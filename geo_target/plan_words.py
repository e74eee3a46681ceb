"""What the command `plan` says of a plan: its numbers, and its lines in both languages."""

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from geo_target.errors import Language
from geo_target.fieldwork.visits import Plan

if TYPE_CHECKING:
    from geo_target.operations.plan_heads import PlanHead
    from geo_target.operations.visit_rows import PlannedVisit

WORDS: Mapping[str, Mapping[Language, str]] = {
    "officers": {"id": "{count} petugas dicatat", "en": "{count} officers kept"},
    "saved": {"id": "rencana {plan} disimpan", "en": "plan {plan} kept"},
    "remade": {"id": "rencana {plan} disusun ulang", "en": "plan {plan} made again"},
    "returns": {
        "id": "{count} kunjungan ulang ditambahkan pada rencana {plan}",
        "en": "{count} return visits added to plan {plan}",
    },
    "visits": {
        "id": "{visits} kunjungan: {days} hari, {officers} petugas, {officer_days} hari-orang, "
        "{first} sampai {last}",
        "en": "{visits} visits: {days} days, {officers} officers, {officer_days} person-days, "
        "{first} to {last}",
    },
    "loads": {
        "id": "beban petugas: {least} sampai {most} kunjungan",
        "en": "load of an officer: {least} to {most} visits",
    },
    "dayless": {
        "id": "{count} kunjungan tanpa hari: tambah hari, petugas, atau batasi pilihan",
        "en": "{count} visits without a day: add days or officers, or ask for less",
    },
    "ownerless": {
        "id": "{count} kunjungan tanpa petugas: tambah petugas dengan geo-target plan officers",
        "en": "{count} visits without an officer: add some with geo-target plan officers",
    },
    "rupiah": {"id": "biaya transpor: Rp {rupiah}", "en": "transport: Rp {rupiah}"},
    "skipped": {"id": "dilewati, {why}: {count}", "en": "left out, {why}: {count}"},
    "nobody": {
        "id": "tidak ada keluarga yang sesuai; longgarkan pilihan",
        "en": "no family is as asked for; ask for more",
    },
    "row": {
        "id": "{plan}  {title}  mulai {start}  terbuka {open}, selesai {closed}, ditarik "
        "{withdrawn}",
        "en": "{plan}  {title}  from {start}  open {open}, done {closed}, withdrawn {withdrawn}",
    },
}
#: Of the notices of a plan those that no line of numbers says already.
NOTICES: Mapping[str, Mapping[Language, str]] = {
    "N-PLAN-NO-VALUE": {
        "id": "belum ada hasil kunjungan untuk menilai mana yang lebih dahulu; urutannya menurut "
        "klaster",
        "en": "no visit has been answered yet, so none is worth more; in the order of clusters",
    },
    "N-PLAN-NO-DAY": {
        "id": "tidak ada hari kerja dalam rentang itu; pilih hari lain",
        "en": "there is no working day among these; choose others",
    },
    "N-PLAN-UNEVEN": {
        "id": "beban petugas tidak dapat dibagi rata; lihat geo-target plan show",
        "en": "loads of officers cannot be evened out; see geo-target plan show",
    },
    "N-PLAN-HOLIDAYS": {
        "id": "hari libur nasional tahun itu belum lengkap diketahui; periksa kalender",
        "en": "not all national holidays of that year are known yet; look at a calendar",
    },
}
SKIPPED: Mapping[str, Mapping[Language, str]] = {
    "state": {"id": "keadaan lain", "en": "another state"},
    "reason": {"id": "alasan lain", "en": "another reason"},
    "evidence": {"id": "bukti masih baru", "en": "evidence is new enough"},
    "visited": {"id": "baru saja dikunjungi", "en": "visited of late"},
    "return": {"id": "terlalu dini untuk kembali", "en": "too early to return"},
    "limit": {"id": "melebihi batas", "en": "beyond the limit"},
}


def summary_of(made: Plan) -> dict[str, Any]:
    """What a plan takes, in numbers: visits, officers, days, person-days, loads."""
    placed = [visit for visit in made.visits if visit.day and visit.officer]
    loads = Counter(visit.officer for visit in made.visits if visit.officer)
    days = sorted({visit.day for visit in placed if visit.day})
    return {
        "visits": len(made.visits),
        "officers": len(loads),
        "days": len(days),
        "officer_days": len({(visit.officer, visit.day) for visit in placed}),
        "first": days[0].isoformat() if days else "-",
        "last": days[-1].isoformat() if days else "-",
        "least": min(loads.values(), default=0),
        "most": max(loads.values(), default=0),
        "dayless": sum(1 for v in made.visits if v.officer and not v.day),
        "ownerless": sum(1 for v in made.visits if not v.officer),
    }


def head_row(head: "PlanHead") -> dict[str, Any]:
    """A plan as a line of `plan list` tells it."""
    counts = {str(status): count for status, count in head.counts.items()}
    return {
        "plan": head.plan_id, "title": head.title, "start": head.starts_on.isoformat(),
        **{status: counts.get(status, 0) for status in ("open", "closed", "withdrawn")},
    }  # fmt: skip


def visit_row(planned: "PlannedVisit") -> dict[str, Any]:
    """A visit without names, as a line of `plan show` tells it."""
    visit = planned.visit
    return {
        "visit_code": visit.code, "status": str(planned.status), "officer": visit.officer,
        "day": visit.day.isoformat() if visit.day else None, "position": visit.position,
        "is_locked": visit.is_locked, "village_code": visit.target.village_code,
        "rw": visit.target.rw, "rt": visit.target.rt,
    }  # fmt: skip
