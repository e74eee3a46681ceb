"""The steps of a waterfall in words: what each is, and why it says so."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _  # type: ignore[import-untyped]

from geo_target.web.charts import Item
from geo_target.web.figures import Record
from geo_target.web.language import whole

#: In the order in which they are read: aid, what visits found, lists, rules, and who is unknown.
_ORDER = (
    ("losses", "covered"), ("gains", "lost"),
    ("losses", "visit_covered"), ("losses", "better_off"), ("losses", "died"),
    ("losses", "moved"), ("losses", "duplicate"), ("losses", "merged"),
    ("gains", "new"), ("losses", "gone"), ("gains", "re_matched"), ("losses", "re_matched"),
    ("gains", "re_classified"), ("losses", "re_classified"), ("gains", "re_placed"),
    ("losses", "re_placed"), ("losses", "unmatched"),
)  # fmt: skip
_REAL = {("losses", "covered"), ("gains", "lost")}


@dataclass(frozen=True)
class Step:
    """A step: more families (+) or fewer; `kind` is real, data, or unknown.

    `words` are the number with its sign. Of steps that are not told one by one there is one
    for each side, with their sum.
    """

    kind: str
    label: str
    meaning: str
    value: int
    words: str


def steps_of(found: Record) -> list[Step]:
    """The steps that are shown, those of no family too; then what is withheld, in one each side."""
    said = _said()
    steps = []
    for side, cause in _ORDER:
        count = found[side][cause]
        if count is not None:
            kind = "real" if (side, cause) in _REAL else "data"
            kind = "unknown" if cause == "unmatched" else kind
            label, meaning = said[side, cause]
            steps.append(_step(kind, label, meaning, side, count))
    for side in ("gains", "losses"):
        left = found[side]["all"] - sum(n or 0 for c, n in found[side].items() if c != "all")
        if left:
            steps.append(_step("unknown", *_withheld(side), side, left))
    return steps


def item_of(count: int, *, is_first: bool) -> Item:
    """The first or the last bar."""
    label = _("Sebelumnya: mungkin belum tersentuh") if is_first else _("Sekarang: belum tersentuh")
    return Item(str(label), float(count), whole(count), key="own")


def sentence_of(steps: Sequence[Step]) -> str:
    """The largest step, for who cannot see the drawing."""
    if not any(step.value for step in steps):
        return str(_("Tidak ada langkah; lihat tabel."))
    largest = max(steps, key=lambda step: abs(step.value))
    return str(
        _("Langkah terbesar: %(label)s, %(count)s.", label=largest.label, count=largest.words)
    )


def _step(kind: str, label: str, meaning: str, side: str, count: int) -> Step:
    sign = "+" if side == "gains" else "−"
    value = count if side == "gains" else -count
    return Step(kind, label, meaning, value, f"{sign}{whole(count)}" if count else whole(0))


def _withheld(side: str) -> tuple[str, str]:
    meaning = _("jumlah beberapa sebab yang tidak ditampilkan satu per satu, agar angka kecil "
                "tidak terbuka")  # fmt: skip
    label = _("bertambah, sebab lain") if side == "gains" else _("berkurang, sebab lain")
    return str(label), str(meaning)


def _said() -> dict[tuple[str, str], tuple[str, str]]:
    """What each step is called, and a sentence that says what it counts."""
    return {
        ("losses", "covered"): (
            _("kini menerima bantuan"),
            _("sebelumnya dicocokkan dan tidak ditemukan di daftar penerima; kini ditemukan"),
        ),
        ("gains", "lost"): (
            _("tidak lagi menerima bantuan"),
            _("sebelumnya ada di daftar penerima; kini dicocokkan dan tidak ditemukan"),
        ),
        ("losses", "visit_covered"): (
            _("menerima bantuan menurut kunjungan"),
            _("keluarganya menyebut programnya kepada petugas; daftar tidak memuatnya"),
        ),
        ("losses", "better_off"): (
            _("sudah mampu"), _("kunjungan yang selesai menilai keluarganya tidak layak"),
        ),
        ("losses", "died"): (
            _("meninggal"), _("menurut kunjungan tidak ada lagi anggotanya yang hidup"),
        ),
        ("losses", "moved"): (
            _("pindah"), _("menurut kunjungan keluarganya tidak tinggal di sana lagi"),
        ),
        ("losses", "duplicate"): (
            _("data ganda"), _("menurut kunjungan keluarga yang sama terdaftar dua kali"),
        ),
        ("losses", "merged"): (
            _("bagian dari keluarga lain"), _("menurut kunjungan menyatu dengan keluarga lain"),
        ),
        ("gains", "new"): (
            _("baru terdaftar"), _("hasil sebelumnya tidak memuat satu pun barisnya"),
        ),
        ("losses", "gone"): (
            _("tidak terdaftar lagi"), _("daftar sekarang tidak memuat satu pun barisnya"),
        ),
        ("gains", "re_matched"): (
            _("padanannya kini jelas: belum tersentuh"),
            _("sebelumnya menyatu dengan keluarga lain, atau hanya jawabannya sendiri yang "
              "menyebut bantuan"),
        ),
        ("losses", "re_matched"): (
            _("padanannya kini jelas: menerima bantuan, atau menyatu"),
            _("nomornya dibetulkan atau kini dapat dicocokkan, sehingga daftar menjawab yang "
              "sebelumnya tidak dapat dijawab"),
        ),
        ("gains", "re_classified"): (
            _("kini termasuk sasaran"),
            _("sebelumnya di luar sasaran menurut daftar atau kunjungan"),
        ),
        ("losses", "re_classified"): (
            _("tidak lagi termasuk sasaran"), _("menurut daftar, bukan menurut kunjungan"),
        ),
        ("gains", "re_placed"): (
            _("kelurahannya kini diketahui"), _("sebelumnya tidak terhitung di kelurahan mana pun"),
        ),
        ("losses", "re_placed"): (
            _("kelurahannya kini tidak diketahui"),
            _("kini tidak terhitung di kelurahan mana pun"),
        ),
        ("losses", "unmatched"): (
            _("belum padan"),
            _("tidak dapat dicocokkan dan belum ditanya di rumahnya: mungkin tersentuh, mungkin "
              "tidak"),
        ),
    }  # fmt: skip
