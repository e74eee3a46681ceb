"""Notes and signatures under a table: known by words that no person, address or village has.

A signature block fills two or three cells of a row, wherever there is room: 'Mengetahui,' under
the names and 'Serang, 1 Oktober 2025' under the villages. Words alone call a row a note, and only
where nothing else in it tells of a family: neither a usable number nor an id, a code or an RT, nor
a name with its district and village, whose address may well be 'nihil'.
"""

from collections.abc import Collection, Mapping, Sequence

from geo_target.schemas import DAY, TEXT, Schema
from geo_target.workbench import Table, query

#: Among the faults of a list that is being read, no code: `without_signers` makes E-NOTE of it.
SIGNED = "signed"
_OF_PEOPLE = ("families", "persons", "enrollments")
_MONTH = (
    "(jan(uari)?|[fp]eb(ruari)?|mar(et)?|apr(il)?|mei|juni?|juli?|agu(stus)?|ags|agt|sept?(ember)?"
    "|okt(ober)?|no[pv](ember)?|des(ember)?)"
)
_OFFICE = (
    "(dinas|badan|bidang|bagian|seksi|sub|kantor|upt|desa|kelurahan|kecamatan|puskesmas|satuan|unit"
    "|daerah|bps|dinsos|bappeda)"
)
_FOR = r"((plt|plh|pj|an|ub|a\.\s*n|u\.\s*b)[.\s]*)?"
#: One of these is enough. In a column of numbers the blanks are gone: no word needs its own.
_SURELY = "|".join(
    (
        r"(mengetahui|menyetujui|mengesahkan|diketahui|disetujui|disahkan)(\W.*|oleh.*)?$",
        r"nip(ppk|k)?\s*[.:]?[\s0-9._…-]*$",
        # A town and a day: Serang, 1 Oktober 2025
        rf"[a-z .'’]{{3,40}},\s*(tanggal|tgl)?[\s0-9._…-]*{_MONTH}[\s._…-]*20[0-9._…]{{0,6}}$",
        r"[a-z .'’]{3,40},\s*[0-9]{1,2}[-/.][0-9]{1,2}[-/.]20[0-9]{2}$",
        r"(catatan|keterangan|ket|sumber(\s*data)?|note|nb|tembusan)\s*:",
        r"(dibuat|disusun|dicetak|diunduh|diperiksa|diverifikasi)\s*(oleh|di|pada|tanggal|tgl)\b",
        r"(tanda\s*tangan|ttd|t\.t\.d)\W*$",
        r"(halaman|hal|page)[\s.]*[0-9]+(\s*(dari|of|/)\s*[0-9]+)?\W*$",
        r"(pembina|penata)\s*(utama|muda|madya|tk\b|tingkat|/|\()",
    )
)
#: One of these too, but what a person is or has may be called so: Kepala Desa, disability nihil.
_UNLESS_A_FACT = rf"{_FOR}(kepala|sekretaris|bendahara)\s*{_OFFICE}|nihil\W*$"
_FACTS = ("relation", "occupation", "disability")
_ANY = f"{_SURELY}|{_UNLESS_A_FACT}"
#: These only where every filled cell of the row is such a word: a person may be called Lurah.
_OFFICERS = (
    rf"{_FOR}(kepala|camat|lurah|bupati|wali\s*kota|gubernur|sekda|sekdes|kades|kadis|ketua|petugas"
    r"|operator|koordinator|pendamping|pendata|tksk|verifikator|pembina|penata)(\s.*|\W*)$"
)
#: And these where no place is under its own header.
_HEADINGS = (
    "(pemerintah|dinas|kementerian|badan|kelurahan|kel|desa|kecamatan|kec|kabupaten|kab|kota)"
    r"[.:\s]"
)
_PLACES = ("village_name", "district_name")
#: Columns of text that hold nothing but what could be read.
_READ = ("rt", "rw", "registered_rt", "registered_rw", "civil_registry")
_OF_THE_LIST = ("program", "status", "flagged_programs")
#: So far below such words the names of who signs stand, in so many cells.
_BLOCK, _MOST_CELLS = 8, 3


def signature_code(schema: Schema, present: Collection[str], sound: Mapping[str, str]) -> str:
    """SQL: `SIGNED` of a row of a signature block, ``E-NOTE`` of a heading, else null.

    Parameters
    ----------
    present
        All columns of the piece.
    sound
        SQL that a key of the row can be used, by column.
    """
    written = _written(schema, present)
    if schema.name not in _OF_PEOPLE or not written:
        return "null"
    told = [*sound.values(), *_told(schema, present, (*_READ, *_OF_THE_LIST))]
    placed = " or ".join(f'"{c}" is not null' for c in _PLACES if c in present) or "false"
    surely = " or ".join(_like(c, _sure_words(c)) for c in written)
    return f"""case when {" or ".join(told) or "false"}
            or ({" and ".join(f'"{c}" is null' for c in written)}) then null
        when {_each(written, f"{_ANY}|{_OFFICERS}")} then '{SIGNED}'
        when {_named_and_placed(present)} then null
        when {surely} then '{SIGNED}'
        when {placed} then null
        when {_each(written, f"{_ANY}|{_OFFICERS}|{_HEADINGS}")} then 'E-NOTE' end"""


def without_signers(accepted: Table, faults: Table, schema: Schema) -> tuple[Table, Table, Table]:
    """The rows and faults of a list, names of who signs no longer among the rows.

    They have no word of their own, 'Drs. H. ANU' beside 'Hj. BUDI, S.Sos': they are what stands
    within `_BLOCK` rows of such words, before the next record, in few cells and without a key.
    Who states both district and village is a record.

    Returns
    -------
    accepted, faults
        As they came, but for the signers, which are ``E-NOTE``.
    gone
        ``row``: which of `accepted` they were.
    """
    near = query(
        f"""select row + distance as row, row as signed
            from faults, range(1, {_BLOCK + 1}) as distances(distance)
            where code = '{SIGNED}' and "column" is null""",
        faults=faults,
    )
    if not len(near):
        return accepted, faults, query("select row from near", near=near)
    signers = query(
        f"""
        with close as (
            select row, {_may_sign(schema, accepted.columns)} as may from accepted
                semi join near using (row)
            union all select row, code = 'E-NOTHING' from faults semi join near using (row)
            where "column" is null and code <> '{SIGNED}'
        )
        select distinct row from close join near using (row)
        where may and not exists (
            select 1 from close as other
            where not other.may and other.row > near.signed and other.row < close.row)""",
        accepted=accepted, faults=faults, near=near,
    )  # fmt: skip
    gone = query("from signers semi join accepted using (row)", accepted=accepted, signers=signers)
    left = query("from accepted anti join signers using (row)", accepted=accepted, signers=signers)
    named = query(
            f"""select * replace (if(code = '{SIGNED}', 'E-NOTE', code) as code)
                from faults anti join signers using (row)
                union all select row, null, 'E-NOTE', null from signers""",
        faults=faults, signers=signers,
    )  # fmt: skip
    accepted.bench.drop(accepted, faults)
    return left, named, gone


def _written(schema: Schema, present: Collection[str]) -> list[str]:
    """Columns of text as people write it."""
    read = {*_READ, *_OF_THE_LIST}
    return [c.name for c in schema.columns
            if c.type == TEXT and c.name in present and c.name not in read]  # fmt: skip


def _sure_words(column: str) -> str:
    return _SURELY if column in _FACTS else _ANY


def _named_and_placed(present: Collection[str]) -> str:
    """SQL that a row has a name, a district and a village, and none of them is such a word."""
    names = [c for c in ("name", "head_name") if c in present]
    if not names or not {*_PLACES} <= {*present}:
        return "false"
    return " and ".join(f'("{c}" is not null and not {_like(c, f"{_ANY}|{_HEADINGS}")})'
                        for c in (*names, *_PLACES))  # fmt: skip


def _told(schema: Schema, present: Collection[str], read: Sequence[str]) -> list[str]:
    """SQL that a column which no signature fills has something."""
    return [f'"{c.name}" is not null' for c in schema.columns if c.name in present
            and (c.name in read or c.type not in {TEXT, DAY})]  # fmt: skip


def _may_sign(schema: Schema, present: Collection[str]) -> str:
    """SQL of an accepted row: its keys are those that can be used."""
    keys = {"national_id", "head_national_id", "family_card_number"}
    written = [c for c in _written(schema, present) if c not in {*keys, "family_id"}]
    told = [*_told(schema, present, _READ), *(f'"{c}" is not null' for c in keys if c in present)]
    if "family_id" in present:  # a row without an id is called by its number
        told.append("""(regexp_full_match(family_id, '[^ ]*[0-9][^ ]*')
            and not ends_with(family_id, '#' || row))""")
    if "village_code" in present:
        told.append("regexp_matches(village_code, '[0-9]')")
    if {*_PLACES} <= {*present}:
        told.append("(" + " and ".join(f'"{c}" is not null' for c in _PLACES) + ")")
    cells = " + ".join(f'("{c}" is not null)::int' for c in written) or "0"
    return f"not coalesce({' or '.join(told) or 'false'}, false) and {cells} <= {_MOST_CELLS}"


def _like(column: str, words: str) -> str:
    quoted = words.replace("'", "''")
    return f"coalesce(regexp_matches(lower(\"{column}\"), '^\\W*({quoted})'), false)"


def _each(columns: Collection[str], words: str) -> str:
    return "(" + " and ".join(f'("{c}" is null or {_like(c, words)})' for c in columns) + ")"
