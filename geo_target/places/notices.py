"""What a list says of its places as a whole: shares and counts, no single person."""

import pandas as pd

from geo_target.errors import Fault
from geo_target.workbench import Table


def notice_of_names(stated: Table, file: str, column: str) -> list[Fault]:
    """Rows whose code and names mean two villages; the code stands (``W-VILLAGE-NAME``)."""
    rows = stated.bench.execute(
        f"""select count(*), min(row) from {stated.name}
            where village_fault = 'W-VILLAGE-NAME'"""
    )[0]
    if not rows[0]:
        return []
    return [
        Fault(
            "W-VILLAGE-NAME",
            id=f"{rows[0]} baris menyebut desa/kelurahan lain pada nama daripada pada kode, mulai "
            "baris ini; kodenya dipakai; periksa di berkas asal",
            en=f"in {rows[0]} rows name and code mean two villages, from this row on; the code "
            "is used; look at the source",
            file=file,
            row=rows[1],
            column=column,
        )
    ]


def notice_of_outside(
    stated: Table, gazetteer: pd.DataFrame, file: str, area_code: str
) -> list[Fault]:
    """Rows of villages outside the area of the run, by regency (``W-OUTSIDE``)."""
    counts = outside_by_regency(stated, area_code)
    if not counts:
        return []
    names = gazetteer.drop_duplicates("regency_code").set_index("regency_code")["regency_name"]
    places = ", ".join(f"{names[code]} {count}" for code, count in counts.items())
    return [
        Fault(
            "W-OUTSIDE",
            id=f"{sum(counts.values())} baris di luar wilayah {area_code}: {places}; tidak "
            "dihitung di desa/kelurahan mana pun; kirim daftar wilayah ini saja",
            en=f"{sum(counts.values())} rows lie outside area {area_code}: {places}; they count "
            "in no village; hand in the list of this area only",
            file=file,
        )
    ]


def outside_by_regency(stated: Table, area_code: str) -> dict[str, int]:
    """Rows whose stated village lies outside the area, by code of the regency."""
    return dict(
        stated.bench.execute(
            f"""select left(stated_village_code, 5), count(*) from {stated.name}
                where $1 <> '' and not starts_with(stated_village_code, $1 || '.')
                group by 1 order by 1""",
            [area_code],
        )
    )


def readable_addresses(parsed: Table) -> dict[str, int]:
    """Rows with an address, and how many of them give an RT, an RW, a lingkungan.

    Parameters
    ----------
    parsed
        As `addresses.parse_addresses` gives it.
    """
    names = ("addresses", "rt", "rw", "neighborhood")
    counts = parsed.bench.execute(
        f"""select count(*), count(rt), count(rw), count(neighborhood) from {parsed.name}
            where address is not null"""
    )[0]
    return dict(zip(names, map(int, counts), strict=True))


def notice_of_addresses(parsed: Table, file: str) -> list[Fault]:
    """How many addresses say RT, RW and lingkungan (``W-ADDRESS``); none without addresses."""
    counts = readable_addresses(parsed)
    whole = counts["addresses"]
    if not whole:
        return []
    rt, rw, place = (round(100 * counts[name] / whole) for name in ("rt", "rw", "neighborhood"))
    return [
        Fault(
            "W-ADDRESS",
            id=f"dari {whole} alamat terbaca RT {rt} %, RW {rw} %, lingkungan {place} %; yang "
            "tidak terbaca dihitung per desa/kelurahan",
            en=f"of {whole} addresses RT is readable in {rt} %, RW in {rw} %, lingkungan in "
            f"{place} %; the rest count by village",
            file=file,
        )
    ]


def notice_of_registered(parsed: Table, file: str) -> list[Fault]:
    """Families whose RT and RW are those of a KTP, for want of a domicile (``W-ADDRESS-KTP``)."""
    if "address_basis" not in parsed.columns:
        return []
    rows, first = parsed.bench.execute(
        f"select count(*), min(row) from {parsed.name} where address_basis = 'registered'"
    )[0]
    if not rows:
        return []
    return [
        Fault(
            "W-ADDRESS-KTP",
            id=f"{rows} baris, mulai baris ini, hanya punya alamat KTP: RT/RW-nya dari KTP dan "
            "mungkin bukan tempat tinggal; tanyakan domisili sebelum kunjungan",
            en=f"{rows} rows, from this row on, have the address of the KTP alone: their RT/RW "
            "are the KTP's and may be no home; ask for the domicile before a visit",
            file=file,
            row=first,
        )
    ]
