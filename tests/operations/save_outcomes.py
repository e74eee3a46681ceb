"""A process that takes answers, and says which were acknowledged: URL FIRST."""

import itertools
import sys

from geo_target.operations.database import open_database
from geo_target.operations.visit_outcomes import VisitOutcomes
from tests.operations.visiting import KEY, WATI, answer


def main(url: str, first: str) -> None:
    database = open_database(url)
    outcomes = VisitOutcomes(database, key=KEY)
    for number in itertools.count(int(first)):
        # Five answers to a post: a half of them must never be there.
        given = [answer("A", id_=f"{number}-{part}") for part in range(5)]
        if outcomes.take(given, by=WATI).new == len(given):
            sys.stdout.write(f"{number}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
