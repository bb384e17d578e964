"""Processor time of each page of the demonstration, for one person of each role, beside an almost empty page.

A page is every address that its reader reaches by links of the service, one for each kind of address.
"""

import re
from collections.abc import Iterator
from html import unescape
from io import StringIO
from statistics import median
from time import process_time

from django.core.management import call_command
from django.test import Client
from django.urls import Resolver404, resolve, reverse

from audit import clock
from demo.loading import ADMIN, accounts
from partners.models import User
from partners.policies import rights_of

RUNS, SHOWN, LIMIT_MS = 5, 12, 30
LINK = re.compile(r'<a\b[^>]* href="(/[^"?#]*)')
# The admin site, files, and what ends the session.
SKIPPED = re.compile(r"^/(admin|static|accounts/logout)")


def run() -> None:
    call_command("migrate", verbosity=0)
    call_command("load_demo", without_sandbox=True, stdout=StringIO())
    figures: list[tuple[float, float, str]] = []
    for user in readers():
        client = Client(headers={"host": "localhost"})
        client.force_login(user)
        for path in pages_of(client):
            # Measured beside each page, since what else the machine does changes by the second.
            empty = milliseconds(client, reverse("web:cookies"))
            figure = milliseconds(client, path)
            figures.append((figure / empty, figure, f"{path} for {user.email}"))
    figures.sort(reverse=True)
    over = sum(figure > LIMIT_MS for _, figure, _ in figures)
    print(f"\nProcessor time of {len(figures)} pages of the demonstration, beside an almost empty page")
    print(f"  {f'pages over {LIMIT_MS} ms':<50} {over:9}")
    _print(median(ratio for ratio, _, _ in figures), median(figure for _, figure, _ in figures), "the median")
    for line in figures[:SHOWN]:
        _print(*line)


def _print(ratio: float, figure: float, name: str) -> None:
    print(f"  {name:<50} {figure:9.2f} ms   x {ratio:.1f}")


def readers() -> list[User]:
    """Return one person for each set of roles that an account of the demonstration has, and the administrator."""
    by_roles: dict[tuple[bool, frozenset[str]], User] = {}
    for email in [*(account["email"] for account in accounts()), ADMIN]:
        user = User.objects.get_by_natural_key(email)
        roles = frozenset(grant.role for grant in rights_of(user, clock.today()).grants)
        by_roles.setdefault((user.is_staff, roles), user)
    return list(by_roles.values())


def milliseconds(client: Client, path: str) -> float:
    """Return the shortest processor time of some visits, after one to warm up: the rest is what else the machine does."""
    client.get(path)
    times = []
    for _ in range(RUNS):
        start = process_time()
        client.get(path)
        times.append(process_time() - start)
    return min(times) * 1000


def pages_of(client: Client) -> Iterator[str]:
    """Yield the first address of each kind that links lead to from the first page."""
    waiting, seen, routes = ["/"], {"/"}, set[str]()
    while waiting:
        path = waiting.pop(0)
        try:
            route = resolve(path).view_name
        except Resolver404:
            continue
        if route in routes:
            continue
        answer = client.get(path)
        if answer.status_code != 200 or not answer.headers["Content-Type"].startswith("text/html"):
            continue
        routes.add(route)
        yield path
        links = [unescape(link) for link in LINK.findall(answer.text)]
        new = [link for link in dict.fromkeys(links) if link not in seen and not SKIPPED.match(link)]
        seen.update(new)
        waiting += new
