"""Pictures of pages: a palette that keeps the commonest colors, in a PNG that holds together."""

import zlib

import numpy as np

from benchmarks.small_png import small_png

WHITE, INK, ORANGE, NEARLY = (255, 255, 255), (23, 35, 46), (189, 91, 37), (188, 90, 36)


def chunks(picture: bytes) -> dict[bytes, bytes]:
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    found, at = {}, 8
    while at < len(picture):
        size, name = int.from_bytes(picture[at : at + 4], "big"), picture[at + 4 : at + 8]
        body = picture[at + 8 : at + 8 + size]
        check = int.from_bytes(picture[at + 8 + size : at + 12 + size], "big")
        assert check == zlib.crc32(name + body)
        found[name] = body
        at += 12 + size
    return found


def colors(picture: bytes) -> list[list[tuple[int, ...]]]:
    """Row by row."""
    parts = chunks(picture)
    width, height = (int.from_bytes(parts[b"IHDR"][at : at + 4], "big") for at in (0, 4))
    palette = np.frombuffer(parts[b"PLTE"], np.uint8).reshape(-1, 3)
    rows = np.frombuffer(zlib.decompress(parts[b"IDAT"]), np.uint8).reshape(height, width + 1)
    assert not rows[:, 0].any()
    return [[tuple(int(one) for one in palette[each]) for each in row] for row in rows[:, 1:]]


def test_few_colors_are_kept_as_they_are() -> None:
    rows = [[WHITE, INK, WHITE], [ORANGE, WHITE, INK]]
    assert colors(small_png(np.array(rows, np.uint8))) == rows


def test_a_color_that_has_no_place_is_the_nearest_that_has() -> None:
    rows = [[WHITE, WHITE, WHITE], [ORANGE, ORANGE, NEARLY]]
    told = colors(small_png(np.array(rows, np.uint8), colors=2))
    assert told == [[WHITE, WHITE, WHITE], [ORANGE, ORANGE, ORANGE]]
