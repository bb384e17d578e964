from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext, gettext_lazy

from actions.actions.forms.allocation import PersonField, able_to_own
from actions.bulk.services import BulkChange
from actions.core.models import Action
from actions.disclosure.forms import PublicationForm
from audit.actors import Reader
from partners.models import Organisation, User
from web.forms import GovukDateField, GovukForm, LongTextField


class BulkChangeForm(GovukForm):
    """Choose a bulk change for the selected actions.

    Args:
        bulk_changes: those the user may choose, by name.
    """

    change = forms.ChoiceField(
        label=gettext_lazy("What do you want to change?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Select what you want to change"),
            "invalid_choice": gettext_lazy("Select what you want to change"),
        },
    )

    def __init__(self, *args: Any, bulk_changes: dict[str, BulkChange], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["change"].choices = [  # type: ignore[attr-defined]
            (name, bulk_change.title) for name, bulk_change in bulk_changes.items()
        ]


class ValueForm(GovukForm):
    """The new value of a bulk change.

    Args:
        actions: the selected actions, of one partnership.
        user, on: the reader and the day, for the choices.
    """

    def __init__(self, *args: Any, actions: Sequence[Action], user: Reader, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices(actions, user, on)

    def set_choices(self, actions: Sequence[Action], user: Reader, on: date) -> None:
        """Set the choices that depend on the selected actions."""


class AllocateForm(ValueForm):
    lead = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=gettext_lazy("Lead organisation"),
        required=False,
        empty_label=gettext_lazy("Keep each action's own"),
    )
    owner = PersonField(
        User.objects.none(), label=gettext_lazy("Owner"), empty_label=gettext_lazy("Choose a person")
    )
    alternate = PersonField(
        User.objects.none(),
        label=gettext_lazy("Alternate"),
        required=False,
        empty_label=gettext_lazy("Keep each action's own, if it has one"),
        help_text=gettext_lazy("They report on the actions when the owner is away."),
    )
    due = GovukDateField(
        label=gettext_lazy("Due date"),
        required=False,
        help_text=gettext_lazy(
            "This becomes the original due date, which never changes. Leave it empty to keep each action's own date."
        ),
    )

    def set_choices(self, actions: Sequence[Action], user: Reader, on: date) -> None:
        partnership = actions[0].partnership_id
        people = able_to_own(partnership, user, on)
        organisations = Organisation.objects.visible_to(user, on).filter(partnership=partnership)
        for name, rows in (("lead", organisations), ("owner", people), ("alternate", people)):
            self.fields[name].queryset = rows  # type: ignore[attr-defined]


class OwnerForm(ValueForm):
    owner = PersonField(
        User.objects.none(),
        label=gettext_lazy("New owner"),
        empty_label=gettext_lazy("Choose a person"),
        help_text=gettext_lazy("The lead organisation and the alternate stay the same."),
    )

    def set_choices(self, actions: Sequence[Action], user: Reader, on: date) -> None:
        self.fields["owner"].queryset = able_to_own(actions[0].partnership_id, user, on)  # type: ignore[attr-defined]


class DateForm(ValueForm):
    new_due = GovukDateField(
        label=gettext_lazy("New due date"),
        help_text=gettext_lazy("A later date waits for a decision. An earlier date applies at once."),
    )


class PillarForm(ValueForm):
    pillar = forms.ChoiceField(label=gettext_lazy("New pillar"))

    def set_choices(self, actions: Sequence[Action], user: Reader, on: date) -> None:
        plans = {action.plan_id: action.plan for action in actions}.values()
        names = dict.fromkeys(
            pillar.name for plan in plans for pillar in plan.pillars.order_by("order", "name")
        )
        self.fields["pillar"].choices = [("", gettext("Choose a pillar")), *((name, name) for name in names)]  # type: ignore[attr-defined]


class DisclosureForm(ValueForm, PublicationForm):
    """The same as for one action; the reason comes with the confirmation."""

    version = None
    reason = None
    field_order: ClassVar = ["publication", "exemption"]


class UpdateForm(ValueForm):
    due_on = GovukDateField(
        label=gettext_lazy("When do you need the update?"),
        help_text=gettext_lazy("Owners see the request in My work until they report progress."),
    )


class ConfirmForm(GovukForm):
    """Confirm a previewed bulk change.

    Args:
        excluded: how many of the actions cannot be changed.
        question: whether the reason is a question to the owners.
    """

    preview = forms.CharField(widget=forms.HiddenInput)
    leave_out = forms.BooleanField(label=gettext_lazy("Leave out"))
    reason = LongTextField(
        label=gettext_lazy("Reason"),
        max_length=2000,
        help_text=gettext_lazy("This goes on the record of each action."),
    )

    def __init__(self, *args: Any, excluded: int, question: bool = False, **kwargs: Any) -> None:
        self.excluded, self.question = excluded, question
        super().__init__(*args, **kwargs)
        if not excluded:
            del self.fields["leave_out"]

    def word_errors(self) -> None:
        which = (
            "action" if self.excluded == 1 else gettext("{excluded} actions").format(excluded=self.excluded)
        )
        self.fields["leave_out"].label = gettext("Leave out the {which} that cannot be changed").format(
            which=which
        )
        if self.question:
            self.fields["reason"].label = gettext("Your question")
            self.fields["reason"].help_text = gettext(
                "The owners read this. It goes on the record of each action."
            )
        super().word_errors()


VALUES: dict[str, type[ValueForm]] = {
    "allocate": AllocateForm,
    "owner": OwnerForm,
    "date": DateForm,
    "pillar": PillarForm,
    "publication": DisclosureForm,
    "update": UpdateForm,
}
