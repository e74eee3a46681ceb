"""What the operations database can say, and what to do about it."""

from sqlalchemy.exc import DBAPIError

from geo_target.errors import BusyError, Fault, GeoTargetError
from geo_target.operations.refusals import DatabaseError, StorageError

_BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED", "55P03", "40001", "40P01")
_FULL = ("SQLITE_FULL", "53100")
_AWAY = ("SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN", "08", "25006", "53", "57P")
_BROKEN = ("SQLITE_CORRUPT", "SQLITE_NOTADB", "XX001", "XX002")


def explained(error: DBAPIError, name: str) -> GeoTargetError:
    """What the user can do about an error of the database called `name`."""
    cause = error.orig
    code = getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None) or ""
    if code.startswith(_BUSY):
        return busy(name)
    if code.startswith(_BROKEN):
        return broken(name)
    if code.startswith(_FULL):
        return StorageError(
            Fault(
                "E-DB-FULL",
                id="cakram penuh, tidak ada yang disimpan; kosongkan ruang lalu ulangi",
                en="the disk is full, nothing was saved; free some space and try again",
                file=name,
            )
        )
    if code.startswith(_AWAY) or error.connection_invalidated or _is_refused(error, code):
        return away(name)
    return _unexpected(error, code, name)


def _unexpected(error: DBAPIError, code: str, name: str) -> DatabaseError:
    """A fault of the program. PostgreSQL's details quote whole rows: they are left out."""
    told = getattr(getattr(error.orig, "diag", None), "message_primary", None) or str(error.orig)
    return DatabaseError(
        Fault(
            "E-DB-FAULT",
            id=f"basis data menolak perubahan ({code}: {told}); laporkan sebagai kesalahan program",
            en=f"the database refused a change ({code}: {told}); report it as a fault of the "
            "program",
            file=name,
        )
    )


def _is_refused(error: DBAPIError, code: str) -> bool:
    """Whether PostgreSQL could not even be connected to: psycopg gives no code then."""
    return not code and type(error.orig).__module__.startswith("psycopg") and not error.statement


def away(name: str) -> StorageError:
    """The server or the folder is not there, or may not be written."""
    return StorageError(
        Fault(
            "E-DB-AWAY",
            id="basis data tidak dapat dicapai atau ditulis; periksa server, alamat dan izin",
            en="the database cannot be reached or written; check server, address and rights",
            file=name,
        )
    )


def broken(name: str) -> DatabaseError:
    """A page is not what was written."""
    return DatabaseError(
        Fault(
            "E-DB-BROKEN",
            id="basis data rusak; kembalikan dari cadangan",
            en="the database is damaged; restore it from a backup",
            file=name,
        )
    )


def busy(name: str) -> BusyError:
    """Others write, and did not finish in time."""
    return BusyError(
        Fault(
            "E-DB-BUSY",
            id="basis data sedang sibuk; ulangi beberapa saat lagi",
            en="the database is busy; try again in a moment",
            file=name,
        )
    )


def unknown_url() -> DatabaseError:
    """A URL of a kind that is not served."""
    return DatabaseError(
        Fault(
            "E-DB-URL",
            id="alamat basis data tidak dikenal; tulis sqlite:///BERKAS atau "
            "postgresql://PENGGUNA@HOST/NAMA",
            en="the address of the database is unknown; write sqlite:///FILE or "
            "postgresql://USER@HOST/NAME",
        )
    )


def missing(name: str) -> DatabaseError:
    """No tables are there."""
    return DatabaseError(
        Fault(
            "E-DB-MISSING",
            id="basis data belum dibuat; jalankan: geo-target migrate",
            en="there is no database yet; run: geo-target migrate",
            file=name,
        )
    )


def older(version: str, needed: str, name: str) -> DatabaseError:
    """An earlier program made the tables."""
    return DatabaseError(
        Fault(
            "E-DB-OLDER",
            id=f"basis data berskema {version}, program ini {needed}; cadangkan, lalu "
            "jalankan: geo-target migrate",
            en=f"the database has schema {version}, this program {needed}; back it up, "
            "then run: geo-target migrate",
            file=name,
        )
    )


def newer(version: str, needed: str, name: str) -> DatabaseError:
    """A later program made the tables."""
    return DatabaseError(
        Fault(
            "E-DB-NEWER",
            id=f"basis data dibuat oleh versi yang lebih baru (skema {version}, program ini "
            f"{needed}); perbarui dengan: pip install --upgrade geo-target",
            en=f"a newer version made this database (schema {version}, this program "
            f"{needed}); upgrade with: pip install --upgrade geo-target",
            file=name,
        )
    )


def no_driver() -> DatabaseError:
    """PostgreSQL's driver is not installed."""
    return DatabaseError(
        Fault(
            "E-DB-DRIVER",
            id='PostgreSQL memerlukan psycopg; jalankan: pip install "geo-target[postgres]"',
            en='PostgreSQL needs psycopg; run: pip install "geo-target[postgres]"',
        )
    )
