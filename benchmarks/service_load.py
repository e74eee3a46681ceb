"""The service that people sign in to, under load: viewers, sign-ins, held connections.

    python -m benchmarks.service_load [--rounds N] [--database URL] [--part NAME ...]

Prints one JSON object a part, each figure as [least, median, most] of the rounds; goals and
what it printed are in docs/benchmarks.md. Clients are a process of their own on the same
machine, so that they take a share of its cores too.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.service_figures import Figures, by_kind, figures, strange, versions
from benchmarks.service_house import PASSWORD, House, Watch, opened, served
from geo_target.operations.passwords import PasswordHasher

Person = dict[str, Any]

LIBRARIES = ("flask", "waitress", "werkzeug", "sqlalchemy")

#: An outside asset: whoever has not signed in may ask for it too.
_ASSET = "/assets/leaflet.js"


def viewing(
    house: House, watch: Watch, people: Sequence[Person], wanted: argparse.Namespace
) -> Figures:
    """Viewers for some seconds twice: nothing else going on, and while a run is published."""
    took: list[float] = []

    def publish() -> None:
        time.sleep(wanted.seconds / 4)
        took.append(house.publish())
        time.sleep(wanted.seconds / 4)  # the new run is looked at too

    quiet = _view(house, watch, people, wanted.think, lambda: time.sleep(wanted.seconds))
    during = _view(house, watch, people, wanted.think, publish)
    return {
        **{f"quiet {name}": value for name, value in quiet.items()},
        **{f"publishing {name}": value for name, value in during.items()},
        "run while viewed s": took[0],
        "run alone s": house.publish(),
    }


def _view(
    house: House,
    watch: Watch,
    people: Sequence[Person],
    think: float,
    meanwhile: Callable[[], None],
) -> Figures:
    told, (begun, _, sockets) = house.names_read(), watch.now()
    samples = _clients(house, "view", people, meanwhile, think=think)["samples"]
    ended, _, sockets_after = watch.now()
    shown = sum(s["kind"] == "names" and s["status"] == 200 for s in samples)
    return {
        **figures(samples),
        **{f"{kind} p95 ms": value for kind, value in by_kind(samples).items()},
        "requests per s": len(samples) / (ended - begun),
        "layers not as published": len(strange(samples, house.sums())),
        "most versions of a page": versions(samples),
        "answers by name": shown,
        "answers by name less entries": shown - (house.names_read() - told),
        "audit chain holds": float(house.audit_holds()),
        "memory most MB": _most(watch, begun, ended),
        "sockets after less before": sockets_after - sockets,
    }


def signing_in(
    house: House, watch: Watch, people: Sequence[Person], wanted: argparse.Namespace
) -> Figures:
    """Everybody signs in at once, while some look at maps."""
    alone = _hashing(wanted.sign_ins, sample=min(8, wanted.sign_ins))
    begun = time.monotonic()
    names = [person["name"] for person in people[: wanted.sign_ins]]
    lookers = [person | {"names": []} for person in people[-wanted.lookers :]]
    found = _clients(house, "sign-in", lookers, names=names, password=PASSWORD)
    arrivals = found["arrivals"]
    times = sorted(a["seconds"] for a in arrivals)
    return {
        "sign-ins": len(arrivals),
        "not let in": sum(a["status"] != 200 for a in arrivals),
        "last one in after s": times[-1],
        "its hashes alone s": alone,
        "sign-in p50 s": statistics.median(times),
        "told to wait, times": sum(a["waits"] for a in arrivals),
        **{f"maps {name}": value for name, value in figures(found["samples"]).items()},
        "memory most MB": _most(watch, begun, time.monotonic()),
        "audit chain holds": float(house.audit_holds()),
    }


def _hashing(sign_ins: int, *, sample: int) -> float:
    """Seconds that the hashes of all sign-ins take, two at a time, with nothing else to do."""
    hasher = PasswordHasher()
    stored = hasher.hash(PASSWORD)
    begun = time.monotonic()
    with ThreadPoolExecutor(2) as two:
        list(two.map(lambda _: hasher.matches(PASSWORD, stored), range(sample)))
    return (time.monotonic() - begun) * sign_ins / sample


def holding(
    house: House, watch: Watch, people: Sequence[Person], wanted: argparse.Namespace
) -> Figures:
    """Half requests, and whole ones whose answers nobody reads: once, and many in a row."""
    return {
        **_held(house, watch, people, wanted, asks=1, name="one ask"),
        **_held(house, watch, people, wanted, asks=wanted.asks, name="many asks"),
    }


def _held(
    house: House,
    watch: Watch,
    people: Sequence[Person],
    wanted: argparse.Namespace,
    *,
    asks: int,
    name: str,
) -> Figures:
    _, memory, sockets = watch.now()
    found = _clients(
        house, "hold", people[:1], half=wanted.held, deaf=wanted.held, asks=asks, path=_ASSET,
        before=wanted.seconds / 10, seconds=wanted.seconds / 2, after=wanted.seconds / 5,
    )  # fmt: skip
    held = watch.between(found["begun"], found["ended"])
    meanwhile = [s for s in found["samples"] if found["begun"] <= s["at"] < found["ended"]]
    later = [s for s in found["samples"] if s["at"] >= found["ended"]]
    _, memory_after, sockets_after = watch.now()
    measured = {
        "sockets held": max((seen[2] for seen in held), default=0) - sockets,
        "sockets left": sockets_after - sockets,
        "memory most MB": max((seen[1] for seen in held), default=0),
        "memory growth MB": memory_after - memory,
        **{f"probe {key}": value for key, value in figures(meanwhile).items()},
        "probe slowest ms": max(s["seconds"] for s in meanwhile) * 1000,
        "probe afterwards slowest ms": max(s["seconds"] for s in later) * 1000,
    }
    return {f"{name}: {key}": value for key, value in measured.items()}


def _clients(
    house: House,
    part: str,
    people: Sequence[Person],
    meanwhile: Callable[[], None] = lambda: None,
    **plan: Any,
) -> Any:
    """Let the process of the clients do a part, until `meanwhile` is over."""
    codes = [code for of in house.villages().values() for code in of]
    whole = plan | {
        "part": part, "port": house.port, "viewers": people, "villages": codes,
        "layers": house.layers(),
    }  # fmt: skip
    clients = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.service_clients"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).parent.parent,
    )  # fmt: skip
    with clients:
        assert clients.stdin is not None
        clients.stdin.write(json.dumps(whole).encode() + b"\n")
        clients.stdin.flush()
        meanwhile()
        found = clients.communicate()[0]
    return json.loads(found)


def _most(watch: Watch, begun: float, ended: float) -> float:
    return max((memory for _, memory, _ in watch.between(begun, ended)), default=0.0)


PARTS: dict[str, Callable[[House, Watch, Sequence[Person], argparse.Namespace], Figures]] = {
    "viewers": viewing,
    "sign-ins": signing_in,
    "held": holding,
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the world, load the service, print what came of it."""
    wanted = _parser().parse_args(arguments)
    _print({"machine": _machine(), "processes waiting before": round(os.getloadavg()[0], 1)})
    with (
        tempfile.TemporaryDirectory() as folder,
        opened(Path(folder), families=wanted.families, url=wanted.database) as house,
        served(house) as watch,
    ):
        people = house.add_accounts(wanted.viewers, wanted.officers)
        for part in wanted.part or PARTS:
            rounds = [PARTS[part](house, watch, people, wanted) for _ in range(wanted.rounds)]
            _print({"part": part, **_summary(rounds)})


def _summary(rounds: Sequence[Figures]) -> dict[str, list[float]]:
    columns = {name: [one[name] for one in rounds] for name in rounds[0]}
    return {
        name: [round(of(values), 1) for of in (min, statistics.median, max)]
        for name, values in columns.items()
    }


def _print(found: Mapping[str, Any]) -> None:
    """One JSON object, a figure a line."""
    lines = (f"  {json.dumps(name)}: {json.dumps(value)}" for name, value in found.items())
    print("{\n" + ",\n".join(lines) + "\n}", flush=True)


def _machine() -> str:
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return (f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; "
            f"{libraries}")  # fmt: skip


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", action="append", choices=list(PARTS))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--database", help="an empty PostgreSQL database; default: SQLite")
    parser.add_argument("--families", type=int, help="of the made-up world; default: all")
    parser.add_argument("--seconds", type=float, default=30, help="of each load")
    parser.add_argument("--think", type=float, default=1, help="seconds between two pages")
    parser.add_argument("--viewers", type=int, default=200)
    parser.add_argument("--officers", type=int, default=20, help="of the viewers")
    parser.add_argument("--sign-ins", type=int, default=200, help="at most as many as viewers")
    parser.add_argument("--lookers", type=int, default=20, help="viewers during the sign-ins")
    parser.add_argument("--held", type=int, default=200, help="connections of each kind")
    parser.add_argument("--asks", type=int, default=300, help="in a row that nobody reads")
    return parser


if __name__ == "__main__":
    main()
