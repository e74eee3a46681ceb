"""What is odd about a list and refuses nothing: each remark names its count and first row."""

from collections.abc import Iterable

from geo_target.errors import Fault
from geo_target.intake.profiles import Profile
from geo_target.intake.spoilage import NIK_COLUMNS
from geo_target.workbench import Table

#: No district has these numbers: whose NIK holds them lives in a demo or a test.
_SYNTHETIC_DISTRICTS = ("98", "99")
#: Half of the families of a list earn less than this in rupiah only if it counts thousands.
_THOUSANDS_BELOW = 10_000
_FEWEST = 20
#: A column without any value has no type of its own.
_INCOME = "cast(income_rupiah_per_month as double)"

#: Of whom the NIK is: of a person's list, or of the head that a list of families names.
_BIRTH_DATES = ("birth_date", "head_birth_date")

_WORDS = {
    "W-NIK-REGION": (
        "NIK terbit di kabupaten/kota lain; itu boleh, NIK tidak berubah bila orangnya pindah",
        "NIK issued in another regency; that is right, a NIK stays when its person moves",
    ),
    "W-NIK-BIRTH": (
        "tanggal lahir berbeda dari yang di NIK; NIK tetap dipakai, periksa saat kunjungan",
        "birth dates differ from those in the NIK; the NIK is used, ask at the visit",
    ),
    "W-NIK-SEX": (
        "jenis kelamin berbeda dari yang di NIK; NIK tetap dipakai, periksa saat kunjungan",
        "sexes differ from those in the NIK; the NIK is used, ask at the visit",
    ),
    "W-KK-IS-NIK": (
        "nomor KK sama dengan NIK di baris itu; lengkapi nomor KK yang benar",
        "KK numbers equal the NIK of their row; write the right KK number",
    ),
    "W-MONEY-THOUSANDS": (
        "penghasilan: separuhnya di bawah Rp10.000; bila satuannya ribuan rupiah, sebutkan "
        "di profil (units)",
        "incomes: half are below Rp10,000; if they count thousands of rupiah, say so in "
        "the profile (units)",
    ),
}


def remarks_on(
    accepted: Table, present: Iterable[str], profile: Profile, *, file: str
) -> list[Fault]:
    """Remarks on a list, each with how many rows it is about and the first of them.

    Region, birth date and sex in a NIK may rightly differ from the row's: a NIK is never
    changed (PP 40/2019), so none of these sets anything aside.

    Parameters
    ----------
    accepted
        Its rows, typed and with usable values only.
    present
        The columns that the list has.
    """
    conditions = _conditions(set(present), profile)
    if not conditions:
        return []
    counted = ", ".join(
        f"count(*) filter ({sql}), min(row) filter ({sql})" for sql in conditions.values()
    )
    found = accepted.bench.execute(f"select {counted} from {accepted.name}")[0]
    return [
        _remark(code, count, row, file)
        for code, count, row in zip(conditions, found[::2], found[1::2], strict=True)
        if count and (code != "W-MONEY-THOUSANDS" or _is_in_thousands(accepted))
    ]


def _remark(code: str, count: int, row: int, file: str) -> Fault:
    indonesian, english = _WORDS[code]
    return Fault(
        code,
        id=f"{count} baris, ini yang pertama: {indonesian}",
        en=f"{count} rows, this is the first: {english}",
        file=file,
        row=row,
    )


def _conditions(present: set[str], profile: Profile) -> dict[str, str]:
    """SQL of what each remark is about, for the columns that there are."""
    nik = next((column for column in NIK_COLUMNS if column in present), None)
    found = {}
    if nik and "village_code" in present and profile.code_system != "bps":
        districts = ", ".join(f"'{d}'" for d in _SYNTHETIC_DISTRICTS)
        found["W-NIK-REGION"] = f"""left({nik}, 4) <> left(replace(village_code, '.', ''), 4)
            and substr({nik}, 5, 2) not in ({districts})"""
    born = next((column for column in _BIRTH_DATES if column in present), None)
    if nik and born:
        day = f"cast(substr({nik}, 7, 2) as integer) % 40"
        found["W-NIK-BIRTH"] = f"""{day} <> day(cast({born} as date))
            or substr({nik}, 9, 4) <> strftime(cast({born} as date), '%m%y')"""
    if nik and "sex" in present:
        found["W-NIK-SEX"] = f"""(substr({nik}, 7, 1) >= '4' and upper(left(sex, 1)) = 'L')
            or (substr({nik}, 7, 1) < '4' and upper(left(sex, 1)) = 'P')"""
    if nik and "family_card_number" in present:
        found["W-KK-IS-NIK"] = f"{nik} = family_card_number"
    if "income_rupiah_per_month" in present:
        found["W-MONEY-THOUSANDS"] = f"{_INCOME} > 0"
    return found


def _is_in_thousands(accepted: Table) -> bool:
    """Whether half of the incomes that are not 0 are impossibly small."""
    filled, median = accepted.bench.execute(
        f"select count(*), median({_INCOME}) from {accepted.name} where {_INCOME} > 0"
    )[0]
    return bool(filled >= _FEWEST and median < _THOUSANDS_BELOW)
