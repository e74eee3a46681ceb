"""NIK and KK numbers: which are usable, and what is wrong with the others.

A NIK is 16 digits: 6 of the region of first issue, birth date DDMMYY with 40 added to a
woman's day, and a serial from 0001 (Dukcapil; Permendagri 72/2022). Region and date may
rightly differ from the row's: they are never a reason to set a NIK aside. A KK number has
16 digits with the date of its issue in the same place; only its length is checked, since
offices were seen to number differently.
"""

from typing import Literal

#: What people put between the digits, and Excel before them.
_PADDING = "' .-\u00a0\u200b\u200e\u200f"
#: As programs write a number into CSV so that Excel keeps it as text: ="3673...".
_AS_TEXT = '^="([^"]*)"$'


def bare_number(column: str) -> str:
    """SQL: the text of `column` without blanks, dots, dashes and apostrophes; null if empty.

    ``="..."`` is the text inside. A decimal part of 0, as programs write numbers into CSV, is
    no digit of it, up to the number from which on they lose digits.
    """
    blanks = "".join("''" if sign == "'" else sign for sign in _PADDING)
    text = f"if(left({column}, 1) = '=', regexp_replace({column}, '{_AS_TEXT}', '\\1'), {column})"
    digits = f"left({text}, length({text}) - 2)"
    whole = f"if(right({text}, 2) = '.0' and {digits} <= '{2**53}', {digits}, {text})"
    bare = f"nullif(translate({whole}, '{blanks}', ''), '')"
    # Most cells are bare already, and to ask costs a fifth of making them so.
    return f"if(regexp_full_match({column}, '[0-9]{{16}}'), {column}, {bare})"


#: Days 1 to 28 of a man or a woman: most numbers, and none of the rules below can break.
_PLAIN_NIK = "[0-9]{6}(0[1-9]|1[0-9]|2[0-8]|4[1-9]|5[0-9]|6[0-8])(0[1-9]|1[0-2])[0-9]{6}"


def identity_fault(column: str, *, kind: Literal["NIK", "KK"], number_cell: str = "false") -> str:
    """SQL: the code of what is wrong with an identity number, null if it is usable.

    Parameters
    ----------
    column
        SQL of the bare number, see `bare_number`.
    kind
        Whose rules hold; the codes begin with it.
    number_cell
        SQL that is true where the spreadsheet held a number: Excel keeps 15 digits, so
        such a cell that ends in 0 has lost one; and above 2**53 (regions from 90 on) no
        program keeps the last one.
    """
    birth_day = f"cast(substr({column}, 7, 2) as integer)"
    birth_month = f"cast(substr({column}, 9, 2) as integer)"
    day = f"if({birth_day} > 40, {birth_day} - 40, {birth_day})"
    most = (
        f"case when {birth_month} = 2 then 29 when {birth_month} in (4, 6, 9, 11) then 30 "
        "else 31 end"
    )
    own = (
        f"""
        when {birth_month} not between 1 and 12 or {day} not between 1 and ({most})
            then 'E-NIK-DATE'
        when substr({column}, 13, 4) = '0000' then 'E-NIK-SERIAL'"""
        if kind == "NIK"
        else ""
    )
    plain = (
        f"""
        when regexp_full_match({column}, '{_PLAIN_NIK}') and right({column}, 4) <> '0000'
            and left({column}, 8) <> right({column}, 8) and not {number_cell} then null"""
        if kind == "NIK"
        # Fillers, repeated or in sequence, come back to their first digits after ten.
        else f"""
        when regexp_full_match({column}, '[0-9]{{16}}') and left({column}, 6) <> right({column}, 6)
            and not {number_cell} then null"""
    )
    return f"""case
        when {column} is null then null{plain}
        when regexp_matches({column}, '^[0-9][0-9.,]*[eE][+]?[0-9]+$') then 'E-{kind}-SCI'
        when regexp_matches({column}, '[^0-9]') then 'E-{kind}-CHAR'
        when length({column}) <> 16 then 'E-{kind}-LEN'
        when {number_cell} and (right({column}, 1) = '0' or {column} > '{2**53}')
            then 'E-{kind}-15D'
        when replace({column}, left({column}, 1), '') = ''
            or '01234567890123456789' like '%' || {column} || '%' then 'E-{kind}-FAKE'{own}
        end"""


def masked(column: str) -> str:
    """SQL: only the last four digits of a number, the rest as dots.

    A text of less than eight signs is hidden whole, and a letter shows as ``x``: what stands
    in the column may be a name.
    """
    end = f"regexp_replace(right({column}, 4), '[^0-9]', 'x', 'g')"
    return f"""case when {column} is null then null
        else '••••••••••••' || if(length({column}) < 8, '', {end}) end"""


#: Words that fill a NIK cell where there is none: nothing is set aside for them.
BLANK_WORDS = (
    "KOSONG", "TIDAK ADA", "TDK ADA", "BELUM ADA", "BLM ADA", "TIDAK PUNYA", "TDK PUNYA",
    "BELUM PUNYA", "BLM PUNYA", "BELUM REKAM", "BLM REKAM", "NULL", "NIHIL",
)  # fmt: skip
