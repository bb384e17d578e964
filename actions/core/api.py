"""Endpoints below an action, which the caller must be able to view."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from actions.core.models import Action
from meetings.models import Minute
from partners.policies import Rights, rights_of
from partners.scoping import HasScope
from web.api import KeepingSerializer, VersionField
from web.endpoints import Endpoint
from web.parameters import location_of
from web.references import NamedSerializer, address

LOCATION = location_of("what was made")


class ReportedActionSerializer(serializers.Serializer[Any]):
    """The action it belongs to."""

    id = serializers.IntegerField()
    ref = serializers.CharField()
    version = serializers.IntegerField(help_text="The version the action has now.")


class LinksSerializer(serializers.Serializer[Any]):
    self = serializers.URLField()
    action = serializers.URLField()


class OfActionSerializer(serializers.ModelSerializer[Any]):
    """A row of an action, with its action and the addresses of both; `route` is the row's name in the API."""

    route: ClassVar[str]
    action = ReportedActionSerializer()
    links = serializers.SerializerMethodField()

    @extend_schema_field(LinksSerializer)
    def get_links(self, row: Any) -> dict[str, str]:
        request = self.context["request"]
        return {
            "self": address(request, self.route, row.pk),
            "action": address(request, "action", row.action_id),
        }


class RequestSerializer(OfActionSerializer):
    """What one person requests for an action and another decides."""

    requested_by = NamedSerializer()
    taken_over_by = NamedSerializer(
        allow_null=True, help_text="Who took it over when its author handed over."
    )
    decided_by = NamedSerializer(allow_null=True, help_text="Who decided or withdrew it.")
    minute = serializers.IntegerField(
        source="minute_id", allow_null=True, help_text="Id of the minute of the board's decision."
    )
    reference = serializers.CharField(
        help_text="The minute of the board's decision as it was cited; empty otherwise."
    )


class ChangeSerializer(KeepingSerializer):
    """A change to an action, with the version that the caller read."""

    version = VersionField()


class OfAction(Endpoint):
    """An endpoint below an action. Rights are checked (403) before the body."""

    permission_classes = [HasScope]

    @property
    def rights(self) -> Rights:
        return rights_of(self.request.user, self.on)

    def get_action(self) -> Action:
        visible = Action.objects.visible_to(self.request.user, self.on)
        return get_object_or_404(visible.select_related("partnership", "plan"), pk=self.kwargs["pk"])


def visible_minute(context: Mapping[str, Any], pk: int | None) -> Minute | None:
    """Return the minute that a body names, of those the caller may view."""
    if pk is None:
        return None
    minute = Minute.objects.visible_to(context["request"].user, context["on"]).filter(pk=pk).first()
    if minute is None:
        raise serializers.ValidationError(gettext("There is no such minute."), code="does_not_exist")
    return minute


def supporting_ids(action: Action) -> set[int]:
    return set(action.supporting.values_list("pk", flat=True))


@contextmanager
def named(places: Mapping[str, str]) -> Iterator[None]:
    """Rename the fields in a service's errors to the API's names."""
    try:
        yield
    except ValidationError as error:
        if not hasattr(error, "error_dict"):
            raise
        errors_by_field: dict[str, list[ValidationError]] = {}
        for name, errors in error.error_dict.items():
            errors_by_field.setdefault(places.get(name, name), []).extend(errors)
        raise ValidationError(errors_by_field) from error
