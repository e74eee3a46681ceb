"""A text file in blocks of whole lines, as UTF-8: a long one is not in memory as a whole.

UTF-16 is one block, and so is a file with line breaks in its cells.

The file is looked through once before anything is read: how its letters are written, whether
a cell holds a line break, and what is odd about it can only be said of all of it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from geo_target.intake import containers
from geo_target.intake.faults import refused

#: Long enough that a reader has little to begin and to end; what is made of it is then still in
#: the processor's own memory.
BLOCK_BYTES = 1 << 22
#: A file is looked through in less: each of its bytes is asked several things.
_LOOK_BYTES = 1 << 18
_HEAD_BYTES = 200_000

#: Share of plain letters in a text of two bytes a letter, at least.
_MOST_LETTERS = 0.6
_BOM = b"\xef\xbb\xbf"
_SPOILED = re.compile(rb"\xc3\x83\xc2[\x80-\xbf]|\xc3\x82\xc2[\xa0-\xbf]|\xc3\xa2\xe2\x82\xac")
_FIRST_SIGN, _DELETE = 32, b"\x7f"


@dataclass(frozen=True)
class TextFile:
    """A text file that was looked through.

    `closes_in_line` says that no cell holds a line break, `control` how many control signs
    there are, and `is_mojibake` that letters were spoiled before.
    """

    file: Path
    encoding: str
    closes_in_line: bool
    control: int
    is_mojibake: bool
    stamp: tuple[int, int]

    def blocks(self) -> Iterator[bytes]:
        """Its text in UTF-8, each block ending where a line does.

        Raises
        ------
        DataRefusedError
            ``E-CHANGING`` if the file is not what was looked through.
        """
        yield from _blocks(self.file, self.encoding, BLOCK_BYTES)
        if containers.stamp(self.file) != self.stamp:
            raise containers.changing(self.file)

    def head(self) -> tuple[str, bool]:
        """How its text begins, and whether that is all of it."""
        first = next(self.blocks(), b"")
        is_all = len(first) <= _HEAD_BYTES
        return first[:_HEAD_BYTES].decode("utf-8", "ignore"), is_all


def open_text(file: Path) -> TextFile:
    """Look through a text file.

    Raises
    ------
    DataRefusedError
        ``E-ENCODING`` if its letters cannot be read.
    """
    with file.open("rb") as opened:
        wide = _wide_encoding(opened.read(_HEAD_BYTES))
    if wide:
        return _looked_through(file, wide)
    try:
        return _looked_through(file, "utf-8")
    except UnicodeDecodeError:
        return _looked_through(file, "cp1252")


def _looked_through(file: Path, encoding: str) -> TextFile:
    stamp = containers.stamp(file)
    control, closes, is_mojibake = 0, True, False
    for block in _blocks(file, encoding, _LOOK_BYTES):
        if not block.isascii():
            if encoding == "utf-8":
                block.decode()
            is_mojibake = is_mojibake or bool(_SPOILED.search(block))
        control += _control_signs(block)
        closes = closes and _closes_in_line(block)
    return TextFile(file, encoding, closes, control, is_mojibake, stamp)


def _blocks(file: Path, encoding: str, size: int) -> Iterator[bytes]:
    if encoding.startswith("utf-16"):
        yield _decoded(file, file.read_bytes(), encoding).removeprefix("\ufeff").encode()
        return
    for block in _raw_blocks(file, size):
        yield block if encoding == "utf-8" else _decoded(file, block, encoding).encode()


def _raw_blocks(file: Path, size: int) -> Iterator[bytes]:
    begun: list[bytes] = []
    with file.open("rb") as opened:
        if opened.read(len(_BOM)) != _BOM:
            opened.seek(0)
        while read := opened.read(size):
            end = read.rfind(b"\n") + 1
            if end:
                yield b"".join([*begun, read[:end]])
                begun = []
            begun.append(read[end:])
    if rest := b"".join(begun):
        yield rest


def _control_signs(block: bytes) -> int:
    """How many signs nobody sees: below the blank, but for tabs and line ends, and delete."""
    signs = np.frombuffer(block, "uint8")
    odd = int(np.count_nonzero(signs < _FIRST_SIGN) - np.count_nonzero(signs == ord("\n")))
    if odd:
        odd -= block.count(b"\t") + block.count(b"\r")
    return odd + (block.count(_DELETE) if _DELETE in block else 0)


def _closes_in_line(block: bytes) -> bool:
    """Whether every quote closes in the line that it opens in.

    A carriage return alone ends a line too: what holds quotes and such lines is not looked
    into.
    """
    if b'"' not in block:
        return True
    if block.count(b"\r") != block.count(b"\r\n"):
        return False
    signs = np.frombuffer(block, dtype="uint8")
    quotes = np.flatnonzero(signs == ord('"'))
    line_of = np.searchsorted(np.flatnonzero(signs == ord("\n")), quotes)
    return bool((np.bincount(line_of) % 2 == 0).all())


def _wide_encoding(head: bytes) -> str:
    """UTF-16 by its mark, or without one by the zeros beside the letters."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    pairs = len(head) // 2
    for encoding, first in (("utf-16-le", 1), ("utf-16-be", 0)):
        zeros = head[first::2].count(0)
        if pairs and zeros > _MOST_LETTERS * pairs > head[1 - first :: 2].count(0):
            return encoding
    return ""


def _decoded(file: Path, content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise refused(
            file,
            "E-ENCODING",
            "huruf tidak terbaca; simpan ulang sebagai CSV UTF-8",
            "the letters cannot be read; save it again as CSV UTF-8",
        ) from None
