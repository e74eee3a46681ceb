"""Write the results that are kept into docs/benchmarks.md, and their plots beside it.

    python -m benchmarks.report

Each result goes between the lines `<!-- NAME -->` and `<!-- /NAME -->`; the rest of the page
stays as it is written.
"""

import re
from pathlib import Path

from benchmarks.plots import svg
from benchmarks.results import FOLDER, Result, markdown, read_result

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"


def kept_results(folder: Path = FOLDER) -> list[Result]:
    """All results of the folder, by name."""
    return [read_result(file) for file in sorted(folder.glob("*.json"))]


def with_results(page: str, results: list[Result]) -> str:
    """The page with each result between its marks.

    Raises
    ------
    ValueError
        If the page has no place for a result, or two.
    """
    for result in results:
        begin, end = f"<!-- {result.name} -->\n", f"<!-- /{result.name} -->"
        places = re.findall(f"{begin}.*?{end}", page, flags=re.DOTALL)
        if len(places) != 1:
            raise ValueError(f"{PAGE.name} has {len(places)} places for {result.name}, not one")
        page = page.replace(places[0], f"{begin}{markdown(result)}\n{end}")
    return page


def main() -> None:
    """Write page and plots."""
    results = kept_results()
    PAGE.write_text(with_results(PAGE.read_text("utf-8"), results), "utf-8")
    plots = PAGE.parent / "plots"
    plots.mkdir(exist_ok=True)
    for result in results:
        if result.plot:
            (plots / f"{result.name}.svg").write_text(svg(result.plot), "utf-8")
    print(f"{PAGE.name}: {', '.join(result.name for result in results) or 'nothing kept'}")


if __name__ == "__main__":
    main()
