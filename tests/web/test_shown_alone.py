"""What the meeting and the public are served is made of the files that they are shown."""

import shutil
from pathlib import Path

from flask import Flask

from geo_target.web.access import Access
from geo_target.web.app import create_app

#: Each page and file of these audiences. One that is new is looked at before it stands here: are
#: all its numbers those of tests/publishing/shown_numbers.py, or made of them alone?
SERVED = {
    "about.show", "agencies.index", "agencies.show", "changes.show", "clusters.index",
    "clusters.show", "compare.show", "coverage.show", "districts.show", "facilities.show",
    "files.base_tile", "files.figures", "files.layer", "files.script", "ledger.index",
    "ledger.show", "official_list.show", "overview.show", "priorities.show", "programs.show",
    "public.layer", "public.script", "public.show", "quality.show", "reasons.show",
    "regencies.show", "registers.show", "takeaway.carried", "takeaway.file", "takeaway.permit",
    "takeaway.picture", "takeaway.show", "trend.show", "village_card.district",
    "village_card.show", "villages.show",
}  # fmt: skip
_AUDIENCES = {Access.AGGREGATES, Access.PUBLISHED}


def pages(app: Flask) -> list[str]:
    """Addresses of what these audiences are served, as far as they name nothing."""
    found = [
        rule.rule for rule in app.url_map.iter_rules()
        if vars(app.view_functions[rule.endpoint]).get("access") in _AUDIENCES
        and "GET" in (rule.methods or ()) and not rule.arguments
    ]  # fmt: skip
    return sorted(found)


def test_every_page_and_file_of_these_audiences_is_known(app: Flask) -> None:
    views = app.view_functions.items()
    served = {name for name, view in views if vars(view).get("access") in _AUDIENCES}
    assert served == SERVED


def test_without_the_exact_tables_every_page_is_the_same(
    named_archive: Path, tmp_path: Path
) -> None:
    bare = tmp_path / "archive"
    shutil.copytree(named_archive, bare)
    (exact,) = bare.glob("*/exact")
    shutil.rmtree(exact)
    with_exact, without = (create_app(one, doors=None) for one in (named_archive, bare))
    asked = pages(without)
    assert len(asked) > 15
    for page in asked:
        one, other = (app.test_client().get(page) for app in (with_exact, without))
        assert (other.status_code, other.data) == (one.status_code, one.data), page
