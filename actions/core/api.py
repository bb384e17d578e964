"""What an action has, told and taken by the API: always found through an action that the caller may see."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from rest_framework import serializers, status
from rest_framework.response import Response

from actions.core.models import Action
from partners.policies import Rights, rights_of
from partners.scoping import HasScope
from web.api import KeepingSerializer, VersionField
from web.endpoints import Endpoint
from web.parameters import location_of

LOCATION = location_of("what was made")


class ReportedActionSerializer(serializers.Serializer[Any]):
    """The action it belongs to."""

    id = serializers.IntegerField()
    ref = serializers.CharField()
    version = serializers.IntegerField(help_text="The version the action has now.")


class ChangeSerializer(KeepingSerializer):
    """What is written about an action by those who read it at a version."""

    version = VersionField()


class OfAction(Endpoint):
    """An address of something that an action has. Who may not do it is told so before the body is judged."""

    permission_classes = [HasScope]

    @property
    def rights(self) -> Rights:
        return rights_of(self.request.user, self.on)

    def get_action(self) -> Action:
        visible = Action.objects.visible_to(self.request.user, self.on)
        return get_object_or_404(visible.select_related("partnership", "plan"), pk=self.kwargs["pk"])

    def parsed(self, given: Any, **context: Any) -> Any:
        """Return the serializer that was given, once what was sent is valid."""
        reader = given(data=self.request.data, context={**self.get_serializer_context(), **context})
        reader.is_valid(raise_exception=True)
        return reader

    def told(self, row: Any, code: int = status.HTTP_200_OK) -> Response:
        """Answer with the row as it is now; of a new one the address stands in `Location`."""
        data = self.get_serializer(row).data
        made = {"Location": data["links"]["self"]} if code == status.HTTP_201_CREATED else None
        return Response(data, code, headers=made)


def supporting_ids(action: Action) -> set[int]:
    return set(action.supporting.values_list("pk", flat=True))


@contextmanager
def named(places: Mapping[str, str]) -> Iterator[None]:
    """Tell what a service refuses by the names that the API has for its fields."""
    try:
        yield
    except ValidationError as error:
        if not hasattr(error, "error_dict"):
            raise
        told: dict[str, list[ValidationError]] = {}
        for name, errors in error.error_dict.items():
            told.setdefault(places.get(name, name), []).extend(errors)
        raise ValidationError(told) from error
