"""RT, RW and lingkungan out of addresses as people write them, and whose address it was."""

from geo_target.places.spelling import folded_sql
from geo_target.workbench import Table

#: A word begins after anything but a letter: RT004RW012.
_BEGINS = "(?:^|[^A-Z])"
_NUMBER = r"[\s.:]*0*(\d{1,3})"
#: "RT 02/05" and "RT/RW 02/05": both numbers after one word.
_PAIR = rf"{_BEGINS}RT(?:\s*[/.]\s*RW)?{_NUMBER}\s*/\s*0*(\d{{1,3}})(?:\D|$)"
_RT = rf"{_BEGINS}RT{_NUMBER}(?:\D|$)"
_RW = rf"{_BEGINS}RW{_NUMBER}(?:\D|$)"
#: The name runs to the next word that is none of it, a digit, a sign or the end.
_NEIGHBORHOOD = (
    r"\b(?:LINGKUNGAN|LINGK|LING|LINK|LK|KAMPUNG|KAMP|KAMPONG|KMP|KP|DUSUN|DSN)[.:\s]+"
    r"([A-Z][A-Z' ]*?)(?:\s+(?:RT|RW|NO|NOMOR|BLOK|BLK|JALAN|JL|GANG|GG|DESA|DS|KELURAHAN|KEL"
    r"|KECAMATAN|KEC|KABUPATEN|KAB)(?:\b|\d)|\s*[^A-Z' ]|\s*$)"
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

    All is worked out when it is asked.
    """
    if "registered_address" not in records.columns:
        return _parsed(records, "address")
    parsed = _parsed(_with_basis(records), "read_address")
    return records.bench.view("select * exclude (read_address) from parsed", parsed=parsed)


def _with_basis(records: Table) -> Table:
    """`records` with ``address_basis``, RT and RW of it, and the text to read the rest from."""
    lives = ", ".join(_DOMICILE)
    there = "registered_address, registered_rt, registered_rw"
    elsewhere = f"""{folded_sql("registered_village_name")}
        <> coalesce({folded_sql("village_name")}, '')"""
    return records.bench.view(
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

    def told(pattern: str, group: int = 1) -> str:
        return f"nullif(regexp_extract(upper({text}), '{_sql(pattern)}', {group}), '')"

    rt, rw = f"coalesce({told(_PAIR)}, {told(_RT)})", f"coalesce({told(_PAIR, 2)}, {told(_RW)})"
    return records.bench.view(
        f"""select * replace (
                if(rt is null, {_padded(rt)}, rt) as rt,
                if(rw is null, {_padded(rw)}, rw) as rw,
                if(neighborhood is null, nullif(trim({told(_NEIGHBORHOOD)}), ''), neighborhood)
                    as neighborhood)
            from records""",
        records=records,
    )


def _sql(pattern: str) -> str:
    return pattern.replace("'", "''")


def _padded(number: str) -> str:
    return f"nullif(lpad({number}, 3, '0'), '000')"
