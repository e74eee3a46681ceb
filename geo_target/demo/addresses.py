"""Addresses as clerks write them: RT and RW in many shapes, or not at all, or wrong."""

import numpy as np

from geo_target.demo.columns import Flags, Ints, Text, draw, either, pick, text
from geo_target.demo.names import STREETS

READABLE = 0.85
#: Of the readable ones, those that name another RW of the village.
WRONG_RW = 0.10


def free_text_addresses(
    rng: np.random.Generator,
    *,
    rt: Ints,
    rw: Ints,
    rw_count: Ints,
    neighborhood: Text,
    is_desa: Flags,
) -> Text:
    """The column Alamat of P3KE: all that it knows of where a family lives.

    Parameters
    ----------
    rt, rw
        Numbers of the true place.
    rw_count
        RW of the village; with one RW there is no wrong one to name.
    neighborhood
        Lingkungan or kampung of the RW.
    is_desa
        Whether the village is a desa, which has kampung instead of lingkungan.
    """
    count = len(rt)
    wrong = (rng.random(count) < WRONG_RW) & (rw_count > 1)
    other = (rw - 1 + rng.integers(1, np.maximum(rw_count, 2), count)) % rw_count + 1
    rw = np.where(wrong, other, rw)
    readable = rng.random(count) < READABLE
    shape = np.where(readable, draw(rng, 6, count), 6 + draw(rng, 5, count))
    # A desa has kampung, no lingkungan.
    shape[is_desa & (shape == 0)] = 1
    shape[is_desa & (shape == 6)] = 10
    return _written(rng, shape, rt, rw, neighborhood)


def street_addresses(rng: np.random.Generator, neighborhood: Text) -> Text:
    """Addresses of a register that has RT and RW in columns of their own."""
    count = len(neighborhood)
    number = text(rng.integers(1, 120, count))
    street = "JL. " + pick(rng, STREETS, count).str.upper() + " NO " + number
    return either(rng.random(count) < 0.8, "KP. " + neighborhood.str.upper(), street)


def _written(rng: np.random.Generator, shape: Ints, rt: Ints, rw: Ints, name: Text) -> Text:
    """Each address in its shape: the first six tell RT and RW, the others do not."""
    count = len(shape)
    loud = name.str.upper()
    street = pick(rng, STREETS, count)
    number = text(rng.integers(1, 120, count))
    rt1, rw1, rt2, rw2 = text(rt), text(rw), text(rt, width=2), text(rw, width=2)
    rt3, rw3 = text(rt, width=3), text(rw, width=3)
    shapes: list[Text] = [
        "LINGK. " + loud + " RT " + rt2 + " RW " + rw2,
        "Kp. " + name + " RT." + rt3 + "/" + rw3,
        "Jl. " + street + " Lk. " + name + " RT " + rt1 + "/RW " + rw1,
        "LINK " + loud + " RT/RW " + rt3 + "/" + rw3,
        loud + " RT:" + rt2 + " RW:" + rw2,
        "Kp " + name + " Rt " + rt1 + " Rw " + rw1 + " No " + number,
        "LINGK. " + loud,
        "JL. " + street.str.upper() + " NO " + number,
        text(np.full(count, "-")),
        "BLOK " + pick(rng, tuple("ABCDEF"), count) + " NO. " + number,
        "KP. " + loud,
    ]
    address = shapes[0]
    for index, written in enumerate(shapes):
        address = either(shape == index, written, address)
    return address
