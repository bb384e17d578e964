import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
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
            name="ActionLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "answers",
                    models.CharField(
                        blank=True,
                        help_text="Which part of the finding the action answers.",
                        max_length=300,
                        verbose_name="what it answers",
                    ),
                ),
                ("linked_at", models.DateTimeField()),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recommendation_links",
                        to="actions.action",
                    ),
                ),
                (
                    "linked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["recommendation", "action__ref"],
            },
        ),
        migrations.CreateModel(
            name="Inspection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=250)),
                (
                    "short_title",
                    models.CharField(blank=True, help_text="What people call it, like CT4.", max_length=40),
                ),
                ("body", models.CharField(help_text="Who inspected, like HMICFRS.", max_length=160)),
                (
                    "body_kind",
                    models.CharField(
                        choices=[
                            ("inspectorate", "Police inspectorate"),
                            ("internal_audit", "Internal audit"),
                            ("parliamentary_committee", "Parliamentary committee"),
                            ("national_review", "National review"),
                            ("other", "Other"),
                        ],
                        max_length=24,
                        verbose_name="kind of body",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("national", "National or thematic"),
                            ("force", "Of this force"),
                            ("audit", "Audit"),
                            ("inquiry", "Inquiry or review"),
                        ],
                        max_length=10,
                    ),
                ),
                ("fieldwork_from", models.DateField(blank=True, null=True, verbose_name="fieldwork from")),
                ("fieldwork_to", models.DateField(blank=True, null=True, verbose_name="fieldwork to")),
                (
                    "published_on",
                    models.DateField(
                        blank=True, help_text="Empty while, or because, it is not published.", null=True
                    ),
                ),
                (
                    "report_url",
                    models.URLField(
                        blank=True,
                        max_length=500,
                        validators=[
                            django.core.validators.URLValidator(
                                message="Use an https address.", schemes=["https"]
                            )
                        ],
                        verbose_name="link to the report",
                    ),
                ),
                (
                    "priorities",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="The source's own grades, the highest first.",
                        verbose_name="priority scheme",
                    ),
                ),
                (
                    "opinion",
                    models.CharField(
                        blank=True, help_text="The source's overall opinion, in its words.", max_length=120
                    ),
                ),
                (
                    "marking",
                    models.CharField(
                        choices=[("OFFICIAL", "OFFICIAL"), ("OFFICIAL-SENSITIVE", "OFFICIAL-SENSITIVE")],
                        default="OFFICIAL",
                        max_length=20,
                    ),
                ),
                ("handling_instruction", models.CharField(blank=True, max_length=300)),
                (
                    "force_is_subject",
                    models.BooleanField(
                        default=True,
                        help_text="Whether this force is a subject of the report: only then is a response owed.",
                    ),
                ),
                ("not_subject_reason", web.text.LongText(blank=True, max_length=1000)),
                ("answered_through_reason", web.text.LongText(blank=True, max_length=1000)),
                (
                    "comments_invited_on",
                    models.DateField(
                        blank=True, null=True, verbose_name="chief officer's comments invited on"
                    ),
                ),
                (
                    "comments_due_on",
                    models.DateField(blank=True, null=True, verbose_name="chief officer's comments due by"),
                ),
                (
                    "comments_received_on",
                    models.DateField(
                        blank=True, null=True, verbose_name="chief officer's comments received on"
                    ),
                ),
                (
                    "comments",
                    web.text.LongText(blank=True, max_length=8000, verbose_name="chief officer's comments"),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "answered_through",
                    models.ForeignKey(
                        blank=True,
                        help_text="The report on this force with the same findings, whose response answers this one too.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="inspections.inspection",
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inspections",
                        to="partners.partnership",
                    ),
                ),
            ],
            options={
                "ordering": [
                    models.OrderBy(models.F("published_on"), descending=True, nulls_last=True),
                    "-pk",
                ],
            },
        ),
        migrations.CreateModel(
            name="PublishedResponse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "number",
                    models.PositiveSmallIntegerField(
                        default=1, editable=False, verbose_name="version of the letter"
                    ),
                ),
                ("correction_reason", web.text.LongText(blank=True, max_length=1000)),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("approved", "Approved"), ("published", "Published")],
                        default="draft",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("dated", models.DateField(verbose_name="date of the letter")),
                ("reference", models.CharField(blank=True, max_length=60, verbose_name="our reference")),
                (
                    "signatory",
                    models.CharField(help_text="The office that signs, not a person.", max_length=160),
                ),
                ("salutation", models.CharField(default="Dear Home Secretary", max_length=120)),
                ("introduction", web.text.LongText(max_length=8000)),
                ("closing", web.text.LongText(blank=True, max_length=4000)),
                (
                    "copies_to",
                    models.CharField(
                        default="The inspectors of constabulary", help_text="Who gets a copy.", max_length=300
                    ),
                ),
                (
                    "content",
                    models.JSONField(
                        blank=True, editable=False, help_text="The letter as it was frozen.", null=True
                    ),
                ),
                (
                    "sha256",
                    models.CharField(
                        blank=True, editable=False, max_length=64, verbose_name="SHA-256 of the content"
                    ),
                ),
                ("drafted_at", models.DateTimeField()),
                ("approved_at", models.DateTimeField(blank=True, null=True)),
                ("published_on", models.DateField(blank=True, editable=False, null=True)),
                ("publication_url", models.URLField(blank=True, max_length=500)),
                ("sent_to_secretary_of_state_on", models.DateField(blank=True, null=True)),
                ("sent_to_inspectors_on", models.DateField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="inspections.publishedresponse",
                    ),
                ),
                (
                    "drafted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to="inspections.inspection",
                    ),
                ),
            ],
            options={
                "verbose_name": "letter",
                "ordering": ["inspection", "-number"],
            },
        ),
        migrations.CreateModel(
            name="Recommendation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("cause_of_concern", "Cause of concern"),
                            ("recommendation", "Recommendation"),
                            ("afi", "Area for improvement"),
                            ("audit", "Audit recommendation"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "number",
                    models.CharField(blank=True, help_text="As printed in the report.", max_length=20),
                ),
                ("text", web.text.LongText(max_length=4000)),
                (
                    "paraphrased",
                    models.BooleanField(
                        default=False,
                        help_text="The words are not those of the report.",
                        verbose_name="illustrative, paraphrased",
                    ),
                ),
                (
                    "addressee",
                    models.CharField(
                        blank=True, help_text="Whom the report asks, like all forces.", max_length=200
                    ),
                ),
                (
                    "deadline_phrase",
                    models.CharField(blank=True, max_length=200, verbose_name="deadline as printed"),
                ),
                ("due", models.DateField(blank=True, null=True, verbose_name="deadline")),
                (
                    "priority",
                    models.CharField(blank=True, help_text="In the source's own scheme.", max_length=60),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("registered", "Registered"),
                            ("accepted", "Accepted"),
                            ("partly_accepted", "Partly accepted"),
                            ("not_accepted", "Not accepted"),
                            ("in_progress", "In progress"),
                            ("proposed", "Proposed for closure"),
                            ("implemented", "Closed: implemented"),
                            ("not_implemented", "Closed: not implemented"),
                            ("superseded", "Closed: superseded"),
                            ("reopened", "Reopened"),
                        ],
                        default="registered",
                        editable=False,
                        max_length=20,
                    ),
                ),
                ("closed_on", models.DateField(blank=True, editable=False, null=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "actions",
                    models.ManyToManyField(
                        editable=False,
                        related_name="recommendations",
                        through="inspections.ActionLink",
                        to="actions.action",
                    ),
                ),
                (
                    "cause",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recommendations",
                        to="inspections.recommendation",
                        verbose_name="cause of concern",
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recommendations",
                        to="inspections.inspection",
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="led_recommendations",
                        to="partners.organisation",
                        verbose_name="lead organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["inspection", "pk"],
            },
        ),
        migrations.CreateModel(
            name="OwnStatus",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("registered", "Registered"),
                            ("accepted", "Accepted"),
                            ("partly_accepted", "Partly accepted"),
                            ("not_accepted", "Not accepted"),
                            ("in_progress", "In progress"),
                            ("proposed", "Proposed for closure"),
                            ("implemented", "Closed: implemented"),
                            ("not_implemented", "Closed: not implemented"),
                            ("superseded", "Closed: superseded"),
                            ("reopened", "Reopened"),
                        ],
                        max_length=20,
                    ),
                ),
                ("reason", web.text.LongText(blank=True, max_length=2000)),
                ("set_at", models.DateTimeField()),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "recommendation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="own_statuses",
                        to="inspections.recommendation",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "own statuses",
                "ordering": ["-set_at", "-pk"],
            },
        ),
        migrations.AddField(
            model_name="actionlink",
            name="recommendation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="links",
                to="inspections.recommendation",
            ),
        ),
        migrations.CreateModel(
            name="RegisterStatus",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on", models.DateField(verbose_name="as at")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("awaiting_review", "Awaiting review"),
                            ("complete", "Complete"),
                            ("not_to_be_progressed", "Not to be progressed"),
                            ("superseded", "Superseded"),
                        ],
                        max_length=24,
                    ),
                ),
                ("comment", web.text.LongText(blank=True, max_length=2000)),
                ("recorded_at", models.DateTimeField()),
                (
                    "recommendation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="register_statuses",
                        to="inspections.recommendation",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "register statuses",
                "ordering": ["-on", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Response",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("taken", "Action taken"),
                            ("proposed", "Action proposed"),
                            ("none", "No action"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "text",
                    web.text.LongText(
                        help_text="The action taken or proposed; or why there is none.", max_length=6000
                    ),
                ),
                ("written_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "recommendation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="response",
                        to="inspections.recommendation",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["recommendation"],
            },
        ),
        migrations.AddConstraint(
            model_name="inspection",
            constraint=models.UniqueConstraint(
                models.F("partnership"),
                django.db.models.functions.text.Lower("title"),
                name="inspection_title_unique",
                violation_error_message="This partnership already has an inspection with this title.",
            ),
        ),
        migrations.AddConstraint(
            model_name="inspection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("fieldwork_from", None),
                    ("fieldwork_to", None),
                    ("fieldwork_to__gte", models.F("fieldwork_from")),
                    _connector="OR",
                ),
                name="inspection_fieldwork_in_order",
                violation_error_message="The fieldwork must not end before it begins.",
            ),
        ),
        migrations.AddConstraint(
            model_name="inspection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("marking", "OFFICIAL"),
                    models.Q(("handling_instruction", ""), _negated=True),
                    _connector="OR",
                ),
                name="inspection_sensitive_has_handling",
                violation_error_message="OFFICIAL-SENSITIVE needs a handling instruction.",
            ),
        ),
        migrations.AddConstraint(
            model_name="inspection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("force_is_subject", True),
                    models.Q(("not_subject_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="inspection_not_subject_has_reason",
                violation_error_message="Say why this force is not a subject of the report.",
            ),
        ),
        migrations.AddConstraint(
            model_name="inspection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("answered_through", None),
                    models.Q(("answered_through_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="inspection_answered_through_has_reason",
                violation_error_message="Say why the other report's response answers this one.",
            ),
        ),
        migrations.AddConstraint(
            model_name="inspection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("comments_received_on", None), models.Q(("comments", ""), _negated=True), _connector="OR"
                ),
                name="inspection_comments_are_kept",
                violation_error_message="Enter the chief officer's comments.",
            ),
        ),
        migrations.AddConstraint(
            model_name="publishedresponse",
            constraint=models.UniqueConstraint(fields=("inspection", "number"), name="letter_version_unique"),
        ),
        migrations.AddConstraint(
            model_name="publishedresponse",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "draft")),
                fields=("inspection",),
                name="letter_one_draft",
                violation_error_message="This inspection has a draft letter already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="publishedresponse",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approved_by", None), ("sha256", ""), ("state", "draft")),
                    models.Q(
                        models.Q(("state", "draft"), _negated=True),
                        ("approved_at__isnull", False),
                        ("approved_by__isnull", False),
                        models.Q(("sha256", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="letter_approved_is_frozen",
            ),
        ),
        migrations.AddConstraint(
            model_name="publishedresponse",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approved_by", None),
                    models.Q(("approved_by", models.F("drafted_by")), _negated=True),
                    _connector="OR",
                ),
                name="letter_approved_by_another",
                violation_error_message="Somebody other than the author approves the letter.",
            ),
        ),
        migrations.AddConstraint(
            model_name="publishedresponse",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("published_on__isnull", False), ("state", "published")),
                    models.Q(models.Q(("state", "published"), _negated=True), ("published_on", None)),
                    _connector="OR",
                ),
                name="letter_published_has_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="publishedresponse",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("corrects", None), ("number", 1)),
                    models.Q(
                        ("corrects__isnull", False),
                        ("number__gt", 1),
                        models.Q(("correction_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="letter_correction_has_reason",
                violation_error_message="Say what the new version corrects.",
            ),
        ),
        migrations.AddIndex(
            model_name="recommendation",
            index=models.Index(fields=["inspection", "state"], name="inspections_inspect_2c9169_idx"),
        ),
        migrations.AddIndex(
            model_name="recommendation",
            index=models.Index(fields=["lead", "state"], name="inspections_lead_id_32e71e_idx"),
        ),
        migrations.AddConstraint(
            model_name="recommendation",
            constraint=models.UniqueConstraint(
                models.F("inspection"),
                models.F("kind"),
                models.F("number"),
                condition=models.Q(("number", ""), _negated=True),
                name="recommendation_number_unique",
                violation_error_message="This inspection already has a finding of this kind with this number.",
            ),
        ),
        migrations.AddConstraint(
            model_name="recommendation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "registered",
                            "accepted",
                            "partly_accepted",
                            "not_accepted",
                            "in_progress",
                            "proposed",
                            "implemented",
                            "not_implemented",
                            "superseded",
                            "reopened",
                        ],
                    )
                ),
                name="recommendation_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="recommendation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("closed_on__isnull", False),
                        ("state__in", ("implemented", "not_implemented", "superseded")),
                    ),
                    models.Q(
                        models.Q(
                            ("state__in", ("implemented", "not_implemented", "superseded")), _negated=True
                        ),
                        ("closed_on", None),
                    ),
                    _connector="OR",
                ),
                name="recommendation_closed_has_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="recommendation",
            constraint=models.CheckConstraint(
                condition=models.Q(("cause", None), ("kind", "recommendation"), _connector="OR"),
                name="recommendation_only_under_a_cause",
                violation_error_message="Only a recommendation can be under a cause of concern.",
            ),
        ),
        migrations.AddConstraint(
            model_name="actionlink",
            constraint=models.UniqueConstraint(
                fields=("recommendation", "action"),
                name="actionlink_once",
                violation_error_message="This action is linked to the recommendation already.",
            ),
        ),
    ]
