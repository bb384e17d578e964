import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import web.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("partners", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Meeting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "day",
                    models.DateField(
                        help_text="The first of the month where only the month is known.", verbose_name="date"
                    ),
                ),
                (
                    "precision",
                    models.CharField(
                        choices=[("day", "The day is known"), ("month", "Only the month is known")],
                        default="day",
                        max_length=10,
                    ),
                ),
                ("starts_at", models.TimeField(blank=True, null=True, verbose_name="start")),
                ("ends_at", models.TimeField(blank=True, null=True, verbose_name="end")),
                ("place", models.CharField(blank=True, max_length=200)),
                ("is_online", models.BooleanField(default=False, verbose_name="held online")),
                ("chair", models.CharField(blank=True, help_text="The post, not a name.", max_length=160)),
                (
                    "minute_taker",
                    models.CharField(blank=True, help_text="The post, not a name.", max_length=160),
                ),
                ("quorum", models.PositiveSmallIntegerField(default=0)),
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
                    "basis",
                    models.CharField(
                        choices=[
                            ("recorded", "Recorded here"),
                            ("stated", "Stated in a paper"),
                            ("illustrative", "Illustrative"),
                        ],
                        default="recorded",
                        max_length=14,
                    ),
                ),
                (
                    "source",
                    models.CharField(blank=True, help_text="The paper and paragraph.", max_length=300),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("held", "Held"),
                            ("confirmed", "Confirmed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="planned",
                        editable=False,
                        max_length=10,
                    ),
                ),
                (
                    "cancelled_reason",
                    web.text.LongText(
                        blank=True, editable=False, max_length=1000, verbose_name="reason for cancelling"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "board",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="meetings",
                        to="partners.board",
                    ),
                ),
                (
                    "confirmed_by_meeting",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="confirmed_meetings",
                        to="meetings.meeting",
                    ),
                ),
            ],
            options={
                "ordering": [models.OrderBy(models.F("day"), descending=True), "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Attendance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("post", models.CharField(help_text="The post, not a name.", max_length=120)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("present", "Present"),
                            ("substitute", "Substitute came"),
                            ("apologies", "Apologies"),
                            ("absent", "Absent"),
                            ("in_attendance", "In attendance"),
                        ],
                        max_length=14,
                        verbose_name="attendance",
                    ),
                ),
                (
                    "substitute",
                    models.CharField(
                        blank=True,
                        help_text="The post, not a name.",
                        max_length=120,
                        verbose_name="post of the substitute",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.organisation",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attendances",
                        to="meetings.meeting",
                    ),
                ),
            ],
            options={
                "ordering": ["meeting", "organisation__name", "post"],
            },
        ),
        migrations.CreateModel(
            name="AgendaItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=200)),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("decision", "For decision"),
                            ("discussion", "For discussion"),
                            ("information", "For information"),
                        ],
                        default="information",
                        max_length=12,
                    ),
                ),
                (
                    "presenter",
                    models.CharField(blank=True, help_text="The post, not a name.", max_length=160),
                ),
                (
                    "paper",
                    models.CharField(
                        blank=True,
                        help_text="Reference and title of the paper, if there is one.",
                        max_length=200,
                    ),
                ),
                ("is_private", models.BooleanField(default=False, verbose_name="taken in private")),
                (
                    "private_reason",
                    models.CharField(
                        blank=True,
                        help_text="For example, paragraph 7 of Schedule 12A to the Local Government Act 1972.",
                        max_length=200,
                        verbose_name="reason for taking it in private",
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
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="meetings.meeting",
                    ),
                ),
            ],
            options={
                "ordering": ["meeting", "number"],
            },
        ),
        migrations.CreateModel(
            name="Minute",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reference",
                    models.CharField(
                        max_length=24,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Za-z0-9][A-Za-z0-9./ -]*\\Z",
                                "Use letters, digits, spaces, full stops, hyphens and slashes only.",
                            )
                        ],
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("noted", "Noted"),
                            ("resolved", "Resolved"),
                            ("recommended", "Recommended"),
                        ],
                        default="noted",
                        max_length=12,
                        verbose_name="outcome",
                    ),
                ),
                ("text", web.text.LongText(max_length=6000)),
                (
                    "board",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="minutes",
                        to="partners.board",
                    ),
                ),
                (
                    "corrects",
                    models.ForeignKey(
                        blank=True,
                        help_text="The confirmed minute of an earlier meeting that this one corrects.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="meetings.minute",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="minutes",
                        to="meetings.agendaitem",
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
                "ordering": ["item__meeting", "item__number", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "effect",
                    models.CharField(
                        choices=[
                            ("note", "Note"),
                            ("approve", "Approve"),
                            ("reject", "Reject"),
                            ("request", "Request a report or work"),
                        ],
                        max_length=10,
                    ),
                ),
                ("wording", web.text.LongText(max_length=2000)),
                (
                    "subject",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Nothing in this record"),
                            ("withdrawal", "Withdrawal of an action"),
                            ("supersession", "Replacement of an action by another"),
                            ("due_date", "Later due date of an action"),
                            ("reopening", "Reopening of a completed action"),
                            ("action", "An action"),
                            ("finding", "A finding"),
                        ],
                        max_length=14,
                        verbose_name="acts on",
                    ),
                ),
                ("subject_ref", models.CharField(blank=True, max_length=24, verbose_name="reference")),
                ("conditions", web.text.LongText(blank=True, max_length=1000)),
                ("report_back_on", models.DateField(blank=True, null=True, verbose_name="report back by")),
                (
                    "applied",
                    models.BooleanField(
                        default=False,
                        editable=False,
                        help_text="Whether the decision was carried out on what it acts on.",
                    ),
                ),
                (
                    "minute",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="meetings.minute",
                    ),
                ),
            ],
            options={
                "ordering": ["minute", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Arising",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "number",
                    models.PositiveIntegerField(
                        editable=False, help_text="Runs on through the board's meetings."
                    ),
                ),
                ("text", web.text.LongText(max_length=1000, verbose_name="what is to be done")),
                (
                    "post",
                    models.CharField(
                        blank=True,
                        help_text="As the minutes say. Not a name.",
                        max_length=160,
                        verbose_name="post responsible",
                    ),
                ),
                (
                    "due",
                    models.DateField(
                        blank=True,
                        help_text="Leave empty if the board set none.",
                        null=True,
                        verbose_name="due date",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("proposed", "Proposed to close"),
                            ("closed", "Closed"),
                            ("not_required", "No longer required"),
                            ("became_action", "Turned into an action"),
                        ],
                        default="open",
                        editable=False,
                        max_length=14,
                    ),
                ),
                ("progress", web.text.LongText(blank=True, editable=False, max_length=2000)),
                (
                    "action_ref",
                    models.CharField(blank=True, editable=False, max_length=24, verbose_name="action"),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "board",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.board",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="arisings",
                        to="partners.organisation",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        help_text="Whose task it is in the tracker.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="arisings",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "closed_at",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="closed_arisings",
                        to="meetings.meeting",
                    ),
                ),
                (
                    "minute",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="arisings",
                        to="meetings.minute",
                    ),
                ),
            ],
            options={
                "verbose_name": "action arising",
                "verbose_name_plural": "actions arising",
                "ordering": ["board", "number"],
            },
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.UniqueConstraint(
                condition=models.Q(("precision", "day"), models.Q(("state", "cancelled"), _negated=True)),
                fields=("board", "day"),
                name="meeting_one_a_day",
                violation_error_message="This board already has a meeting on this day.",
            ),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("starts_at", None),
                    ("ends_at", None),
                    ("ends_at__gt", models.F("starts_at")),
                    _connector="OR",
                ),
                name="meeting_ends_after_it_starts",
                violation_error_message="The meeting must end after it starts.",
            ),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("marking", "OFFICIAL"),
                    models.Q(("handling_instruction", ""), _negated=True),
                    _connector="OR",
                ),
                name="meeting_sensitive_has_handling",
                violation_error_message="OFFICIAL-SENSITIVE needs a handling instruction.",
            ),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("basis", "stated"), _negated=True),
                    models.Q(("source", ""), _negated=True),
                    _connector="OR",
                ),
                name="meeting_stated_has_source",
                violation_error_message="Enter the paper that states this meeting.",
            ),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("confirmed_by_meeting__isnull", False), ("state", "confirmed")),
                    models.Q(models.Q(("state", "confirmed"), _negated=True), ("confirmed_by_meeting", None)),
                    _connector="OR",
                ),
                name="meeting_confirmed_by_a_meeting",
            ),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "cancelled"), _negated=True),
                    models.Q(("cancelled_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="meeting_cancelled_has_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="attendance",
            constraint=models.UniqueConstraint(
                fields=("meeting", "organisation", "post"),
                name="attendance_once",
                violation_error_message="The attendance of this post is recorded already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="attendance",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", "substitute"), ("substitute", ""), _connector="OR"),
                name="attendance_substitute_named",
                violation_error_message="Leave this empty unless a substitute came.",
            ),
        ),
        migrations.AddConstraint(
            model_name="agendaitem",
            constraint=models.UniqueConstraint(
                fields=("meeting", "number"),
                name="item_number_unique",
                violation_error_message="This agenda already has an item with this number.",
            ),
        ),
        migrations.AddConstraint(
            model_name="agendaitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_private", False), models.Q(("private_reason", ""), _negated=True), _connector="OR"
                ),
                name="item_private_has_reason",
                violation_error_message="Say why the item is taken in private.",
            ),
        ),
        migrations.AddConstraint(
            model_name="minute",
            constraint=models.UniqueConstraint(
                models.F("board"),
                django.db.models.functions.text.Lower("reference"),
                name="minute_reference_unique",
                violation_error_message="This board already has a minute with this reference.",
            ),
        ),
        migrations.AddConstraint(
            model_name="minute",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reference", ""), _negated=True), models.Q(("text", ""), _negated=True)
                ),
                name="minute_says_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("subject", ""), ("subject_ref", "")),
                    models.Q(
                        models.Q(("subject", ""), _negated=True), models.Q(("subject_ref", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="decision_subject_is_whole",
                violation_error_message="Enter the reference of what the decision acts on.",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("applied", False), models.Q(("subject", ""), _negated=True), _connector="OR"
                ),
                name="decision_applied_to_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="arising",
            constraint=models.UniqueConstraint(fields=("board", "number"), name="arising_number_unique"),
        ),
        migrations.AddConstraint(
            model_name="arising",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("post", ""), _negated=True),
                    ("organisation__isnull", False),
                    ("owner__isnull", False),
                    _connector="OR",
                ),
                name="arising_has_owner",
                violation_error_message="Enter who is responsible: a post, an organisation or a person.",
            ),
        ),
        migrations.AddConstraint(
            model_name="arising",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", False), ("state__in", ["closed", "not_required"])),
                    models.Q(
                        models.Q(("state__in", ["closed", "not_required"]), _negated=True),
                        ("closed_at", None),
                    ),
                    _connector="OR",
                ),
                name="arising_closed_at_a_meeting",
            ),
        ),
        migrations.AddConstraint(
            model_name="arising",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "became_action"), models.Q(("action_ref", ""), _negated=True)),
                    models.Q(models.Q(("state", "became_action"), _negated=True), ("action_ref", "")),
                    _connector="OR",
                ),
                name="arising_names_its_action",
            ),
        ),
    ]
