"""Search for actions, updates, findings, what boards minuted and records around the plan, as on the pages."""

from html import unescape
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.html import strip_tags
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from desk.search import examples
from desk.search.forms import LONGEST, ROOMS, SHORTEST, SearchForm
from desk.search.services.finding import Hit, search
from desk.search.services.kinds import Kind
from desk.search.services.sources import SOURCES
from partners.scoping import HasScope
from standards.marking import CHOICES as MARKINGS
from web.callers import actor_of
from web.endpoints import Endpoint
from web.language import month_text
from web.references import address

MOST = 100
# The route of a row in the API and the path of each id in its address, where they are not the kind and the row's own.
ROUTES = {
    Kind.UPDATE: ("update", ("action_id", "pk")),
    Kind.AGENDA_ITEM: ("meeting", ("meeting_id",)),
    Kind.DECISION: ("minute", ("minute_id",)),
}
PARAMETERS = [
    OpenApiParameter(
        "q",
        type={"type": "string", "minLength": SHORTEST, "maxLength": LONGEST, "pattern": r"\S.*\S"},
        required=True,
        description="A reference, or words. Quote a phrase to match it exactly; put a minus sign before a word to exclude it.",
    ),
    OpenApiParameter(
        "kind",
        enum=[*Kind.values, *ROOMS],
        description="List only this kind, or the records of one room of the programme.",
    ),
]


class SearchResultLinksSerializer(serializers.Serializer[Any]):
    self = serializers.URLField(help_text="The row; of an agenda item its meeting, of a decision its minute.")


class SearchResultSerializer(serializers.Serializer[Any]):
    """One result."""

    kind = serializers.ChoiceField(choices=Kind.choices)
    id = serializers.IntegerField(source="row.pk")
    title = serializers.SerializerMethodField()
    excerpt = serializers.SerializerMethodField(
        help_text="The text around the words, as plain text; empty where only the title matches."
    )
    marking = serializers.ChoiceField(choices=MARKINGS)
    links = serializers.SerializerMethodField()

    def get_title(self, hit: Hit) -> str:
        row = hit.row
        if hit.kind == Kind.ACTION:
            return f"{row.ref} {row.title}"
        if hit.kind == Kind.UPDATE:
            return f"{row.action.ref} {row.action.title}: update for {month_text(row.period)}"
        return hit.title

    def get_excerpt(self, hit: Hit) -> str:
        return unescape(strip_tags(hit.excerpt))

    @extend_schema_field(SearchResultLinksSerializer)
    def get_links(self, hit: Hit) -> dict[str, str]:
        route, paths = ROUTES.get(hit.kind, (hit.kind.value.replace("_", "-"), ("pk",)))
        return {"self": address(self.context["request"], route, *(getattr(hit.row, path) for path in paths))}


class NumbersSerializer(serializers.Serializer[Any]):
    """The number of results of each kind, for all kinds."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {kind.value: serializers.IntegerField() for kind in Kind}


class SearchResultsSerializer(serializers.Serializer[Any]):
    """Results, best first."""

    results = SearchResultSerializer(many=True)
    numbers = NumbersSerializer()
    more = serializers.BooleanField(
        help_text=f"Whether there are more than the best {MOST}: search for more words."
    )


class Search(Endpoint):
    permission_classes = [HasScope]
    required_scopes: ClassVar[dict[str, str]] = {"GET": "actions:read"}
    serializer_class = SearchResultsSerializer
    takes_fields = False

    def query_parameters(self) -> frozenset[str]:
        return frozenset({"q", "kind"})

    @extend_schema(
        operation_id="search",
        summary="Search actions, updates, findings, minutes and the programme",
        tags=["Search"],
        parameters=PARAMETERS,
        responses=SearchResultsSerializer,
        examples=[examples.SEARCH_RESULTS],
    )
    def get(self, request: Request) -> Response:
        """The best 100 results, best first. Findings need the scope `recommendations:read` too; meetings, agenda
        items, minutes and decisions need `meetings:read`, and records around the plan `programme:read`."""
        form = SearchForm(request.query_params)
        if not form.is_valid():
            raise ValidationError(form.errors.as_data())
        query = form.cleaned_data
        results = search(
            actor=actor_of(request),
            text=query["q"],
            on=self.on,
            kinds=form.kinds,
            among=self._kinds(request),
        )
        page = {"results": results[:MOST], "numbers": results.numbers, "more": len(results) > MOST}
        return Response(self.get_serializer(page).data)

    def _kinds(self, request: Request) -> list[Kind]:
        """Return the kinds that the token may read; a person may read every kind."""
        if request.auth is None:
            return list(Kind)
        return [source.kind for source in SOURCES if request.auth.allow_scopes([source.scope])]
