"""Frameworks in the API: read; readings are added and corrected by the organisation that they are about, and moderated."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from audit import clock
from partners.policies import rights_of
from programme.frameworks.models import Reading
from programme.frameworks.queries import recorders_of
from programme.frameworks.resources import FRAMEWORKS, GRADES, ITEMS, MAPPINGS, MEASURES, READINGS, TERMS
from programme.frameworks.services import moderate_reading
from programme.records.api import TAG, WRITE, RecordEndpoint, endpoints_of
from web.api import StrictSerializer, VersionField
from web.callers import actor_of

versions = endpoints_of(FRAMEWORKS, "framework", "framework")
items = endpoints_of(ITEMS, "framework-item", "framework_item")
grades = endpoints_of(GRADES, "grade", "grade")
measures = endpoints_of(MEASURES, "measure", "measure")
readings = endpoints_of(READINGS, "reading", "reading")
mappings = endpoints_of(MAPPINGS, "action-mapping", "action_mapping")
terms = endpoints_of(TERMS, "term", "term")


class ReadingModerationSerializer(StrictSerializer):
    """Moderate a reading."""

    version = VersionField()


class ReadingModeration(RecordEndpoint):
    required_scopes: ClassVar[dict[str, str]] = {"POST": WRITE}
    serializer_class: ClassVar[Any] = readings.detail.serializer_class
    queryset = Reading.objects.none()
    resource = READINGS

    def why_not(self) -> str:
        row = self.get_object()
        reason: str = row.why_not_moderate(rights_of(self.request.user, self.on), recorders_of(reading=row))
        return reason

    @extend_schema(
        operation_id="moderate_reading",
        summary="Moderate a reading",
        tags=[TAG],
        request=ReadingModerationSerializer,
        responses=readings.detail.serializer_class,
    )
    def post(self, request: Request, pk: int) -> Response:
        """For an auditor who neither recorded the reading nor works for its organisation."""
        row = self.get_object()
        data = ReadingModerationSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        moderate_reading(actor=actor_of(request), reading=row, at=clock.now(), **data.validated_data)
        return Response(self.get_serializer(self.get_object()).data)
