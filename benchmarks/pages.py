"""Pages a second of the action list from two workers, beside a stock ListView with the same rows."""

import http.client
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

from django.conf import settings

from benchmarks.serving import TIMEOUT_SECONDS, running_servers
from benchmarks.stage import Stage

ACTIONS, WORKERS, READERS, PAGES, ROUNDS = 300, 2, 4, 40, 3
SERVERS = {
    "the product's list of actions": (
        "prevent_tracker.wsgi:application",
        "prevent_tracker.settings",
        "/actions/",
    ),
    "a stock ListView": ("prevent_tracker.wsgi:application", "benchmarks.servers.settings", "/actions/"),
}


def run() -> None:
    stage = Stage("Pages", ACTIONS)
    session = stage.client.cookies[settings.SESSION_COOKIE_NAME].OutputString(attrs=[])
    # In turns, so that other work on the machine affects both alike.
    with running_servers(SERVERS, WORKERS) as servers:
        best = dict.fromkeys(servers, 0.0)
        for _ in range(ROUNDS):
            for name, (port, path) in servers.items():
                best[name] = max(best[name], pages_a_second(port, path, session))
    print(f"\nPages with 25 of {ACTIONS} actions, {WORKERS} workers, {READERS} readers at once")
    for name, speed in best.items():
        print(f"  {name:<50} {speed:9.1f} a second")
    product, stock = best.values()
    print(f"  speed: {product / stock:.0%} of the stock view")


def pages_a_second(port: int, path: str, session: str) -> float:
    with ThreadPoolExecutor(READERS) as readers:
        start = perf_counter()
        list(readers.map(lambda _: read(port, path, session), range(READERS)))
        return READERS * PAGES / (perf_counter() - start)


def read(port: int, path: str, session: str) -> None:
    connection = http.client.HTTPConnection("localhost", port, timeout=TIMEOUT_SECONDS)
    for _ in range(PAGES):
        connection.request("GET", path, headers={"Cookie": session})
        answer = connection.getresponse()
        body = answer.read()
        assert answer.status == 200, (answer.status, body[:300])
    connection.close()
