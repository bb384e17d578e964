"""Which tests run on PostgreSQL as well as on SQLite.

Loaded with `-p tests.support.databases`. Every test runs on SQLite. On PostgreSQL runs whatever a database may answer
differently: querysets, services, searches, the ledger, races, migrations, the demonstration, hostile values, and one visit
to every page and every resource for each answer that it gives. The tests listed here ask about something else, and are left out there. A
test that is not listed runs on both, so a new file needs no entry. A file that is listed runs there when the command line names it.
"""

from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest

from tests.support.harness import DATABASE

ROOT = Path(__file__).resolve().parent.parent.parent
VISITS = "tests/permissions/test_matrix.py::test_every_role_gets_the_answer_of_the_matrix"
PAGES = "what a page says about rows; the matrix opens every page on both"
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
    "tests/permissions/test_doors.py": "compares the matrix with the rules, without rows",
    "tests/permissions/test_headers.py": "headers of answers",
    "tests/permissions/test_scopes.py": "what a token may ask for",
    "tests/permissions/test_matrix.py::*": f"tokens and sign-in; the visits themselves run on both ({VISITS})",
}
# What these patterns cover and what runs on both all the same.
ON_BOTH = {
    VISITS: "one visit to every page and resource for each method and status",
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
}


def _matches(name: str, patterns: dict[str, str]) -> bool:
    return any(fnmatch(name, pattern) for pattern in patterns)


def runs_on_sqlite_alone(name: str) -> bool:
    """Whether a file, or a test as `file::function`, runs on SQLite alone; `name` is relative to the repository."""
    file = name.partition("::")[0]
    return _matches(name, SQLITE_ALONE) and not _matches(name, ON_BOTH) and not _matches(file, ON_BOTH)


@cache
def files_of_tests() -> list[str]:
    return sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests").rglob("test_*.py"))


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    if DATABASE == "sqlite" or collection_path.suffix != ".py" or ROOT not in collection_path.parents:
        return None
    return runs_on_sqlite_alone(str(collection_path.relative_to(ROOT))) or None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the listed tests of files that run on both."""
    if DATABASE == "sqlite":
        return
    excluded = [
        item
        for item in items
        if not runs_on_sqlite_alone(item.nodeid.partition("::")[0])
        and runs_on_sqlite_alone(item.nodeid.partition("[")[0])
    ]
    if excluded:
        config.hook.pytest_deselected(items=excluded)
        items[:] = [item for item in items if item not in set(excluded)]


def pytest_report_header() -> str | None:
    if DATABASE == "sqlite":
        return None
    excluded = sum(map(runs_on_sqlite_alone, files_of_tests()))
    return (
        f"{excluded} of {len(files_of_tests())} test files run on SQLite alone (tests/support/databases.py)"
    )
