"""What the service writes to its log: where it failed, never on what value."""

import logging
import traceback
from types import TracebackType
from typing import TypeAlias

from flask import Flask

from geo_target.operations.numbers import mask_numbers

_ExcInfo: TypeAlias = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
)


class ValueFreeFormatter(logging.Formatter):
    """Lines of code and kinds of errors; their messages may quote a name or a number."""

    def formatException(self, ei: _ExcInfo) -> str:  # noqa: N802  # the name is logging's
        """The frames of an error and of those that it came from."""
        lines, error = [], ei[1]
        while error is not None:
            frames = "".join(traceback.format_tb(error.__traceback__))
            lines.append(f"{frames}{type(error).__module__}.{type(error).__qualname__}")
            error = error.__cause__ or error.__context__
        return "\n".join(reversed(lines))

    def format(self, record: logging.LogRecord) -> str:
        """One record: numbers masked, and no line that an address forges."""
        record.msg, record.args = record.getMessage().replace("\n", "?"), ()
        record.exc_text = None  # another handler may have kept its own words
        text = mask_numbers(super().format(record))
        return "".join(c if c.isprintable() or c == "\n" else "?" for c in text)


def install(app: Flask) -> None:
    """Write the app's log to standard error, and nothing else anywhere."""
    handler = logging.StreamHandler()
    handler.setFormatter(ValueFreeFormatter("%(asctime)s %(levelname)s %(message)s"))
    app.logger.handlers = [handler]
    app.logger.propagate = False
