"""Rows that come sorted by their key, held to their contract while they are written.

As `schemas.check` does, but without asking the table: that costs a grouping of all of its keys,
and of a view all that it is worked out from.
"""

from collections.abc import Iterable, Iterator

import pyarrow as pa
import pyarrow.compute as pc

from geo_target.schemas import Schema, broken, is_not_allowed, is_null, key_is_repeated


def checked_rows(batches: Iterable[pa.RecordBatch], schema: Schema) -> Iterator[pa.RecordBatch]:
    """Give the batches one by one, none of them before it has been checked.

    Parameters
    ----------
    batches
        The columns of the schema, sorted by its key: rows of one key follow each other.

    Raises
    ------
    ContractError
        If a needed value is null, a value is not allowed, or a key is repeated.
    """
    last: pa.RecordBatch | None = None
    for batch in batches:
        if len(batch):
            _check_values(batch, schema)
            if schema.key and (_repeats(batch, schema) or _goes_on(last, batch, schema)):
                raise broken(schema, key_is_repeated(schema))
            last = batch
        yield batch


def _check_values(batch: pa.RecordBatch, schema: Schema) -> None:
    for column in schema.columns:
        values = batch.column(column.name)
        if column.required and values.null_count:
            raise broken(schema, is_null(column))
        if column.allowed:
            is_allowed = pc.is_in(values, value_set=pa.array([*column.allowed, None], values.type))
            if not pc.all(is_allowed).as_py():
                raise broken(schema, is_not_allowed(column))


def _repeats(batch: pa.RecordBatch, schema: Schema) -> bool:
    """Whether a row has the key of the row before it."""
    is_same = None
    for name in schema.key:
        values = batch.column(name)
        one, other = values.slice(0, len(values) - 1), values.slice(1)
        equal = pc.fill_null(pc.equal(one, other), fill_value=False)
        if values.null_count:  # two that are unknown are one, as in SQL's groups
            equal = pc.or_(equal, pc.and_(pc.is_null(one), pc.is_null(other)))
        is_same = equal if is_same is None else pc.and_(is_same, equal)
    return bool(pc.any(is_same).as_py())


def _goes_on(last: pa.RecordBatch | None, batch: pa.RecordBatch, schema: Schema) -> bool:
    """Whether a batch begins with the key that the one before it has ended with."""
    if last is None:
        return False
    return all(last.column(key)[-1].as_py() == batch.column(key)[0].as_py() for key in schema.key)
