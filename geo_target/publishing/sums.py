"""The sha256 of what a run has read: of a file its bytes, of a database the rows."""

from collections.abc import Sequence

from geo_target.intake.lists import AgencyList
from geo_target.publishing.archive import sha256
from geo_target.settings import Source


def source_sums(sources: Sequence[Source], lists: Sequence[AgencyList]) -> list[str]:
    """The sum of each source; a file is summed up where reading it has not told.

    Parameters
    ----------
    sources
        Of the settings.
    lists
        In the same order.
    """
    return [
        listed.sha256 or (sha256(source.file) if source.file else "")
        for source, listed in zip(sources, lists, strict=True)
    ]
