"""`make bench`: how the record's own work compares with the bare work under it, measured in the same run.

Each line names what was done, its median time, its baseline's, and the ratio of the two. Nothing is asserted: machines
differ, ratios hardly do. The database is a throw-away SQLite file unless BENCH_DATABASE_URL names another, empty one.
The API is measured on a throw-away PostgreSQL, because one of the servers beside it speaks nothing else.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

import django

from tests.support.cluster import Cluster, server_programs

RUNS = 7


def prepare(directory: Path) -> None:
    database = os.environ.get("BENCH_DATABASE_URL", f"sqlite:///{directory / 'bench.sqlite3'}")
    os.environ |= {
        "MODE": "test",
        "SECRET_KEY": "not-a-secret-" * 5,
        "DATA_DIR": str(directory),
        "DATABASE_URL": database,
        "LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "prevent_tracker.settings",
    }
    django.setup()


def seconds(work: Callable[[], object], runs: int = RUNS) -> float:
    """Return the median time of some runs, after one that warms up."""
    work()
    times = []
    for _ in range(runs):
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return median(times)


def compare(
    name: str, work: Callable[[], object], baseline_name: str, baseline: Callable[[], object]
) -> None:
    took, bare = seconds(work), seconds(baseline)
    print(f"{name:<52} {took * 1000:9.2f} ms")
    print(f"  against {baseline_name:<42} {bare * 1000:9.2f} ms   x {took / bare:.1f}")


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="bench-") as directory:
        prepare(Path(directory))
        from benchmarks import record  # noqa: PLC0415  Django is set up only now

        record.run(compare)
        return measure_api(Path(directory))


def measure_api(directory: Path) -> int:
    """Measure the API in a process of its own: Django knows one database, and this one had SQLite."""
    programs = server_programs()
    if programs is None:
        print("\nThe API was not measured: there is no PostgreSQL on this machine.")
        return 0
    cluster = Cluster(programs)
    try:
        cluster.start()
        environment = os.environ | {"BENCH_DATABASE_URL": cluster.url("postgres")}
        return subprocess.run(
            [sys.executable, "-m", "benchmarks", "api", str(directory)], env=environment, check=False
        ).returncode
    finally:
        cluster.stop()


def only_api(directory: str) -> int:
    prepare(Path(directory))
    from benchmarks import api  # noqa: PLC0415  Django is set up only now

    api.run()
    return 0


if __name__ == "__main__":
    sys.exit(only_api(sys.argv[2]) if sys.argv[1:2] == ["api"] else main())
