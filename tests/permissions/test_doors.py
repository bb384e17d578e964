"""Everything a person of an organisation may do, a client may do: page by page, from the matrix and the API's description."""

import re
from collections.abc import Iterator
from typing import Any

from django.urls import resolve

from tests.permissions.doors import CHANGES, EXCUSED, OFFICE, ONLY_ON_PAGES, READS, read
from tests.permissions.matrix import MATRIX
from tests.permissions.routes import routes
from web.openapi import description

PARTNERS = {"wakefield_contact", "supporter", "bradford_spoc", "leeds_spoc"}
STAFF = {"manager", "gold", "auditor", "opcc_officer"}
# The form is shown, or refused for what was not in it: whoever gets these is let through.
LET_IN = {200, 302, 409, 422}
# An address that only takes a form leads a GET on, and tells nothing itself.
SHOWN = LET_IN - {302}
REFUSED = {403, 404}
SENT = {"POST", "PATCH"}
ROUTES = {route.key: route for route in routes() if not route.is_admin}
PAGES = {key for key, route in ROUTES.items() if not route.path.startswith(("api/", "oauth/", "scim/"))}


def open_to(roles: set[str], method: str) -> set[str]:
    let_in = SHOWN if method == "GET" else LET_IN
    return {
        key
        for key in PAGES
        if any(cell.role in roles and cell.method == method and cell.status in let_in for cell in MATRIX[key])
    }


def open_to_partners(method: str) -> set[str]:
    return open_to(PARTNERS, method)


def operations() -> dict[str, tuple[str, Any]]:
    return {
        operation["operationId"]: (method.upper(), operation)
        for methods in description()["paths"].values()
        for method, operation in methods.items()
    }


def test_each_form_of_a_partner_has_an_operation_to_write() -> None:
    there, known = open_to_partners("POST"), read(CHANGES)
    assert sorted(there - known.keys() - EXCUSED.keys()) == [], "pages without an operation or an excuse"
    assert sorted(known.keys() - there) == [], "lines of pages that no partner sends anything to"


def test_each_page_of_a_partner_has_an_operation_to_read() -> None:
    # A form's own page tells what is told elsewhere; what it is about stands in READS where it tells more.
    there = open_to_partners("GET") - open_to_partners("POST")
    known = read(READS)
    assert sorted(there - known.keys() - EXCUSED.keys()) == [], "pages without an operation or an excuse"
    assert sorted(known.keys() - open_to_partners("GET")) == [], "lines of pages that no partner reads"


def test_each_form_of_a_manager_board_or_auditor_has_an_operation_or_a_reason() -> None:
    there, known = open_to(STAFF, "POST"), read(OFFICE)
    spoken_of = known.keys() | read(CHANGES).keys() | EXCUSED.keys() | ONLY_ON_PAGES.keys()
    assert sorted(there - spoken_of) == [], "pages without an operation or a word that they are the only door"
    assert sorted((known.keys() | ONLY_ON_PAGES.keys()) - there) == [], (
        "lines of pages that they send nothing to"
    )
    assert known.keys().isdisjoint(ONLY_ON_PAGES)
    assert (known.keys() | ONLY_ON_PAGES.keys()).isdisjoint(open_to_partners("POST"))


def test_the_operations_are_there_and_do_what_they_are_named_for() -> None:
    known = operations()
    for table, methods in ((CHANGES, SENT), (OFFICE, SENT), (READS, {"GET"})):
        for page, names in read(table).items():
            assert {known[name][0] for name in names if name in known} <= methods, page
            assert sorted(names - known.keys()) == [], f"{page}: not an operation of the API"


def test_no_excuse_is_left_over() -> None:
    assert sorted(EXCUSED.keys() - open_to_partners("GET") - open_to_partners("POST")) == []
    assert sorted(EXCUSED.keys() & (read(CHANGES).keys() | read(READS).keys())) == []


def statuses(key: str, method: str, roles: set[str]) -> dict[str, int]:
    return {cell.role: cell.status for cell in MATRIX[key] if cell.role in roles and cell.method == method}


def about_one(key: str) -> bool:
    """Say whether an address names a row: what lists or changes many lets everybody in, whoever sees how few."""
    return bool(ROUTES[key].parameters)


def pairs(table: str, method: str, roles: set[str]) -> Iterator[tuple[str, str, int, int]]:
    """Yield page and operation, and what each answers one of the people; only where both name a row, or neither."""
    known = {
        operation["operationId"]: (resolve(re.sub(r"\{\w+\}", "1", path)).view_name, way.upper())
        for path, methods in description()["paths"].items()
        for way, operation in methods.items()
    }
    for page, names in read(table).items():
        for name in names:
            key, way = known[name]
            if about_one(page) == about_one(key):
                status_of = statuses(key, way, roles)
                for role, status in statuses(page, method, roles).items():
                    yield page, f"{name} as {role}", status, status_of[role]


def test_page_and_api_admit_the_same_roles() -> None:
    for page, name, on_page, at_api in pairs(CHANGES, "POST", PARTNERS):
        assert (on_page in LET_IN) == (at_api not in REFUSED), (page, name, on_page, at_api)


def test_readers_of_a_page_read_the_same_by_api() -> None:
    for page, name, on_page, at_api in pairs(READS, "GET", PARTNERS):
        assert on_page not in LET_IN or at_api not in REFUSED, (page, name, on_page, at_api)


def test_the_office_reads_by_api_what_it_reads_on_pages() -> None:
    for page, name, on_page, at_api in pairs(OFFICE, "POST", STAFF):
        # The step in play at the API was taken to a partner; at the page, to the office.
        if page not in ("desk:answer-escalation", "desk:panel-escalation"):
            assert on_page not in LET_IN or at_api not in REFUSED, (page, name, on_page, at_api)
