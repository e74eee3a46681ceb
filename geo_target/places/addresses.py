"""RT, RW and lingkungan out of addresses as people write them."""

from geo_target.workbench import Table, query

_NUMBER = r"[\s.:]*0*(\d{1,3})"
#: "RT 02/05" and "RT/RW 02/05": both numbers after one word.
_PAIR = rf"\bRT(?:\s*[/.]\s*RW)?{_NUMBER}\s*/\s*0*(\d{{1,3}})(?:\D|$)"
_RT = rf"\bRT{_NUMBER}(?:\D|$)"
_RW = rf"\bRW{_NUMBER}(?:\D|$)"
#: The name runs to the next word that is none of it, a digit, a sign or the end.
_NEIGHBORHOOD = (
    r"\b(?:LINGKUNGAN|LINGK|LING|LINK|LK|KAMPUNG|KAMP|KP|DUSUN|DSN)[.\s]+"
    r"([A-Z][A-Z' ]*?)(?:\s+(?:RT|RW|NO|NOMOR|BLOK|DESA|KEL|KEC)(?:\b|\d)|\s*[^A-Z' ]|\s*$)"
)


def parse_addresses(records: Table) -> Table:
    """Fill ``rt``, ``rw`` (3 digits) and ``neighborhood`` from ``address`` where they are null.

    What a list gives in columns of its own stands. Nothing is guessed: a text that none of
    the patterns fits leaves the columns null.
    """
    return query(
        f"""
        with read as (select *, upper(address) as upper_address from records),
        found as (select *,
            nullif(regexp_extract(upper_address, '{_sql(_PAIR)}', 1), '') as pair_rt,
            nullif(regexp_extract(upper_address, '{_sql(_PAIR)}', 2), '') as pair_rw,
            nullif(regexp_extract(upper_address, '{_sql(_RT)}', 1), '') as word_rt,
            nullif(regexp_extract(upper_address, '{_sql(_RW)}', 1), '') as word_rw,
            nullif(trim(regexp_extract(upper_address, '{_sql(_NEIGHBORHOOD)}', 1)), '') as name
            from read)
        select * exclude (upper_address, pair_rt, pair_rw, word_rt, word_rw, name)
            replace (
                coalesce(rt, {_padded("coalesce(pair_rt, word_rt)")}) as rt,
                coalesce(rw, {_padded("coalesce(pair_rw, word_rw)")}) as rw,
                coalesce(neighborhood, name) as neighborhood)
        from found""",
        records=records,
    )


def _sql(pattern: str) -> str:
    return pattern.replace("'", "''")


def _padded(number: str) -> str:
    return f"if(cast({number} as integer) > 0, lpad({number}, 3, '0'), null)"
