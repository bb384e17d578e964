"""The web service: `python -m prevent_tracker.serve`, which is how the image and the units of systemd start it.

Settings are checked before the port is opened, and Granian's own lines follow LOG_FORMAT.
"""

import os
import subprocess
import sys
from argparse import ArgumentDefaultsHelpFormatter, ArgumentParser
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from importlib import import_module

from granian import Granian
from granian.constants import Interfaces
from granian.http import HTTP1Settings

from prevent_tracker.start_up import plain_refusals


def parse(arguments: Sequence[str] | None = None) -> dict[str, int | str | bool]:
    """Return the options of the command line."""
    parser = ArgumentParser("prevent_tracker.serve", formatter_class=ArgumentDefaultsHelpFormatter)
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen at")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=2, help="processes; one that dies is replaced")
    parser.add_argument("--threads", type=int, default=4, help="requests that each process answers at once")
    parser.add_argument(
        "--header-seconds", type=int, default=10, help="how long a visitor may take to send headers"
    )
    parser.add_argument("--stop-seconds", type=int, default=30, help="how long requests may take to end")
    parser.add_argument(
        "--with-worker",
        action="store_true",
        help="run queued jobs beside it; a deployment has a service of its own for them",
    )
    return vars(parser.parse_args(arguments))


@contextmanager
def worker(stop_seconds: int) -> Iterator[None]:
    """Run queued jobs in a process of their own, until the service ends."""
    command = [sys.executable, "-m", "django", "run_worker", "--no-startup-delay"]
    process = subprocess.Popen(command)  # noqa: S603  this program, with no text of others
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(stop_seconds)
        except subprocess.TimeoutExpired:
            process.kill()


def main(
    *,
    host: str,
    port: int,
    workers: int,
    threads: int,
    header_seconds: int,
    stop_seconds: int,
    with_worker: bool,
) -> None:
    """Serve until stopped by a signal."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prevent_tracker.settings")
    with plain_refusals():
        settings = import_module("prevent_tracker.settings")
    server = Granian(
        "prevent_tracker.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        websockets=False,
        http1_settings=HTTP1Settings(header_read_timeout=header_seconds * 1000),
        log_dictconfig=settings.LOGGING,
        respawn_failed_workers=True,
        respawn_interval=0.1,
        workers_kill_timeout=stop_seconds,
    )
    with worker(stop_seconds) if with_worker else nullcontext():
        server.serve()


if __name__ == "__main__":
    main(**parse())  # type: ignore[arg-type]
