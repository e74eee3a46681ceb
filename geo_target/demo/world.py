"""The demo: a made-up world written as the lists that agencies would send."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np

from geo_target.demo.before_visits import before_visits as lists_before_visits
from geo_target.demo.calibration import Plan, plan_world
from geo_target.demo.decided import write_decided
from geo_target.demo.dtsen import dtsen_lists
from geo_target.demo.facilities import facilities_list
from geo_target.demo.family_mistakes import choose_mistakes
from geo_target.demo.files import Format, SentList, write_list
from geo_target.demo.findings import find_out
from geo_target.demo.folder import (
    CONFIG_FILE,
    LEAFLET_FILE,
    check_folder,
    clear_lists,
    config_text,
    leaflet_text,
    take_boundaries,
    write_layout,
)
from geo_target.demo.month import (
    AFTER_FILE,
    LEAFLET,
    clear_month,
    write_month,
    write_parquet,
)
from geo_target.demo.officers import draw_officers
from geo_target.demo.p3ke import p3ke_lists
from geo_target.demo.points import choose_located, points_list
from geo_target.demo.population import population_list
from geo_target.demo.recipients import recipient_lists
from geo_target.demo.relisting import list_again
from geo_target.demo.society import build_world
from geo_target.demo.terrain import Terrain
from geo_target.demo.truth import truth_table
from geo_target.demo.visits import visits_list
from geo_target.errors import ConfigError, Fault
from geo_target.places.boundaries import read_boundaries

#: The day on which enrollments are asked for, and those of the decree and of the place set.
_DAYS = (date(2025, 10, 15), date(2025, 2, 3), date(2025, 10, 14))
_BEFORE_VISITS = (date(2023, 8, 31), date(2023, 2, 3), date(2023, 8, 3))


def write_demo(
    folder: Path,
    *,
    area: str = "36.73",
    families: int | None = None,
    seed: int = 1,
    boundaries: Path | None = None,
    located: float = 0.4,
    unmatched: float = 0.0,
    spoiled_base: float = 0.0,
    split: float = 0.0,
    relisted: float = 0.0,
    visited: float = 0.0,
    lists: Format = "xlsx",
    before_visits: bool = False,
) -> None:
    """Write a world: raw lists, geo-target.toml, a leaflet, and its truth.

    The same arguments give the same bytes on one machine. For Kota Serang at its default
    the figures are those of calibration.py, whatever the seed.

    Parameters
    ----------
    folder
        New or empty, or an earlier demo, whose lists are replaced.
    area
        Kemendagri code of a province, regency/city or district.
    families
        Families of the register (DTSEN); everything but residents and RW scales with
        them. By default as many by population as Kota Serang's 60,000.
    seed
        Another seed gives other people and places with the same totals.
    boundaries
        Boundary file in which the families live, copied into `folder`; by default the
        schematic layer that comes with the package.
    located
        Share of the listed families that the list of points has, 0 to 1.
    unmatched
        Share of the listed families whose every key is spoiled in P3KE and DTSEN, 0 to 1.
    spoiled_base
        Share of the listed families whose every key is spoiled in P3KE alone, 0 to 1.
    split
        Share of the listed families that DTSEN has as two, under two KK, 0 to 1. By
        default none, so that DTSEN has as many rows as families.
    relisted
        Share of the listed families that P3KE lists a second time, 0 to 1.
    visited
        Share of the listed families that a list of visits has, 0 to 1.
    lists
        Format of the lists; with ``"xlsx"`` those that agencies send as CSV stay CSV.
    before_visits
        Write August 2023 instead: P3KE alone, with no number that can be read, and beside it
        what visits will find (``returns``, ``geo-target-after.toml``, ``petugas.csv``); the
        shares above are not asked then.

    Raises
    ------
    ConfigError
        If `folder` holds something else, a share is not from 0 to 1, the area is
        unknown, or a workbook cannot hold so many rows.
    DataRefusedError
        If the boundary file cannot be used.
    """
    check_folder(folder)
    faulty = {
        "unmatched": unmatched, "spoiled_base": spoiled_base, "split": split,
        "relisted": relisted,
    }  # fmt: skip
    for name, share in {"located": located, "visited": visited, **faulty}.items():
        _check_share(name, share)
    if before_visits:
        located, visited, faulty = 0.0, 0.0, {**dict.fromkeys(faulty, 0.0), "unmatched": 1.0}
    plan = plan_world(area, families=families)
    terrain = _terrain(plan, boundaries)
    # A stream more at the end leaves what the others draw as it is.
    streams = np.random.Generator(np.random.PCG64(seed)).spawn(12)
    making, sending, pointing, choosing, splitting = streams[:5]
    mistyping, spoiling, choosing_again, listing_again, visiting, building, finding = streams[5:]
    world = build_world(making, plan, terrain)
    mistakes = choose_mistakes((choosing, mistyping, splitting, choosing_again), world, **faulty)
    is_located = choose_located(pointing, world, share=located)
    truth = truth_table(world, mistakes, located=is_located)
    sent = [
        *list_again(
            listing_again, world, mistakes,
            p3ke_lists(sending, world, spoiled=mistakes.spoiled_in_base),
        ),
        *dtsen_lists(sending, world, mistakes, spoiling=spoiling),
        *recipient_lists(sending, world, keyless=mistakes.keyless),
        population_list(plan),
        points_list(pointing, world, terrain, is_located),
        visits_list(visiting, world, share=visited),
        facilities_list(building, plan, terrain),
    ]  # fmt: skip
    (folder / "lists").mkdir(parents=True, exist_ok=True)
    (folder / "truth").mkdir(exist_ok=True)
    clear_lists(folder, sent)
    clear_month(folder)
    found: list[SentList] = []
    if before_visits:
        findings = find_out(finding, world, terrain, listed=sent[0].table)
        found = write_month(folder, findings, draw_officers(finding, plan), format_=lists)
        sent, truth = lists_before_visits(sent), truth[truth["welfare_class"] == "extreme_poor"]
    sent = [one for one in sent if len(one.table)]
    _write_words(folder, plan, sent, found, format_=lists, boundaries=boundaries)
    write_parquet(folder / "truth" / "families.parquet", truth)
    for one in sent:
        write_list(folder / one.folder, one, format_=lists)


def _terrain(plan: Plan, boundaries: Path | None) -> Terrain:
    villages = read_boundaries(boundaries, area=plan.area, faults="repair").villages
    return Terrain(villages.loc[plan.villages["village_code"]])


def _check_share(name: str, share: float) -> None:
    option = name.replace("_", "-")
    if not 0 <= share <= 1:
        raise ConfigError(
            Fault(
                "E-DEMO-SHARE",
                id=f"--{option} harus antara 0 dan 1, bukan {share}",
                en=f"--{option} must be from 0 to 1, not {share}",
            )
        )


def _write_words(
    folder: Path,
    plan: Plan,
    lists: Sequence[SentList],
    found: Sequence[SentList],
    *,
    format_: Format,
    boundaries: Path | None,
) -> None:
    """Write configuration and leaflet; where visits have found lists, one of the run after."""
    copied = take_boundaries(folder, boundaries) if boundaries else None
    covered_on, decreed_on, set_on = _BEFORE_VISITS if found else _DAYS
    written = {CONFIG_FILE: lists, **({AFTER_FILE: [*lists, *found]} if found else {})}
    for name, sources in written.items():
        config = config_text(
            plan.area, sources, format_=format_, boundaries=copied, on=covered_on
        )  # fmt: skip
        (folder / name).write_text(config, "utf-8", newline="\n")
    write_decided(folder, plan, decreed_on=decreed_on, set_on=set_on)
    write_layout(folder, lists)
    leaflet = leaflet_text(lists, format_=format_, more=LEAFLET if found else "")
    (folder / LEAFLET_FILE).write_text(leaflet, "utf-8", newline="\n")
