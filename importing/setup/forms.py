from datetime import date
from typing import Any

from django import forms

from actions.plans.pillar_sets import PILLAR_CHOICES
from standards.dates import financial_year_of
from web.forms import GovukDateField, GovukForm


class PartnershipForm(GovukForm):
    name = forms.CharField(
        label="Name of the partnership",
        max_length=120,
        help_text="Usually the force area. For example, West Yorkshire.",
        error_messages={"required": "Enter the name of the partnership"},
    )


class FirstPlanForm(GovukForm):
    """The first plan, for the present financial year unless another is entered."""

    title = forms.CharField(label="Title of the plan", max_length=160)
    starts_on = GovukDateField(label="First day")
    ends_on = GovukDateField(label="Last day")
    pillar_set = forms.ChoiceField(
        label="Pillars", choices=PILLAR_CHOICES, required=False, widget=forms.RadioSelect
    )

    def __init__(self, data: Any, *, on: date) -> None:
        first, last = financial_year_of(on)
        title = f"Prevent Business Plan {first.year}/{last:%y}"
        initial = {"title": title, "starts_on": first, "ends_on": last, "pillar_set": ""}
        super().__init__(data, initial=initial)
