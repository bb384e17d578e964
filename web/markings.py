"""The marking of a row and its handling instruction: the columns of a model and the fields of its form."""

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy

from standards import marking


def marking_column(**options: Any) -> "models.CharField[str, str]":
    """Return the column for a marking of the Government Security Classifications Policy; OFFICIAL unless chosen."""
    default = marking.Marking.OFFICIAL.value
    return models.CharField(max_length=20, choices=marking.CHOICES, default=default, **options)


def handling_column(**options: Any) -> "models.CharField[str, str]":
    """Return the column for a handling instruction, which OFFICIAL-SENSITIVE requires."""
    return models.CharField(max_length=300, blank=True, **options)


class MarkingField(forms.ChoiceField):
    widget = forms.RadioSelect

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Marking"), choices=marking.CHOICES, initial=marking.Marking.OFFICIAL
        )


class HandlingField(forms.CharField):
    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Handling instruction"),
            max_length=300,
            required=False,
            help_text=gettext_lazy(
                "Required for OFFICIAL-SENSITIVE: who can view it, and how it must be stored."
            ),
        )
