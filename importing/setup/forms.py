from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from actions.plans.pillar_sets import pillar_choices
from standards.dates import financial_year_of
from web.forms import GovukDateField, GovukForm


class PartnershipForm(GovukForm):
    name = forms.CharField(
        label=gettext_lazy("Name of the partnership"),
        max_length=120,
        help_text=gettext_lazy("Usually the force area. For example, West Yorkshire."),
        error_messages={"required": gettext_lazy("Enter the name of the partnership")},
    )


class FirstPlanForm(GovukForm):
    """The first plan, for the present financial year unless another is entered."""

    title = forms.CharField(label=gettext_lazy("Title of the plan"), max_length=160)
    starts_on = GovukDateField(label=gettext_lazy("First day"))
    ends_on = GovukDateField(label=gettext_lazy("Last day"))
    pillar_set = forms.ChoiceField(
        label=gettext_lazy("Pillars"), choices=pillar_choices, required=False, widget=forms.RadioSelect
    )

    def __init__(self, data: Any, *, on: date) -> None:
        first, last = financial_year_of(on)
        title = gettext("Prevent Business Plan {years}").format(years=f"{first.year}/{last:%y}")
        initial = {"title": title, "starts_on": first, "ends_on": last, "pillar_set": ""}
        super().__init__(data, initial=initial)
