"""Alembic runs this: the steps, on the connection that `migration.migrate` has opened."""

from alembic import context

from geo_target.operations.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
)
context.run_migrations()
