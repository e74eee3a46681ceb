"""Lists of August 2023: P3KE as it came, and lists of recipients that nobody can hold against it.

P3KE knows no number of anybody that can be read, and the lists of recipients came without names:
by none of them can a family be told to be reached, or not to be. Lists that there were not yet
are left out, and so is what earlier visits brought home.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from geo_target.demo.columns import Text, day_text, text
from geo_target.demo.files import SentList

#: The lists that there were, by profile, and their days.
_DAYS = {
    "p3ke-family": date(2023, 8, 1),
    "p3ke-person": date(2023, 8, 1),
    "siks-recipients": date(2023, 8, 4),
    "bpjs-pbi": date(2023, 8, 1),
    "population": date(2023, 6, 30),
    "facilities": date(2023, 6, 30),
}
#: From the days of the other demo to these: 26 months.
_DAYS_EARLIER = np.timedelta64(792, "D")
_NAMES = ["NAMA PENERIMA", "NAMA"]


def before_visits(lists: Sequence[SentList]) -> list[SentList]:
    """The lists of `lists` that there were in August 2023, as they were.

    Payments are of the quarter before, days of membership 26 months earlier, and recipients
    without names.
    """
    return [
        replace(sent, table=_as_it_was(sent), as_of=_DAYS[sent.profile], about=_about(sent))
        for sent in lists
        if sent.profile in _DAYS
    ]


def _as_it_was(sent: SentList) -> pd.DataFrame:
    if sent.profile not in {"siks-recipients", "bpjs-pbi"}:
        return sent.table
    named = [name for name in _NAMES if name in sent.table]
    table = sent.table.drop(columns=named)
    moved: dict[str, Callable[[Text], Text]] = {"TAHAP": _quarter_before, "TMT": _days_before}
    return table.assign(
        **{name: move(table[name]) for name, move in moved.items() if name in table}
    )


def _about(sent: SentList) -> str:
    is_nameless = any(name in sent.table for name in _NAMES)
    return f"{sent.about}; tanpa nama" if is_nameless else sent.about


def _quarter_before(quarters: Text) -> Text:
    told = (quarters != "").to_numpy(dtype=np.bool_)
    earlier = quarters.where(told, "2").astype("int64") - 1
    return text(earlier.clip(lower=1).to_numpy()).where(told, "")


def _days_before(days: Text) -> Text:
    told = (days != "").to_numpy(dtype=np.bool_)
    known = pd.to_datetime(days.where(told, "01/01/2024"), format="%d/%m/%Y")
    earlier = known.to_numpy().astype("datetime64[D]") - _DAYS_EARLIER
    return day_text(earlier, pattern="%d/%m/%Y").where(told, "")
