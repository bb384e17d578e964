import django.db.models.deletion
import django.db.models.functions.text
import oauth2_provider.generators
import oauth2_provider.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("audit", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="Area",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("order", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "ordering": ["partnership", "order", "name"],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                ("email", models.EmailField(max_length=254, verbose_name="email address")),
                (
                    "name",
                    models.CharField(
                        help_text="Enter the post, not the person. For example, Bradford SPOC.",
                        max_length=120,
                        verbose_name="job title",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("user", "Person"), ("client", "API client")], default="user", max_length=10
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Can manage accounts and reference data. Gives no access to actions or returns.",
                        verbose_name="administrator",
                    ),
                ),
                ("joined_at", models.DateTimeField()),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "ordering": ["name", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ApiClient",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "client_id",
                    models.CharField(
                        db_index=True,
                        default=oauth2_provider.generators.generate_client_id,
                        max_length=255,
                        unique=True,
                        verbose_name="client ID",
                    ),
                ),
                (
                    "redirect_uris",
                    models.TextField(
                        blank=True,
                        help_text="Allowed URIs list, space separated",
                        verbose_name="redirect URIs",
                    ),
                ),
                (
                    "post_logout_redirect_uris",
                    models.TextField(
                        blank=True,
                        default="",
                        help_text="Allowed Post Logout URIs list, space separated",
                        verbose_name="post logout redirect URIs",
                    ),
                ),
                (
                    "client_type",
                    models.CharField(
                        choices=[("confidential", "Confidential"), ("public", "Public")],
                        max_length=32,
                        verbose_name="client type",
                    ),
                ),
                (
                    "authorization_grant_type",
                    models.CharField(
                        choices=[
                            ("authorization-code", "Authorization code"),
                            ("urn:ietf:params:oauth:grant-type:device_code", "Device Code"),
                            ("implicit", "Implicit"),
                            ("password", "Resource owner password-based"),
                            ("client-credentials", "Client credentials"),
                            ("openid-hybrid", "OpenID connect hybrid"),
                        ],
                        max_length=44,
                        verbose_name="authorization grant type",
                    ),
                ),
                (
                    "client_secret",
                    oauth2_provider.models.ClientSecretField(
                        blank=True,
                        db_index=True,
                        default=oauth2_provider.generators.generate_client_secret,
                        help_text="Client secret for authentication",
                        max_length=255,
                        verbose_name="client secret",
                    ),
                ),
                ("hash_client_secret", models.BooleanField(default=True, verbose_name="hash client secret")),
                ("name", models.CharField(blank=True, max_length=255, verbose_name="name")),
                ("skip_authorization", models.BooleanField(default=False, verbose_name="skip authorization")),
                ("created", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated", models.DateTimeField(auto_now=True, verbose_name="updated")),
                (
                    "algorithm",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "No OIDC support"),
                            ("RS256", "RSA with SHA-2 256"),
                            ("HS256", "HMAC with SHA-2 256"),
                        ],
                        default="",
                        max_length=5,
                        verbose_name="algorithm",
                    ),
                ),
                (
                    "allowed_origins",
                    models.TextField(
                        blank=True,
                        default="",
                        help_text="Allowed origins list to enable CORS, space separated",
                        verbose_name="allowed origins",
                    ),
                ),
                (
                    "registration_source",
                    models.CharField(
                        choices=[
                            ("manual", "Manual"),
                            ("dcr", "Dynamic Client Registration"),
                            ("cimd", "Client ID Metadata Document"),
                        ],
                        default="manual",
                        help_text="How this application was registered (manual, DCR per RFC 7591, or CIMD)",
                        max_length=32,
                        verbose_name="registration source",
                    ),
                ),
                (
                    "cimd_expires_at",
                    models.DateTimeField(
                        blank=True,
                        default=None,
                        help_text="When the cached Client ID Metadata Document should be re-fetched",
                        null=True,
                        verbose_name="CIMD expires at",
                    ),
                ),
                (
                    "scopes",
                    models.CharField(
                        help_text="Scopes this client can request, separated by spaces.", max_length=1000
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(app_label)s_%(class)s",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "API client",
                "ordering": ["name"],
                "abstract": False,
                "swappable": "OAUTH2_PROVIDER_APPLICATION_MODEL",
            },
        ),
        migrations.CreateModel(
            name="Board",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                (
                    "tier",
                    models.CharField(
                        help_text="The local name, for example Gold, Silver, Bronze or Public scrutiny.",
                        max_length=40,
                    ),
                ),
                (
                    "cadence",
                    models.CharField(
                        choices=[
                            ("monthly", "Monthly"),
                            ("two_monthly", "Every two months"),
                            ("quarterly", "Quarterly"),
                            ("twice_a_year", "Twice a year"),
                            ("annually", "Annually"),
                            ("as_needed", "As needed"),
                        ],
                        default="quarterly",
                        max_length=16,
                    ),
                ),
                (
                    "decides_on_actions",
                    models.BooleanField(
                        default=False, help_text="It may approve withdrawals and later due dates."
                    ),
                ),
                (
                    "quorum",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="How many members must be present for a decision. 0 means no quorum is set.",
                    ),
                ),
                (
                    "minute_numbering",
                    models.CharField(
                        choices=[("running", "Running on, like 579"), ("yearly", "By year, like 14/2020")],
                        default="yearly",
                        max_length=10,
                    ),
                ),
                (
                    "starts_on",
                    models.DateField(
                        blank=True, help_text="Leave empty if not known.", null=True, verbose_name="first day"
                    ),
                ),
                (
                    "ends_on",
                    models.DateField(
                        blank=True,
                        help_text="Leave empty while it meets.",
                        null=True,
                        verbose_name="last day",
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        help_text="Leave empty if the board covers the whole force area.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="boards",
                        to="partners.area",
                        verbose_name="district",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="partners.board",
                    ),
                ),
                (
                    "succeeds",
                    models.OneToOneField(
                        blank=True,
                        help_text="The earlier board that this one took over from.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="successor",
                        to="partners.board",
                    ),
                ),
            ],
            options={
                "ordering": ["partnership", "name"],
            },
        ),
        migrations.CreateModel(
            name="ClientSecret",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "digest",
                    models.CharField(
                        editable=False, help_text="SHA-256 of the secret.", max_length=64, unique=True
                    ),
                ),
                ("created_at", models.DateTimeField(editable=False)),
                (
                    "ends_at",
                    models.DateTimeField(
                        blank=True, editable=False, help_text="When the secret stops working.", null=True
                    ),
                ),
                ("last_used_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="secrets",
                        to=settings.OAUTH2_PROVIDER_APPLICATION_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=160)),
                ("short_name", models.CharField(blank=True, max_length=40)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("police_force", "Police force"),
                            ("police_district", "Police district"),
                            ("counter_terrorism", "Counter terrorism policing"),
                            ("local_policing_body", "Local policing body"),
                            ("council", "Council"),
                            ("council_service", "Council service"),
                            ("government", "Government department or agency"),
                            ("inspectorate", "Inspectorate"),
                            ("armed_forces", "Armed forces"),
                            ("education", "Education"),
                            ("health", "Health"),
                            ("community", "Community or faith body"),
                            ("research", "Research"),
                            ("other", "Other"),
                        ],
                        max_length=24,
                    ),
                ),
                (
                    "schedule_6_sector",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Not a specified authority"),
                            ("local_government", "Local government"),
                            ("criminal_justice", "Criminal justice"),
                            ("education", "Education, child care etc."),
                            ("health_and_social_care", "Health and social care"),
                            ("police", "Police"),
                        ],
                        help_text="Counter-Terrorism and Security Act 2015, Schedule 6.",
                        max_length=24,
                        verbose_name="Schedule 6 sector",
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="organisations",
                        to="partners.area",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="partners.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="BoardSeat",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "post",
                    models.CharField(help_text="The post, not a name. For example, Chair.", max_length=120),
                ),
                ("starts_on", models.DateField(verbose_name="first day")),
                (
                    "ends_on",
                    models.DateField(
                        blank=True, help_text="Leave empty while it runs.", null=True, verbose_name="last day"
                    ),
                ),
                (
                    "board",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="seats", to="partners.board"
                    ),
                ),
                (
                    "succeeds",
                    models.OneToOneField(
                        blank=True,
                        help_text="The earlier seat that this one took over from.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="successor",
                        to="partners.boardseat",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seats",
                        to="partners.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["board", "organisation", "post", "starts_on"],
            },
        ),
        migrations.AddField(
            model_name="apiclient",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="api_clients",
                to="partners.organisation",
            ),
        ),
        migrations.CreateModel(
            name="Partnership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, unique=True)),
                ("slug", models.SlugField(unique=True)),
                (
                    "is_sandbox",
                    models.BooleanField(
                        default=False,
                        editable=False,
                        help_text="For testing with made-up data. No email is sent about it.",
                        verbose_name="sandbox",
                    ),
                ),
                (
                    "ledger",
                    models.OneToOneField(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="partnership",
                        to="audit.ledger",
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="OrganisationAlias",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=160)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="aliases",
                        to="partners.organisation",
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.partnership",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "organisation aliases",
                "ordering": ["name"],
            },
        ),
        migrations.AddField(
            model_name="organisation",
            name="partnership",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="organisations",
                to="partners.partnership",
            ),
        ),
        migrations.CreateModel(
            name="MouArea",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("order", models.PositiveSmallIntegerField(default=0)),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mou_areas",
                        to="partners.partnership",
                    ),
                ),
            ],
            options={
                "verbose_name": "MOU area",
                "ordering": ["partnership", "order", "name"],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("spoc", "District SPOC"),
                            ("partner_contact", "Partner contact"),
                            ("programme_manager", "Programme manager"),
                            ("board_member", "Board member"),
                            ("auditor", "Auditor"),
                            ("opcc_officer", "OPCC officer"),
                            ("observer", "Observer"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "alternate",
                    models.BooleanField(
                        default=False,
                        help_text="Covers for the main SPOC of the organisation. Only for SPOCs.",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="first day")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="last day")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="partners.organisation",
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="partners.partnership",
                    ),
                ),
            ],
            options={
                "ordering": ["partnership", "user", "starts_on"],
            },
        ),
        migrations.AddField(
            model_name="board",
            name="partnership",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="boards", to="partners.partnership"
            ),
        ),
        migrations.AddField(
            model_name="area",
            name="partnership",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="areas", to="partners.partnership"
            ),
        ),
        migrations.AddField(
            model_name="apiclient",
            name="partnership",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="api_clients",
                to="partners.partnership",
            ),
        ),
        migrations.CreateModel(
            name="PersonalToken",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("scopes", models.CharField(help_text="Separated by spaces.", max_length=1000)),
                (
                    "digest",
                    models.CharField(
                        editable=False, help_text="SHA-256 of the token.", max_length=64, unique=True
                    ),
                ),
                ("created_at", models.DateTimeField(editable=False)),
                ("expires_on", models.DateField(help_text="The last day on which it works.")),
                ("revoked_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="personal_tokens",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="PersonalTokenUse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on", models.DateField()),
                (
                    "token",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="uses",
                        to="partners.personaltoken",
                    ),
                ),
            ],
            options={
                "ordering": ["-on"],
            },
        ),
        migrations.CreateModel(
            name="Responsibility",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(choices=[("leads", "Leads"), ("supports", "Supports")], max_length=10),
                ),
                (
                    "mou_area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="responsibilities",
                        to="partners.mouarea",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="responsibilities",
                        to="partners.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "responsibilities",
                "ordering": ["mou_area", "kind", "organisation"],
            },
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("email"),
                name="user_email_unique",
                violation_error_message="There is already an account with this email address",
            ),
        ),
        migrations.AddConstraint(
            model_name="clientsecret",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_at", None), ("ends_at__gte", models.F("created_at")), _connector="OR"
                ),
                name="clientsecret_ends_after_creation",
            ),
        ),
        migrations.AddConstraint(
            model_name="boardseat",
            constraint=models.UniqueConstraint(
                fields=("board", "organisation", "post", "starts_on"), name="seat_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="boardseat",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                ),
                name="seat_days_in_order",
                violation_error_message="The last day must not be before the first day.",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisationalias",
            constraint=models.UniqueConstraint(
                models.F("partnership"),
                django.db.models.functions.text.Lower("name"),
                name="organisation_alias_unique",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.UniqueConstraint(
                models.F("partnership"),
                django.db.models.functions.text.Lower("name"),
                name="organisation_name_unique",
            ),
        ),
        migrations.AddConstraint(
            model_name="mouarea",
            constraint=models.UniqueConstraint(
                models.F("partnership"),
                django.db.models.functions.text.Lower("name"),
                name="mou_area_name_unique",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                fields=("user", "partnership", "organisation", "role", "starts_on"), name="membership_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                ),
                name="membership_ends_after_start",
                violation_error_message="The last day must be the same as or after the first day",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "role__in",
                        [
                            "spoc",
                            "partner_contact",
                            "programme_manager",
                            "board_member",
                            "auditor",
                            "opcc_officer",
                            "observer",
                        ],
                    )
                ),
                name="membership_role_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(("alternate", False), ("role", "spoc"), _connector="OR"),
                name="membership_alternate_is_spoc",
                violation_error_message="Only a SPOC can be an alternate",
            ),
        ),
        migrations.AddConstraint(
            model_name="board",
            constraint=models.UniqueConstraint(
                models.F("partnership"),
                django.db.models.functions.text.Lower("name"),
                name="board_name_unique",
            ),
        ),
        migrations.AddConstraint(
            model_name="board",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("starts_on", None),
                    ("ends_on", None),
                    ("ends_on__gte", models.F("starts_on")),
                    _connector="OR",
                ),
                name="board_years_in_order",
                violation_error_message="The last day must not be before the first day.",
            ),
        ),
        migrations.AddConstraint(
            model_name="area",
            constraint=models.UniqueConstraint(
                models.F("partnership"),
                django.db.models.functions.text.Lower("name"),
                name="area_name_unique",
            ),
        ),
        migrations.AddConstraint(
            model_name="personaltoken",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("revoked_at", None), ("revoked_at__gte", models.F("created_at")), _connector="OR"
                ),
                name="personaltoken_revoked_after_creation",
            ),
        ),
        migrations.AddConstraint(
            model_name="personaltokenuse",
            constraint=models.UniqueConstraint(fields=("token", "on"), name="personaltokenuse_once_a_day"),
        ),
        migrations.AddConstraint(
            model_name="responsibility",
            constraint=models.UniqueConstraint(
                fields=("mou_area", "organisation"), name="responsibility_unique"
            ),
        ),
    ]
