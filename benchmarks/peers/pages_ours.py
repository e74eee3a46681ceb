"""The overview as geo_target serves it: CONFIG REQUESTS."""

import json
import sys
from pathlib import Path

from benchmarks.kota_serang import pages
from benchmarks.measured import peak_mb


def main(config: Path, requests: int) -> None:
    """Ask for it, one request after the other."""
    found = pages(config, requests)
    print(
        json.dumps(
            {
                "first": found["overview, first of a process, ms"],
                "median": found["overview, median, ms"],
                "last": found["overview, 99th percentile, ms"],
                "page": found["overview, KB compressed"],
                "all": found["overview with all layers and assets, KB compressed"],
                "peak_mb": peak_mb(),
            }
        )
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
