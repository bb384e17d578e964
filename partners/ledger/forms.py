"""The filter of the ledger: by record, action, person, kind of record and date."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from partners.ledger.queries import LedgerSearch, kinds_of_records, kinds_with_marking
from web.forms import GovukDateField, GovukForm
from web.language import lazy_text

# The days up to today, and how many they are.
RECENT = (
    ("today", lazy_text("Today")),
    ("week", lazy_text("Last 7 days")),
    ("month", lazy_text("Last 30 days")),
)
DAYS = {"today": 1, "week": 7, "month": 30}


class LedgerFilter(GovukForm):
    mark_optional = False

    record = forms.CharField(
        label=gettext_lazy("Record"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("Part of its name. For example, Steering Board"),
    )
    action = forms.CharField(
        label=gettext_lazy("Action"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("Its reference, for everything about it. For example, WY20-07"),
    )
    person = forms.CharField(
        label=gettext_lazy("Changed by"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("Part of the name of a person or system."),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind of record"), required=False)
    when = forms.ChoiceField(
        label=gettext_lazy("When"), required=False, choices=[("", gettext_lazy("Any time")), *RECENT]
    )
    first = GovukDateField(label=gettext_lazy("From"), required=False)
    last = GovukDateField(label=gettext_lazy("To"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", gettext("Any")), *kinds_of_records()]  # type: ignore[attr-defined]

    def search(self, on: date) -> LedgerSearch:
        """Return what to look for on a day; the last day counts."""
        values = self.cleaned_data
        first, last = values.get("first"), values.get("last")
        if recent := values.get("when"):
            first = max(filter(None, [first, first_day_of(recent, on)]))
        return LedgerSearch(
            record=values.get("record", ""),
            action=values.get("action", ""),
            person=values.get("person", ""),
            kind=values.get("kind", ""),
            since=midnight(first),
            before=midnight(last + timedelta(days=1) if last else None),
        )


class ReadsFilter(LedgerFilter):
    """The filter of readers: by record, person, kind of record and date."""

    action = None  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].label = gettext_lazy("Read by")
        self.fields["kind"].choices = [("", gettext("Any")), *kinds_with_marking()]  # type: ignore[attr-defined]


def first_day_of(recent: str, on: date) -> date:
    """Return the first of the days up to `on` that a value of `when` means."""
    return on - timedelta(days=DAYS[recent] - 1)


def midnight(day: date | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, time.min)) if day else None
