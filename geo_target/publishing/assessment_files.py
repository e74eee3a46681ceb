"""Exact tables of a snapshot, each held to its contract, and those of what programs reach whom."""

from contextlib import closing

import pyarrow.parquet as pq

from geo_target import schemas
from geo_target.errors import ContractError
from geo_target.intake.ahead import ahead
from geo_target.publishing.archive import Draft
from geo_target.publishing.sorted_rows import checked_rows
from geo_target.targeting.assessment import Assessment
from geo_target.village_schemas import BY_VILLAGE
from geo_target.workbench import Table


def write_assessment(assessment: Assessment, draft: Draft) -> None:
    """Family and person by program, family by definition, and the counts of villages."""
    write_table(draft, "coverage", assessment.coverage, schemas.SNAPSHOT_COVERAGE)
    write_table(
        draft, "person_coverage", assessment.person_coverage, schemas.SNAPSHOT_PERSON_COVERAGE
    )
    names = [name for name in assessment.states.columns if name != "family_id"]
    states = assessment.states.bench.view(
        f"""unpivot states on {", ".join(f'"{name}"' for name in names)}
            into name definition value coverage_state""",
        states=assessment.states,
    )
    write_table(draft, "family_states", states, schemas.SNAPSHOT_FAMILY_STATES)
    write_table(draft, "double_aid", assessment.double_aid, schemas.SNAPSHOT_DOUBLE_AID)
    for name, schema in BY_VILLAGE.items():
        write_table(draft, name, assessment.by_village[name], schema)


def write_table(draft: Draft, name: str, table: Table, schema: schemas.Schema) -> None:
    """Write ``exact/<name>.parquet``, sorted by the schema's key, or by all columns without one.

    Raises
    ------
    ContractError
        If the table breaks its schema.
    """
    path = draft.path(f"exact/{name}.parquet")
    # No second table and no copy of all in Arrow: a province's person by program are 24 million.
    rows = schemas.fitted(table, schema).batches(schema.names, order=", ".join(schema.key) or "all")
    count = 0
    try:
        with (
            pq.ParquetWriter(path, rows.schema, compression="zstd") as file,
            # Rows are sorted and checked in another thread while those before are compressed.
            closing(ahead(checked_rows(rows, schema))) as checked,
        ):
            for batch in checked:
                file.write_batch(batch)
                count += len(batch)
    except ContractError:
        path.unlink()
        raise
    draft.path(f"exact/{name}.parquet", rows=count)
