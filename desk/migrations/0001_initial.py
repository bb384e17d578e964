import django.core.validators
import django.db.models.deletion
import web.text
from django.conf import settings
from django.db import migrations, models
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db.models import F, Func, Value

from standards.characters import TYPED, TYPOGRAPHIC

# The records around the plan: the columns whose words rank first, and the others.
RECORDS = {
    "FundingRound": (("programme", "funder", "year"), ("source", "note")),
    "GrantFund": (("name", "purpose"), ("funder_identifier", "source", "note")),
    "GrantLimit": ((), ("source", "note")),
    "Grant": (("identifier", "title", "recipient"), ("description", "recipient_identifier", "purpose", "conditions", "reasons", "source", "note")),
    "StatedTotal": ((), ("source", "note")),
    "TrainingEvent": (("title",), ("place", "contributors", "source", "note")),
    "Attendance": (("audience",), ("source", "note")),
    "TrainingProgramme": (("name", "audience", "provider"), ("source", "note")),
    "Completion": ((), ("source", "note")),
    "ChampionsCount": ((), ("source", "note")),
    "LocalProfile": (("title",), ("document_marking", "source", "note")),
    "PanelMonth": ((), ("reason", "checked_by", "source", "note")),
    "Framework": (("name", "edition", "publisher"), ("printed_marking", "source", "note")),
    "FrameworkItem": (("code", "text"), ("source", "note")),
    "Grade": (("name",), ("source", "note")),
    "Measure": (("name", "unit"), ("source", "note")),
    "Reading": ((), ("evidence", "source", "note")),
    "ActionMapping": ((), ("source", "note")),
    "Term": (("name", "meaning"), ("source", "note")),
    "Memorandum": (("title", "edition"), ("source", "note")),
}


def typed(name):
    return Func(F(name), Value(TYPOGRAPHIC), Value(TYPED), function="translate", output_field=models.TextField())


def vector_of(*names, weight):
    return SearchVector(*map(typed, names), config="plain_english", weight=weight)


def record_index(model, headings, texts):
    vector = vector_of(*texts, weight="B")
    if headings:
        vector = vector_of(*headings, weight="A") + vector
    return ("programme", model), GinIndex(vector, name=f"{model.lower()}_search")


# As desk/search/services/postgresql.py asks for them: an index serves only the very expression it was made of.
INDEXES = [
    (
        ("actions", "Action"),
        GinIndex(
            vector_of("ref", "title", weight="A")
            + vector_of("description", "success_measure", weight="B"),
            name="action_search",
        ),
    ),
    (
        ("actions", "ProgressUpdate"),
        GinIndex(
            vector_of("narrative", "next_steps", "reason", "path_to_green", weight="B"),
            name="progressupdate_search",
        ),
    ),
    (
        ("actions", "Question"),
        GinIndex(
            vector_of("text", "answer", weight="B"),
            name="question_search",
        ),
    ),
    (
        ("meetings", "AgendaItem"),
        GinIndex(
            vector_of("title", weight="A")
            + vector_of("presenter", "paper", "private_reason", weight="B"),
            name="agendaitem_search",
        ),
    ),
    (
        ("meetings", "Minute"),
        GinIndex(
            vector_of("reference", weight="A")
            + vector_of("text", weight="B"),
            name="minute_search",
        ),
    ),
    (
        ("meetings", "Decision"),
        GinIndex(
            vector_of("subject_ref", weight="A")
            + vector_of("wording", "conditions", weight="B"),
            name="decision_search",
        ),
    ),
    *(record_index(model, *columns) for model, columns in RECORDS.items()),
    (
        ("desk", "SearchWord"),
        GinIndex(fields=["word"], opclasses=["gin_trgm_ops"], name="searchword_alike"),
    ),
]


def create(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for extension in ("pg_trgm", "unaccent"):
        schema_editor.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    schema_editor.execute("CREATE TEXT SEARCH CONFIGURATION plain_english (COPY = pg_catalog.english)")
    schema_editor.execute(
        "ALTER TEXT SEARCH CONFIGURATION plain_english"
        " ALTER MAPPING FOR word, hword, hword_part WITH unaccent, english_stem"
    )
    for model, index in INDEXES:
        schema_editor.add_index(apps.get_model(*model), index)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for model, index in INDEXES:
        schema_editor.remove_index(apps.get_model(*model), index)
    schema_editor.execute("DROP TEXT SEARCH CONFIGURATION plain_english")


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("actions", "0001_initial"),
        ("inspections", "0001_initial"),
        ("meetings", "0001_initial"),
        ("partners", "0001_initial"),
        ("programme", "0001_initial"),
        ("returns", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("word", models.CharField(max_length=40, primary_key=True, serialize=False)),
            ],
        ),
        migrations.CreateModel(
            name="Digest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("sending", "Being sent"),
                            ("sent", "Sent"),
                            ("refused", "Not sent"),
                            ("unknown", "May not have arrived"),
                        ],
                        default="sending",
                        max_length=10,
                    ),
                ),
                ("subject", models.CharField(max_length=150)),
                ("attempts", models.PositiveSmallIntegerField(default=1)),
                ("sending_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="digests",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-day", "user"],
            },
        ),
        migrations.CreateModel(
            name="DigestLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("order", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("reminder", "Coming up"),
                            ("escalation", "Escalated to you"),
                            ("chaser", "Reminders from the programme manager"),
                            ("answer", "Answers to your questions"),
                            ("news", "Changes in views you watch"),
                            ("wanted", "Your tasks"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "key",
                    models.CharField(help_text="Identifies what the line is about.", max_length=120),
                ),
                ("by", models.DateField(blank=True, null=True)),
                (
                    "ahead",
                    models.PositiveSmallIntegerField(
                        blank=True, help_text="For a reminder: how many days before the due date.", null=True
                    ),
                ),
                ("heading", models.CharField(blank=True, max_length=200)),
                ("title", models.CharField(max_length=400)),
                ("reason", models.CharField(blank=True, max_length=600)),
                ("path", models.CharField(max_length=300)),
                (
                    "again",
                    models.BooleanField(
                        default=False, help_text="It may have been in an earlier email that may be lost."
                    ),
                ),
                (
                    "digest",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="desk.digest"
                    ),
                ),
            ],
            options={
                "ordering": ["digest", "order"],
            },
        ),
        migrations.CreateModel(
            name="Escalation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("due", models.DateField(help_text="The due date that passed.")),
                (
                    "step",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Owner"), (2, "Programme manager"), (3, "Board")]
                    ),
                ),
                ("raised_on", models.DateField()),
                (
                    "action",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="escalations",
                        to="actions.action",
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        blank=True,
                        help_text="The inspection whose section 55 response is late.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="late_escalations",
                        to="inspections.inspection",
                    ),
                ),
                (
                    "panel_month",
                    models.ForeignKey(
                        blank=True,
                        help_text="The month of a Channel panel that neither police side attended.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="escalations",
                        to="programme.panelmonth",
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.partnership",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="late_escalations",
                        to="returns.return",
                    ),
                ),
            ],
            options={
                "ordering": ["due", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Acknowledgement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "words",
                    web.text.LongText(max_length=1000, verbose_name="when it will be done, or why not"),
                ),
                ("until", models.DateField(verbose_name="pause further escalation until")),
                ("acknowledged_at", models.DateTimeField()),
                (
                    "acknowledged_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "escalation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acknowledgements",
                        to="desk.escalation",
                    ),
                ),
            ],
            options={
                "ordering": ["acknowledged_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message', web.text.LongText(blank=True, max_length=1000)),
                ('sent_at', models.DateTimeField()),
                ('action', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='actions.action')),
                ('partnership', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partnership')),
                ('report', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='returns.return')),
                ('sent_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-sent_at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('action__isnull', False), ('report', None)), models.Q(('action', None), ('report__isnull', False)), _connector='OR'), name='reminder_about_one_thing')],
            },
        ),
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(choices=[("worker", "Worker"), ("schedule", "Schedule")], max_length=10),
                ),
                ("name", models.CharField(max_length=64, unique=True)),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["kind", "name"],
            },
        ),
        migrations.CreateModel(
            name="JobRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("job", models.CharField(max_length=20)),
                ("day", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[("queued", "Queued"), ("done", "Done"), ("given_up", "Given up")],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("queued_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "result",
                    models.CharField(blank=True, help_text="In figures, without names.", max_length=200),
                ),
            ],
            options={
                "ordering": ["-day", "job"],
                "constraints": [
                    models.UniqueConstraint(fields=("job", "day"), name="job_run_once_a_day"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finished_at__isnull", False), ("state", "done")),
                            models.Q(("state", "done"), _negated=True),
                            _connector="OR",
                        ),
                        name="job_run_done_has_a_moment",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LastLook",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("tasks", models.JSONField(help_text="The keys of the tasks (`Task.key`).")),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="last_look",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["user"],
            },
        ),
        migrations.CreateModel(
            name="NoticePreference",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "frequency",
                    models.CharField(
                        choices=[
                            ("daily", "Every day"),
                            ("weekdays", "Monday to Friday"),
                            ("weekly", "Once a week"),
                            ("never", "Never"),
                        ],
                        default="weekdays",
                        max_length=10,
                        verbose_name="how often you are sent a digest",
                    ),
                ),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "Monday"),
                            (1, "Tuesday"),
                            (2, "Wednesday"),
                            (3, "Thursday"),
                            (4, "Friday"),
                            (5, "Saturday"),
                            (6, "Sunday"),
                        ],
                        default=0,
                        verbose_name="day of a weekly digest",
                    ),
                ),
                (
                    "first_reminder",
                    models.PositiveSmallIntegerField(
                        default=14,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="first reminder, in days before the due date",
                    ),
                ),
                (
                    "last_reminder",
                    models.PositiveSmallIntegerField(
                        default=3,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="last reminder, in days before the due date",
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notice_preference",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["user"],
            },
        ),
        migrations.CreateModel(
            name="CalendarLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                (
                    "digest",
                    models.CharField(
                        editable=False, help_text="SHA-256 of the secret.", max_length=64, unique=True
                    ),
                ),
                ("created_at", models.DateTimeField(editable=False)),
                ("revoked_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "access_version",
                    models.PositiveIntegerField(
                        default=0, editable=False, help_text="The account's when it was created."
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calendar_links",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at", None)),
                        fields=("user", "name", "access_version"),
                        name="calendarlink_name_unique",
                        violation_error_message="You already have a link with this name. Revoke it first, or enter another name.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("revoked_at", None), ("revoked_at__gte", models.F("created_at")), _connector="OR"
                        ),
                        name="calendarlink_revoked_after_creation",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="digest",
            index=models.Index(fields=["state", "sending_at"], name="digest_unsettled"),
        ),
        migrations.AddConstraint(
            model_name="digest",
            constraint=models.UniqueConstraint(fields=("user", "day"), name="digest_one_a_day"),
        ),
        migrations.AddConstraint(
            model_name="digest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("sent_at__isnull", False), ("state", "sent")),
                    models.Q(models.Q(("state", "sent"), _negated=True), ("sent_at", None)),
                    _connector="OR",
                ),
                name="digest_sent_has_a_moment",
            ),
        ),
        migrations.AddConstraint(
            model_name="digestline",
            constraint=models.UniqueConstraint(fields=("digest", "order"), name="digest_line_order"),
        ),
        migrations.AddConstraint(
            model_name="digestline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ahead__isnull", False), ("by__isnull", False), ("kind", "reminder")),
                    models.Q(models.Q(("kind", "reminder"), _negated=True), ("ahead", None)),
                    _connector="OR",
                ),
                name="digest_line_reminder_has_a_step",
            ),
        ),
        migrations.AddConstraint(
            model_name="escalation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("action__isnull", False), ("inspection", None), ("panel_month", None), ("report", None)
                    ),
                    models.Q(
                        ("action", None), ("inspection", None), ("panel_month", None), ("report__isnull", False)
                    ),
                    models.Q(
                        ("action", None), ("inspection__isnull", False), ("panel_month", None), ("report", None)
                    ),
                    models.Q(
                        ("action", None), ("inspection", None), ("panel_month__isnull", False), ("report", None)
                    ),
                    _connector="OR",
                ),
                name="escalation_about_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="escalation",
            constraint=models.UniqueConstraint(fields=("action", "due", "step"), name="escalation_step_once"),
        ),
        migrations.AddConstraint(
            model_name="escalation",
            constraint=models.UniqueConstraint(
                fields=("report", "due", "step"), name="escalation_return_step_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="escalation",
            constraint=models.UniqueConstraint(
                fields=("inspection", "due", "step"), name="escalation_answer_step_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="escalation",
            constraint=models.UniqueConstraint(
                fields=("panel_month", "due", "step"), name="escalation_panel_step_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="escalation",
            constraint=models.CheckConstraint(
                condition=models.Q(("step__in", [1, 2, 3])), name="escalation_step_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="escalation",
            constraint=models.CheckConstraint(
                condition=models.Q(("raised_on__gt", models.F("due"))), name="escalation_after_the_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="noticepreference",
            constraint=models.CheckConstraint(
                condition=models.Q(("last_reminder__lt", models.F("first_reminder"))),
                name="notice_preference_last_reminder_is_nearer",
                violation_error_message="The last reminder must be fewer days before the due date than the first.",
            ),
        ),
        migrations.AddConstraint(
            model_name="noticepreference",
            constraint=models.CheckConstraint(
                condition=models.Q(("weekday__lte", 6)), name="notice_preference_weekday_known"
            ),
        ),
        migrations.RunPython(create, drop),
    ]
