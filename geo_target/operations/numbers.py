"""Ids of persons and families in the audit log: never a number that a register gave them."""

import hashlib
import hmac

from geo_target.long_numbers import holds_number, mask_numbers

__all__ = ["holds_number", "keyed_id", "mask_numbers", "one_line", "said_line", "subject_id"]


def one_line(text: str) -> str:
    """`text` on one line, of what can be seen: nothing hides between the digits of a number."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def said_line(text: str, longest: int) -> str:
    """What somebody says in a form, as it is kept and read by others: without numbers of people.

    Masked before it is cut: of a number that is cut, the rest would be none any more.
    """
    return mask_numbers(one_line(text))[:longest]


def keyed_id(identifier: str, key: bytes) -> str:
    """Id of a person in the audit log: HMAC-SHA256, as `national_id_key` in the snapshot.

    Parameters
    ----------
    identifier
        NIK or KK.
    key
        The archive's key. A plain hash of a NIK is guessed in minutes.
    """
    return hmac.new(key, identifier.encode(), hashlib.sha256).hexdigest()


def subject_id(family_id: str, key: bytes) -> str:
    """Id of a family in the audit log: its own, keyed where a register made it of a number."""
    return keyed_id(family_id, key) if holds_number(family_id) else family_id
