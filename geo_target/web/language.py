"""Indonesian first, English by a switch; numbers and dates as each language writes them."""

from collections.abc import Callable
from datetime import date, datetime
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import cast
from urllib.parse import urlencode

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent
from babel.support import NullTranslations, Translations
from flask import Flask, Response, current_app, g, redirect, request, url_for
from flask_babel import (  # type: ignore[import-untyped]
    Babel,
    Domain,
    LazyString,
    format_date,
    format_datetime,
    get_locale,
)
from jinja2 import pass_context
from jinja2.runtime import Context
from werkzeug.wrappers import Response as BaseResponse

LANGUAGES = ("id", "en")
COOKIE = "lang"
#: Over HTTPS: no other host and no open line can set it.
SECURE_COOKIE = f"__Host-{COOKIE}"
CATALOG = Path(__file__).parent / "translations" / "en.po"

_YEAR_S = 365 * 24 * 3600
_MONTH = "2023-12"
_NARROW = "\u00a0"  # keeps a number and its sign on one line


class Catalog(Domain):  # type: ignore[misc]  # Flask-Babel has no types
    """Our one catalogue, compiled in memory: no build step, no binary in the repository."""

    def __init__(self) -> None:
        super().__init__()
        self._english = _english()
        self._indonesian = NullTranslations()

    def get_translations(self) -> NullTranslations:
        """What the templates' words are in the language of this request."""
        return self._english if language() == "en" else self._indonesian


@cache
def _english() -> Translations:
    compiled = BytesIO()
    with CATALOG.open("rb") as file:
        write_mo(compiled, read_po(file, locale="en"))
    compiled.seek(0)
    return Translations(compiled)


def install(app: Flask, default: str) -> None:
    """Teach the app its two languages, and the templates their numbers and dates."""
    app.config["LANGUAGE_DEFAULT"] = default
    Babel(app, default_locale=default, default_timezone="Asia/Jakarta", locale_selector=_chosen)
    app.extensions["babel"].instance.domain_instance = Catalog()
    app.before_request(_switch)
    app.jinja_env.filters.update(
        whole=whole, percent=percent, tenth=tenth, day=day, moment=moment, own=own, span=span
    )
    counted = cast("Callable[..., str]", app.jinja_env.globals["ngettext"])
    app.jinja_env.globals.update(
        language=language,
        switch_to=_switch_to,
        ngettext=_counting(counted),
    )
    app.jinja_env.finalize = _plain


def _plain(value: object) -> object:
    """Words that wait for their language are text: they may hold some of the data.

    Flask-Babel passes them off as markup, which templates would not escape.
    """
    return str(value) if isinstance(value, LazyString) else value


def _counting(ngettext: Callable[..., str]) -> Callable[..., str]:
    """As `ngettext`, with its number as each language writes it: ``1.234`` and not ``1234``."""

    @pass_context
    def counting(context: Context, one: str, many: str, count: int, /, **values: object) -> str:
        return ngettext(context, one, many, count, **{"num": whole(count), **values})

    return counting


def language() -> str:
    """The language of this request: ``id`` or ``en``."""
    locale = get_locale()
    return str(locale.language) if locale else "id"


def written(number: float, pattern: str) -> str:
    """A number as the language of this request writes it, by a pattern of CLDR."""
    return _written(number or 0, pattern, language())  # no -0


#: A page of a province writes the same few hundred numbers again and again.
@lru_cache(maxsize=20_000)
def _written(number: float, pattern: str, locale: str) -> str:
    return str(format_decimal(number, pattern, locale))


@lru_cache(maxsize=2_000)
def _percentage(share: float, pattern: str, locale: str) -> str:
    return str(format_percent(share, pattern, locale))


def whole(number: float) -> str:
    """A count, as ``1.234`` in Indonesian."""
    return written(number, "#,##0")


def percent(share: float) -> str:
    """A share as a percentage without decimals; what is more than none is never ``0 %``."""
    if 0 < share < 0.005:  # noqa: PLR2004  # would round to none
        return f"<{_NARROW}" + percent(0.01)
    pattern = f"#,##0{_NARROW}%" if language() == "id" else "#,##0%"
    return _percentage(share, pattern, language())


def tenth(number: float) -> str:
    """A density with one decimal; what is more than none is never ``0,0``."""
    if 0 < number < 0.05:  # noqa: PLR2004  # would round to none
        return f"<{_NARROW}" + tenth(0.1)
    return written(number, "#,##0.0")


def signed(number: float) -> str:
    """A change with its sign; what is more than none is never ``+0,0``."""
    if 0 < abs(number) < 0.05:  # noqa: PLR2004  # would round to none
        return ("+" if number > 0 else "−") + f"<{_NARROW}" + written(0.1, "0.0")
    tenths = round(float(number), 1)
    pattern = "#,##0" if tenths.is_integer() else "#,##0.0"
    return written(tenths, f"+{pattern};−{pattern}")


def day(text: str) -> str:
    """A day of the data, as ``1 Oktober 2025``."""
    return str(format_date(date.fromisoformat(text[:10]), "d MMMM y", rebase=False))


def period(text: str) -> str:
    """A period as far as it is known: ``2023``, ``Desember 2023`` or ``18 Desember 2023``."""
    if len(text) < len(_MONTH):
        return text
    if len(text) > len(_MONTH):
        return day(text)
    first = date.fromisoformat(f"{text}-01")
    return str(format_date(first, "MMMM y", rebase=False))


def moment(time: datetime) -> str:
    """A point in time where the service stands, as ``1 Oktober 2025 14.05``."""
    return str(format_datetime(time, "d MMMM y HH.mm" if language() == "id" else "d MMMM y HH:mm"))


def span(band: str) -> str:
    """A band of counts for people: ``10–24``, ``≥ 100``."""
    if band.endswith("+"):
        return f"≥{_NARROW}{band[:-1]}"
    return band.replace("-", "–")


def own(words: dict[str, str]) -> str:
    """Words that a snapshot brings in both languages."""
    return words.get(language()) or words.get("id") or ""


def _others() -> dict[str, str]:
    """What the address asks besides the language; `_` would be an option of `url_for`."""
    return {k: v for k, v in request.args.items() if k != "lang" and not k.startswith("_")}


def _switch_to(asked: str) -> str:
    """Address of this very page in a language; one that many share knows what it was made for."""
    others = g.get("asked", {}) if g.get("is_shared") else _others()
    return f"?{urlencode({**others, 'lang': asked})}"


def _chosen() -> str:
    asked = request.cookies.get(_cookie(), "")
    return asked if asked in LANGUAGES else str(current_app.config["LANGUAGE_DEFAULT"])


def _cookie() -> str:
    return SECURE_COOKIE if request.is_secure else COOKIE


def _switch() -> BaseResponse | None:
    """Keep the language that ``?lang=`` asks for, and come back to the same question without it."""
    asked = request.args.get("lang")
    if asked not in LANGUAGES or request.endpoint is None or request.method != "GET":
        return None
    response: Response | BaseResponse = redirect(
        url_for(request.endpoint, **{**_others(), **(request.view_args or {})}), code=303
    )
    response.set_cookie(
        _cookie(), asked, max_age=_YEAR_S, samesite="Lax", httponly=True, path="/",
        secure=request.is_secure,
    )  # fmt: skip
    return response
