"""The balance sheet that a run ends with, as text."""

from collections.abc import Mapping
from typing import Any

from geo_target.errors import Language

_WORDS: Mapping[Language, Mapping[str, str]] = {
    "id": {
        "head": "{file}  profil, baris = diterima + karantina + ganda + kosong; sel disisihkan",
        "families": "Keluarga: {total} = {located} bertitik + {unlocated} tanpa titik + "
        "{outside} di luar wilayah",
        "villages": "          {total} = {in_villages} di {villages} kelurahan/desa + "
        "{unplaced} belum bertempat",
        "poor": "Miskin ekstrem menurut aturan: {extreme_poor} = {covered} tersentuh + "
        "{uncovered} belum tersentuh + {unmatched} belum padan",
        "doubtful": "Pasangan keluarga yang meragukan: {doubtful}; putuskan di halaman Pasangan, "
        "atau dengan geo-target review export",
        "twice": "Terdaftar dua kali dalam satu register, dihitung sekali: {twice_listed}",
        "nobodys": "NIK atau KK yang dipakai lebih dari 9 keluarga, tidak dipakai: "
        "{nobodys_numbers}",
        "unlinked": "Baris penerima yang bukan keluarga mana pun di daftar: {unlinked_enrollments}",
        "clusters": "Klaster: {points} titik, {rw} RW",
        "scattered": "         {scattered_families} keluarga belum tersentuh tersebar; {unmatched} "
        "tempat dengan banyak yang belum padan",
        "tried": "         seandainya aturannya lain (jarak: klaster titik/KK):",
        "pair": "mulai {smallest} KK {clusters}/{families}",
        "repaired": "Batas diperbaiki: {changed_villages} desa/kelurahan berubah, terbesar "
        "{largest} %",
        "refused": "{points_refused} titik tidak dipakai: batas skematik tidak menempatkan "
        "keluarga nyata; pakai batas resmi",
        "public": "Untuk umum: tidak ada ({code}); yang sudah terbit tetap tampil",
        "changes": "Belum tersentuh sejak hasil {previous}: {sum}",
        "rules": " (definisi, aturan atau wilayahnya berbeda)",
        "new": "baru terdaftar",
        "gone": "tidak terdaftar lagi",
        "re_matched": "karena pemadanan",
        "re_classified": "karena golongan",
        "re_placed": "karena wilayah",
        "lost": "tidak tersentuh lagi",
        "covered": "kini tersentuh",
        "snapshot": "Hasil: {snapshot}",
    },
    "en": {
        "head": "{file}  profile, rows = accepted + quarantined + duplicates + blank; set aside",
        "families": "Families: {total} = {located} with a point + {unlocated} without + "
        "{outside} outside the area",
        "villages": "          {total} = {in_villages} in {villages} villages + "
        "{unplaced} unplaced",
        "poor": "Extreme poor by the rule: {extreme_poor} = {covered} covered + "
        "{uncovered} uncovered + {unmatched} unmatched",
        "doubtful": "Doubtful pairs of families: {doubtful}; settle them on the page of pairs, or "
        "with geo-target review export",
        "twice": "Listed twice in one register, counted once: {twice_listed}",
        "nobodys": "NIK or KK that more than 9 families bear, not used: {nobodys_numbers}",
        "unlinked": "Recipient rows that are no family of any register: {unlinked_enrollments}",
        "clusters": "Clusters: {points} of points, {rw} of RW",
        "scattered": "          {scattered_families} uncovered families are scattered; {unmatched} "
        "places of many unmatched ones",
        "tried": "          under other rules (distance: clusters of points/families):",
        "pair": "from {smallest} families {clusters}/{families}",
        "repaired": "Boundaries repaired: {changed_villages} villages changed, at most {largest} %",
        "refused": "{points_refused} points were not used: a schematic layer locates no real "
        "family; use official boundaries",
        "public": "For the public: nothing ({code}); what was published stays",
        "changes": "Uncovered since run {previous}: {sum}",
        "rules": " (definition, rule or area differ)",
        "new": "newly listed",
        "gone": "no longer listed",
        "re_matched": "by matching",
        "re_classified": "by class",
        "re_placed": "by place",
        "lost": "no longer covered",
        "covered": "now covered",
        "snapshot": "Snapshot: {snapshot}",
    },
}


def balance_sheet(report: Mapping[str, Any], language: Language) -> str:
    """Lines that add up: rows of each list, families, extreme-poor families.

    Parameters
    ----------
    report
        What a run reports, see `publishing.snapshot.write_snapshot`.
    """
    words = _WORDS[language]
    families = {key: _number(n, language) for key, n in report["families"].items()}
    lines = [words["head"].format(file=f"{'':<26}").rstrip()]
    lines += [_list_line(entry, language) for entry in report["intake"]]
    lines.append("")
    lines.append(words["families"].format(**families))
    lines.append(
        words["villages"].format(**families, villages=_number(report["villages"], language))
    )
    lines.append(words["poor"].format(**families))
    if report.get("changes"):
        lines.append(_changes_line(report["changes"], language))
    told = {"doubtful": report["pairs"]["doubtful"], "twice": report["families"]["twice_listed"],
            "nobodys": report["families"]["nobodys_numbers"]}  # fmt: skip
    numbers = {**families, "doubtful": _number(told["doubtful"], language)}
    lines += [words[name].format(**numbers) for name, count in told.items() if count]
    lines.append(words["unlinked"].format(**families))
    lines += _cluster_lines(report["clusters"], language)
    boundaries = report["boundaries"]
    if boundaries["repaired"]:
        largest = f"{100 * boundaries['largest_change_share']:.2f}"
        lines.append(
            words["repaired"].format(
                changed_villages=_number(boundaries["changed_villages"], language),
                largest=largest.replace(".", ",") if language == "id" else largest,
            )
        )
    if report["families"]["points_refused"]:
        lines.append(words["refused"].format(**families))
    if report.get("public"):
        lines.append(words["public"].format(code=report["public"]["refused"]))
    lines.append(words["snapshot"].format(snapshot=report["snapshot"]))
    return "\n".join(lines)


def _list_line(entry: Mapping[str, Any], language: Language) -> str:
    names = ("rows", "accepted", "quarantined", "duplicates", "blank")
    rows, *parts = (_number(entry[name], language) for name in names)
    aside = ", ".join(f"{code} {count}" for code, count in entry["set_aside"].items())
    return f"{entry['file']:<26}  {entry['profile']:<16} {rows} = {' + '.join(parts)}; {aside or 0}"


def _cluster_lines(clusters: Mapping[str, Any], language: Language) -> list[str]:
    """How many there are, who is in none, and what other rules would find."""
    words = _WORDS[language]
    numbers = {kind: _number(n, language) for kind, n in clusters.items() if isinstance(n, int)}
    lines = [words["clusters"].format(**numbers)]
    if "scattered_families" in numbers:
        lines.append(words["scattered"].format(**numbers))
    by_distance: dict[float, list[str]] = {}
    for one in clusters.get("sensitivity", ()):
        pair = words["pair"].format(
            smallest=one["smallest"], clusters=_number(one["clusters"], language),
            families=_number(one["uncovered_families"], language),
        )  # fmt: skip
        own = by_distance.setdefault(one["distance_m"], [])
        own.append(f"{pair}*" if one["is_rule"] else pair)
    if by_distance:
        lines.append(words["tried"])
    indent = " " * (len(words["tried"]) - len(words["tried"].lstrip()) + 2)
    lines += [f"{indent}{int(m)} m: {', '.join(own)}" for m, own in by_distance.items()]
    return lines


def _changes_line(changes: Mapping[str, Any], language: Language) -> str:
    """Before, gains and losses by cause, and what they come to."""
    words = _WORDS[language]
    steps = [
        f" {sign} {_number(count, language)} {words[cause]}"
        for sign, name in (("+", "gains"), ("-", "losses"))
        for cause, count in changes[name].items()
        if count
    ]
    first, last = (_number(changes[name], language) for name in ("before", "after"))
    line = words["changes"].format(
        previous=changes["previous"], sum=f"{first}{''.join(steps)} = {last}"
    )
    return line if changes["same_question"] else line + words["rules"]


def _number(value: Any, language: Language) -> str:
    text = f"{value:,}" if isinstance(value, int) else str(value)
    return text.replace(",", ".") if language == "id" else text
