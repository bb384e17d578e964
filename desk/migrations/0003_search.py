from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import migrations, models

# As desk/services/search/postgresql.py asks for them: an index serves only the very expression it was made of.
INDEXES = [
    (
        ("actions", "Action"),
        GinIndex(
            SearchVector("ref", "title", config="english", weight="A")
            + SearchVector("description", "success_measure", config="english", weight="B"),
            name="action_search",
        ),
    ),
    (
        ("actions", "ProgressUpdate"),
        GinIndex(
            SearchVector("narrative", "next_steps", "reason", "path_to_green", config="english", weight="B"),
            name="progressupdate_search",
        ),
    ),
    (
        ("desk", "SearchWord"),
        GinIndex(fields=["word"], opclasses=["gin_trgm_ops"], name="searchword_alike"),
    ),
]


def create(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    for model, index in INDEXES:
        schema_editor.add_index(apps.get_model(*model), index)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for model, index in INDEXES:
        schema_editor.remove_index(apps.get_model(*model), index)


class Migration(migrations.Migration):
    dependencies = [
        ("actions", "0005_update_requests"),
        ("desk", "0002_notices"),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("word", models.CharField(max_length=40, primary_key=True, serialize=False)),
            ],
        ),
        migrations.RunPython(create, drop),
    ]
