"""Exact tables of a snapshot, each held to its contract, and those of what programs reach whom."""

import pyarrow.parquet as pq

from geo_target import schemas
from geo_target.publishing.archive import Draft
from geo_target.targeting.assessment import Assessment
from geo_target.village_schemas import BY_VILLAGE
from geo_target.workbench import Table, query


def write_assessment(assessment: Assessment, draft: Draft) -> None:
    """Family and person by program, family by definition, and the counts of villages."""
    write_table(
        draft, "coverage",
        query("from t order by family_id, program", t=assessment.coverage),
        schemas.SNAPSHOT_COVERAGE,
    )  # fmt: skip
    write_table(
        draft, "person_coverage",
        query("from t order by family_id, person_id, program", t=assessment.person_coverage),
        schemas.SNAPSHOT_PERSON_COVERAGE,
    )  # fmt: skip
    names = [name for name in assessment.states.columns if name != "family_id"]
    states = query(
        f"""unpivot states on {", ".join(f'"{name}"' for name in names)}
            into name definition value coverage_state""",
        states=assessment.states,
    )
    states = query("from t order by family_id, definition", t=states)
    write_table(draft, "family_states", states, schemas.SNAPSHOT_FAMILY_STATES)
    write_table(draft, "double_aid", assessment.double_aid, schemas.SNAPSHOT_DOUBLE_AID)
    for name, schema in BY_VILLAGE.items():
        write_table(draft, name, assessment.by_village[name], schema)


def write_table(draft: Draft, name: str, table: Table, schema: schemas.Schema) -> None:
    """Write ``exact/<name>.parquet``.

    Raises
    ------
    ContractError
        If the table breaks its schema.
    """
    checked = schemas.check(table, schema)
    path = draft.path(f"exact/{name}.parquet", rows=len(checked))
    pq.write_table(checked.arrow(), path, compression="zstd")
