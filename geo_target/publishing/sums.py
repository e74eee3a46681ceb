"""The sha256 of what a run has read: of a file its bytes, of a database the rows."""

from collections.abc import Sequence

from geo_target.intake.lists import AgencyList
from geo_target.publishing.archive import sha256
from geo_target.settings import Source


def source_sums(sources: Sequence[Source], lists: Sequence[AgencyList]) -> list[str]:
    """The sum of each source; a file that several sources name is read once.

    Parameters
    ----------
    sources
        Of the settings.
    lists
        In the same order. What no file holds knows its sum.
    """
    of_files = {file: sha256(file) for file in {source.file for source in sources} if file}
    return [
        of_files[source.file] if source.file else listed.sha256
        for source, listed in zip(sources, lists, strict=True)
    ]
