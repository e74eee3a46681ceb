"""A process that appends to the log, and says what was acknowledged: URL NAME [COUNT]."""

import itertools
import sys

from geo_target.operations.audit import Actor, AuditLog, Entry
from geo_target.operations.database import open_database


def main(url: str, name: str, count: str = "") -> None:
    database = open_database(url)
    log = AuditLog(database)
    for _ in range(int(count)) if count else itertools.count():
        entry = Entry(actor=Actor(name=name), verb="family.read", object_type="village")
        head = log.append(entry)
        sys.stdout.write(f"{head.seq} {head.hash}\n")
        sys.stdout.flush()
    database.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
