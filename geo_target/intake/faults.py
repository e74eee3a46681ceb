"""Refusals and remarks that are about a whole file."""

from pathlib import Path

from geo_target.errors import DataRefusedError, Fault


def refused(
    file: Path, code: str, indonesian: str, english: str, *, row: int | None = None
) -> DataRefusedError:
    """A refusal of a whole file."""
    return DataRefusedError(Fault(code, id=indonesian, en=english, file=file.name, row=row))


def notice(
    file: Path, code: str, indonesian: str, english: str, *, sheet: str = "", row: int | None = None
) -> Fault:
    """Something worth knowing of a file that is read all the same."""
    return Fault(code, id=indonesian, en=english, file=file.name, sheet=sheet, row=row)


def mojibake(file: Path, *, sheet: str = "") -> Fault:
    """The remark on letters that some program before us has read wrongly."""
    return notice(
        file,
        "W-MOJIBAKE",
        "ada huruf yang sudah rusak sebelum sampai di sini (seperti Ã© untuk é); dibaca apa "
        "adanya; minta ekspor ulang dengan UTF-8",
        "some letters were spoiled before they came here (such as Ã© for é); they are read as "
        "they are; ask for a new export in UTF-8",
        sheet=sheet,
    )
