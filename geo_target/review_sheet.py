"""Doubtful pairs as a sheet to fill in away from the page, and what was filled in."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from geo_target.errors import DataRefusedError, Fault, Language
from geo_target.intake.columns import cell_text
from geo_target.intake.readers import read_grid
from geo_target.intake.text_workbook import text_workbook
from geo_target.operations.audit import Actor
from geo_target.operations.refusals import SettlementError
from geo_target.operations.settlements import Question, Settlements, Verdict
from geo_target.publishing.review import DoubtfulPair, Side

#: What a person fills in, and what names the pair; the rest is to look at.
_VERDICT, _NOTE, _PAIR, _DATA = "keputusan", "catatan", "pasangan", "sidik"
_LOOKED_AT = ("register", "nama", "tanggal lahir", "L/P", "NIK", "KK", "kelurahan/desa", "alamat",
              "anggota")  # fmt: skip
_HEADER = (
    "no", _VERDICT, _NOTE, "mengapa", *(f"{n} ({s})" for n in _LOOKED_AT for s in "12"),
    _PAIR, _DATA,
)  # fmt: skip
_WIDTHS = (5, 12, 24, 30, 10, 10, 24, 24, 13, 13, 6, 6, 18, 18, 18, 18, 18, 18, 40, 40, 9, 9, 8, 8)

_VERDICTS = {
    "sama": Verdict.SAME, "same": Verdict.SAME,
    "beda": Verdict.DIFFERENT, "different": Verdict.DIFFERENT,
}  # fmt: skip

#: As many rows as a sheet has, but for its header.
MOST_PAIRS = 1_048_575

#: How a row ended, in the order in which they are told.
OUTCOMES = ("taken", "already", "refused", "blank")


@dataclass(frozen=True)
class Row:
    """What somebody has filled in for a pair; `number` as the spreadsheet shows it."""

    number: int
    verdict: str
    note: str
    pair_id: str
    fingerprint: str


@dataclass(frozen=True)
class Taken:
    """How the rows of a sheet ended, and why some were refused."""

    counts: Mapping[str, int]
    faults: Sequence[Fault]

    @property
    def rows(self) -> int:
        """All rows: the sum of how they ended."""
        return sum(self.counts.values())


def review_sheet(
    pairs: Sequence[tuple[Question, DoubtfulPair]], villages: Mapping[str, str]
) -> bytes:
    """XLSX of pairs, a row each, every cell text: what begins with = is no formula.

    Parameters
    ----------
    pairs
        Those that nobody has settled; at most `MOST_PAIRS`.
    villages
        Names by code.
    """
    rows = (_cells(at, *each, villages) for at, each in enumerate(pairs, start=1))
    return text_workbook("pasangan", _HEADER, _WIDTHS, rows)


def read_review(file: Path) -> list[Row]:
    """What was filled in: XLSX, or whatever else a spreadsheet saves.

    Raises
    ------
    DataRefusedError
        If the file cannot be read; ``E-REVIEW-SHEET`` if it is no such sheet.
    """
    grid = read_grid(file)
    number, cells = grid.head[0] if grid.head else (1, ())
    header = [(cell_text(cell) or "").strip().casefold() for cell in cells]
    if not {_VERDICT, _PAIR, _DATA} <= set(header):
        raise DataRefusedError(_no_sheet(file))
    at = [header.index(name) if name in header else None
          for name in (_VERDICT, _NOTE, _PAIR, _DATA)]  # fmt: skip
    rows: list[Row] = []
    for body in grid.pieces(number, len(header)):
        columns = [[""] * len(body.numbers) if i is None else body.columns[i] for i in at]
        texts = ([_text(cell) for cell in column] for column in columns)
        rows += (Row(int(n), *said) for n, *said in zip(body.numbers, *texts, strict=True))
        rows += (Row(n, "?", "", "", "") for n in body.ragged)
    return sorted(rows, key=lambda row: row.number)


def take(
    rows: Sequence[Row], questions: Mapping[str, Question], settlements: Settlements, *, by: Actor
) -> Taken:
    """Keep what the rows say; of a row that is refused nothing is taken.

    Parameters
    ----------
    questions
        The pairs of the run that is shown, by pair id.

    Raises
    ------
    SettlementError
        ``E-PAIR-ROLE``: then nothing of any row is taken.
    """
    counts, faults = Counter(dict.fromkeys(OUTCOMES, 0)), []
    for row in rows:
        outcome = _take(row, questions, settlements, by=by)
        if isinstance(outcome, Fault):
            faults.append(replace(outcome, row=row.number))
            outcome = "refused"
        counts[outcome] += 1
    return Taken(counts, faults)


def _take(
    row: Row, questions: Mapping[str, Question], settlements: Settlements, *, by: Actor
) -> str | Fault:
    """How a row ends, or why it is refused."""
    if not row.verdict:
        return "blank"
    verdict, question = _VERDICTS.get(row.verdict.casefold()), questions.get(row.pair_id)
    if verdict is None:
        return _STRANGE
    if question is None:
        return _UNKNOWN
    if question.fingerprint != row.fingerprint:
        return _CHANGED
    try:
        _, is_new = settlements.decide(question, verdict, by=by, note=row.note)
    except SettlementError as error:
        if error.faults[0].code == "E-PAIR-ROLE":
            raise
        return error.faults[0]
    return "taken" if is_new else "already"


def verdict_word(verdict: Verdict, language: Language) -> str:
    """What one writes into a sheet to say it."""
    words = (word for word, said in _VERDICTS.items() if said is verdict)
    return next(words) if language == "id" else verdict.value


def told(taken: Taken, language: Language) -> str:
    """One line that balances: rows = taken + already + refused + blank."""
    words: Mapping[Language, str] = {
        "id": "{rows} baris = {taken} disimpan + {already} sudah sama + {refused} ditolak + "
        "{blank} belum diisi",
        "en": "{rows} rows = {taken} taken + {already} the same already + {refused} refused + "
        "{blank} not filled in",
    }
    return words[language].format(rows=taken.rows, **taken.counts)


def _cells(
    number: int, asked: Question, pair: DoubtfulPair, villages: Mapping[str, str]
) -> list[str]:
    sides = zip(_told_of(pair.one, villages), _told_of(pair.other, villages), strict=True)
    looked_at = [text or "" for both in sides for text in both]
    return [
        str(number),
        "",
        "",
        pair.doubt.words["id"],
        *looked_at,
        asked.pair_id,
        asked.fingerprint,
    ]


def _told_of(side: Side, villages: Mapping[str, str]) -> Iterator[str | None]:
    """Cells of `_LOOKED_AT`."""
    yield side.register
    yield side.head_name
    yield side.birth_date.isoformat() if side.birth_date else None
    yield side.sex
    yield side.national_id_masked
    yield side.family_card_number_masked
    yield villages.get(side.village_code or "", side.village_code)
    yield ", ".join(part for part in (side.address, side.neighborhood, side.rt_rw) if part)
    yield None if side.members is None else str(side.members)


def _text(cell: object) -> str:
    value = cell.as_py() if hasattr(cell, "as_py") else cell
    return " ".join((cell_text(value) or "").split())  # type: ignore[arg-type]


def _no_sheet(file: Path) -> Fault:
    return Fault(
        "E-REVIEW-SHEET",
        id=f"bukan lembar pasangan: kolom {_VERDICT}, {_PAIR} dan {_DATA} harus ada di baris "
        "pertama; isi berkas dari geo-target review export",
        en=f"this is no sheet of pairs: its first row needs the columns {_VERDICT}, {_PAIR} and "
        f"{_DATA}; fill in the file of geo-target review export",
        file=file.name,
    )


_STRANGE = Fault(
    "E-PAIR-VERDICT",
    id="keputusan tidak dikenal; tulis sama, beda, atau kosongkan",
    en="the verdict is not understood; write sama, beda, or leave it empty",
    column=_VERDICT,
)
_UNKNOWN = Fault(
    "E-PAIR-UNKNOWN",
    id="pasangan ini tidak ada, atau tidak meragukan lagi, dalam hasil yang dipakai sekarang; "
    "ekspor lagi",
    en="there is no such pair in the run that is in use, or it is not doubtful any more; "
    "export again",
    column=_PAIR,
)
_CHANGED = Fault(
    "E-PAIR-CHANGED",
    id="data pasangan ini sudah berubah sejak diekspor; ekspor lagi dan lihat lagi",
    en="the data of this pair have changed since the export; export again and look again",
    column=_DATA,
)
