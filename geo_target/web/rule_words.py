"""Rules of programs as people read them: ``decile <= 4`` is 'desil paling tinggi 4'."""

import ast
from collections.abc import Iterable, Mapping

from flask_babel import gettext as _  # type: ignore[import-untyped]

_SIGNS: Mapping[type[ast.cmpop], str] = {
    ast.Eq: "=", ast.NotEq: "≠", ast.Lt: "<", ast.LtE: "≤", ast.Gt: ">", ast.GtE: "≥",
}  # fmt: skip


def rule_words(condition: str) -> str:
    """A condition (geo_target/expressions.py) in words; as it stands where it cannot be read."""
    try:
        tree = ast.parse(condition.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return condition
    return _condition(tree)


def _condition(node: ast.expr, *, inner: bool = False) -> str:
    match node:
        case ast.BoolOp(operator, parts):
            words = _joined(operator, parts)
            return f"({words})" if inner else words
        case ast.UnaryOp(ast.Not(), operand):
            return str(_("bukan (%(condition)s)", condition=_condition(operand)))
        case ast.Compare(left, operators, others):
            sides = zip([left, *others], operators, others, strict=False)
            return _all(_comparison(*each) for each in sides)
        case ast.Name(name):
            return _flags().get(name, name)
    return ast.unparse(node)


def _joined(operator: ast.boolop, parts: list[ast.expr]) -> str:
    if isinstance(operator, ast.And):
        return _all(_condition(part, inner=True) for part in parts)
    whom = [_counted().get(_any_of(part), "") for part in parts]
    if all(whom):
        return str(_("ada %(whom)s", whom=_some(whom)))
    return _some(_condition(part, inner=True) for part in parts)


def _all(parts: Iterable[str]) -> str:
    word = _("dan")
    return f" {word} ".join(parts)


def _some(parts: Iterable[str]) -> str:
    word = _("atau")
    return f" {word} ".join(parts)


def _any_of(node: ast.expr) -> str:
    """What there must be at least one of: ``elderly`` in ``elderly > 0``; else nothing."""
    match node:
        case ast.Compare(ast.Name(name), [ast.Gt()], [ast.Constant(0)]):
            return name
        case ast.Compare(ast.Name(name), [ast.GtE()], [ast.Constant(1)]):
            return name
    return ""


def _comparison(left: ast.expr, operator: ast.cmpop, right: ast.expr) -> str:
    if whom := _counted().get(_any_of(ast.Compare(left, [operator], [right]))):
        return str(_("ada %(whom)s", whom=whom))
    name = _value(left)
    if isinstance(operator, ast.In | ast.NotIn) and isinstance(right, ast.List | ast.Tuple):
        listed = _some(_value(each) for each in right.elts)
        return f"{name} {'=' if isinstance(operator, ast.In) else '≠'} {listed}"
    value = _value(right)
    if isinstance(left, ast.Name) and left.id == "decile" and isinstance(operator, ast.LtE):
        return str(_("desil paling tinggi %(decile)s", decile=value))
    return f"{name} {_SIGNS.get(type(operator), '?')} {value}"


def _value(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return _words().get(str(node.value), str(node.value))
    return _facts().get(node.id, node.id) if isinstance(node, ast.Name) else ast.unparse(node)


def _counted() -> Mapping[str, str]:
    return {
        "elderly": _("lansia"),
        "disabled": _("penyandang disabilitas"),
        "children_under_7": _("anak di bawah 7 tahun"),
        "pupils_sd": _("anak usia SD"),
        "pupils_smp": _("anak usia SMP"),
        "pupils_sma": _("anak usia SMA"),
        "informal_workers": _("pekerja tanpa pemberi kerja"),
        "fishers_or_laborers": _("nelayan atau buruh tani"),
    }


def _facts() -> Mapping[str, str]:
    return {
        **{name: _("banyaknya %(whom)s", whom=words) for name, words in _counted().items()},
        "decile": _("desil"),
        "members": _("banyaknya anggota"),
        "welfare_class": _("golongan keluarga"),
        "village_kind": _("tinggal di"),
        "head_age": _("umur kepala keluarga"),
        "age": _("umur"),
        "sex": _("jenis kelamin"),
    }


def _flags() -> Mapping[str, str]:
    return {
        "is_listed": _("terdaftar di register dasar"),
        "in_dtsen": _("terdaftar di DTSEN"),
        "head_is_woman": _("kepala keluarganya perempuan"),
        "is_disabled": _("penyandang disabilitas"),
        "is_informal_worker": _("bekerja tanpa pemberi kerja"),
    }


def _words() -> Mapping[str, str]:
    """Words that facts may be."""
    return {
        "extreme_poor": _("sasaran"),
        "poor": _("miskin"),
        "other": _("lainnya"),
        "desa": _("desa"),
        "kelurahan": _("kelurahan"),
        "m": _("laki-laki"),
        "f": _("perempuan"),
    }
