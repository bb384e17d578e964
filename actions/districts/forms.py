from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext

from actions.actions.forms.allocation import able_to_own, with_posts
from actions.core.models import Action
from actions.districts.services import Part
from audit.actors import Reader
from partners.models import Organisation, User
from web.forms import GovukDateField, GovukForm

NARROW = {"class": "govuk-input--width-10"}
NAMES = ("area", "ref", "owner", "due")


@dataclass(frozen=True)
class Row:
    """The fields of one district."""

    name: str
    lead: Organisation | None
    fields: Sequence[BoundField]

    @property
    def errors(self) -> list[str]:
        return [message for field in self.fields for message in field.errors]


class DistrictsForm(GovukForm):
    """Split an action into district actions, each with its reference, owner and due date.

    Args:
        suggested: a part for each district without one, with the form's initial values.
        user, on: the reader and the day, for the choice of owners.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    mark_optional = False

    def __init__(
        self, *args: Any, action: Action, suggested: Sequence[Part], user: Reader, on: date, **kwargs: Any
    ) -> None:
        self.suggested = suggested
        self.people = {person.pk: person for person in able_to_own(action.partnership_id, user, on)}
        super().__init__(*args, initial=_initial(action, suggested), **kwargs)
        owners = [
            ("", gettext("Choose later")),
            *((pk, with_posts(who)) for pk, who in self.people.items()),
        ]
        for part in suggested:
            self._add_row(part, owners)
        self.word_errors()

    def _add_row(self, part: Part, owners: list[tuple[Any, str]]) -> None:
        name, pk = part.area.name, part.area.pk
        self.fields[f"area_{pk}"] = forms.BooleanField(label=name, required=False)
        self.fields[f"ref_{pk}"] = forms.CharField(
            label=gettext("Reference for {name}").format(name=name),
            max_length=24,
            required=False,
            widget=forms.TextInput(attrs=NARROW),
        )
        self.fields[f"owner_{pk}"] = forms.TypedChoiceField(
            label=gettext("Owner for {name}").format(name=name),
            choices=owners,
            coerce=lambda chosen: self.people[int(chosen)],
            empty_value=None,
            required=False,
        )
        self.fields[f"due_{pk}"] = GovukDateField(
            label=gettext("Due date for {name}").format(name=name), required=False
        )

    @property
    def rows(self) -> Iterator[Row]:
        for part in self.suggested:
            yield Row(part.area.name, part.lead, [self[f"{name}_{part.area.pk}"] for name in NAMES])

    def clean(self) -> dict[str, Any]:
        """Gather the parts of the selected districts; errors of the others do not matter."""
        parts = []
        for part in self.suggested:
            pk = part.area.pk
            if not self.cleaned_data.get(f"area_{pk}"):
                for name in NAMES:
                    self._errors.pop(f"{name}_{pk}", None)  # type: ignore[attr-defined]
                continue
            chosen = {name: self.cleaned_data.get(f"{name}_{pk}") for name in ("owner", "due")}
            ref = self.cleaned_data.get(f"ref_{pk}") or ""
            parts.append(Part(part.area, ref=ref, lead=part.lead, **chosen))
        if not parts:
            raise ValidationError(gettext("Select at least one district"))
        return {"version": self.cleaned_data.get("version"), "parts": parts}


def _initial(action: Action, suggested: Sequence[Part]) -> dict[str, Any]:
    initial: dict[str, Any] = {"version": action.version}
    for part in suggested:
        owner = part.owner.pk if isinstance(part.owner, User) else None
        values = {"area": not action.by_districts, "ref": part.ref, "owner": owner, "due": part.due}
        initial |= {f"{name}_{part.area.pk}": value for name, value in values.items()}
    return initial
