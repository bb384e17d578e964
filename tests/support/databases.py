"""Which tests run on PostgreSQL as well as on SQLite.

Loaded with `-p tests.support.databases`. Every test runs on SQLite. On PostgreSQL runs whatever a database may answer
differently: querysets, services, searches, the ledger, races, migrations, the demonstration, hostile values, and one visit
to every page and every resource for each answer that it gives. Left out there are

- tests without a database;
- tests listed in `SQLITE_ALONE`, unless `ON_BOTH` names them;
- tests of a page, which sign somebody in, unless `ON_BOTH` or `PAGES_ON_BOTH` names them;
- cases between the first and the last of a parametrised test, unless `EVERY_CASE` names it: they send the same statements;
- tests whose statements others send too, which `make statements` lists in sent_by_others.txt, unless `ON_BOTH`, `PAGES_ON_BOTH`,
  `EVERY_CASE` or `WHOLE` names them, or they need several connections.

So a new file needs no entry. A file that the command line names runs whole, on either database.
"""

import os
from collections import defaultdict
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest

from tests.support.harness import DATABASE

ROOT = Path(__file__).resolve().parent.parent.parent
VISITS = "tests/permissions/test_matrix.py::test_every_role_gets_the_answer_of_the_matrix"
ADMIN_VISITS = "tests/permissions/test_admin.py::test_an_administrator_looks_and_changes_nothing"
PAGES = "what a page says about rows; the matrix opens every page on both"
QUERIES = "how many queries are sent, which no database decides"
RESOURCES = "what the API says about rows; test_every_resource.py and the matrix read each resource on both"
# Patterns of files, or of a test in a file, and why SQLite is enough.
SQLITE_ALONE = {
    "tests/architecture/*": "reads the source",
    "tests/standards/*": "pure functions",
    "tests/web/*": "forms, headers, files and tables, without rows of their own",
    "tests/stories/*": "what a browser shows; the services under it run on both",
    "tests/*/test_*_form.py": PAGES,
    "tests/*/test_*_page.py": PAGES,
    "tests/*/test_*_pages.py": PAGES,
    "tests/*/test_forms.py": PAGES,
    "tests/*/test_pages.py": PAGES,
    "tests/*/test_screening*.py": "texts are screened before they reach a database",
    "tests/api/*": RESOURCES,
    "tests/permissions/test_admin.py::*": f"pages of the admin site, which {ADMIN_VISITS} opens on both",
    "tests/permissions/test_doors.py": "compares the matrix with the rules, without rows",
    "tests/permissions/test_headers.py": "headers of answers",
    "tests/permissions/test_scopes.py": "what a token may ask for",
    "tests/*::test_*cost*": QUERIES,
    "tests/*::test_*_queries*": QUERIES,
    "tests/permissions/test_matrix.py::*": f"tokens and sign-in; the visits themselves run on both ({VISITS})",
}
# What these patterns cover and what runs on both all the same.
ON_BOTH = {
    VISITS: "one visit to every page and resource for each method and status",
    ADMIN_VISITS: "one visit to every page of the admin site",
    "tests/architecture/test_database_options.py": "options of either database",
    "tests/architecture/test_migrations.py": "the statements of PostgreSQL",
    "tests/architecture/test_snapshots.py": "what tests restore, with ids of the database",
    "tests/api/test_actions.py": "filters and orders",
    "tests/api/test_bad_input.py": "values that a database refuses",
    "tests/api/test_bulk.py": "several rows in one transaction, or savepoints",
    "tests/api/test_encodings.py": "characters that a database refuses",
    "tests/api/test_etags.py": "locks",
    "tests/api/test_every_resource.py": "one read of every resource",
    "tests/api/test_idempotency.py": "locks and races",
    "tests/api/test_paging.py": "orders, cursors and query plans",
    "tests/api/test_preconditions.py": "locks",
    "tests/api/test_search.py": "full-text search",
    "tests/api/test_secret_races.py": "races",
    "tests/web/test_isolated.py": "threads",
    "tests/web/test_syslog.py": "threads",
}
# Tests that sign somebody in to ask what a database answers.
PAGES_ON_BOTH = {
    "tests/actions/lists/*": "filters, orders and exports of the list of actions",
    "tests/audit/*": "the ledger",
    "tests/desk/search/*": "full-text search",
    "tests/inspections/findings/test_visibility.py": "the list's rule and the row's",
    "tests/partners/ledger/*": "the ledger",
    "tests/reports/asat/*": "the past, from the ledger",
    "tests/reports/compare/*": "the past, from the ledger",
    "tests/service/*": "the service as it is deployed",
    "tests/*races.py": "races",
}
# Parametrised tests whose cases send different statements, or values that a database refuses.
EVERY_CASE = {
    VISITS: "one visit to every page and resource for each method and status",
    ADMIN_VISITS: "one visit to every page of the admin site",
    "tests/actions/lists/*": "filters and orders",
    "tests/api/test_actions.py::test_the_list_is_narrowed_and_ordered": "filters and orders",
    "tests/api/test_bad_input.py::test_a_wrong_value_is_refused_by_name": "values that a database refuses",
    "tests/api/test_encodings.py": "characters that a database refuses",
    "tests/api/test_every_resource.py::test_a_list_has_fields_an_etag_and_csv": "one read of every resource",
    "tests/api/test_paging.py": "orders and cursors",
    "tests/architecture/*": "migrations, and options of either database",
    "tests/audit/test_concurrency.py": "locks",
    "tests/audit/test_entries.py": "triggers",
    "tests/audit/test_tampering.py": "triggers, and rows written behind the product's back",
    "tests/desk/search/*": "full-text search",
    "tests/partners/test_visibility.py": "who sees what in a list",
    "tests/service/*": "the service as it is deployed",
    "tests/*/test_visibility.py": "who sees what in a list",
    "tests/*races.py": "races",
}
# What their statements answer depends on more than their words.
WHOLE = {
    "tests/demo/test_as_at.py": "the past of the demonstration",
    "tests/demo/test_history.py": "the demonstration and a year of its daily jobs",
}
SENT_BY_OTHERS = Path(__file__).with_name("sent_by_others.txt")
SEVERAL_CONNECTIONS = {"transactional_db", "live_server"}
# Without one of these a test reaches no database. What a deployed service does reaches its own.
DATABASE_FIXTURES = {"django_db_setup", "live_server"}
DEPLOYED = "tests/service/*"


def _matches(name: str, patterns: dict[str, str]) -> bool:
    return any(fnmatch(name, pattern) for pattern in patterns)


def _lists(patterns: dict[str, str], name: str) -> bool:
    """Whether the patterns name a test, or the whole file that it is in."""
    return _matches(name, patterns) or _matches(name.partition("::")[0], patterns)


def runs_on_sqlite_alone(name: str) -> bool:
    """Whether a file, or a test as `file::function`, runs on SQLite alone; `name` is relative to the repository."""
    return _matches(name, SQLITE_ALONE) and not _lists(ON_BOTH, name)


def always_runs(name: str) -> bool:
    """Whether PostgreSQL runs a test, as `file::function`, whatever statements others send."""
    return _lists(ON_BOTH | PAGES_ON_BOTH | EVERY_CASE | WHOLE, name)


@cache
def sent_by_others() -> frozenset[str]:
    """Return the tests whose statements others send too, as `file::function`; none while what they send is recorded."""
    if os.environ.get("STATEMENTS"):
        return frozenset()
    lines = SENT_BY_OTHERS.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


@cache
def files_of_tests() -> list[str]:
    return sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests").rglob("test_*.py"))


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    if DATABASE == "sqlite" or collection_path.suffix != ".py" or ROOT not in collection_path.parents:
        return None
    return runs_on_sqlite_alone(str(collection_path.relative_to(ROOT))) or None


def is_left_out(item: pytest.Item) -> bool:
    """Whether PostgreSQL has nothing to say about a test, whatever its case."""
    name = item.nodeid.partition("[")[0]
    file = name.partition("::")[0]
    fixtures = set(getattr(item, "fixturenames", ()))
    if runs_on_sqlite_alone(name) and not runs_on_sqlite_alone(file):
        return True
    listed = _lists(ON_BOTH | PAGES_ON_BOTH, name)
    if "signed_in" in fixtures and not listed:
        return True
    if name in sent_by_others() and not always_runs(name) and not fixtures & SEVERAL_CONNECTIONS:
        return True
    in_database = fixtures & DATABASE_FIXTURES or item.get_closest_marker("django_db")
    return not (in_database or listed or fnmatch(file, DEPLOYED))


def cases_between(items: list[pytest.Item]) -> Iterator[pytest.Item]:
    """Yield all but the first and the last case of each parametrised test that `EVERY_CASE` does not name."""
    cases: defaultdict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        name = item.nodeid.partition("[")[0]
        if hasattr(item, "callspec") and not _lists(EVERY_CASE, name):
            cases[name].append(item)
    for each in cases.values():
        yield from sorted(each, key=lambda item: sorted(item.callspec.indices.items()))[1:-1]  # type: ignore[attr-defined]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out on PostgreSQL what the rules above leave out, unless the command line names files."""
    if DATABASE == "sqlite" or any(".py" in argument for argument in config.args):
        return
    excluded = set(filter(is_left_out, items))
    excluded |= set(cases_between([item for item in items if item not in excluded]))
    if excluded:
        config.hook.pytest_deselected(items=list(excluded))
        items[:] = [item for item in items if item not in excluded]


def pytest_report_header() -> str | None:
    if DATABASE == "sqlite":
        return None
    excluded = sum(map(runs_on_sqlite_alone, files_of_tests()))
    return (
        f"{excluded} of {len(files_of_tests())} test files run on SQLite alone (tests/support/databases.py)"
    )
