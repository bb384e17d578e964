from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from actions.evidence.forms import LinkField
from inspections.findings.models.inspections import Inspection
from partners.partnerships.forms import InPartnershipForm
from web.forms import GovukDateField, LongTextField
from web.language import lazy_text
from web.markings import HandlingField, MarkingField

LINK = lazy_text("Enter a full web address that starts with https://")


class GradesField(LongTextField):
    """Grades, one per line."""

    def clean(self, value: Any) -> list[str]:
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]


class InspectionForm(InPartnershipForm):
    """The details of an inspection."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    title = forms.CharField(
        label=gettext_lazy("Title"), max_length=250, help_text=gettext_lazy("As printed on the report.")
    )
    short_title = forms.CharField(
        label=gettext_lazy("Short title"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("For example, CT4."),
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20"}),
    )
    body = forms.CharField(
        label=gettext_lazy("Inspecting body"),
        max_length=160,
        help_text=gettext_lazy("For example, HMICFRS or internal audit."),
    )
    body_kind = forms.ChoiceField(
        label=gettext_lazy("Kind of body"), choices=Inspection.BodyKind, widget=forms.RadioSelect
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of inspection"), choices=Inspection.Kind, widget=forms.RadioSelect
    )
    fieldwork_from = GovukDateField(label=gettext_lazy("Fieldwork from"), required=False)
    fieldwork_to = GovukDateField(label=gettext_lazy("Fieldwork to"), required=False)
    published_on = GovukDateField(
        label=gettext_lazy("Published on"),
        required=False,
        help_text=gettext_lazy(
            "Leave empty if the report is not published. The section 55 deadline counts from this day."
        ),
    )
    report_url = LinkField(
        label=gettext_lazy("Link to the report"),
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text=gettext_lazy("Starts with https://"),
        error_messages={"invalid": LINK},
    )
    priorities = GradesField(
        label=gettext_lazy("Priority scheme"),
        required=False,
        max_length=1000,
        help_text=gettext_lazy(
            "The report's own grades, one per line, highest first. Leave empty if it has none."
        ),
    )
    opinion = forms.CharField(
        label=gettext_lazy("Overall opinion"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("In the report's own words. For example, “limited assurance”."),
    )
    marking = MarkingField()
    handling_instruction = HandlingField()

    def __init__(self, *args: Any, partnerships: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, partnerships=partnerships, **kwargs)
        if partnerships is not None:
            del self.fields["version"]


def inspection_initial(inspection: Inspection) -> dict[str, Any]:
    names = [name for name in InspectionForm.base_fields if name != "partnership"]
    return {name: getattr(inspection, name) for name in names} | {
        "priorities": "\n".join(inspection.priorities)
    }
