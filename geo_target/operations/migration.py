"""Makes the operations database, and brings an older one to this program's schema."""

from pathlib import Path

from alembic import command
from alembic.config import Config

from geo_target.operations.database import (
    Database,
    Turn,
    make_engine,
    parse_url,
    refuse_newer,
    schema_version,
)
from geo_target.operations.database_faults import away

#: Beside this module, in a checkout and in a wheel alike.
MIGRATIONS = Path(__file__).resolve().parent / "migrations"


def migrate(url: str, *, to: str = "head") -> str:
    """Bring the database at `url` to the schema of this program, making it if need be.

    All steps are one transaction: whatever kills it, the database is old or new.

    Parameters
    ----------
    url
        See `database.open_database`.
    to
        An earlier migration; only tests need one.

    Returns
    -------
    str
        The version it now has.

    Raises
    ------
    DatabaseError
        If a newer program made the database.
    StorageError
        If it cannot be reached or written.
    """
    parsed = parse_url(url)
    if parsed.get_backend_name() == "sqlite":
        try:
            # SQLite would make it readable by everybody.
            Path(parsed.database or "").touch(mode=0o600)
        except OSError:
            raise away(parsed.render_as_string(hide_password=True)) from None
    database = Database(make_engine(parsed))
    try:
        with database.writing(Turn.MIGRATION) as connection:
            refuse_newer(schema_version(connection), database.name)
            config = alembic_config()
            config.attributes["connection"] = connection
            command.upgrade(config, to)
            return schema_version(connection) or ""
    finally:
        database.close()


def alembic_config() -> Config:
    """Where Alembic finds the migrations, without any file of settings."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config
