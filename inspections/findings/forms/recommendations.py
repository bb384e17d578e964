from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from audit.actors import Reader
from inspections.findings.models.inspections import Inspection
from inspections.findings.models.recommendations import Recommendation
from partners.models import Organisation
from web.forms import GovukForm, LongTextField


class CauseField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.number} {obj.text}".strip()[:80]


class RecommendationForm(GovukForm):
    """The details of a finding.

    Args:
        inspection: whose causes of concern and grades are offered.
        recommendation: the finding under change; it does not stand under itself. None for a new one.
        user, on: the user and the day that decide the choices.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of finding"),
        choices=Recommendation.Kind,
        widget=forms.RadioSelect,
        initial=Recommendation.Kind.RECOMMENDATION,
    )
    number = forms.CharField(
        label=gettext_lazy("Number"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("As printed in the report. Leave empty if it has none."),
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5"}),
    )
    cause = CauseField(
        Recommendation.objects.none(),
        label=gettext_lazy("Cause of concern"),
        required=False,
        empty_label=gettext_lazy("None"),
    )
    text = LongTextField(label=gettext_lazy("Text"), max_length=4000)
    paraphrased = forms.BooleanField(
        label=gettext_lazy("Illustrative, paraphrased: these are not the report's own words"),
        required=False,
        help_text=gettext_lazy("The finding is marked as paraphrased on every page."),
    )
    addressee = forms.CharField(
        label=gettext_lazy("Addressee"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Who the report addresses. For example, all forces or the Home Office."),
    )
    deadline_phrase = forms.CharField(
        label=gettext_lazy("Deadline as printed"),
        max_length=200,
        required=False,
        help_text=gettext_lazy(
            "For example, “By 30 November 2015, chief constables should” or “immediately”. A date in the text "
            "becomes the deadline."
        ),
    )
    priority = forms.ChoiceField(
        label=gettext_lazy("Priority"),
        required=False,
        help_text=gettext_lazy("From the inspection's priority scheme."),
    )
    lead = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=gettext_lazy("Lead organisation"),
        required=False,
        empty_label=gettext_lazy("Not decided"),
    )

    def __init__(
        self,
        *args: Any,
        inspection: Inspection,
        recommendation: Recommendation | None = None,
        user: Reader,
        on: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if recommendation is None:
            del self.fields["version"]
        causes = inspection.recommendations.filter(kind=Recommendation.Kind.CAUSE_OF_CONCERN)
        self._offer("cause", causes.exclude(pk=recommendation.pk if recommendation else None))
        here = {"partnership": inspection.partnership_id}
        self._offer("lead", Organisation.objects.visible_to(user, on).filter(**here))
        grades = [(grade, grade) for grade in inspection.priorities]
        self.fields["priority"].choices = [("", gettext("Not graded")), *grades]  # type: ignore[attr-defined]
        if not grades:
            del self.fields["priority"]

    def _offer(self, name: str, rows: Any) -> None:
        self.fields[name].queryset = rows  # type: ignore[attr-defined]
        if name == "cause" and not rows:
            del self.fields[name]


def recommendation_initial(row: Recommendation) -> dict[str, Any]:
    return {name: getattr(row, name) for name in RecommendationForm.base_fields}
