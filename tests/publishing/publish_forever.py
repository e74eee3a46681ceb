"""A child process of test_archive: publishes, or holds a run open, until it is killed."""

import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from geo_target.publishing.archive import Archive


def publish(archive: Archive, *, size: int = 20_000) -> None:
    with archive.open_run(datetime.now(UTC)) as draft:
        content = draft.run_id.encode() * (size // 20)
        draft.write("exact/families.parquet", content, rows=1)
        draft.write("exact/villages.parquet", content)
        draft.write("shown/meeting/villages.json.gz", content)
        (draft.spill / "part.tmp").write_bytes(content)
        draft.publish({"as_of": "2025-10-01"})


if __name__ == "__main__":
    what, folder = sys.argv[1], Archive(Path(sys.argv[2]))
    if what == "--hold":
        with folder.open_run(datetime.now(UTC)):
            print("ready", flush=True)  # noqa: T201
            time.sleep(60)
    print("ready", flush=True)  # noqa: T201
    while what == "--publish":
        publish(folder)
