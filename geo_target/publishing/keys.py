"""The archive's key and those it had before: another key when one may have become known.

Sums of lists (`registry.fingerprints`) and ids in the audit log rest on it. A run knows rows and
decisions again that were summed under an earlier key, so earlier keys are kept beside it.
"""

import secrets
from pathlib import Path

from geo_target import platform
from geo_target.errors import ConfigError, Fault
from geo_target.publishing.archive import KEY_BYTES, KEY_FILE, Archive, read_key

#: Earlier keys, the last one first, a line each.
EARLIER_FILE = f"{KEY_FILE}.old"


def read_keys(folder: Path) -> tuple[bytes, ...]:
    """Today's key and earlier ones, the last one first.

    Raises
    ------
    ConfigError
        ``E-KEY``.
    """
    key = read_key(folder)
    return (key, *(earlier for earlier in _earlier(folder) if earlier != key))


def check_key(folder: Path, archive: Archive) -> None:
    """Refuse to go on with an archive whose key is gone: `read_key` would make another.

    Raises
    ------
    ConfigError
        ``E-KEY-GONE``.
    """
    if not (folder / KEY_FILE).exists() and archive.run_ids():
        raise ConfigError(
            Fault(
                "E-KEY-GONE",
                id="kunci arsip ini tidak ada; kembalikan dari cadangan. Bila memang hilang, "
                "jalankan geo-target key change: pasangan yang sudah diputuskan ditanyakan lagi",
                en="the key of this archive is gone; restore it from a backup. If it is lost for "
                "good, run geo-target key change: pairs that were decided are asked about again",
                file=str(folder / KEY_FILE),
            )
        )


def kept_key(folder: Path, archive: Archive) -> bytes:
    """Today's key; another one is made only for an archive without a run.

    Raises
    ------
    ConfigError
        ``E-KEY``, ``E-KEY-GONE``.
    """
    check_key(folder, archive)
    return read_key(folder)


def change_key(folder: Path) -> None:
    """Make another key; the one of today joins the earlier ones.

    Killed at any moment it leaves today's key or the new one, and none is lost.
    """
    known = read_keys(folder) if (folder / KEY_FILE).exists() else _earlier(folder)
    _write(folder / EARLIER_FILE, "\n".join(key.hex() for key in known))
    _write(folder / KEY_FILE, secrets.token_hex(KEY_BYTES))


def _earlier(folder: Path) -> tuple[bytes, ...]:
    path = folder / EARLIER_FILE
    try:
        found = tuple(map(bytes.fromhex, path.read_text("ascii").split()))
    except FileNotFoundError:
        return ()
    except ValueError:
        found = (b"",)
    if any(len(key) < KEY_BYTES for key in found):
        raise ConfigError(
            Fault(
                "E-KEY",
                id="berkas kunci-kunci lama rusak; kembalikan dari cadangan",
                en="the file of earlier keys is broken; restore it from a backup",
                file=str(path),
            )
        )
    return tuple(dict.fromkeys(found))


def _write(path: Path, content: str) -> None:
    aside = path.with_name(f"{path.name}.new")
    aside.unlink(missing_ok=True)
    aside.touch(mode=0o600)
    aside.write_text(content, encoding="ascii")
    platform.sync_file(aside)
    platform.replace(aside, path)
    platform.sync_folder(path.parent)
