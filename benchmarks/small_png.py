"""PNG files of few colors: pages are flat, and a palette halves what their pictures weigh."""

import struct
import zlib

import numpy as np
from scipy.spatial import cKDTree

COLORS = 128


def small_png(pixels: np.ndarray, colors: int = COLORS) -> bytes:
    """A PNG with a palette.

    Parameters
    ----------
    pixels
        Red, green, blue; shape (height, width, 3), uint8.
    colors
        At most so many, 256 at the most: the commonest, and every other as the nearest of them.
    """
    height, width, _ = pixels.shape
    every, which, counts = np.unique(
        pixels.reshape(-1, 3), axis=0, return_inverse=True, return_counts=True
    )
    palette = every[np.argsort(-counts, kind="stable")[:colors]]
    nearest = cKDTree(palette).query(every)[1].astype(np.uint8)
    rows = np.zeros((height, width + 1), np.uint8)  # each row begins with its filter, none
    rows[:, 1:] = nearest[which.reshape(-1)].reshape(height, width)
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(name, body)
        for name, body in (
            (b"IHDR", head),
            (b"PLTE", palette.tobytes()),
            (b"IDAT", zlib.compress(rows.tobytes(), 9)),
            (b"IEND", b""),
        )
    )


def _chunk(name: bytes, body: bytes) -> bytes:
    check = zlib.crc32(name + body)
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", check)
