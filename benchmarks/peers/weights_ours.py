"""The order of villages under a reader's weights, as geo_target answers it: CONFIG REQUESTS."""

import json
import statistics
import sys
import time
from pathlib import Path

from geo_target.platform import settle_collector
from geo_target.settings import read_settings
from geo_target.targeting.indicators import read_indicators
from geo_target.web.app import create_app


def main(config: Path, requests: int) -> None:
    """Ask with other weights each time; milliseconds, and kilobytes of the last answer."""
    settings = read_settings(config)
    app = create_app(settings.archive.folder, doors=None)
    app.extensions["geo_target.store"].when_read = settle_collector  # as `serve` does
    client = app.test_client()
    one, *_ = [each.key for each in read_indicators(settings.priority.file)]
    times = []
    for number in range(requests):
        begun = time.perf_counter()
        answer = client.get(
            f"/prioritas?{one}={1 + number % 99}", headers={"Accept-Encoding": "gzip"}
        )
        times.append(1000 * (time.perf_counter() - begun))
        if answer.status_code != 200:
            raise SystemExit(f"/prioritas: {answer.status_code}")
    later = sorted(times[1:])
    found = {
        "first": times[0], "median": statistics.median(later),
        "last": later[int(0.99 * len(later))], "kb": len(answer.data) / 1000,
    }  # fmt: skip
    print(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
