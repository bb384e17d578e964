"""The list of tests that run on SQLite alone names what is there, and nothing that PostgreSQL must answer."""

import ast

from tests.architecture.source import ROOT
from tests.support.databases import (
    ON_BOTH,
    SQLITE_ALONE,
    VISITS,
    _matches,
    files_of_tests,
    runs_on_sqlite_alone,
)


def functions(file: str) -> set[str]:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_pattern_still_names_a_test() -> None:
    names = [
        *files_of_tests(),
        *(
            f"{file}::{name}"
            for file in files_of_tests()
            if "permissions" in file
            for name in functions(file)
        ),
    ]
    patterns = SQLITE_ALONE | ON_BOTH
    assert [pattern for pattern in patterns if not any(_matches(name, {pattern: ""}) for name in names)] == []


def test_every_exception_is_one() -> None:
    assert [name for name in ON_BOTH if not _matches(name, SQLITE_ALONE)] == []


def test_races_and_differences_between_databases_run_on_both() -> None:
    signs = ("vendor != 'postgresql'", 'vendor != "postgresql"', "Thread(", "ThreadPoolExecutor(")
    wrong = [
        file
        for file in files_of_tests()
        if runs_on_sqlite_alone(file)
        and any(sign in (ROOT / file).read_text(encoding="utf-8") for sign in signs)
        and not file.endswith("/test_databases.py")
    ]
    assert wrong == []


def test_the_visits_to_every_page_run_on_both() -> None:
    assert not runs_on_sqlite_alone(VISITS)
    assert not runs_on_sqlite_alone(VISITS.partition("::")[0])
