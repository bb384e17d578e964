from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms

from actions.actions.forms.allocation import PersonField, able_to_own
from actions.bulk.services import BulkChange
from actions.core.models import Action
from actions.disclosure.forms import PublicationForm
from partners.models import Organisation, User
from web.forms import GovukDateField, GovukForm, LongTextField


class BulkChangeForm(GovukForm):
    """What is to be done to the actions that were selected.

    Args:
        errands: what the user may set out to do, by name.
    """

    errand = forms.ChoiceField(
        label="What do you want to do?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Select what you want to do",
            "invalid_choice": "Select what you want to do",
        },
    )

    def __init__(self, *args: Any, errands: dict[str, BulkChange], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["errand"].choices = [(name, errand.title) for name, errand in errands.items()]  # type: ignore[attr-defined]


class ValueForm(GovukForm):
    """What an errand sets.

    Args:
        actions: those that were selected, of one partnership.
        user, on: for whom and on which day choices are offered.
    """

    def __init__(self, *args: Any, actions: Sequence[Action], user: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(actions, user, on)

    def offer(self, actions: Sequence[Action], user: Any, on: date) -> None:
        """Put in the choices that depend on what was selected."""


class AllocateForm(ValueForm):
    lead = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="Lead organisation",
        required=False,
        empty_label="The one that each action has",
    )
    owner = PersonField(User.objects.none(), empty_label="Choose a person")
    alternate = PersonField(
        User.objects.none(),
        required=False,
        empty_label="Nobody, or the one that an action has",
        help_text="Reports on the actions when the owner is away.",
    )
    due = GovukDateField(
        label="Due date",
        required=False,
        help_text="Becomes the original due date, which never changes. Leave it empty to use the date that each action has.",
    )

    def offer(self, actions: Sequence[Action], user: Any, on: date) -> None:
        partnership = actions[0].partnership_id
        people = able_to_own(partnership, user, on)
        organisations = Organisation.objects.visible_to(user, on).filter(partnership=partnership)
        for name, rows in (("lead", organisations), ("owner", people), ("alternate", people)):
            self.fields[name].queryset = rows  # type: ignore[attr-defined]


class OwnerForm(ValueForm):
    owner = PersonField(
        User.objects.none(),
        label="New owner",
        empty_label="Choose a person",
        help_text="The lead organisation and the alternate stay as they are.",
    )

    def offer(self, actions: Sequence[Action], user: Any, on: date) -> None:
        self.fields["owner"].queryset = able_to_own(actions[0].partnership_id, user, on)  # type: ignore[attr-defined]


class DateForm(ValueForm):
    new_due = GovukDateField(
        label="New due date",
        help_text="A later date is asked for and waits for a decision. An earlier one applies at once.",
    )


class PillarForm(ValueForm):
    pillar = forms.ChoiceField(label="New pillar")

    def offer(self, actions: Sequence[Action], user: Any, on: date) -> None:
        plans = {action.plan_id: action.plan for action in actions}.values()
        names = dict.fromkeys(
            pillar.name for plan in plans for pillar in plan.pillars.order_by("order", "name")
        )
        self.fields["pillar"].choices = [("", "Choose a pillar"), *((name, name) for name in names)]  # type: ignore[attr-defined]


class DisclosureForm(ValueForm, PublicationForm):
    """As for one action; the reason is given with the confirmation."""

    version = None
    reason = None
    field_order: ClassVar = ["publication", "exemption"]


class UpdateForm(ValueForm):
    wanted_by = GovukDateField(
        label="By when do you want the update?",
        help_text="Each owner finds it in My work until they report progress.",
    )


class ConfirmForm(GovukForm):
    """That what a preview showed is done.

    Args:
        left_out: how many of the actions cannot be changed.
    """

    seen = forms.CharField(widget=forms.HiddenInput)
    leave_out = forms.BooleanField()
    reason = LongTextField(max_length=2000, help_text="Goes on record with each of the changes.")

    def __init__(self, *args: Any, left_out: int, question: bool = False, **kwargs: Any) -> None:
        self.left_out, self.question = left_out, question
        super().__init__(*args, **kwargs)
        if not left_out:
            del self.fields["leave_out"]

    def word_errors(self) -> None:
        which = "action" if self.left_out == 1 else f"{self.left_out} actions"
        self.fields["leave_out"].label = f"Leave out the {which} that cannot be changed"
        if self.question:
            self.fields["reason"].label = "What you want to know"
            self.fields["reason"].help_text = "The owners read it, and it stays on record with each action."
        super().word_errors()


VALUES: dict[str, type[ValueForm]] = {
    "allocate": AllocateForm,
    "owner": OwnerForm,
    "date": DateForm,
    "pillar": PillarForm,
    "publication": DisclosureForm,
    "update": UpdateForm,
}
