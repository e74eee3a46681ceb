"""Strict parsers of what people write into cells: a value, or the code of what is wrong."""

import re
from collections.abc import Callable
from typing import Any, Literal

from geo_target.programs import program_code_of


class ValueFault(Exception):  # noqa: N818  # it says what is wrong with a value
    """A text that is no value: the code of intake/codes.py, and what to read instead."""

    def __init__(self, code: str, *, instead: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.instead = instead


Parser = Callable[[str], Any]

_THOUSANDS = re.compile(r"\d{1,3}(\.\d{3})+(,\d{1,2})?|\d{1,3}(,\d{3})+(\.\d{1,2})?", re.ASCII)
_PLAIN = re.compile(r"\d{4,}[.,]\d{1,2}", re.ASCII)
_CURRENCY = re.compile(r"^(rp\.?|idr)\s*|\s*,-$", re.IGNORECASE)

#: More than any family earns in a month: a slip of the keyboard.
_MOST_RUPIAH = 1e12


def parse_rupiah(text: str) -> float:
    """Rupiah of ``400000``, ``400.000``, ``Rp 400.000,-``, ``400,000.00``.

    A dot or comma before exactly three digits parts thousands, as Indonesians write;
    before one or two digits it is a decimal sign and is taken only after four or more
    digits: ``400.5`` is as likely a slip, and is refused.
    """
    bare = _CURRENCY.sub("", _CURRENCY.sub("", text.strip())).replace(" ", "")
    if _THOUSANDS.fullmatch(bare):
        decimal = "," if re.search(r"\.\d{3}", bare) else "."
        amount = float(re.sub(r"[.,]", lambda m: "." if m[0] == decimal else "", bare))
    elif bare.isdecimal() or _PLAIN.fullmatch(bare):
        amount = float(bare.replace(",", "."))
    else:
        raise ValueFault("E-MONEY")
    if amount >= _MOST_RUPIAH:
        raise ValueFault("E-MONEY")
    return amount


Style = Literal["dots", "commas"]


def style_of(text: str) -> Style | None:
    """Which sign parts the thousands of an amount; None where the text does not show it.

    ``400000.5`` shows nothing: programs write numbers so, whoever typed them.
    """
    bare = _CURRENCY.sub("", _CURRENCY.sub("", text.strip())).replace(" ", "")
    if _THOUSANDS.fullmatch(bare):
        return "dots" if re.search(r"\.\d{3}(?!\d)", bare) else "commas"
    return "dots" if re.fullmatch(r"\d{4,},\d{1,2}", bare, re.ASCII) else None


#: A family card has ten lines; more than three cards' worth is a slip of the keyboard.
_MOST_MEMBERS = 30


def parse_whole(text: str) -> int:
    """A count from 1 to 30, as of family members: ``4``, ``4 orang``."""
    match = re.fullmatch(
        r"(\d{1,2})(\.0)?(\s*(orang|org|jiwa))?\.?", text.strip(), re.ASCII | re.IGNORECASE
    )
    if not match or not 1 <= int(match[1]) <= _MOST_MEMBERS:
        raise ValueFault("E-WHOLE")
    return int(match[1])


def parse_count(text: str) -> int:
    """A count of residents or families, thousands parted by dots, by commas or not."""
    bare = text.replace(" ", "")
    if not re.fullmatch(r"\d{1,12}(\.0)?|\d{1,3}((\.\d{3}){1,3}|(,\d{3}){1,3})", bare, re.ASCII):
        raise ValueFault("E-WHOLE")
    return int(re.sub("[.,]", "", bare.removesuffix(".0")))


def parse_decile(text: str) -> int:
    """A welfare decile: ``1``, ``Desil 1``, ``01``; from 1 to 10."""
    match = re.fullmatch(r"(?:desil\s*)?0?(\d{1,2})(?:\.0)?", text.strip(), re.IGNORECASE)
    if not match or not 1 <= int(match[1]) <= 10:  # noqa: PLR2004
        raise ValueFault("E-DECILE")
    return int(match[1])


def parse_number(text: str) -> float:
    """A number that is not negative, with a dot or a comma for decimals."""
    if not re.fullmatch(r"\d{1,15}([.,]\d{1,15})?", text.strip(), re.ASCII):
        raise ValueFault("E-NUMBER")
    return float(text.replace(",", "."))


def parse_rt_rw(text: str) -> str | None:
    """RT or RW as three digits: ``5``, ``05``, ``005``, ``RT 5``; None of ``000`` and a dash."""
    bare = text.strip()
    if not bare.strip("-0"):
        return None
    match = re.fullmatch(r"(?:r[tw][\s.:]*)?(\d{1,3})(?:\.0)?", bare, re.IGNORECASE | re.ASCII)
    if not match:
        raise ValueFault("E-RTRW")
    return f"{int(match[1]):03d}" if int(match[1]) else None


_YES = frozenset({"ya", "y", "yes", "1", "ada", "sudah", "sdh", "true", "v", "✓", "✔", "☑"})
_NO = frozenset(
    {"tidak", "tdk", "t", "n", "no", "0", "2", "-", "tidak ada", "belum", "blm", "false"}
)


def parse_yes_no(text: str) -> bool:
    """Yes or no of the words that lists really use; ``2`` is the no of BPS's code lists."""
    word = " ".join(text.casefold().replace(".", " ").split()).removesuffix(" 0")
    if word not in _YES | _NO:
        raise ValueFault("E-YESNO")
    return word in _YES


def parse_answer(text: str) -> bool:
    """Yes or no to a question: as `parse_yes_no`, but a dash is nobody's answer, not a no."""
    if text.strip() == "-":
        raise ValueFault("E-YESNO")
    return parse_yes_no(text)


#: What lists and visits write of who gets nothing any more. 'Pindah' alone means the person;
#: a bank account that was moved ('pindah rekening') means nothing, and stays unknown.
_ENDED = re.compile(
    r"(non|tidak|tdk) ?aktif|inactive|(sudah )?(meninggal|wafat)( dunia)?( .*)?"
    r"|alm|almarhum(ah)?|(sudah )?pindah( (domisili|alamat|tempat tinggal|ke|wilayah) ?.*)?"
    r"|(rumah tangga |keluarga |data )?(tidak|tdk) ditemukan|(sudah |ter)?graduasi( .*)?|lulus"
    r"|(sudah )?mampu|(tidak|tdk) layak|(sudah )?keluar|dikeluarkan|dicoret|dihapus|berhenti"
    r"|diberhentikan|dihentikan|mundur|mengundurkan diri|(data )?ganda|batal|dibatalkan|ditolak"
)
_GOES_ON = frozenset({"aktif", "active", "masih aktif"})


def parse_status(text: str) -> str:
    """'active' or 'inactive' of the words that lists use of an enrollment; yes and no too.

    Any other word is 'unknown' beside its fault: nobody counts as reached by a guess.
    """
    bare = " ".join(re.sub(r"[\W_]+", " ", text.casefold()).split())
    if bare in _GOES_ON:
        return "active"
    if _ENDED.fullmatch(bare):
        return "inactive"
    try:
        return "active" if parse_yes_no(text) else "inactive"
    except ValueFault:
        raise ValueFault("E-STATUS", instead="unknown") from None


_BETWEEN_PROGRAMS = (r"\s*(?:[,;/&+|]|\bdan\b)\s*", r"\s+")


def parse_programs(
    text: str, code_of: Callable[[str], str | None] = program_code_of
) -> tuple[str, ...]:
    """Codes of ``PKH``, ``PKH, BPNT``, ``pkh/bpnt``, ``PKH BPNT``; each once, in their order.

    A text that is a program as a whole is that one (``JKK,JKM``). Of several every one must
    be known: what is not may be the one that counts.
    """
    for separator in (r"\A\Z", *_BETWEEN_PROGRAMS):
        codes = [code_of(part) for part in re.split(separator, text.strip(), flags=re.IGNORECASE)]
        known = tuple(dict.fromkeys(code for code in codes if code))
        if known and None not in codes:
            return known
    raise ValueFault("E-PROGRAM")
