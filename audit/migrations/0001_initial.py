import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
from django.db import migrations, models

from audit import triggers


def create(_apps, schema_editor):
    triggers.create(schema_editor.connection)


def drop(_apps, schema_editor):
    triggers.drop(schema_editor.connection)


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Ledger",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, unique=True)),
                (
                    "sequence",
                    models.PositiveBigIntegerField(
                        default=0, help_text="Of the newest entry; 0 while there is none."
                    ),
                ),
                (
                    "digest",
                    models.CharField(
                        default="0000000000000000000000000000000000000000000000000000000000000000",
                        max_length=64,
                    ),
                ),
                ("last_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=django.db.models.lookups.Exact(
                            django.db.models.functions.text.Length("digest"), 64
                        ),
                        name="ledger_digest_is_sha256",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("act", models.UUIDField(help_text="One id for everything that one request changed.")),
                ("sequence", models.PositiveBigIntegerField()),
                ("at", models.DateTimeField()),
                ("actor_type", models.CharField(max_length=10)),
                ("actor_id", models.CharField(blank=True, max_length=64)),
                ("actor_label", models.CharField(max_length=200)),
                ("verb", models.CharField(max_length=64)),
                ("target_type", models.CharField(max_length=64)),
                ("target_id", models.CharField(max_length=64)),
                ("target_label", models.CharField(max_length=200)),
                ("changes", models.JSONField(help_text="{field: [old, new]}")),
                (
                    "state",
                    models.JSONField(
                        help_text="The target after the change; null once it was removed.", null=True
                    ),
                ),
                ("note", models.TextField(blank=True)),
                ("request_id", models.CharField(blank=True, max_length=64)),
                ("previous_digest", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=64)),
                (
                    "ledger",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="audit.ledger"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "entries",
                "ordering": ["ledger", "sequence"],
                "indexes": [
                    models.Index(fields=["target_type", "target_id", "sequence", "at"], name="entry_target"),
                    models.Index(condition=models.Q(("state__isnull", True)), fields=["target_type", "target_id"], name="entry_removed"),
                    models.Index(fields=["ledger", "at"], name="entry_moment"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("ledger", "sequence"), name="entry_sequence_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("sequence__gte", 1)), name="entry_sequence_from_1"
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.Exact(
                            django.db.models.functions.text.Length("digest"), 64
                        ),
                        name="entry_digest_is_sha256",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.Exact(
                            django.db.models.functions.text.Length("previous_digest"), 64
                        ),
                        name="entry_previous_digest_is_sha256",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sequence", models.PositiveBigIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                ("public_key", models.CharField(help_text="Ed25519, base64.", max_length=44)),
                ("signature", models.CharField(help_text="Ed25519, base64.", max_length=88)),
                (
                    "ledger",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checkpoints",
                        to="audit.ledger",
                    ),
                ),
            ],
            options={
                "ordering": ["ledger", "sequence"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("ledger", "sequence", "public_key"), name="checkpoint_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sequence__gte", 1)), name="checkpoint_sequence_from_1"
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.Exact(
                            django.db.models.functions.text.Length("digest"), 64
                        ),
                        name="checkpoint_digest_is_sha256",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Read",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("hour", models.DateTimeField()),
                ("actor_id", models.BigIntegerField()),
                ("actor_label", models.CharField(max_length=200)),
                ("target_type", models.CharField(max_length=64)),
                ("target_id", models.BigIntegerField()),
                ("target_label", models.CharField(max_length=200)),
                ("route", models.CharField(help_text="The name of the page or endpoint.", max_length=100)),
                ("request_id", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "ordering": ["-at", "-pk"],
                "indexes": [models.Index(fields=["at"], name="read_at")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("target_type", "target_id", "actor_id", "route", "hour"),
                        name="read_once_an_hour",
                    )
                ],
            },
        ),
        migrations.RunPython(create, drop),
    ]
