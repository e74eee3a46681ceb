"""Who is enrolled in which program: the world as it is, before lists are made of it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo_target.demo.calibration import Plan
from geo_target.demo.columns import Flags, Ints
from geo_target.demo.people import WIFE

#: Shares of reached families by program; who draws none of them is in Sembako.
PROGRAM_RATES = {"PKH": 0.52, "SEMBAKO": 0.62, "PBI_JK": 0.60}
#: PKH is paid to the mother, Sembako as often to her as to the head.
TO_THE_WIFE = {"PKH": 0.88, "SEMBAKO": 0.55}
#: Families whose every member has PBI; of the others one member or more.
WHOLE_FAMILY_PBI = 0.6


@dataclass(frozen=True)
class Enrollments:
    """Rows of persons (of families: packages) by what they are enrolled in.

    The first three count on the day of the run. `expired` names a person and the payment
    that was their last, `inactive` persons whose PBI has ended, `regional` those whose
    premium the province or city pays, `packages` families.
    """

    pkh: Ints
    sembako: Ints
    pbi: Ints
    expired_pkh: Ints
    expired_sembako: Ints
    inactive: Ints
    regional: Ints
    informal: Ints
    packages: Ints

    def of_persons(self, wanted: Flags) -> "Enrollments":
        """Those of the persons that are wanted; packages are of families, and stay."""
        return Enrollments(**{
            name: rows if name == "packages" else rows[wanted[rows]]
            for name, rows in vars(self).items()
        })  # fmt: skip


def enroll(
    rng: np.random.Generator,
    families: pd.DataFrame,
    people: pd.DataFrame,
    plan: Plan,
) -> Enrollments:
    """Enroll a person of each reached family or more, and nobody of an uncovered one.

    Parameters
    ----------
    families
        With ``members``, ``stated``, ``is_listed`` and ``is_uncovered``.
    people
        As `people.draw_people` gives them.
    """
    uncovered = families["is_uncovered"].to_numpy(dtype=np.bool_)
    reached = ~uncovered
    programs = {
        name: reached & (rng.random(len(families)) < p) for name, p in PROGRAM_RATES.items()
    }
    none = reached & ~np.logical_or.reduce(list(programs.values()))
    programs["SEMBAKO"] |= none
    payee = {name: _payees(rng, families, people, share) for name, share in TO_THE_WIFE.items()}
    pbi = _insured(rng, families, people, programs["PBI_JK"], payee["SEMBAKO"])
    # Nobody of these has an enrollment that counts: a list that forgets dates or segments
    # would call their families covered.
    is_of_uncovered = uncovered[people["family"]] & (people["family"] >= 0).to_numpy()
    able = is_of_uncovered & ~people["lacks_nik"].to_numpy(dtype=np.bool_)
    adult = able & (people["position"].to_numpy() < 2)
    return Enrollments(
        pkh=payee["PKH"][programs["PKH"]],
        sembako=payee["SEMBAKO"][programs["SEMBAKO"]],
        pbi=pbi,
        expired_pkh=payee["PKH"][_few(rng, np.flatnonzero(~programs["PKH"]), families, 0.008)],
        expired_sembako=payee["SEMBAKO"][
            _few(rng, np.flatnonzero(~programs["SEMBAKO"]), families, 0.008)
        ],
        inactive=_few(rng, np.flatnonzero(able), families, 0.01),
        regional=_few(rng, np.flatnonzero(able), families, 0.05),
        informal=_few(rng, np.flatnonzero(adult), families, 0.02),
        packages=_packages(rng, families, plan),
    )


def _payees(
    rng: np.random.Generator, families: pd.DataFrame, people: pd.DataFrame, wife_share: float
) -> Ints:
    """The person of each family who is paid: its wife or its head, always one with a NIK."""
    members = families["members"].to_numpy(dtype=np.int64)
    head = np.cumsum(members) - members
    second = head + (members > 1)
    has_wife = people["relation"].to_numpy()[second] == WIFE
    lacks = people["lacks_nik"].to_numpy(dtype=np.bool_)[head]
    to_wife = has_wife & ((rng.random(len(families)) < wife_share) | lacks)
    return np.asarray(np.where(to_wife, second, head), dtype=np.int64)


def _insured(
    rng: np.random.Generator,
    families: pd.DataFrame,
    people: pd.DataFrame,
    chosen: Flags,
    certain: Ints,
) -> Ints:
    """Persons with PBI: of some families everybody, of others at least one."""
    family = people["family"].to_numpy(dtype=np.int64)
    whole = rng.random(len(families)) < WHOLE_FAMILY_PBI
    some = rng.random(len(people)) < 0.5
    insured = chosen[family] & (family >= 0) & (whole[family] | some)
    insured[certain[chosen]] = True
    return np.flatnonzero(insured & ~people["lacks_nik"].to_numpy(dtype=np.bool_))


def _few(rng: np.random.Generator, pool: Ints, families: pd.DataFrame, share: float) -> Ints:
    """So many of `pool` as `share` of the families is; all if there are fewer."""
    return np.sort(rng.choice(pool, min(len(pool), round(share * len(families))), replace=False))


def _packages(rng: np.random.Generator, families: pd.DataFrame, plan: Plan) -> Ints:
    """Families that got a package, by district as published, the listed ones first."""
    stated = families["stated"].to_numpy(dtype=np.int64)
    district = plan.villages["district_code"].to_numpy()[stated]
    score = rng.random(len(families)) ** (1 / np.where(families["is_listed"], 4.0, 1.0))
    chosen = []
    for code, total in plan.by_district("package_weight", plan.packages).items():
        mine = np.flatnonzero(district == code)
        chosen.append(mine[np.argsort(-score[mine], kind="stable")[:total]])
    return np.sort(np.concatenate(chosen))
