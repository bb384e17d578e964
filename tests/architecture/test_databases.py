"""The list of tests that run on SQLite alone names what is there, and nothing that PostgreSQL must answer."""

import ast
from types import SimpleNamespace
from typing import Any

import pytest

from tests.architecture.source import ROOT
from tests.support.databases import (
    ADMIN_VISITS,
    EVERY_CASE,
    ON_BOTH,
    PAGES_ON_BOTH,
    SQLITE_ALONE,
    VISITS,
    WHOLE,
    _matches,
    cases_between,
    files_of_tests,
    is_left_out,
    runs_on_sqlite_alone,
    sent_by_others,
)
from tests.support.statements import sent_by_others as left_out_of
from tests.support.statements import shape


def functions(file: str) -> set[str]:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_pattern_still_names_a_test() -> None:
    names = [
        *files_of_tests(),
        *(
            f"{file}::{name}"
            for file in files_of_tests()
            if "permissions" in file or "api" in file
            for name in functions(file)
        ),
    ]
    patterns = SQLITE_ALONE | ON_BOTH | PAGES_ON_BOTH | EVERY_CASE | WHOLE
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
    assert not runs_on_sqlite_alone(ADMIN_VISITS)


def item(nodeid: str, *fixtures: str, **indices: int) -> Any:
    """A collected test, as far as the rules read it."""
    collected = SimpleNamespace(nodeid=nodeid, fixturenames=fixtures, get_closest_marker=lambda name: None)
    if indices:
        collected.callspec = SimpleNamespace(indices=indices)
    return collected


@pytest.mark.parametrize(
    ("nodeid", "fixtures", "left_out"),
    [
        ("tests/actions/closing/test_closing.py::test_x", ("django_db_setup", "db"), False),
        ("tests/actions/closing/test_closing.py::test_x[a]", ("django_db_setup", "signed_in"), True),
        ("tests/actions/closing/test_closing.py::test_x", (), True),
        ("tests/actions/lists/test_exports.py::test_x", ("django_db_setup", "signed_in"), False),
        ("tests/actions/core/test_races.py::test_x", ("django_db_setup", "signed_in"), False),
        ("tests/api/test_etags.py::test_x", ("django_db_setup", "signed_in"), False),
        ("tests/service/test_probes.py::test_x", (), False),
        (f"{VISITS}[desk:my-work]", ("django_db_setup",), False),
        (f"{ADMIN_VISITS}[actions.plan]", ("django_db_setup",), False),
        ("tests/permissions/test_admin.py::test_x", ("django_db_setup",), True),
    ],
)
def test_postgresql_leaves_out_pages_and_what_asks_no_database(
    nodeid: str, fixtures: tuple[str, ...], left_out: bool
) -> None:
    assert is_left_out(item(nodeid, *fixtures)) == left_out


def test_postgresql_runs_the_first_and_the_last_case_in_whatever_order_they_come() -> None:
    name = "tests/actions/closing/test_closing.py::test_x"
    cases = [item(f"{name}[{case}]", case=case) for case in (3, 0, 10, 2)]
    assert [each.callspec.indices["case"] for each in cases_between(cases)] == [2, 3]
    assert list(cases_between([item(name), *cases[:2]])) == []


def test_postgresql_runs_every_case_that_asks_another_question() -> None:
    for name in (
        VISITS,
        "tests/actions/lists/test_quick_filters.py::test_x",
        "tests/desk/search/test_search.py::test_x",
    ):
        assert list(cases_between([item(f"{name}[{case}]", case=case) for case in range(5)])) == []


def test_every_test_whose_statements_others_send_is_there() -> None:
    listed = sorted(sent_by_others())
    there = {
        f"{file}::{name}" for file in {name.partition("::")[0] for name in listed} for name in functions(file)
    }
    assert len(listed) > 500
    assert [name for name in listed if name not in there] == [], "Remove them, or run `make statements`."


def test_a_test_whose_statements_others_send_is_left_out_unless_it_needs_several_connections() -> None:
    listed = min(sent_by_others())
    assert is_left_out(item(listed, "django_db_setup", "db"))
    assert is_left_out(item(f"{listed}[a]", "django_db_setup", "db"))
    assert not is_left_out(item(listed, "django_db_setup", "transactional_db"))
    assert not is_left_out(item(f"{listed}_anew", "django_db_setup", "db"))


def test_every_statement_is_still_sent_and_the_quicker_test_sends_it() -> None:
    sent = {"slow": {"a", "b"}, "quick": {"a", "b"}, "same": {"a"}, "own": {"c"}, "must": {"d"}}
    seconds = {"slow": 9.0, "quick": 1.0, "same": 1.0}
    assert left_out_of(sent, seconds, ["must"]) == ["same", "slow"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('SAVEPOINT "s1_x2"', 'SAVEPOINT "s3_x14"'),
        ("SELECT a FROM t WHERE id IN (%s, %s)", "SELECT a FROM t WHERE id IN (%s)"),
        ("INSERT INTO t (a) VALUES (%s, %s), (%s, %s)", "INSERT INTO t (a) VALUES (%s, %s)"),
        ("SELECT a FROM t LIMIT 21", "SELECT a FROM t LIMIT 1"),
        ("SELECT 'x' AS a", "SELECT 'other' AS a"),
    ],
)
def test_values_do_not_tell_statements_apart(one: str, other: str) -> None:
    assert shape(one) == shape(other)


def test_columns_and_conditions_tell_statements_apart() -> None:
    statements = ["SELECT a FROM t", "SELECT b FROM t", "SELECT a FROM t1", "SELECT a FROM t WHERE a = %s"]
    assert len(set(map(shape, statements))) == 4
