"""Plans of visits without their visits: what each is called, and how far it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, RowMapping, func, select

from geo_target.operations.tables import VISIT_PLANS, VISITS
from geo_target.operations.visit_rows import Status


@dataclass(frozen=True)
class PlanHead:
    """A plan without its visits."""

    plan_id: int
    run_id: str
    title: str
    starts_on: date
    created_by: str
    created_at: datetime
    closed_at: datetime | None
    settings: Mapping[str, object]
    notices: Sequence[str]
    counts: Mapping[Status, int]
    """Visits by where they stand."""


def plan_heads(connection: Connection) -> list[PlanHead]:
    """Every plan, oldest first."""
    counted = select(VISITS.c.plan_id, VISITS.c.status, func.count()).group_by(
        VISITS.c.plan_id, VISITS.c.status
    )
    counts: dict[int, dict[Status, int]] = {}
    for plan_id, status, count in connection.execute(counted):
        counts.setdefault(plan_id, {})[Status(status)] = count
    rows = connection.execute(select(VISIT_PLANS).order_by(VISIT_PLANS.c.id)).mappings()
    return [_head(row, counts.get(row["id"], {})) for row in rows]


def _head(row: RowMapping, counts: Mapping[Status, int]) -> PlanHead:
    return PlanHead(
        plan_id=row["id"],
        starts_on=date.fromisoformat(row["starts_on"]),
        counts={status: counts.get(status, 0) for status in Status},
        **{name: row[name] for name in ("run_id", "title", "created_by", "created_at", "closed_at",
                                        "settings", "notices")},
    )  # fmt: skip
