from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from actions.models import Plan
from audit.actors import Reader
from inspections.findings.models.inspections import Inspection
from web.forms import GovukForm
from web.language import lazy_text

BY = {
    "pillar": lazy_text("Pillar"),
    "district": lazy_text("District"),
    "organisation": lazy_text("Lead organisation"),
}


class CoverageForm(GovukForm):
    """The columns of the coverage table, its plan and its inspection.

    Args:
        user, on: the user and the day that decide the plans and inspections offered.
    """

    mark_optional = False

    by = forms.ChoiceField(label=gettext_lazy("Actions by"), choices=list(BY.items()), required=False)
    plan = forms.ChoiceField(label=gettext_lazy("Plan"), required=False)
    inspection = forms.ChoiceField(label=gettext_lazy("Inspection"), required=False)

    def __init__(self, *args: Any, user: Reader, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plans = Plan.objects.visible_to(user, on).order_by("-starts_on", "title")
        inspections = Inspection.objects.visible_to(user, on)
        self._offer("plan", gettext("Any"), plans)
        self._offer("inspection", gettext("Any"), inspections)

    def _offer(self, name: str, every: str, rows: Any) -> None:
        self.fields[name].choices = [("", every), *((str(row.pk), str(row)) for row in rows)]  # type: ignore[attr-defined]
