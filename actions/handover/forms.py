from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from django import forms

from actions.actions.forms.allocation import PersonField, able_to_own
from actions.handover.services import outgoing_owners
from actions.plans.models import Plan
from partners.models import Membership, User
from web.forms import GovukForm, LongTextField


class LeaverField(forms.ModelChoiceField):
    """People by post and organisation, also those who hold no role any more."""

    posts: Mapping[int, list[str]] = MappingProxyType({})

    def label_from_instance(self, obj: Any) -> str:
        held = "; ".join(self.posts.get(obj.pk, ())) or "holds no role here"
        return f"{obj.name} ({held})"


class SuccessionForm(GovukForm):
    """Whose work goes to whom.

    Args:
        user, on: for whom and on which day choices are offered.
    """

    leaver = LeaverField(
        User.objects.none(),
        label="Who hands over",
        empty_label="Choose a person",
        help_text="Everybody who answers for something that is open, also those who have left.",
        error_messages={
            "invalid_choice": "They answer for nothing that is open here. Choose somebody from the list"
        },
    )
    successor = PersonField(
        User.objects.none(),
        label="Who takes over",
        empty_label="Choose a person",
        help_text="Becomes owner or alternate in their place.",
    )

    def __init__(self, *args: Any, plan: Plan, user: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = outgoing_owners(actor=user, partnership=plan.partnership, on=on)
        self.fields["leaver"].posts = _posts(plan, user, on)  # type: ignore[attr-defined]
        self.fields["leaver"].queryset = there  # type: ignore[attr-defined]
        self.fields["successor"].queryset = able_to_own(plan.partnership_id, user, on)  # type: ignore[attr-defined]


class ConfirmForm(GovukForm):
    """That what a preview showed is handed over."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    note = LongTextField(
        required=False, max_length=2000, help_text="Goes on record with everything that is handed over."
    )


def _posts(plan: Plan, user: Any, on: date) -> dict[int, list[str]]:
    """Say what each person holds here or held last, by their id."""
    held = Membership.objects.visible_to(user, on).filter(partnership=plan.partnership_id)
    found: dict[int, list[str]] = {}
    over: dict[int, list[str]] = {}
    for row in held.select_related("organisation").order_by("starts_on"):
        if row.ends_on is None or row.ends_on >= on:
            found.setdefault(row.user_id, []).append(f"{row.capacity}, {row.organisation}")
        else:
            over[row.user_id] = [f"{row.capacity}, {row.organisation}, until {row.ends_on:%-d %B %Y}"]
    return over | found
