from datetime import date
from typing import Any, ClassVar

from django import forms
from django.db.models import Prefetch
from django.utils.translation import gettext_lazy

from actions.core.models import Action
from actions.core.states import UNALLOCATED
from audit.actors import Reader
from partners.models import Membership, Organisation, User
from partners.policies import CAN_OWN
from web.forms import GovukDateField, GovukForm, LongTextField


class PersonField(forms.ModelChoiceField):
    """People by post, role and organisation: one post may exist in two places."""

    def label_from_instance(self, obj: Any) -> str:
        return with_posts(obj)


class AllocationForm(GovukForm):
    """Who leads and owns an action and, the first time, by when it is due.

    Args:
        user, on: the user and the day that decide the choices.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    lead = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=gettext_lazy("Lead organisation"),
        empty_label=gettext_lazy("Choose an organisation"),
    )
    owner = PersonField(
        User.objects.none(),
        label=gettext_lazy("Owner"),
        empty_label=gettext_lazy("Choose a person"),
        help_text=gettext_lazy("Reports progress and submits the action for assurance."),
    )
    alternate = PersonField(
        User.objects.none(),
        label=gettext_lazy("Alternate"),
        required=False,
        empty_label=gettext_lazy("Nobody"),
        help_text=gettext_lazy("Covers for the owner when they are away."),
    )
    starts_on = GovukDateField(label=gettext_lazy("Start"), required=False)
    due = GovukDateField(
        label=gettext_lazy("Due date"),
        help_text=gettext_lazy("Also recorded as the original due date, which never changes."),
    )
    note = LongTextField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=2000,
        help_text=gettext_lazy("Recorded with the allocation."),
    )
    field_order: ClassVar = ["version", "lead", "owner", "alternate", "starts_on", "due", "note"]

    def __init__(self, *args: Any, action: Action, user: Reader, on: date, **kwargs: Any) -> None:
        super().__init__(*args, initial=_initial(action, user, on), **kwargs)
        if action.state not in UNALLOCATED:
            del self.fields["due"]
        organisations = Organisation.objects.visible_to(user, on).filter(partnership=action.partnership_id)
        self._offer("lead", organisations)
        self._offer("owner", able_to_own(action.partnership_id, user, on))
        self._offer("alternate", able_to_own(action.partnership_id, user, on))

    def _offer(self, name: str, rows: Any) -> None:
        self.fields[name].queryset = rows  # type: ignore[attr-defined]


def with_posts(person: User) -> str:
    """Name one of `able_to_own` with their roles."""
    roles = "; ".join(f"{row.capacity}, {row.organisation}" for row in person.roles_here)
    return f"{person.name} ({roles})"


def able_to_own(partnership_id: int, user: Reader, on: date) -> Any:
    """Return who can own an action of this partnership, each with their roles; a partner's system cannot."""
    memberships = (
        Membership.objects.visible_to(user, on)
        .filter(partnership=partnership_id, role__in=CAN_OWN)
        .filter(pk__in=Membership.objects.running(on).values("pk"))
    )
    return User.objects.filter(
        pk__in=memberships.values("user"), is_active=True, kind=User.Kind.USER
    ).prefetch_related(
        Prefetch("memberships", queryset=memberships.select_related("organisation"), to_attr="roles_here")
    )


def _initial(action: Action, user: Reader, on: date) -> dict[str, Any]:
    names = ("version", "lead", "owner", "alternate", "starts_on", "due")
    initial = {name: getattr(action, name) for name in names}
    if action.state in UNALLOCATED and action.alternate is None:
        initial["alternate"] = _stand_in(action, user, on)
    return initial


def _stand_in(action: Action, user: Reader, on: date) -> int | None:
    """Return the alternate SPOC of the lead organisation, where there is exactly one."""
    memberships = Membership.objects.visible_to(user, on).filter(organisation=action.lead_id, alternate=True)
    running = memberships.filter(pk__in=Membership.objects.running(on).values("pk"), user__is_active=True)
    alternates = list(running.values_list("user", flat=True)[:2])
    return alternates[0] if len(alternates) == 1 else None
