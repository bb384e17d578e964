import actions.evidence.models
import actions.plans.models
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import web.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("meetings", "0001_initial"),
        ("partners", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Action",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "ref",
                    models.CharField(
                        max_length=24,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Za-z0-9(\\[][A-Za-z0-9 ./()\\[\\]&_-]*\\Z",
                                "Use letters, digits, spaces, brackets, full stops, hyphens, slashes, underscores and ampersands only.",
                            )
                        ],
                        verbose_name="reference",
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("description", web.text.LongText(blank=True, max_length=4000)),
                ("success_measure", web.text.LongText(blank=True, max_length=2000)),
                (
                    "source",
                    models.CharField(blank=True, help_text="Where the action came from.", max_length=300),
                ),
                (
                    "tier",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "No tier"),
                            ("universal", "1 Universal"),
                            ("targeted", "2 Targeted"),
                            ("interventionist", "3 Interventionist"),
                            ("enforcement", "4 Enforcement"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "priority",
                    models.CharField(
                        choices=[("high", "High"), ("medium", "Medium"), ("low", "Low")],
                        default="medium",
                        max_length=10,
                    ),
                ),
                (
                    "state",
                    models.CharField(
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
                        default="awaiting_allocation",
                        max_length=20,
                    ),
                ),
                (
                    "rag",
                    models.CharField(
                        blank=True,
                        choices=[("red", "Red"), ("amber", "Amber"), ("green", "Green")],
                        max_length=10,
                        verbose_name="declared RAG",
                    ),
                ),
                (
                    "percent",
                    models.PositiveSmallIntegerField(
                        default=0,
                        validators=[django.core.validators.MaxValueValidator(100)],
                        verbose_name="percent done",
                    ),
                ),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="start")),
                ("allocated_on", models.DateField(blank=True, editable=False, null=True)),
                (
                    "original_due",
                    models.DateField(blank=True, editable=False, null=True, verbose_name="original due date"),
                ),
                ("due", models.DateField(blank=True, null=True, verbose_name="due date")),
                ("closed_on", models.DateField(blank=True, editable=False, null=True)),
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
                    "publication",
                    models.CharField(
                        choices=[
                            ("undecided", "Not decided"),
                            ("publish", "Publish"),
                            ("withhold", "Withhold"),
                        ],
                        default="undecided",
                        max_length=10,
                        verbose_name="publication decision",
                    ),
                ),
                (
                    "exemption",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "None"),
                            ("s24", "s.24 National security"),
                            ("s31", "s.31 Law enforcement"),
                            ("s38", "s.38 Health and safety"),
                            ("s40", "s.40 Personal information"),
                        ],
                        help_text="Freedom of Information Act 2000.",
                        max_length=8,
                    ),
                ),
                (
                    "board_reference",
                    models.CharField(
                        blank=True,
                        help_text="Minute reference of the board's decision to withdraw or supersede.",
                        max_length=200,
                    ),
                ),
                ("last_reported_on", models.DateField(blank=True, editable=False, null=True)),
                (
                    "by_districts",
                    models.BooleanField(
                        default=False,
                        editable=False,
                        help_text="State, RAG, percent and dates follow the districts' parts.",
                        verbose_name="delivered by districts",
                    ),
                ),
                (
                    "under_cause_of_concern",
                    models.BooleanField(
                        default=False,
                        editable=False,
                        help_text="Every later due date is the board's to decide.",
                    ),
                ),
                (
                    "moves",
                    models.PositiveSmallIntegerField(
                        default=0,
                        editable=False,
                        help_text="Earlier and later.",
                        verbose_name="times the due date moved",
                    ),
                ),
                (
                    "extensions",
                    models.PositiveSmallIntegerField(
                        default=0, editable=False, verbose_name="times the due date moved later"
                    ),
                ),
                (
                    "waiting_since",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="waiting on a partner since"
                    ),
                ),
                (
                    "retest_on",
                    models.DateField(blank=True, editable=False, null=True, verbose_name="re-test on"),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "alternate",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alternate_actions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions",
                        to="partners.area",
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="led_actions",
                        to="partners.organisation",
                        verbose_name="lead organisation",
                    ),
                ),
                (
                    "mou_area",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions",
                        to="partners.mouarea",
                        verbose_name="MOU area",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="owned_actions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="actions.action",
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions",
                        to="partners.partnership",
                    ),
                ),
                (
                    "superseded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supersedes",
                        to="actions.action",
                    ),
                ),
                (
                    "supporting",
                    models.ManyToManyField(
                        blank=True,
                        related_name="supported_actions",
                        to="partners.organisation",
                        verbose_name="supporting organisations",
                    ),
                ),
            ],
            options={
                "ordering": ["plan", "ref"],
            },
        ),
        migrations.CreateModel(
            name="Assurance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "opinion",
                    models.CharField(
                        choices=[
                            ("assured", "Assured"),
                            ("returned", "Returned"),
                            ("confirmed", "Confirmed by a re-test"),
                            ("reopened", "Reopened"),
                        ],
                        max_length=10,
                    ),
                ),
                ("note", web.text.LongText(max_length=2000)),
                ("action_version", models.PositiveIntegerField()),
                ("assessed_at", models.DateTimeField()),
                (
                    "retest_on",
                    models.DateField(
                        blank=True,
                        help_text="Date on which completion is tested again.",
                        null=True,
                        verbose_name="re-test on",
                    ),
                ),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assurances",
                        to="actions.action",
                    ),
                ),
                (
                    "assessed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assurances",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-assessed_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Pillar",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("aim", web.text.LongText(blank=True, max_length=1000)),
                ("order", models.PositiveSmallIntegerField(default=0)),
                (
                    "lead",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["plan", "order", "name"],
            },
        ),
        migrations.AddField(
            model_name="action",
            name="pillar",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="actions", to="actions.pillar"
            ),
        ),
        migrations.CreateModel(
            name="Plan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=160)),
                ("starts_on", models.DateField(verbose_name="first day")),
                ("ends_on", models.DateField(verbose_name="last day")),
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
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("live", "Live"), ("closed", "Closed")],
                        default="draft",
                        max_length=10,
                    ),
                ),
                (
                    "evidence_required",
                    models.BooleanField(
                        default=False,
                        help_text="An action needs evidence that has not expired before it can be submitted or assured.",
                        verbose_name="evidence before assurance",
                    ),
                ),
                (
                    "cadence",
                    models.CharField(
                        choices=[("monthly", "Monthly"), ("quarterly", "Quarterly")],
                        default="monthly",
                        max_length=10,
                        verbose_name="reporting cadence",
                    ),
                ),
                (
                    "return_day",
                    models.CharField(
                        default="working_day 5",
                        help_text="Counted in the month after the period.",
                        max_length=20,
                        validators=[actions.plans.models.validate_return_day],
                        verbose_name="day on which returns are due",
                    ),
                ),
                (
                    "return_grace",
                    models.PositiveSmallIntegerField(
                        default=5,
                        help_text="After the day it is due; 0 closes it on that day.",
                        validators=[django.core.validators.MaxValueValidator(20)],
                        verbose_name="working days until a return closes",
                    ),
                ),
                (
                    "returns_from",
                    models.DateField(
                        blank=True,
                        help_text="A day of the first period that organisations report on; empty while the plan does not use returns.",
                        null=True,
                        verbose_name="returns start on",
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plans",
                        to="partners.partnership",
                    ),
                ),
            ],
            options={
                "ordering": ["-starts_on", "title"],
            },
        ),
        migrations.AddField(
            model_name="pillar",
            name="plan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="pillars", to="actions.plan"
            ),
        ),
        migrations.AddField(
            model_name="action",
            name="plan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="actions", to="actions.plan"
            ),
        ),
        migrations.CreateModel(
            name="ProgressUpdate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("period", models.DateField(help_text="First day of the reporting period.")),
                (
                    "state",
                    models.CharField(
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
                ("narrative", web.text.LongText(max_length=4000, verbose_name="what was done")),
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
                        default=0,
                        validators=[django.core.validators.MaxValueValidator(100)],
                        verbose_name="percent done",
                    ),
                ),
                ("submitted_at", models.DateTimeField()),
                ("imported", models.BooleanField(default=False, help_text="Came with an imported plan.")),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="updates",
                        to="actions.action",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="updates",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="actions.progressupdate",
                    ),
                ),
            ],
            options={
                "ordering": ["-submitted_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(choices=[("file", "File"), ("link", "Link")], max_length=4)),
                ("title", models.CharField(max_length=200)),
                (
                    "file",
                    models.FileField(
                        blank=True, max_length=200, upload_to=actions.evidence.models.storage_name
                    ),
                ),
                ("filename", models.CharField(blank=True, max_length=200)),
                (
                    "url",
                    models.URLField(
                        blank=True,
                        max_length=500,
                        validators=[
                            django.core.validators.URLValidator(
                                message="Use an https address.", schemes=["https"]
                            )
                        ],
                        verbose_name="link",
                    ),
                ),
                ("sha256", models.CharField(blank=True, max_length=64, verbose_name="SHA-256")),
                ("size", models.PositiveBigIntegerField(default=0, verbose_name="size in bytes")),
                ("content_type", models.CharField(blank=True, max_length=100)),
                ("effective_on", models.DateField(help_text="The date the evidence is about.")),
                (
                    "expires_on",
                    models.DateField(blank=True, help_text="The last day it is valid.", null=True),
                ),
                (
                    "number",
                    models.PositiveSmallIntegerField(default=1, editable=False, verbose_name="version"),
                ),
                ("added_at", models.DateTimeField()),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="actions.action",
                    ),
                ),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "supersedes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="actions.evidence",
                    ),
                ),
                (
                    "update",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="actions.progressupdate",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "evidence",
                "ordering": ["-added_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                (
                    "query",
                    models.JSONField(
                        editable=False, help_text="Filters and sort order: a list of names and values."
                    ),
                ),
                (
                    "shared",
                    models.BooleanField(
                        default=False,
                        help_text="Everyone in the partnership may open it.",
                        verbose_name="shared with the partnership",
                    ),
                ),
                ("created_at", models.DateTimeField(editable=False)),
                (
                    "owner",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="saved_views",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="saved_views",
                        to="partners.partnership",
                    ),
                ),
            ],
            options={
                "ordering": ["name", "pk"],
            },
        ),
        migrations.CreateModel(
            name="UpdateRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("question", web.text.LongText(max_length=2000)),
                ("due_on", models.DateField()),
                ("requested_at", models.DateTimeField()),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="update_requests",
                        to="actions.action",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-requested_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Watch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", models.DateTimeField()),
                (
                    "notified_mark",
                    models.JSONField(help_text="Ledger sequence and action ids in the view at the time."),
                ),
                ("viewed_mark", models.JSONField(help_text="The same, when the user last looked.")),
                ("last_viewed_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="watches",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "view",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="watches",
                        to="actions.savedview",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "watches",
                "ordering": ["view__name", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ClosureProposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", web.text.LongText(max_length=2000)),
                ("requested_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("requested", "Requested"),
                            ("approved", "Approved"),
                            ("rejected", "Rejected"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="requested",
                        max_length=10,
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("decision_reason", web.text.LongText(blank=True, max_length=2000)),
                (
                    "minute",
                    models.ForeignKey(
                        blank=True,
                        help_text="The minute of the board's decision.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="meetings.minute",
                    ),
                ),
                (
                    "reference",
                    models.CharField(
                        blank=True,
                        help_text="The minute as it was cited.",
                        max_length=200,
                        verbose_name="minute reference",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("withdraw", "Withdraw"), ("supersede", "Supersede")], max_length=10
                    ),
                ),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="actions.action",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "superseded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposed_to_supersede",
                        to="actions.action",
                    ),
                ),
                (
                    "taken_over_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="The person responsible for the request since its author handed over.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-requested_at", "-pk"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "requested")),
                        fields=("action",),
                        name="closureproposal_one_open",
                        violation_error_message="A request of this kind is open already. It is decided first.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["requested", "approved", "rejected", "withdrawn"]),
                            models.Q(
                                models.Q(("decided_at", None), ("decided_by", None), ("state", "requested")),
                                models.Q(
                                    models.Q(("state", "requested"), _negated=True),
                                    ("decided_at__isnull", False),
                                ),
                                _connector="OR",
                            ),
                        ),
                        name="closureproposal_closed_has_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ("approved", "rejected")), _negated=True),
                            ("decided_by", None),
                            models.Q(
                                models.Q(("decided_by", models.F("requested_by")), _negated=True),
                                models.Q(
                                    ("taken_over_by", None),
                                    models.Q(("decided_by", models.F("taken_over_by")), _negated=True),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="closureproposal_decided_by_another",
                        violation_error_message="Nobody decides on their own request.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "withdraw"), ("superseded_by", None)),
                            models.Q(("kind", "supersede"), ("superseded_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="closureproposal_names_successor",
                        violation_error_message="Enter the replacement action.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ("approved", "rejected")), _negated=True),
                            ("decided_by__isnull", False),
                            _connector="OR",
                        ),
                        name="closureproposal_decision_has_an_author",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "approved"), _negated=True),
                            ("minute__isnull", False),
                            _connector="OR",
                        ),
                        name="closureproposal_approved_has_minute",
                        violation_error_message="Choose the minute of the board's decision.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DateChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", web.text.LongText(max_length=2000)),
                ("requested_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("requested", "Requested"),
                            ("approved", "Approved"),
                            ("rejected", "Rejected"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="requested",
                        max_length=10,
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("decision_reason", web.text.LongText(blank=True, max_length=2000)),
                (
                    "minute",
                    models.ForeignKey(
                        blank=True,
                        help_text="The minute of the board's decision.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="meetings.minute",
                    ),
                ),
                (
                    "reference",
                    models.CharField(
                        blank=True,
                        help_text="The minute as it was cited.",
                        max_length=200,
                        verbose_name="minute reference",
                    ),
                ),
                ("old_due", models.DateField(verbose_name="previous due date")),
                ("new_due", models.DateField(verbose_name="requested due date")),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("at_once", "Applied at once"),
                            ("manager", "Programme manager"),
                            ("board", "Board"),
                        ],
                        max_length=10,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="actions.action",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "taken_over_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="The person responsible for the request since its author handed over.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-requested_at", "-pk"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "requested")),
                        fields=("action",),
                        name="datechange_one_open",
                        violation_error_message="A request of this kind is open already. It is decided first.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["requested", "approved", "rejected", "withdrawn"]),
                            models.Q(
                                models.Q(("decided_at", None), ("decided_by", None), ("state", "requested")),
                                models.Q(
                                    models.Q(("state", "requested"), _negated=True),
                                    ("decided_at__isnull", False),
                                ),
                                _connector="OR",
                            ),
                        ),
                        name="datechange_closed_has_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ("approved", "rejected")), _negated=True),
                            ("decided_by", None),
                            models.Q(
                                models.Q(("decided_by", models.F("requested_by")), _negated=True),
                                models.Q(
                                    ("taken_over_by", None),
                                    models.Q(("decided_by", models.F("taken_over_by")), _negated=True),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="datechange_decided_by_another",
                        violation_error_message="Nobody decides on their own request.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("new_due", models.F("old_due")), _negated=True),
                        name="datechange_moves_the_date",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("level", "at_once"),
                                ("new_due__lt", models.F("old_due")),
                                ("state", "approved"),
                            ),
                            models.Q(
                                ("level__in", ["manager", "board"]), ("new_due__gt", models.F("old_due"))
                            ),
                            _connector="OR",
                        ),
                        name="datechange_later_is_decided",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("level", "at_once"),
                            models.Q(("state__in", ("approved", "rejected")), _negated=True),
                            ("decided_by__isnull", False),
                            _connector="OR",
                        ),
                        name="datechange_decision_has_an_author",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("level", "board"), ("state", "approved"), _negated=True),
                            ("minute__isnull", False),
                            _connector="OR",
                        ),
                        name="datechange_board_has_minute",
                        violation_error_message="Choose the minute of the board's decision.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Dependency",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("needed", web.text.LongText(max_length=1000, verbose_name="what is needed")),
                ("since", models.DateField(verbose_name="waiting since")),
                ("needed_by", models.DateField(blank=True, null=True, verbose_name="needed by")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("requested", "Requested"),
                            ("acknowledged", "Acknowledged"),
                            ("declined", "Declined"),
                            ("met", "Received"),
                            ("ended", "No longer needed"),
                        ],
                        default="requested",
                        max_length=12,
                    ),
                ),
                ("raised_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("answer", web.text.LongText(blank=True, max_length=1000)),
                (
                    "expected_on",
                    models.DateField(
                        blank=True, help_text="Date by which the partner expects to provide it.", null=True
                    ),
                ),
                ("ended_on", models.DateField(blank=True, editable=False, null=True)),
                ("ending", web.text.LongText(blank=True, max_length=1000, verbose_name="details")),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dependencies",
                        to="actions.action",
                    ),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dependencies",
                        to="partners.organisation",
                        verbose_name="waiting on",
                    ),
                ),
                (
                    "raised_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "dependencies",
                "ordering": ["since", "pk"],
                "indexes": [
                    models.Index(fields=["organisation", "state"], name="actions_dep_organis_2e5a9b_idx")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("requested", "acknowledged"))),
                        fields=("action", "organisation"),
                        name="dependency_one_open_per_partner",
                        violation_error_message="This action already has an open request to that organisation.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_on", None), ("state__in", ("requested", "acknowledged"))),
                            models.Q(
                                models.Q(("state__in", ("requested", "acknowledged")), _negated=True),
                                ("ended_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="dependency_ended_has_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at", None), ("state", "requested")),
                            models.Q(
                                ("answered_at__isnull", False), ("state__in", ["acknowledged", "declined"])
                            ),
                            ("state__in", ["met", "ended"]),
                            _connector="OR",
                        ),
                        name="dependency_answer_has_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_on", None), ("ended_on__gte", models.F("since")), _connector="OR"
                        ),
                        name="dependency_ends_after_start",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Milestone",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("original_due", models.DateField(editable=False, verbose_name="original date")),
                ("due", models.DateField(verbose_name="date")),
                ("reached_on", models.DateField(blank=True, null=True)),
                ("dropped_on", models.DateField(blank=True, editable=False, null=True)),
                (
                    "note",
                    web.text.LongText(
                        blank=True,
                        help_text="Reason for the latest change of date, or for dropping it.",
                        max_length=1000,
                    ),
                ),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="milestones",
                        to="actions.action",
                    ),
                ),
            ],
            options={
                "ordering": ["due", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reached_on", None), ("dropped_on", None), _connector="OR"),
                        name="milestone_reached_or_dropped",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("dropped_on", None), ("due", models.F("original_due"))),
                            models.Q(("note", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="milestone_moved_has_reason",
                        violation_error_message="Give the reason for moving or dropping the milestone.",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.UniqueConstraint(
                models.F("partnership"),
                django.db.models.functions.text.Lower("title"),
                name="plan_title_unique",
                violation_error_message="This partnership already has a plan with this title.",
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                name="plan_ends_after_start",
                violation_error_message="The last day must not be before the first.",
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("marking", "OFFICIAL"),
                    models.Q(("handling_instruction", ""), _negated=True),
                    _connector="OR",
                ),
                name="plan_sensitive_has_handling",
                violation_error_message="OFFICIAL-SENSITIVE needs a handling instruction.",
            ),
        ),
        migrations.AddConstraint(
            model_name="pillar",
            constraint=models.UniqueConstraint(
                models.F("plan"),
                django.db.models.functions.text.Lower("name"),
                name="pillar_name_unique",
                violation_error_message="This plan already has a pillar with this name.",
            ),
        ),
        migrations.AddIndex(
            model_name="action",
            index=models.Index(fields=["partnership", "state", "due"], name="actions_act_partner_a01a79_idx"),
        ),
        migrations.AddIndex(
            model_name="action",
            index=models.Index(fields=["plan", "pillar", "state"], name="actions_act_plan_id_aad6d7_idx"),
        ),
        migrations.AddIndex(
            model_name="action",
            index=models.Index(fields=["owner", "state"], name="actions_act_owner_i_ac3b2a_idx"),
        ),
        migrations.AddIndex(
            model_name="action",
            index=models.Index(fields=["lead", "state"], name="actions_act_lead_id_d9226f_idx"),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.UniqueConstraint(
                models.F("partnership"),
                django.db.models.functions.text.Upper("ref"),
                name="action_ref_unique",
                violation_error_message="This reference is already in use. References are never used twice.",
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "draft",
                            "awaiting_allocation",
                            "not_started",
                            "in_progress",
                            "awaiting_assurance",
                            "complete",
                            "withdrawn",
                            "superseded",
                        ],
                    )
                ),
                name="action_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(("percent__lte", 100)), name="action_percent_range"
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("rag", ""),
                    models.Q(
                        ("rag__in", ["red", "amber", "green"]),
                        ("state__in", ("in_progress", "awaiting_assurance")),
                    ),
                    _connector="OR",
                ),
                name="action_rag_only_under_way",
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state__in", ("not_started", "in_progress", "awaiting_assurance", "complete")),
                        _negated=True,
                    ),
                    ("by_districts", True),
                    models.Q(
                        ("due__isnull", False),
                        ("lead__isnull", False),
                        ("original_due__isnull", False),
                        ("owner__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="action_allocated_is_answered_for",
                violation_error_message="An allocated action has a lead organisation, an owner and a due date.",
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_on__isnull", False), ("state", "complete")),
                    models.Q(("state", "complete"), _negated=True),
                    _connector="OR",
                ),
                name="action_complete_has_closing_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("starts_on", None), ("due", None), ("due__gte", models.F("starts_on")), _connector="OR"
                ),
                name="action_due_after_start",
                violation_error_message="The due date must not be before the start.",
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("owner", None),
                    ("alternate", None),
                    models.Q(("owner", models.F("alternate")), _negated=True),
                    _connector="OR",
                ),
                name="action_alternate_is_another",
                violation_error_message="The alternate must be somebody other than the owner.",
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("marking", "OFFICIAL"),
                    models.Q(("handling_instruction", ""), _negated=True),
                    _connector="OR",
                ),
                name="action_sensitive_has_handling",
                violation_error_message="OFFICIAL-SENSITIVE needs a handling instruction.",
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("publication", "withhold"), _negated=True),
                    models.Q(("exemption", ""), _negated=True),
                    _connector="OR",
                ),
                name="action_withheld_has_exemption",
                violation_error_message="Say under which exemption the action is withheld.",
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(("publication", "withhold"), ("exemption", ""), _connector="OR"),
                name="action_exemption_only_withheld",
                violation_error_message="An exemption is for an action that is withheld.",
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["withdrawn", "superseded"]), _negated=True),
                    models.Q(("closed_on__isnull", False), models.Q(("board_reference", ""), _negated=True)),
                    _connector="OR",
                ),
                name="action_closed_by_a_board",
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "superseded"), ("superseded_by__isnull", False)),
                    models.Q(models.Q(("state", "superseded"), _negated=True), ("superseded_by", None)),
                    _connector="OR",
                ),
                name="action_superseded_has_successor",
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("superseded_by", None),
                    models.Q(("superseded_by", models.F("id")), _negated=True),
                    _connector="OR",
                ),
                name="action_supersedes_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(("by_districts", False), ("parent", None), _connector="OR"),
                name="action_part_has_no_parts",
                violation_error_message="An action that is a district's part is not itself delivered by districts.",
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.UniqueConstraint(
                fields=("parent", "area"),
                name="action_one_part_for_each_area",
                violation_error_message="This district already has a district action of that joint action.",
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(("parent", None), ("area__isnull", False), _connector="OR"),
                name="action_part_has_area",
                violation_error_message="A part of another action names the district that delivers it.",
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(("extensions__lte", models.F("moves"))), name="action_extensions_are_moves"
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("moves__gt", 0),
                    ("due", models.F("original_due")),
                    models.Q(
                        ("state__in", ("not_started", "in_progress", "awaiting_assurance", "complete")),
                        _negated=True,
                    ),
                    ("by_districts", True),
                    _connector="OR",
                ),
                name="action_date_moves_are_counted",
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("waiting_since", None),
                    (
                        "state__in",
                        ("draft", "awaiting_allocation", "not_started", "in_progress", "awaiting_assurance"),
                    ),
                    _connector="OR",
                ),
                name="action_waiting_is_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(("retest_on", None), ("state", "complete"), _connector="OR"),
                name="action_retest_is_complete",
            ),
        ),
        migrations.AddIndex(
            model_name="progressupdate",
            index=models.Index(fields=["action", "-submitted_at"], name="actions_pro_action__37c3c5_idx"),
        ),
        migrations.AddConstraint(
            model_name="progressupdate",
            constraint=models.CheckConstraint(
                condition=models.Q(("percent__lte", 100)), name="update_percent_range"
            ),
        ),
        migrations.AddConstraint(
            model_name="progressupdate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("rag__in", ["red", "amber"]), _negated=True),
                    models.Q(
                        models.Q(("reason", ""), _negated=True),
                        models.Q(("path_to_green", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="update_red_amber_explained",
                violation_error_message="Red and amber need a reason and a path to green.",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", "file"),
                        ("size__gt", 0),
                        ("url", ""),
                        models.Q(("file", ""), _negated=True),
                        models.Q(("sha256", ""), _negated=True),
                    ),
                    models.Q(
                        ("file", ""), ("kind", "link"), ("sha256", ""), models.Q(("url", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="evidence_is_file_or_link",
                violation_error_message="Evidence is a file or a link.",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("expires_on", None), ("expires_on__gte", models.F("effective_on")), _connector="OR"
                ),
                name="evidence_expires_after_effect",
                violation_error_message="The expiry date must not be before the date it is about.",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("number", 1), ("supersedes", None)),
                    models.Q(("number__gt", 1), ("supersedes__isnull", False)),
                    _connector="OR",
                ),
                name="evidence_versions_count_up",
            ),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(
                fields=("owner", "partnership", "name"),
                name="savedview_name_unique",
                violation_error_message="You already have a view with this name. Enter another name.",
            ),
        ),
        migrations.AddIndex(
            model_name="updaterequest",
            index=models.Index(fields=["action", "-requested_at"], name="actions_upd_action__9a43f0_idx"),
        ),
        migrations.AddConstraint(
            model_name="watch",
            constraint=models.UniqueConstraint(fields=("user", "view"), name="watch_once"),
        ),
    ]
