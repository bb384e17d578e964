"""Compare the API's list of 100 actions with a stock ModelViewSet and a bare WSGI application, through a real server."""

import http.client
from datetime import timedelta
from statistics import median
from time import perf_counter
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from oauth2_provider.models import AccessToken

from actions.models import Action
from audit import clock
from audit.actors import SYSTEM
from benchmarks.serving import TIMEOUT_SECONDS, running_servers
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


def run() -> None:
    """Print each server's median time for a request, and the product's speed compared with the others."""
    call_command("migrate", verbosity=0)
    token = prepare()
    # In turns, so that other work on the machine affects all three alike.
    with running_servers(SERVERS) as servers:
        times: dict[str, list[float]] = {name: [] for name in servers}
        for _ in range(ROUNDS):
            for name, (port, path) in servers.items():
                times[name] += measure(port, path, token)
    medians = {name: median(samples) for name, samples in times.items()}
    print(f"\nList of 100 of {ACTIONS} actions through the API, with a token of one organisation, filtered")
    for name, seconds in medians.items():
        print(f"  {name:<50} {seconds * 1000:9.2f} ms")
    product, stock, bare = medians.values()
    print(f"  speed: {stock / product:.1f} x the stock view, {bare / product:.0%} of the bare application")


def prepare() -> str:
    """Create actions led by a client's organisation, and return a token of that client."""
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
        cursor.execute("ANALYZE")  # On a server in use PostgreSQL does this automatically
    return token


def measure(port: int, path: str, token: str) -> list[float]:
    """Send requests one after the other over one connection, and return the time of each in seconds."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
    times = []
    for _ in range(REQUESTS):
        start = perf_counter()
        connection.request("GET", path, headers={"Authorization": f"Bearer {token}"})
        answer: Any = connection.getresponse()
        body = answer.read()
        times.append(perf_counter() - start)
        assert answer.status == 200, (answer.status, body[:300])
    connection.close()
    return times[REQUESTS // 10 :]
