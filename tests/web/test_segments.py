"""An address looked up by its first segment is the one that Django gets to by trying every route."""

import re

from django.urls import URLResolver, get_resolver, resolve

from tests.permissions.routes import routes

VALUES = {
    "int": "7",
    "str": "word",
    "slug": "word",
    "path": "two/words",
    "uuid": "0" * 8 + "-0000-4000-8000-" + "0" * 12,
}


# Routes that are regular expressions are tried for every address.
EXPRESSIONS = [
    "scim/v2/Users",
    "programme/foi/export.csv",
    "programme/channel/referrals/export.xlsx",
    f"calendar/{'x' * 43}.ics",
]


def example(route: str) -> str:
    """Return an address of a route, with a value for each parameter."""
    return re.sub(r"<(?:(\w+):)?\w+>", lambda match: VALUES[match[1] or "str"], route)


def looked_up_by_django(address: str) -> object:
    (site,) = get_resolver().url_patterns
    return URLResolver.resolve(site, address)


def test_every_address_is_the_one_that_django_finds() -> None:
    different = []
    addresses = [example(route.path) for route in routes() if "^" not in route.path]
    for address in addresses + EXPRESSIONS:
        mine, theirs = resolve(f"/{address}"), looked_up_by_django(address)
        for name in ("func", "args", "kwargs", "view_name", "route", "app_names"):
            if getattr(mine, name) != getattr(theirs, name):
                different.append(f"{address} {name}: {getattr(mine, name)}, Django: {getattr(theirs, name)}")
    assert not different, "\n".join(different)
