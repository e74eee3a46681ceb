"""What the codes in a column mean, by source and version: the same code differs between two."""

import tomllib
from functools import cache

from pydantic import BaseModel, ConfigDict, Field

from geo_target.resources import resource_dir


class CodeList(BaseModel):
    """Words by code of each thing that a source codes; what is not listed is not known."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: str
    version: str
    seen_in: str
    """Where the words were seen."""
    lists: dict[str, dict[str, str]] = Field(alias="list")

    def word(self, thing: str, code: str) -> str | None:
        """Word of a code such as ``5``, ``05`` or ``5.0`` of the roof; None if nobody knows it.

        A word of the list itself is that word: some exports print words in place of codes.
        """
        words = self.lists.get(thing, {})
        bare = code.strip().removesuffix(".0").lstrip("0")
        same = (word for word in words.values() if word.casefold() == code.strip().casefold())
        return words.get(bare) or next(same, None)


@cache
def code_lists() -> dict[str, CodeList]:
    """All lists by name, such as ``dtsen-2025``: source and version."""
    files = sorted((resource_dir("geodata") / "code_lists").glob("*.toml"))
    return {f.stem: CodeList.model_validate(tomllib.loads(f.read_text("utf-8"))) for f in files}
