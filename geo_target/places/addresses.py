"""RT, RW and lingkungan out of addresses as people write them, and whose address it was."""

from geo_target.places.spelling import folded_sql
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
#: Where the family lives; what a row says of it in any of these is its domicile.
_DOMICILE = ("address", "rt", "rw", "neighborhood")


def parse_addresses(records: Table) -> Table:
    """Fill ``rt``, ``rw`` (3 digits) and ``neighborhood`` from ``address`` where they are null.

    What a list gives in columns of its own stands. Nothing is guessed: a text that none of
    the patterns fits leaves the columns null.

    Where `records` has the columns of an address on the KTP, a row that says nothing of where
    the family lives takes RT, RW and lingkungan from there, unless the KTP names another
    village than the row does: an RW of that one is none of this one. ``address`` itself
    stays null. ``address_basis`` says which it was: 'domicile', 'registered', or null.
    """
    if "registered_address" not in records.columns:
        return _parsed(records, "address")
    parsed = _parsed(_with_basis(records), "read_address")
    return query("select * exclude (read_address) from parsed", parsed=parsed)


def _with_basis(records: Table) -> Table:
    """`records` with ``address_basis``, RT and RW of it, and the text to read the rest from."""
    lives = ", ".join(_DOMICILE)
    there = "registered_address, registered_rt, registered_rw"
    elsewhere = f"""{folded_sql("registered_village_name")}
        <> coalesce({folded_sql("village_name")}, '')"""
    return query(
        f"""with based as (select *,
                case when coalesce({lives}) is not null then 'domicile'
                    when registered_village_name is not null and {elsewhere} then null
                    when coalesce({there}) is not null then 'registered' end as address_basis
                from records)
            select * replace (
                    if(address_basis = 'registered', registered_rt, rt) as rt,
                    if(address_basis = 'registered', registered_rw, rw) as rw),
                if(address_basis = 'registered', registered_address, address) as read_address
            from based""",
        records=records,
    )


def _parsed(records: Table, text: str) -> Table:
    """`records` with what its column `text` says of RT, RW and lingkungan."""
    return query(
        f"""
        with read as (select *, upper({text}) as upper_address from records),
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
