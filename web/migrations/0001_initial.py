from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="StoredResponse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "caller",
                    models.CharField(help_text="ID of the account that sent the request.", max_length=64),
                ),
                ("key", models.CharField(max_length=255)),
                (
                    "request",
                    models.CharField(
                        help_text="SHA-256 of the method, address and body of the request.", max_length=64
                    ),
                ),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("headers", models.JSONField(default=dict)),
                ("body", models.BinaryField(default=b"")),
                ("at", models.DateTimeField(db_index=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("caller", "key"), name="storedresponse_caller_key_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status", None), ("status__range", (200, 499)), _connector="OR"),
                        name="storedresponse_status",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("account", models.PositiveBigIntegerField()),
                ("address", models.CharField(max_length=300)),
                ("sealed", models.TextField(help_text="The values, encrypted under SECRET_KEY.")),
                ("at", models.DateTimeField(db_index=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("account", "address"), name="draft_account_address_unique"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="KnownKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "fingerprint",
                    models.CharField(help_text="Checksum of the key.", max_length=64, unique=True),
                ),
                ("at", models.DateTimeField(help_text="When the service first ran with it.")),
            ],
        ),
    ]
