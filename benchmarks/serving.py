"""Servers that a measurement starts on free ports and stops again."""

import os
import socket
import subprocess
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from time import monotonic, sleep

TIMEOUT_SECONDS = 30


@contextmanager
def running_servers(
    servers: Mapping[str, tuple[str, str, str]], workers: int = 1
) -> Generator[dict[str, tuple[int, str]], None, None]:
    """Run servers side by side and return the port and path of each.

    Args:
        servers: by name the application, the settings and the path that is asked for.
        workers: processes of each server, with one thread each.
    """
    processes, addresses = [], {}
    try:
        for name, (application, settings, path) in servers.items():
            port = free_port()
            command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
            command += ["--port", str(port), "--no-ws", "--blocking-threads", "1", "--no-log"]
            command += ["--workers", str(workers), application]
            processes.append(subprocess.Popen(command, env=os.environ | {"DJANGO_SETTINGS_MODULE": settings}))
            addresses[name] = (port, path)
        for port, _ in addresses.values():
            wait_for(port)
        yield addresses
    finally:
        for server in processes:
            server.terminate()
            server.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    until = monotonic() + TIMEOUT_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if monotonic() > until:
                raise
            sleep(0.05)
        else:
            return
