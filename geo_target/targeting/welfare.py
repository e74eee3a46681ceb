"""Who is extremely poor, by the rule that a run names."""

from geo_target.errors import ConfigError, Fault
from geo_target.parameters import thresholds
from geo_target.settings import Welfare
from geo_target.workbench import Table, query


def classify_welfare(families: Table, rule: Welfare) -> Table:
    """Give each family its ``welfare_class``.

    Parameters
    ----------
    families
        ``family_id``, ``in_base``, ``decile``, ``income_rupiah_per_month``, ``members``.
    rule
        ``listed``: every family of the base register is extremely poor, the others are
        unknown. ``decile``: those up to `max_decile`. ``income``: those whose income is
        below the line (not at it), of the family or per member.

    Returns
    -------
    Table
        ``family_id``, ``welfare_class``: extreme_poor, other or unknown. A family whose
        value is missing is unknown, never poor.

    Raises
    ------
    ConfigError
        ``E-RULE-EMPTY`` if no family has a value that the rule needs, naming the rules
        that are possible; ``E-THRESHOLD`` if the line is unknown or measures another thing.
    """
    if rule.rule == "listed":
        judged = "if(in_base, 'extreme_poor', 'unknown')"
    elif rule.rule == "decile":
        _check_filled(families, rule)
        judged = f"""case when decile is null then 'unknown'
            when decile <= {int(rule.max_decile or 0)} then 'extreme_poor' else 'other' end"""
    else:
        line = _income_line(rule)
        _check_filled(families, rule)
        income = _income(rule)
        judged = f"""case when {income} is null then 'unknown'
            when {income} < {line} then 'extreme_poor' else 'other' end"""
    return query(f"select family_id, {judged} as welfare_class from families", families=families)


def rule_words(rule: Welfare, base_title: dict[str, str]) -> dict[str, str]:
    """The rule in words, to print beside each figure; by language."""
    if rule.rule == "listed":
        return {
            "id": f"semua keluarga dalam daftar {base_title['id']}",
            "en": f"all families on the {base_title['en']} list",
        }
    if rule.rule == "decile":
        return {
            "id": f"keluarga desil 1 sampai {rule.max_decile}",
            "en": f"families of decile 1 to {rule.max_decile}",
        }
    line = thresholds()[rule.threshold or ""]
    amount = f"Rp{line.value:,.0f}".replace(",", ".")
    per = {"per-family": ("keluarga", "family"), "per-capita": ("jiwa", "person")}[
        rule.basis or "per-family"
    ]
    return {
        "id": f"penghasilan di bawah {amount} per {per[0]} per bulan ({line.source})",
        "en": f"income below {amount} per {per[1]} a month ({line.source})",
    }


def _income(rule: Welfare) -> str:
    if rule.basis == "per-capita":
        return "(income_rupiah_per_month / nullif(members, 0))"
    return "income_rupiah_per_month"


def _income_line(rule: Welfare) -> float:
    known = {code: line for code, line in thresholds().items() if line.measure == "income"}
    line = known.get(rule.threshold or "")
    if line is None:
        raise ConfigError(
            Fault(
                "E-THRESHOLD",
                id=f"garis {rule.threshold} tidak ada atau bukan garis penghasilan; "
                f"yang dapat dipakai: {', '.join(known)}",
                en=f"line {rule.threshold} is unknown or is no line of income; "
                f"these can be used: {', '.join(known)}",
                column="welfare.threshold",
            )
        )
    return line.value


def _check_filled(families: Table, rule: Welfare) -> None:
    """Refuse a rule whose column no source carries, rather than call nobody poor."""
    per_capita = _income(rule.model_copy(update={"basis": "per-capita"}))
    decile, income, capita = families.bench.execute(
        f"select count(decile), count(income_rupiah_per_month), count({per_capita}) "
        f"from {families.name}"
    )[0]
    needed = decile if rule.rule == "decile" else capita if rule.basis == "per-capita" else income
    if needed:
        return
    possible = ["listed"]
    possible += ["decile"] if decile else []
    possible += ["income (per-family)"] if income else []
    possible += ["income (per-capita)"] if capita else []
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
