"""The API's list of a hundred actions, through a real server, against a stock ModelViewSet and a bare WSGI application."""

import http.client
import os
import socket
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from datetime import timedelta
from statistics import median
from time import monotonic, perf_counter, sleep
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from oauth2_provider.models import AccessToken

from actions.models import Action
from audit import clock
from audit.actors import SYSTEM
from benchmarks.stage import Stage
from partners.clients.services.clients import create_client
from partners.models import Area, MouArea
from partners.organisations.services import save_reference

ACTIONS, REQUESTS, ROUNDS = 300, 30, 5
LIST = "/api/v1/actions/?state=in_progress&ordering=ref&page_size=100"
STOCK_LIST = "/api/v1/actions/?state=in_progress&ordering=ref"
SERVERS = {
    "the product": ("prevent_tracker.wsgi:application", "prevent_tracker.settings", LIST),
    "a stock ModelViewSet": ("prevent_tracker.wsgi:application", "benchmarks.servers.settings", STOCK_LIST),
    "bare WSGI and psycopg": ("benchmarks.servers.bare:application", "prevent_tracker.settings", LIST),
}
PATIENCE_SECONDS = 30


def run() -> None:
    """Print the median time of one request to each server, and what share of the others' speed the product has."""
    call_command("migrate", verbosity=0)
    token = prepare()
    # In turns, so that whatever else the machine does meets all three alike.
    with served() as servers:
        times: dict[str, list[float]] = {name: [] for name in servers}
        for _ in range(ROUNDS):
            for name, (port, path) in servers.items():
                times[name] += timed(port, path, token)
    took = {name: median(found) for name, found in times.items()}
    print(
        f"\nList of 100 of {ACTIONS} actions through the API: token checked, scoped to an organisation, filtered"
    )
    for name, seconds in took.items():
        print(f"  {name:<50} {seconds * 1000:9.2f} ms")
    product, stock, bare = took.values()
    print(
        f"  speed against the stock view x {stock / product:.1f}; of the bare application's {bare / product:.0%}"
    )


def prepare() -> str:
    """Fill a partnership with actions of a client's own organisation, and return a token of that client."""
    stage = Stage("Listed", ACTIONS)
    at = clock.now()
    area = save_reference(actor=SYSTEM, row=Area(partnership=stage.partnership, name="North"), at=at)
    mou_area = save_reference(
        actor=SYSTEM, row=MouArea(partnership=stage.partnership, name="Training"), at=at
    )
    Action.objects.filter(partnership=stage.partnership).update(
        state="in_progress", rag="amber", area=area, mou_area=mou_area
    )
    client, _ = create_client(
        actor=SYSTEM, organisation=stage.police, name="Bench", scopes=["actions:read"], at=at
    )
    token = "bench-token-" * 4
    expires = timezone.now() + timedelta(hours=1)
    AccessToken.objects.create(application=client, token=token, expires=expires, scope="actions:read")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as a server in use has done by itself
    return token


@contextmanager
def served() -> Generator[dict[str, tuple[int, str]], None, None]:
    """Start the three servers, each with one worker and one thread, and end them afterwards."""
    running, found = [], {}
    try:
        for name, (application, settings, path) in SERVERS.items():
            port = free_port()
            command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
            command += ["--port", str(port), "--no-ws", "--blocking-threads", "1", "--no-log", application]
            running.append(subprocess.Popen(command, env=os.environ | {"DJANGO_SETTINGS_MODULE": settings}))
            found[name] = (port, path)
        for port, _ in found.values():
            wait_for(port)
        yield found
    finally:
        for server in running:
            server.terminate()
            server.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    until = monotonic() + PATIENCE_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if monotonic() > until:
                raise
            sleep(0.05)
        else:
            return


def timed(port: int, path: str, token: str) -> list[float]:
    """Ask one after the other over one connection, and return how long each answer took, in seconds."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    found = []
    for _ in range(REQUESTS):
        start = perf_counter()
        connection.request("GET", path, headers={"Authorization": f"Bearer {token}"})
        answer: Any = connection.getresponse()
        body = answer.read()
        found.append(perf_counter() - start)
        assert answer.status == 200, (answer.status, body[:300])
    connection.close()
    return found[REQUESTS // 10 :]
