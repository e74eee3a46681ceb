"""The lines of a rule of income or spending: that they fit it, and what they are in words."""

from geo_target.errors import ConfigError, Fault, Language
from geo_target.parameters import Threshold, thresholds
from geo_target.settings import Welfare

_MEASURES = {
    "id": {"income": "penghasilan", "spending": "pengeluaran"},
    "en": {"income": "income", "spending": "spending"},
}
_PER = {
    "id": {"per-family": "keluarga", "per-capita": "jiwa"},
    "en": {"per-family": "family", "per-capita": "person"},
}


def lines_of(rule: Welfare) -> tuple[Threshold, Threshold | None]:
    """The line of the extreme poor and that of the poor, where the rule has one.

    Raises
    ------
    ConfigError
        ``E-THRESHOLD`` if a line is unknown, or measures another thing than the rule;
        ``E-THRESHOLD-VALUE`` if its source gives no single amount; ``E-THRESHOLD-BASIS`` if
        it is per person and the rule per family, or the other way round;
        ``E-THRESHOLD-ORDER`` if the line of the extreme poor is above that of the poor.
    """
    extreme = _line(rule, "threshold", rule.threshold)
    if rule.poor_threshold is None:
        return extreme, None
    poor = _line(rule, "poor_threshold", rule.poor_threshold)
    if (extreme.value or 0) > (poor.value or 0):
        raise _refused(
            "E-THRESHOLD-ORDER",
            "threshold",
            f"garis miskin ekstrem {extreme.code} ({_amount(extreme)}) di atas garis miskin "
            f"{poor.code} ({_amount(poor)}); yang miskin ekstrem juga miskin: tukar atau ganti",
            f"the line of the extreme poor {extreme.code} ({_amount(extreme)}) is above that of "
            f"the poor {poor.code} ({_amount(poor)}); the extreme poor are poor: swap or change",
        )
    return extreme, poor


def lines_in_words(rule: Welfare, language: Language) -> str:
    """What a rule of income or spending measures, with each line and whose it is."""
    extreme, poor = lines_of(rule)
    measured = _MEASURES[language][rule.rule]
    below, month, classes = {
        "id": ("di bawah", "per {} per bulan", ("miskin ekstrem", "miskin")),
        "en": ("below", "per {} a month", ("extreme poor", "poor")),
    }[language]
    month = month.format(_PER[language][rule.basis or "per-family"])
    told = (
        f"{measured} {below} {_amount(extreme)} {month}: {classes[0]} {_source(extreme, language)}"
    )
    lines = [extreme]
    if poor is not None:
        told += f"; {below} {_amount(poor)}: {classes[1]} {_source(poor, language)}"
        lines.append(poor)
    if chosen := [line.code for line in lines if line.basis is None]:
        told += _chosen(rule, " & ".join(chosen), language)
    return told


def _line(rule: Welfare, setting: str, code: str | None) -> Threshold:
    """The line that a setting names, held against what the rule measures."""
    usable = {
        known: line
        for known, line in thresholds().items()
        if line.measure == rule.rule and line.value is not None
        and line.basis in {None, rule.basis}
    }  # fmt: skip
    there = (
        f"; yang dapat dipakai: {', '.join(usable)}",
        f"; these can be used: {', '.join(usable)}",
    )
    line = thresholds().get(code or "")
    if line is None:
        raise _refused(
            "E-THRESHOLD",
            setting,
            f"garis {code} tidak ada{there[0]}",
            f"there is no line {code}{there[1]}",
        )
    if line.measure != rule.rule:
        raise _refused(
            "E-THRESHOLD",
            setting,
            f"garis {line.code} mengukur {_measured(line, 'id')}, sedangkan {_own(rule, 'id')}"
            f"{there[0]}",
            f"line {line.code} measures {_measured(line, 'en')}, but {_own(rule, 'en')}{there[1]}",
        )
    if line.value is None:
        raise _refused(
            "E-THRESHOLD-VALUE",
            setting,
            f"sumber garis {line.code} tidak memberi satu angka ({line.source}){there[0]}",
            f"the source of line {line.code} gives no single amount ({line.source}){there[1]}",
        )
    if line.basis not in {None, rule.basis}:
        raise _refused(
            "E-THRESHOLD-BASIS",
            setting,
            f"garis {line.code} mengukur {_measured(line, 'id')}, sedangkan {_own(rule, 'id')}; "
            f"ganti basis atau garisnya{there[0]}",
            f"line {line.code} measures {_measured(line, 'en')}, but {_own(rule, 'en')}; change "
            f"basis or the line{there[1]}",
        )
    return line


def _measured(line: Threshold, language: Language) -> str:
    measure = _MEASURES[language][line.measure]
    return measure if line.basis is None else f"{measure} per {_PER[language][line.basis]}"


def _own(rule: Welfare, language: Language) -> str:
    """What the rule measures, and by which line of the extreme poor."""
    measured = f"{_MEASURES[language][rule.rule]} per {_PER[language][rule.basis or 'per-family']}"
    return {
        "id": f"aturan ini mengukur {measured} (threshold = {rule.threshold})",
        "en": f"this rule measures {measured} (threshold = {rule.threshold})",
    }[language]


def _amount(line: Threshold) -> str:
    return f"Rp{line.value or 0:,.0f}".replace(",", ".")


def _source(line: Threshold, language: Language) -> str:
    """Whose line it is, of where and when, and whether anybody has read it."""
    kind, unread = {
        "id": ({"extreme": "garis miskin ekstrem", "poor": "garis kemiskinan"}, "belum diperiksa"),
        "en": ({"extreme": "extreme poverty line", "poor": "poverty line"}, "not checked"),
    }[language]
    doubt = f"; {unread}" if line.confidence == "memory" else ""
    return f"({kind[line.kind]} {line.code}, {line.area} {line.period}; {line.source}{doubt})"


def _chosen(rule: Welfare, codes: str, language: Language) -> str:
    per = _PER[language][rule.basis or "per-family"]
    return {
        "id": f"; per {per} adalah pilihan proses ini: sumber {codes} tidak menyebutnya",
        "en": f"; per {per} is the run's choice: the source of {codes} does not say",
    }[language]


def _refused(code: str, setting: str, indonesian: str, english: str) -> ConfigError:
    return ConfigError(Fault(code, id=indonesian, en=english, column=f"welfare.{setting}"))
