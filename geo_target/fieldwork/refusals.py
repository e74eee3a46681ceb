"""Why no plan is made; each says what to do."""

from datetime import date

from geo_target.errors import Fault, GeoTargetError


class PlanError(GeoTargetError):
    """What was asked for is no plan; nothing has changed."""


def unusable_minutes(points: int) -> PlanError:
    """Travel times that a road network gave are not between all pairs, or not finite."""
    return PlanError(
        Fault(
            "E-PLAN-MINUTES",
            id=f"waktu tempuh yang disediakan bukan tabel {points} x {points} dengan menit 0 atau "
            "lebih; perbaiki tabelnya, atau susun rencana tanpa tabel itu",
            en=f"the travel times that were given are no table of {points} x {points} with "
            "minutes of 0 or more; mend the table, or plan without it",
        )
    )


def no_working_day(starts_on: date, ends_on: date) -> PlanError:
    """The days are all weekend or holiday, or end before they begin."""
    span = f"{starts_on.isoformat()} - {ends_on.isoformat()}"
    return PlanError(
        Fault(
            "E-PLAN-DAYS",
            id=f"tidak ada hari kerja pada {span}; pilih tanggal lain",
            en=f"there is no working day in {span}; choose other days",
        )
    )


def same_name(name: str) -> PlanError:
    """Two officers have one name, so that nobody could say whose a visit is."""
    return PlanError(
        Fault(
            "E-PLAN-OFFICER-TWICE",
            id=f"petugas {name} ada dua kali dalam daftar petugas; hapus salah satu barisnya",
            en=f"the officer {name} is listed twice; delete one of the rows",
        )
    )
