"""The figures of a return in the API: training completed, Channel panels and the local profile."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy
from rest_framework import exceptions, serializers

from returns.models import ReturnFigure
from returns.services.drafting import FIGURES, NO_FIGURE
from returns.services.figures import (
    CHANNEL,
    PROFILE,
    TRAINING,
    FigureDraft,
    FigureLine,
    content_of,
)
from web.api import StrictDate, StrictInteger, StrictSerializer, StrictText, VersionField
from web.references import NamedSerializer
from web.refusals import error_lists, place_errors

PARTS = [(part.slug, part.title) for part in (TRAINING, CHANNEL, PROFILE)]
BIGGEST, BIGGEST_SMALL = 2**31 - 1, 2**15 - 1
LONGEST_KEY = 60
REPEATED = gettext_lazy("This key is used more than once in the request.")
OTHER_PART = "This is not a figure of “{title}”."


def _entry(name: str) -> serializers.Field[Any, Any, Any, Any]:
    """Return the field of a request for a figure, as wide as its column."""
    column = ReturnFigure._meta.get_field(name)
    assert isinstance(column, models.Field)
    help_text = f"{str(column.verbose_name).capitalize()}."
    if isinstance(column, models.DateField):
        return StrictDate(required=False, allow_null=True, help_text=help_text)
    if isinstance(column, models.TextField):
        return StrictText(max_length=column.max_length, required=False, allow_blank=True, help_text=help_text)
    biggest = BIGGEST_SMALL if isinstance(column, models.PositiveSmallIntegerField) else BIGGEST
    return StrictInteger(min_value=0, max_value=biggest, required=False, allow_null=True, help_text=help_text)


class ReturnFigureSerializer(serializers.Serializer[FigureLine]):
    """What the return may give figures on, with the figures so far. Those of other parts are null."""

    key = serializers.CharField(help_text="What the figures are sent back by.")
    part = serializers.ChoiceField(source="part.slug", choices=PARTS)
    subject = NamedSerializer(help_text="The training programme, Channel panel or local profile.")
    month = serializers.DateField(allow_null=True, help_text="The first day of the month of a Channel panel.")
    version = serializers.IntegerField(help_text="0 until the figures are first saved.")
    eligible = serializers.IntegerField(allow_null=True)
    completed = serializers.IntegerField(allow_null=True)
    held = serializers.IntegerField(allow_null=True)
    both = serializers.IntegerField(allow_null=True)
    local_only = serializers.IntegerField(allow_null=True)
    ctp_only = serializers.IntegerField(allow_null=True)
    neither = serializers.IntegerField(allow_null=True)
    not_recorded = serializers.IntegerField(allow_null=True)
    reason = serializers.CharField(allow_null=True)
    aligned_on = serializers.DateField(allow_null=True)

    def to_representation(self, line: FigureLine) -> dict[str, Any]:
        subject = {"id": line.subject.pk, "name": str(line.subject)}
        version = line.row.version if line.row else 0
        values = dict.fromkeys(FIGURES) | content_of(row=line.row, part=line.part)
        fields = {"key": line.key, "part": line.part, "subject": subject, "month": line.month}
        return super().to_representation(fields | {"version": version} | values)  # type: ignore[arg-type]


class ReturnFigureDraftSerializer(StrictSerializer):
    """The figures on one key. Fields that are left out do not change."""

    key = StrictText(max_length=LONGEST_KEY, help_text="Key of one of the return's `figures`.")
    version = VersionField(least=0)
    eligible = _entry("eligible")
    completed = _entry("completed")
    held = _entry("held")
    both = _entry("both")
    local_only = _entry("local_only")
    ctp_only = _entry("ctp_only")
    neither = _entry("neither")
    not_recorded = _entry("not_recorded")
    reason = _entry("reason")
    aligned_on = _entry("aligned_on")


def figure_draft(
    data: Any, lines: Mapping[str, FigureLine], drafts: Mapping[str, FigureDraft]
) -> FigureDraft:
    """Read figures; fields that are left out keep the draft's values.

    Args:
        drafts: those read before from the same request.

    Raises:
        APIException: keyed by field.
    """
    if isinstance(data, Exception):
        raise data
    line = lines.get(data["key"])
    if line is None:
        raise exceptions.ValidationError({"key": NO_FIGURE})
    if line.key in drafts:
        raise exceptions.ValidationError({"key": REPEATED})
    values = {name: value for name, value in data.items() if name in FIGURES}
    if others := values.keys() - set(line.part.fields):
        message = OTHER_PART.format(title=line.part.title)
        raise exceptions.ValidationError(dict.fromkeys(sorted(others), message))
    values = content_of(row=line.row, part=line.part) | values
    return FigureDraft(key=line.key, values=values, version=data.get("version"))


def at_own_fields(error: ValidationError, line: FigureLine) -> ValidationError:
    """Return the error by the figures' own fields; what the record says of other fields is about the whole key."""
    by_field: dict[str, list[ValidationError]] = {}
    for name, errors in error_lists(place_errors(error, line.part.fields)).items():
        by_field.setdefault(name if name in line.part.fields else "key", []).extend(errors)
    return ValidationError(by_field)
