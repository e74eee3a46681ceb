"""NIK of family heads, encrypted village by village, where an agency has asked to keep them.

Only whoever has the archive's key opens them: AES-256-GCM under a key made from it. The same
numbers give the same bytes, so that equal runs have equal files; whoever sees that two runs
have the same heads in a village learns nothing more. Light, for the web opens one village.
"""

import hmac
import importlib.util
import io
import json
from collections.abc import Mapping
from pathlib import Path

from geo_target.errors import ConfigError, Fault

FILE = "exact/sealed_numbers.parquet"
_NONCE = 12


def check_sealing() -> None:
    """Refuse to begin where the library that encrypts is not there.

    Raises
    ------
    ConfigError
        ``E-REVEAL-EXTRA``.
    """
    if importlib.util.find_spec("cryptography") is None:
        raise ConfigError(
            Fault(
                "E-REVEAL-EXTRA",
                id="access.reveal_numbers memerlukan pustaka cryptography; pip install "
                '"geo-target[files]", atau hapus baris itu',
                en="access.reveal_numbers needs the library cryptography; pip install "
                '"geo-target[files]", or delete the line',
                column="access.reveal_numbers",
            )
        )


def sealed(numbers: Mapping[str, Mapping[str, str]], key: bytes) -> bytes:
    """A Parquet file of a row a village: its code, and its numbers encrypted.

    Parameters
    ----------
    numbers
        NIK of the head by family_id, by code of the village.
    key
        The archive's key.
    """
    import pyarrow as pa  # noqa: PLC0415  # the web need not wait for it
    import pyarrow.parquet as pq  # noqa: PLC0415
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415  # an extra

    cipher, rows = AESGCM(_key(key, "numbers")), []
    for village in sorted(numbers):
        plain = json.dumps(numbers[village], sort_keys=True, separators=(",", ":")).encode()
        about = village.encode()
        # Of the content and the place: two contents hardly ever have one nonce.
        nonce = hmac.digest(_key(key, "nonces"), about + b"\0" + plain, "sha256")[:_NONCE]
        content = nonce + cipher.encrypt(nonce, plain, about)
        rows.append({"village_code": village, "sealed": content})
    schema = pa.schema([("village_code", pa.string()), ("sealed", pa.binary())])
    written = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows, schema), written, compression="none")
    return written.getvalue()


def opened(file: Path, village_code: str, key: bytes) -> dict[str, str]:
    """NIK of the heads of a village by family_id; of a village without any it is empty.

    Raises
    ------
    ValueError
        If the file is not of this key, or was changed.
    """
    import pyarrow.parquet as pq  # noqa: PLC0415
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415  # an extra
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

    rows = pq.read_table(file, filters=[("village_code", "==", village_code)]).to_pylist()
    if not rows:
        return {}
    content = rows[0]["sealed"]
    try:
        plain = AESGCM(_key(key, "numbers")).decrypt(
            content[:_NONCE], content[_NONCE:], village_code.encode()
        )
    except InvalidTag:
        raise ValueError("sealed under another key, or changed") from None
    return dict(json.loads(plain))


def _key(key: bytes, use: str) -> bytes:
    return hmac.digest(key, f"geo_target: sealed {use}".encode(), "sha256")
