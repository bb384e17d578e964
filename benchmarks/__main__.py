"""`make bench`: compare the product's speed with simpler code, measured in the same run.

Each line names the work, its median time, that of a baseline, and the ratio. Nothing is asserted: machines differ, ratios
hardly do. The database is a temporary SQLite file unless BENCH_DATABASE_URL names another, empty one. The API and
the list's pages are measured on a temporary PostgreSQL: several processes share it, as in a service. The pages of the
demonstration have a SQLite file of their own.
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
    """Return the median time of `runs` runs in seconds, after one to warm up."""
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
    product_time, baseline_time = seconds(work), seconds(baseline)
    print(f"{name:<52} {product_time * 1000:9.2f} ms")
    ratio = product_time / baseline_time
    print(f"  compared with {baseline_name:<36} {baseline_time * 1000:9.2f} ms   x {ratio:.1f}")


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="bench-") as directory:
        prepare(Path(directory))
        from benchmarks import meetings, past, record  # noqa: PLC0415  Django must be set up first

        record.run(compare)
        past.run(compare)
        meetings.run(compare)
        measure_demonstration(Path(directory))
        return measure_api(Path(directory))


def measure_demonstration(directory: Path) -> None:
    """Measure the demonstration's pages in another process: it needs an empty database, and a day of its own."""
    environment = os.environ | {
        "BENCH_DATABASE_URL": f"sqlite:///{directory / 'demonstration.sqlite3'}",
        "DEMO_DATE": "2020-06-19",
        "PUBLICATIONS": "on",
    }
    subprocess.run(
        [sys.executable, "-m", "benchmarks", "demonstration", str(directory)], env=environment, check=True
    )


def measure_api(directory: Path) -> int:
    """Measure the API in another process: Django uses one database, and this process has SQLite."""
    programs = server_programs()
    if programs is None:
        print("\nThe API was not measured: this machine has no PostgreSQL.")
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


def only(part: str, directory: str) -> int:
    """Measure one part in this process."""
    prepare(Path(directory))
    if part == "demonstration":
        from benchmarks import demonstration  # noqa: PLC0415  Django must be set up first

        demonstration.run()
    else:
        from benchmarks import api, pages  # noqa: PLC0415  Django must be set up first

        api.run()
        pages.run()
    return 0


if __name__ == "__main__":
    sys.exit(only(*sys.argv[1:]) if sys.argv[1:] else main())
