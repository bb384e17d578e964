"""`make bench`: how the record's own work compares with the bare work under it, measured in the same run.

Each line names what was done, its median time, its baseline's, and the ratio of the two. Nothing is asserted: machines
differ, ratios hardly do. The database is a throw-away SQLite file unless BENCH_DATABASE_URL names another, empty one.
"""

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

import django

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
    return 0


if __name__ == "__main__":
    sys.exit(main())
