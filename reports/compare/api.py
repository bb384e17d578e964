"""What changed in the actions between two days, in the API."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from audit import clock
from partners.scoping import HasScope
from reports.compare.forms import DESCRIBED, CompareForm
from reports.compare.queries import Difference, Kind
from web.endpoints import Endpoint
from web.references import address


class ComparedActionSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="pk")
    ref = serializers.CharField()
    title = serializers.CharField()
    address = serializers.SerializerMethodField()

    @extend_schema_field(serializers.URLField())
    def get_address(self, row: dict[str, Any]) -> str:
        return address(self.context["request"], "action", row["pk"])


class DifferenceSerializer(serializers.Serializer[Any]):
    """One change of one action."""

    kind = serializers.ChoiceField(choices=Kind.choices)
    action = ComparedActionSerializer(source="row", help_text="As it was on the second day.")
    old = serializers.CharField(
        allow_null=True, help_text="The status, due date or declared RAG on the first day; null for none."
    )
    new = serializers.CharField(allow_null=True, help_text="The same on the second day.")


class ComparisonCountsSerializer(serializers.Serializer[Any]):
    """The number of changes of each kind, and of open actions on both days."""

    open_before = serializers.IntegerField()
    open_after = serializers.IntegerField()
    new = serializers.IntegerField()
    complete = serializers.IntegerField()
    withdrawn = serializers.IntegerField()
    reopened = serializers.IntegerField()
    split = serializers.IntegerField()
    date_changed = serializers.IntegerField()
    rag_changed = serializers.IntegerField()


class ComparisonSerializer(serializers.Serializer[Any]):
    """What changed in the actions between two moments."""

    opening = serializers.DateTimeField(help_text="The end of the first day.")
    closing = serializers.DateTimeField(help_text="The end of the second day; for today, now.")
    counts = ComparisonCountsSerializer(
        help_text="`open_before + new + reopened - complete - withdrawn - split = open_after`."
    )
    results = DifferenceSerializer(many=True)


EXAMPLE = OpenApiExample(
    "A due date that moved",
    response_only=True,
    status_codes=["200"],
    value={
        "opening": "2019-10-08T22:59:59.999999Z",
        "closing": "2020-06-19T09:00:00.000000Z",
        "counts": {
            "open_before": 12,
            "open_after": 11,
            "new": 0,
            "complete": 1,
            "withdrawn": 0,
            "reopened": 0,
            "split": 0,
            "date_changed": 1,
            "rag_changed": 0,
        },
        "results": [
            {
                "kind": "date_changed",
                "action": {
                    "id": 41,
                    "ref": "WY20-05",
                    "title": "Brief every neighbourhood team",
                    "address": "https://tracker.example.org/api/v1/actions/41/",
                },
                "old": "2020-03-31",
                "new": "2020-09-30",
            }
        ],
    },
)
TYPES: dict[str, Any] = {
    "start": OpenApiTypes.DATE,
    "end": OpenApiTypes.DATE,
    "board": {"type": "integer", "minimum": 1},
    "plan": {"type": "integer", "minimum": 1},
}


class CompareDays(Endpoint):
    permission_classes = [HasScope]
    required_scopes: ClassVar[dict[str, str]] = {"GET": "actions:read"}
    serializer_class = ComparisonSerializer
    takes_fields = False

    def query_parameters(self) -> frozenset[str]:
        return frozenset(DESCRIBED)

    @extend_schema(
        operation_id="compare_days",
        summary="Compare two days",
        tags=["Actions"],
        examples=[EXAMPLE],
        parameters=[
            *(OpenApiParameter(name, TYPES[name], description=DESCRIBED[name]) for name in TYPES),
            OpenApiParameter("kind", enum=Kind.values, description=DESCRIBED["kind"]),
        ],
    )
    def get(self, request: Request) -> Response:
        """What changed in the actions you can view today, in the order of references."""
        form = CompareForm(request.query_params, user=request.user, now=clock.now(), on=self.on)
        if not form.is_valid():
            raise ValidationError(form.errors.as_data())
        comparison, kind = form.comparison(), form.cleaned_data["kind"]
        chosen: list[Difference] = [
            line for each, lines in comparison.differences.items() if kind in ("", each) for line in lines
        ]
        counts = {each.value: len(lines) for each, lines in comparison.differences.items()}
        counts |= {"open_before": comparison.open_before, "open_after": comparison.open_after}
        body = {
            "opening": comparison.opening,
            "closing": comparison.closing,
            "counts": counts,
            "results": chosen,
        }
        return Response(ComparisonSerializer(body, context=self.get_serializer_context()).data)
