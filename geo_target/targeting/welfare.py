"""Who is extremely poor, and who poor, by the rule that a run names."""

from collections.abc import Collection

from geo_target.errors import ConfigError, Fault
from geo_target.settings import Welfare
from geo_target.targeting.welfare_lines import lines_in_words, lines_of
from geo_target.targeting.welfare_signs import COLUMNS, SIGNS, judged_by_signs
from geo_target.workbench import Table, query

_MEASURES = ("income", "spending")


def needed_columns(rule: Welfare) -> tuple[str, ...]:
    """Columns of schemas.FAMILIES that the rule reads, besides those that every run carries."""
    if rule.rule == "spending":
        return ("spending_rupiah_per_month",)
    return COLUMNS if rule.rule == "signs" else ()


def classify_welfare(families: Table, rule: Welfare) -> Table:
    """Give each family its ``welfare_class``.

    Parameters
    ----------
    families
        ``family_id``, ``in_base``, and of ``decile``, ``income_rupiah_per_month``, ``members``
        and `needed_columns` those that are known of them.
    rule
        ``listed``: every family of the base register is extremely poor, the others are
        unknown. ``decile``: those up to `max_decile`; poor up to `poor_max_decile`.
        ``income`` and ``spending``: those that have less than the line (not as much), as a
        family or per member; poor below the other line. ``signs``: those without shelter, or
        with `extreme_signs` of the decree's; poor with `least_signs`.

    Returns
    -------
    Table
        ``family_id``, ``welfare_class``: extreme_poor, poor, other or unknown. A family whose
        value is missing is unknown, never poor.

    Raises
    ------
    ConfigError
        ``E-RULE-EMPTY`` if no family has what the rule needs, naming the rules that are
        possible; ``E-THRESHOLD`` and its kin if a line does not fit (welfare_lines.py).
    """
    judged = _judged(families.columns, rule)
    if rule.rule != "listed":
        _check_filled(families, rule)
    return query(f"select family_id, {judged} as welfare_class from families", families=families)


def rule_words(rule: Welfare, base_title: dict[str, str]) -> dict[str, str]:
    """The rule in words, with each of its figures, to print beside what it counts; by language."""
    if rule.rule == "listed":
        return {
            "id": f"semua keluarga dalam daftar {base_title['id']}",
            "en": f"all families on the {base_title['en']} list",
        }
    if rule.rule == "decile":
        return _decile_words(rule)
    if rule.rule == "signs":
        return _signs_words(rule)
    return {"id": lines_in_words(rule, "id"), "en": lines_in_words(rule, "en")}


def _decile_words(rule: Welfare) -> dict[str, str]:
    words = {
        "id": f"keluarga desil 1 sampai {rule.max_decile}",
        "en": f"families of decile 1 to {rule.max_decile}",
    }
    if rule.poor_max_decile is None:
        return words
    return {
        "id": f"{words['id']}: miskin ekstrem; sampai {rule.poor_max_decile}: miskin",
        "en": f"{words['en']}: extreme poor; to {rule.poor_max_decile}: poor",
    }


def _signs_words(rule: Welfare) -> dict[str, str]:
    named = {
        "id": "; ".join(f"({n}) {sign.id}" for n, sign in enumerate(SIGNS, start=1)),
        "en": "; ".join(f"({n}) {sign.en}" for n, sign in enumerate(SIGNS, start=1)),
    }
    return {
        "id": f"tanda Kepmensos 262/HUK/2022: tanpa tempat tinggal, atau sedikitnya "
        f"{rule.extreme_signs} dari {len(SIGNS)} tanda: miskin ekstrem; sedikitnya "
        f"{rule.least_signs}: miskin. Berapa tanda adalah keputusan daerah: keputusan menteri "
        f"yang terbaca tidak menyebutnya. Tanda: {named['id']}",
        "en": f"signs of Kepmensos 262/HUK/2022: without shelter, or at least "
        f"{rule.extreme_signs} of {len(SIGNS)} signs: extreme poor; at least "
        f"{rule.least_signs}: poor. How many is the region's decision: the decree as it was "
        f"read does not say. Signs: {named['en']}",
    }


def _judged(present: Collection[str], rule: Welfare) -> str:
    """SQL of a family's class."""
    if rule.rule == "listed":
        return "if(in_base, 'extreme_poor', 'unknown')"
    if rule.rule == "signs":
        return judged_by_signs(present, rule.least_signs or 0, rule.extreme_signs or 0)
    steps: tuple[float | None, float | None]
    if rule.rule == "decile":
        value, sign, steps = "decile", "<=", (rule.max_decile, rule.poor_max_decile)
    else:
        extreme, poor = lines_of(rule)
        value, sign = _amount(rule.rule, rule.basis), "<"
        steps = extreme.value, poor.value if poor else None
    classes = zip(steps, ("extreme_poor", "poor"), strict=True)
    whens = [f"when {value} {sign} {step} then '{name}'" for step, name in classes if step]
    return f"case when {value} is null then 'unknown' {' '.join(whens)} else 'other' end"


def _amount(measure: str, basis: str | None) -> str:
    """SQL of rupiah a month, of the family or of each of its members."""
    amount = f"{measure}_rupiah_per_month"
    return f"({amount} / nullif(members, 0))" if basis == "per-capita" else amount


def _check_filled(families: Table, rule: Welfare) -> None:
    """Refuse a rule whose columns no source fills, rather than call nobody poor."""
    possible, signs = _possible(families)
    basis = f" ({rule.basis})" if rule.rule in _MEASURES else ""
    if f"{rule.rule}{basis}" in possible or signs >= (rule.extreme_signs or 9):
        return
    possible += [f"signs (extreme_signs 1-{signs})"] if signs else []
    raise ConfigError(
        Fault(
            "E-RULE-EMPTY",
            id=f"aturan {rule.rule} tidak dapat dipakai: tidak satu pun daftar mengisi "
            f"kolomnya; aturan yang mungkin: {', '.join(possible)}",
            en=f"rule {rule.rule} cannot be used: no list fills its column; "
            f"possible rules: {', '.join(possible)}",
            column="welfare.rule",
        )
    )


def _possible(families: Table) -> tuple[list[str], int]:
    """Rules that some family has the value for, and how many signs are known of any."""
    rules = {"decile": ("decile", {"decile"})}
    for measure in _MEASURES:
        column = f"{measure}_rupiah_per_month"
        rules[f"{measure} (per-family)"] = (column, {column})
        rules[f"{measure} (per-capita)"] = (_amount(measure, "per-capita"), {column, "members"})
    present = {*families.columns}
    values = {name: sql for name, (sql, columns) in rules.items() if columns <= present}
    signs = [sign.sql(present) for sign in SIGNS]
    counted = ", ".join(f"count({value})" for value in [*values.values(), *signs])
    counts = families.bench.execute(f"select {counted} from {families.name}")[0]
    filled = [name for name, count in zip(values, counts, strict=False) if count]
    return ["listed", *filled], sum(count > 0 for count in counts[len(values) :])
