from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from actions.actions.forms.allocation import PersonField, able_to_own
from actions.handover.services import outgoing_owners
from actions.plans.models import Plan
from audit.actors import Actor
from partners.models import Membership, User
from web.forms import GovukForm, LongTextField
from web.language import day_text


class OutgoingField(forms.ModelChoiceField):
    """A choice of people by role and organisation, including former members."""

    posts: Mapping[int, list[str]] = MappingProxyType({})

    def label_from_instance(self, obj: Any) -> str:
        posts = "; ".join(self.posts.get(obj.pk, ())) or gettext("no role here")
        return f"{obj.name} ({posts})"


class HandoverForm(GovukForm):
    """Choose who hands over and who takes over.

    Args:
        user, on: the reader and the day, for the choices.
    """

    outgoing = OutgoingField(
        User.objects.none(),
        label=gettext_lazy("Who hands over"),
        empty_label=gettext_lazy("Choose a person"),
        help_text=gettext_lazy(
            "Anyone who owns, or is the alternate for, an open action, or made an open request."
        ),
        error_messages={
            "required": gettext_lazy("Select who hands over"),
            "invalid_choice": gettext_lazy(
                "This person has no open actions or requests. Choose someone from the list"
            ),
        },
    )
    successor = PersonField(
        User.objects.none(),
        label=gettext_lazy("Who takes over"),
        empty_label=gettext_lazy("Choose a person"),
        help_text=gettext_lazy("They become the owner or alternate instead."),
        error_messages={"required": gettext_lazy("Select who takes over")},
    )

    def __init__(self, *args: Any, plan: Plan, user: Actor, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = outgoing_owners(actor=user, partnership=plan.partnership, on=on)
        self.fields["outgoing"].posts = _posts(plan, user, on)  # type: ignore[attr-defined]
        self.fields["outgoing"].queryset = people  # type: ignore[attr-defined]
        self.fields["successor"].queryset = able_to_own(plan.partnership_id, user, on)  # type: ignore[attr-defined]


class ConfirmForm(GovukForm):
    """Confirm a previewed handover."""

    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)
    note = LongTextField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=2000,
        help_text=gettext_lazy("This goes on the record of each action."),
    )


def _posts(plan: Plan, user: Actor, on: date) -> dict[int, list[str]]:
    """Return each person's current roles here, or their latest past one, by user id."""
    memberships = Membership.objects.visible_to(user, on).filter(partnership=plan.partnership_id)
    current: dict[int, list[str]] = {}
    past: dict[int, list[str]] = {}
    for row in memberships.select_related("organisation").order_by("starts_on"):
        if row.ends_on is None or row.ends_on >= on:
            current.setdefault(row.user_id, []).append(f"{row.capacity}, {row.organisation}")
        else:
            past[row.user_id] = [
                gettext("{capacity}, {organisation}, until {ends_on}").format(
                    capacity=row.capacity, organisation=row.organisation, ends_on=day_text(row.ends_on)
                )
            ]
    return past | current
