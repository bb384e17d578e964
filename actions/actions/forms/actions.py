from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from actions.core.models import Action
from actions.plans.models import Pillar, Plan
from audit.actors import Reader
from partners.models import Area, MouArea, Organisation
from web.forms import GovukForm, LongTextField
from web.markings import HandlingField, MarkingField

RADIOS = forms.RadioSelect
INLINE = forms.RadioSelect(attrs={"class": "govuk-radios--inline"})


class ActionForm(GovukForm):
    """What an action says and its markings.

    Owner, dates, status and publication are not here: each is a decision of its own.

    Args:
        plan: the plan of the action; choices are those of its partnership.
        user, on: the user and the day that decide the choices.
        new: ask for the reference and whether it stays a draft.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    ref = forms.CharField(
        label=gettext_lazy("Reference"),
        max_length=24,
        help_text=gettext_lazy("For example, WY20-07, REC 4 or 1.1(a). A reference is never used twice."),
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
    )
    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    description = LongTextField(label=gettext_lazy("Description"), max_length=4000, required=False)
    success_measure = LongTextField(
        label=gettext_lazy("Success measure"),
        max_length=2000,
        required=False,
        help_text=gettext_lazy("How an auditor will know that it is done."),
    )
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Where the action came from: the paper, its date and page."),
    )
    pillar = forms.ModelChoiceField(
        Pillar.objects.none(), label=gettext_lazy("Pillar"), empty_label=gettext_lazy("Choose a pillar")
    )
    area = forms.ModelChoiceField(
        Area.objects.none(),
        label=gettext_lazy("District"),
        required=False,
        empty_label=gettext_lazy("No district: the whole force"),
    )
    lead = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=gettext_lazy("Lead organisation"),
        required=False,
        empty_label=gettext_lazy("Not decided"),
    )
    supporting = forms.ModelMultipleChoiceField(
        Organisation.objects.none(),
        label=gettext_lazy("Supporting organisations"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "govuk-checkboxes--small"}),
        help_text=gettext_lazy("Their contacts see the action and can report on it."),
    )
    mou_area = forms.ModelChoiceField(
        MouArea.objects.none(),
        label=gettext_lazy("MOU area"),
        required=False,
        empty_label=gettext_lazy("None"),
    )
    tier = forms.ChoiceField(label=gettext_lazy("Tier"), choices=Action.Tier, required=False)
    priority = forms.ChoiceField(
        label=gettext_lazy("Priority"), choices=Action.Priority, widget=INLINE, initial=Action.Priority.MEDIUM
    )
    marking = MarkingField()
    handling_instruction = HandlingField()
    draft = forms.BooleanField(
        label=gettext_lazy("Keep it as a draft"),
        required=False,
        help_text=gettext_lazy("It does not appear in anybody's tasks until you release it."),
    )

    def __init__(self, *args: Any, plan: Plan, user: Reader, on: date, new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("version",) if new else ("ref", "draft"):
            del self.fields[name]
        here = {"partnership": plan.partnership_id}
        organisations = Organisation.objects.visible_to(user, on).filter(**here)
        self._offer("pillar", plan.pillars.all())
        self._offer("area", Area.objects.visible_to(user, on).filter(**here))
        self._offer("mou_area", MouArea.objects.visible_to(user, on).filter(**here))
        self._offer("lead", organisations)
        self._offer("supporting", organisations)

    def _offer(self, name: str, rows: Any) -> None:
        self.fields[name].queryset = rows  # type: ignore[attr-defined]


def action_initial(action: Action) -> dict[str, Any]:
    names = [name for name in ActionForm.base_fields if name not in {"draft", "supporting"}]
    return {name: getattr(action, name) for name in names} | {
        "supporting": list(action.supporting.values_list("pk", flat=True))
    }
