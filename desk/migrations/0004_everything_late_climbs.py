"""Returns and answers to reports climb as actions do. What climbed before keeps its rows."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def fill(apps, schema_editor):
    escalation = apps.get_model("desk", "Escalation")
    action = apps.get_model("actions", "Action")
    whose = action.objects.filter(pk=OuterRef("action")).values("partnership")
    escalation.objects.filter(partnership=None).update(partnership=Subquery(whose))


class Migration(migrations.Migration):
    dependencies = [
        ("actions", "0006_saved_views"),
        ("desk", "0003_search"),
        ("inspections", "0001_initial"),
        ("partners", "0002_alternate_spoc"),
    ]

    operations = [
        migrations.AddField(
            model_name="escalation",
            name="partnership",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="partners.partnership",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
