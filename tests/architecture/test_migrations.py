"""A migration leaves the version before it working, so that an upgrade needs no pause: it only adds, and removes a release later."""

from typing import Any

import pytest
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import connection, connections, migrations, models
from django.db.migrations.loader import MigrationLoader
from django_migration_linter.sql_analyser import PostgresqlAnalyser, analyse_sql_statements

from tests.architecture.source import ROOT

OURS = {path.parent.parent.name for path in ROOT.glob("*/migrations/0001_initial.py")}
TEXT = models.CharField(max_length=20)
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="only on PostgreSQL are its statements made"
    ),
]


def problems(migration: migrations.Migration, state: Any) -> list[str]:
    """Say what the version before would fail at, or wait for, in the words of django-migration-linter."""
    default = connections["default"]
    outside, default.in_atomic_block = (
        default.in_atomic_block,
        False,
    )  # of the test's own; nothing is run here
    try:
        with default.schema_editor(collect_sql=True, atomic=False) as editor:
            migration.apply(state, editor, collect_sql=True)
    finally:
        default.in_atomic_block = outside
    errors, _, warnings = analyse_sql_statements(PostgresqlAnalyser, editor.collected_sql, [])
    return [issue.message for issue in (*errors, *warnings)]


def test_the_version_before_works_after_every_migration() -> None:
    loader = MigrationLoader(None)
    added = [key for key in loader.graph.nodes if key[0] in OURS and not loader.graph.nodes[key].initial]
    faults = {
        key: problems(loader.graph.nodes[key], loader.project_state(key, at_end=False)) for key in added
    }
    assert {key: words for key, words in faults.items() if words} == {}


@pytest.mark.parametrize(
    ("operation", "problem"),
    [
        (migrations.AddField("plan", "added", models.CharField(max_length=9, null=True)), ""),
        (migrations.AddField("plan", "added", models.CharField(max_length=9, db_default="")), ""),
        (migrations.CreateModel("Added", [("id", models.BigAutoField(primary_key=True))]), ""),
        (AddIndexConcurrently("plan", models.Index(fields=["title"], name="added")), ""),
        (migrations.AddField("plan", "added", models.CharField(max_length=9, default="")), "NOT NULL"),
        (migrations.RemoveField("plan", "title"), "DROPPING columns"),
        (migrations.RenameField("plan", "title", "name"), "RENAMING columns"),
        (migrations.AlterField("plan", "title", TEXT), "ALTERING columns"),
        (migrations.DeleteModel("plan"), "DROPPING table"),
        (migrations.RenameModel("plan", "programme"), "RENAMING tables"),
        (migrations.AddIndex("plan", models.Index(fields=["title"], name="added")), "CREATE INDEX locks"),
    ],
    ids=lambda value: value.describe() if isinstance(value, migrations.operations.base.Operation) else "",
)
def test_a_migration_that_stops_the_version_before_is_found(operation: Any, problem: str) -> None:
    migration = migrations.Migration("0002_made_up", "actions")
    migration.operations, migration.atomic = [operation], not isinstance(operation, AddIndexConcurrently)
    words = problems(migration, MigrationLoader(None).project_state())
    assert bool(words) == bool(problem)
    assert problem in " ".join(words)
