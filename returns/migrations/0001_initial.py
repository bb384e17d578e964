import django.core.validators
import django.db.models.deletion
import web.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("actions", "0001_initial"),
        ("partners", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Return",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("period_start", models.DateField(verbose_name="first day of the period")),
                ("period_end", models.DateField(verbose_name="last day of the period")),
                ("due_on", models.DateField(verbose_name="due date")),
                (
                    "closes_on",
                    models.DateField(help_text="The last day to submit the return.", verbose_name="last day"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("submitted", "Submitted"),
                            ("returned", "Returned with a question"),
                            ("missed", "Missed"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "training",
                    web.text.LongText(blank=True, max_length=4000, verbose_name="training delivered"),
                ),
                ("attendance", web.text.LongText(blank=True, max_length=2000)),
                ("risks", web.text.LongText(blank=True, max_length=4000)),
                (
                    "escalations",
                    web.text.LongText(blank=True, max_length=4000, verbose_name="escalations to Silver"),
                ),
                ("good_practice", web.text.LongText(blank=True, max_length=4000)),
                ("decisions_sought", web.text.LongText(blank=True, max_length=4000)),
                (
                    "question",
                    web.text.LongText(
                        blank=True, max_length=2000, verbose_name="question about the whole return"
                    ),
                ),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="returns",
                        to="partners.organisation",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="returns", to="actions.plan"
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-period_start", "organisation__name", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ReturnCommentary",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", web.text.LongText(blank=True, max_length=4000)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "mou_area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.mouarea",
                        verbose_name="MOU area",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="commentaries",
                        to="returns.return",
                    ),
                ),
            ],
            options={
                "ordering": ["mou_area__order", "mou_area__name", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ReturnRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("unchanged", models.BooleanField(default=False, verbose_name="no change")),
                (
                    "state",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("draft", "Draft"),
                            ("awaiting_allocation", "Awaiting allocation"),
                            ("not_started", "Not started"),
                            ("in_progress", "In progress"),
                            ("awaiting_assurance", "Awaiting assurance"),
                            ("complete", "Complete"),
                            ("withdrawn", "Withdrawn"),
                            ("superseded", "Superseded"),
                        ],
                        max_length=20,
                        verbose_name="status",
                    ),
                ),
                ("narrative", web.text.LongText(blank=True, max_length=4000, verbose_name="what was done")),
                (
                    "next_steps",
                    web.text.LongText(blank=True, max_length=2000, verbose_name="what happens next"),
                ),
                (
                    "rag",
                    models.CharField(
                        blank=True,
                        choices=[("red", "Red"), ("amber", "Amber"), ("green", "Green")],
                        max_length=10,
                        verbose_name="RAG",
                    ),
                ),
                (
                    "reason",
                    web.text.LongText(blank=True, max_length=2000, verbose_name="reason for red or amber"),
                ),
                ("path_to_green", web.text.LongText(blank=True, max_length=2000)),
                (
                    "percent",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MaxValueValidator(100)],
                        verbose_name="percent done",
                    ),
                ),
                (
                    "question",
                    web.text.LongText(blank=True, max_length=2000, verbose_name="question about this action"),
                ),
                ("saved_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="return_rows",
                        to="actions.action",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rows", to="returns.return"
                    ),
                ),
                (
                    "saved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "update",
                    models.ForeignKey(
                        blank=True,
                        help_text="The progress update made from the row when the return was last submitted.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="return_rows",
                        to="actions.progressupdate",
                    ),
                ),
            ],
            options={
                "ordering": ["action__ref", "pk"],
            },
        ),
        migrations.AddIndex(
            model_name="return",
            index=models.Index(fields=["state", "closes_on"], name="returns_ret_state_315cf9_idx"),
        ),
        migrations.AddConstraint(
            model_name="return",
            constraint=models.UniqueConstraint(
                fields=("plan", "organisation", "period_start"), name="return_once_a_period"
            ),
        ),
        migrations.AddConstraint(
            model_name="return",
            constraint=models.CheckConstraint(
                condition=models.Q(("period_end__gt", models.F("period_start"))), name="return_period_runs"
            ),
        ),
        migrations.AddConstraint(
            model_name="return",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_on__gt", models.F("period_end"))), name="return_due_after_period"
            ),
        ),
        migrations.AddConstraint(
            model_name="return",
            constraint=models.CheckConstraint(
                condition=models.Q(("closes_on__gte", models.F("due_on"))), name="return_closes_after_due"
            ),
        ),
        migrations.AddConstraint(
            model_name="return",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state__in", ["open", "missed"]), ("submitted_at", None), ("submitted_by", None)
                    ),
                    models.Q(
                        ("state__in", ["submitted", "returned"]),
                        ("submitted_at__isnull", False),
                        ("submitted_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="return_submitted_by_someone",
            ),
        ),
        migrations.AddConstraint(
            model_name="returncommentary",
            constraint=models.UniqueConstraint(
                fields=("report", "mou_area"), name="return_commentary_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="returnrow",
            constraint=models.UniqueConstraint(fields=("report", "action"), name="return_row_unique"),
        ),
        migrations.AddConstraint(
            model_name="returnrow",
            constraint=models.CheckConstraint(
                condition=models.Q(("percent", None), ("percent__lte", 100), _connector="OR"),
                name="return_row_percent_range",
            ),
        ),
    ]
