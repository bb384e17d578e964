import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.OAUTH2_PROVIDER_APPLICATION_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Webhook",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "url",
                    models.CharField(
                        max_length=500,
                        validators=[
                            django.core.validators.URLValidator(
                                message="Enter an https address, like https://example.org/hooks.",
                                schemes=["https"],
                            )
                        ],
                        verbose_name="address",
                    ),
                ),
                ("created_at", models.DateTimeField(editable=False)),
                (
                    "secret",
                    models.TextField(editable=False, help_text="Encrypted. Signs the messages."),
                ),
                ("former_secret", models.TextField(blank=True, editable=False, help_text="Encrypted.")),
                (
                    "former_until",
                    models.DateTimeField(
                        blank=True,
                        editable=False,
                        help_text="Until then messages have both signatures.",
                        null=True,
                    ),
                ),
                ("paused_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("paused_because", models.CharField(blank=True, editable=False, max_length=300)),
                (
                    "position",
                    models.PositiveBigIntegerField(default=0, editable=False, help_text="In the ledger."),
                ),
                ("reach", models.CharField(blank=True, editable=False, max_length=16)),
                ("queued_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="webhooks",
                        to=settings.OAUTH2_PROVIDER_APPLICATION_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["client", "pk"],
            },
        ),
        migrations.CreateModel(
            name="WebhookDelivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("message_id", models.CharField(max_length=40, unique=True)),
                ("after", models.PositiveBigIntegerField()),
                ("upto", models.PositiveBigIntegerField()),
                (
                    "reach",
                    models.CharField(blank=True, help_text="At the start of the range.", max_length=16),
                ),
                ("made_at", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("last_attempt_at", models.DateTimeField(blank=True, null=True)),
                ("next_attempt_at", models.DateTimeField(blank=True, null=True)),
                ("last_result", models.CharField(blank=True, max_length=200)),
                ("delivered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "set_aside_at",
                    models.DateTimeField(
                        blank=True, help_text="Since then later messages do not wait for this one.", null=True
                    ),
                ),
                (
                    "number",
                    models.PositiveIntegerField(default=0, help_text="How many changes the body lists."),
                ),
                ("body", models.TextField(blank=True, help_text="As last sent.")),
                (
                    "webhook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="exchange.webhook",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "webhook deliveries",
                "ordering": ["-made_at", "-pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="webhook",
            constraint=models.UniqueConstraint(
                fields=("client", "url"),
                name="webhook_address_unique",
                violation_error_message="This client already has a webhook with this address.",
            ),
        ),
        migrations.AddConstraint(
            model_name="webhook",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("paused_at", None), models.Q(("paused_because", ""), _negated=True), _connector="OR"
                ),
                name="webhook_paused_for_a_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="webhookdelivery",
            index=models.Index(fields=["delivered_at"], name="delivery_delivered"),
        ),
        migrations.AddConstraint(
            model_name="webhookdelivery",
            constraint=models.CheckConstraint(
                condition=models.Q(("upto__gte", models.F("after"))), name="delivery_goes_forwards"
            ),
        ),
        migrations.AddConstraint(
            model_name="webhookdelivery",
            constraint=models.CheckConstraint(
                condition=models.Q(("delivered_at", None), ("next_attempt_at", None), _connector="OR"),
                name="delivery_done_has_no_next",
            ),
        ),
        migrations.AddConstraint(
            model_name="webhookdelivery",
            constraint=models.UniqueConstraint(
                condition=models.Q(("delivered_at", None), ("set_aside_at", None)),
                fields=("webhook",),
                name="delivery_one_waits",
            ),
        ),
    ]
