"""What the comparison of two boundary layers says, for people and for programs."""

from dataclasses import asdict, dataclass
from datetime import date
from math import isnan
from typing import Any

import pandas as pd

from geo_target.errors import Fault, Language
from geo_target.places.layer_comparison import HALF, NOBODY, LayerComparison, summarize

_M2_PER_KM2 = 1e6


@dataclass(frozen=True)
class LayerName:
    """A layer as its file is called, and the day that the file was last written."""

    file: str
    day: date
    villages: int


@dataclass(frozen=True)
class ComparisonReport:
    """Everything that `geo-target boundaries compare` says of two files.

    `names` has ``village_name``, ``district_name`` and ``regency_name`` by village code.
    """

    a: LayerName
    b: LayerName
    area: str
    area_name: str
    comparison: LayerComparison
    names: pd.DataFrame
    notes: tuple[Fault, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """JSON-ready values: every village, and of zones their count and ground."""
        found = self.comparison
        summary = summarize(found).reset_index()
        villages = found.villages.join(self.names["village_name"]).reset_index()
        return {
            "a": asdict(self.a) | {"day": self.a.day.isoformat()},
            "b": asdict(self.b) | {"day": self.b.day.isoformat()},
            "area": self.area,
            "area_name": self.area_name,
            "summary": _records(summary.iloc[:1].drop(columns="regency_code"))[0],
            "regencies": _records(summary.iloc[1:]),
            "only_a": found.only_a,
            "only_b": found.only_b,
            "swapped": found.swapped,
            "zones": len(found.zones),
            "zones_m2": float(found.zones["area_m2"].sum()),
            "villages": _records(villages),
            "notes": [asdict(note) for note in self.notes],
        }

    def lines(self, language: Language = "id") -> list[str]:
        """The report as lines of text: the whole, regencies, and all villages that moved far."""
        words, found, summary = WORDS[language], self.comparison, summarize(self.comparison)
        lines = [*self.heading(language), words["meaning"], "", words["regency_head"]]
        lines += ["\t".join(row) for row in self.regency_rows(language)]
        rows = self.far_rows(language)
        if rows:
            lines += ["", words["far"].format(count=len(rows)), words["far_head"]]
            lines += ["\t".join(row) for row in rows]
        if found.swapped:
            lines += ["", words["swapped"].format(count=len(found.swapped))]
            lines += [f"{self.named(i)} - {self.named(j)}" for i, j in found.swapped]
        for codes, layer in ((found.only_a, self.a), (found.only_b, self.b)):
            if codes:
                lines += ["", words["only"].format(count=len(codes), file=layer.file)]
                lines += map(self.named, codes)
        rest = int(summary["villages"].iloc[0]) - len(rows)
        lines += ["", words["rest"].format(count=whole(rest, language))]
        return [*lines, *(note.text(language) for note in self.notes)]

    def heading(self, language: Language) -> list[str]:
        """Which layers these are, and how much of the ground is the same village in both."""
        words = WORDS[language]
        total = summarize(self.comparison).iloc[0]
        layers = [
            words["layer"].format(
                letter=letter, file=layer.file, day=layer.day, count=whole(layer.villages, language)
            )
            for letter, layer in (("A", self.a), ("B", self.b))
        ]
        answer = words["answer"].format(
            area=self.area_name,
            moved=decimal(100 * (1 - total["same_share"]), language, 1),
            median=decimal(total["median_iou"], language),
            count=whole(total["villages"], language),
            half=whole(total["below_half"], language),
            tenth=whole(total["below_tenth"], language),
        )
        return [*layers, answer]

    def regency_rows(self, language: Language) -> list[tuple[str, ...]]:
        """A row for each regency, in the columns of ``regency_head``."""
        regency = self.names.index.str[: len("00.00")]
        regencies = dict(zip(regency, self.names["regency_name"], strict=True))
        return [
            (
                str(regencies[str(code)]),
                whole(row["villages"], language),
                decimal(row["median_iou"], language),
                decimal(100 * row["same_share"], language, 1),
                whole(row["below_half"], language),
                whole(row["below_tenth"], language),
                whole(row["swapped"], language),
            )
            for code, row in summarize(self.comparison).iloc[1:].iterrows()
        ]

    def far_rows(self, language: Language) -> list[tuple[str, ...]]:
        """A row for each village of IoU below one half, in the columns of ``far_head``."""
        far = self.comparison.villages.query("iou < @HALF", local_dict={"HALF": HALF})
        return [
            (
                self.named(str(code)),
                decimal(row["iou"], language),
                decimal(row["area_a_m2"] / _M2_PER_KM2, language),
                decimal(row["area_b_m2"] / _M2_PER_KM2, language),
                decimal(100 * row["elsewhere_share"], language, 0),
                self.named(row["other_code"]) if row["other_code"] != NOBODY else "-",
                decimal(row["distance_m"] / 1000, language, 1),
            )
            for code, row in far.sort_values("iou", kind="stable").iterrows()
        ]

    def named(self, code: str) -> str:
        """A village's code and name; what no village of a layer has is a dash."""
        return f"{code} {self.names['village_name'][code]}" if code != NOBODY else "-"


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows with JSON's own types; a missing number is None."""
    rows = table.to_dict("records")
    return [{str(name): None if pd.isna(row[name]) else row[name] for name in row} for row in rows]


def decimal(value: float, language: Language, places: int = 2) -> str:
    """A number as the language writes it; NaN is a dash."""
    if isnan(value):
        return "-"
    text = f"{value:,.{places}f}"
    return text.translate(str.maketrans(",.", ".,")) if language == "id" else text


def whole(value: float, language: Language) -> str:
    """A count as the language writes it."""
    return decimal(value, language, 0)


WORDS: dict[Language, dict[str, str]] = {
    "id": {
        "title": "{area}: dua lapisan batas desa dibandingkan",
        "layer": "Lapisan {letter}: {file} (berkas {day}), {count} desa",
        "answer": "{area}: {moved} % tanah yang menurut kedua lapisan milik wilayah ini "
        "terletak di desa yang berbeda. Median IoU {median} dari {count} desa; "
        "{half} di bawah 0,5, {tenth} di bawah 0,1",
        "meaning": "Artinya bagi keluarga: titik rumah di bagian berarsir jatuh di desa yang "
        "berbeda, tergantung lapisan yang dipakai. Lapisan mana yang benar tidak dapat diketahui "
        "dari berkas ini; kode desa dari daftar yang menentukan, dan titik seperti itu diperiksa "
        "saat kunjungan",
        "iou": "IoU: luas bersama dibagi luas gabungan desa yang sama di kedua lapisan; 1 berarti "
        "sama persis, 0 berarti tidak bersentuhan",
        "regency_head": "Kabupaten/kota\tdesa\tmedian IoU\t% desa sama\t< 0,5\t< 0,1\ttertukar",
        "far": "{count} desa dengan IoU di bawah 0,5",
        "far_head": "Desa\tIoU\tkm2 di A\tkm2 di B\t% ke desa lain\tterbanyak ke\tjarak km",
        "swapped": "{count} pasang nama/kode desa mungkin tertukar; periksa di peta",
        "only": "{count} desa hanya ada di {file}",
        "rest": "{count} desa lain ber-IoU 0,5 atau lebih; semuanya ada dalam --json",
        "classes": "IoU desa (jumlah desa)",
        "no_class": "hanya di satu lapisan",
        "zones": "bagian yang berbeda desa di A dan B (yang terkecil tidak digambar)",
        "swapped_labels": "nama/kode desa mungkin tertukar",
        "zone": "A: {a} · B: {b} · {km2} km2",
        "outlines_b": "batas menurut B",
        "regencies": "Per kabupaten/kota",
        "picture": "Peta: IoU tiap desa lapisan A dan bagian yang berbeda desa",
    },
    "en": {
        "title": "{area}: two layers of village boundaries compared",
        "layer": "Layer {letter}: {file} (file of {day}), {count} villages",
        "answer": "{area}: {moved} % of the ground that both layers give to this area is not the "
        "same village's in both. Median IoU {median} of {count} villages; "
        "{half} below 0.5, {tenth} below 0.1",
        "meaning": "What it means for families: a home's point in the hatched part falls into "
        "another village depending on the layer. Which layer is right cannot be told from these "
        "files; the village code of the list decides, and such points are checked at the visit",
        "iou": "IoU: common ground divided by united ground of the same village in both layers; 1 "
        "means the same, 0 that they do not touch",
        "regency_head": "Regency or city\tvillages\tmedian IoU\t% same village\t< 0.5\t< 0.1"
        "\tswapped",
        "far": "{count} villages with an IoU below 0.5",
        "far_head": "Village\tIoU\tkm2 in A\tkm2 in B\t% to others\tmost to\tdistance km",
        "swapped": "{count} pairs of village labels may be swapped; look at the map",
        "only": "{count} villages are in {file} only",
        "rest": "{count} other villages have an IoU of 0.5 or more; all are in --json",
        "classes": "IoU of the village (number of villages)",
        "no_class": "in one layer only",
        "zones": "ground of different villages in A and B (the smallest is not drawn)",
        "swapped_labels": "labels that may be swapped",
        "zone": "A: {a} · B: {b} · {km2} km2",
        "outlines_b": "boundaries of B",
        "regencies": "By regency and city",
        "picture": "Map: IoU of each village of layer A, and where the village differs",
    },
}
