"""Finding actions, updates and findings by their words, as the search of the pages does."""

from html import unescape
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.html import strip_tags
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from desk.search.forms import LONGEST, SHORTEST, SearchForm
from desk.search.services.finding import Hit, search
from desk.search.services.sources import Kind
from desk.tasks import examples
from partners.scoping import HasScope
from standards.marking import CHOICES as MARKINGS
from web.endpoints import Endpoint
from web.references import address

# What a token for actions alone is not told of.
SCOPE_OF_FINDINGS = "recommendations:read"
MOST = 100
PARAMETERS = [
    OpenApiParameter(
        "q",
        type={"type": "string", "minLength": SHORTEST, "maxLength": LONGEST, "pattern": r"\S.*\S"},
        required=True,
        description="A reference, or words; between quotation marks as they stand, with a minus sign not at all.",
    ),
    OpenApiParameter("kind", enum=[each.value for each in Kind], description="Only what is of this kind."),
]


class HitLinksSerializer(serializers.Serializer[Any]):
    self = serializers.URLField(help_text="Where to read what was found.")


class HitSerializer(serializers.Serializer[Any]):
    """One row that was found."""

    kind = serializers.ChoiceField(choices=Kind.choices)
    id = serializers.IntegerField(source="row.pk")
    title = serializers.SerializerMethodField()
    excerpt = serializers.SerializerMethodField(
        help_text="Where the words stand, as plain text; empty where they stand in the title."
    )
    marking = serializers.ChoiceField(choices=MARKINGS)
    links = serializers.SerializerMethodField()

    def get_title(self, hit: Hit) -> str:
        row = hit.row
        if hit.kind == Kind.ACTION:
            return f"{row.ref} {row.title}"
        if hit.kind == Kind.UPDATE:
            return f"{row.action.ref} {row.action.title}: update for {row.period:%B %Y}"
        return str(row)

    def get_excerpt(self, hit: Hit) -> str:
        return unescape(strip_tags(hit.excerpt))

    @extend_schema_field(HitLinksSerializer)
    def get_links(self, hit: Hit) -> dict[str, str]:
        row = hit.row
        ids = (row.action_id, row.pk) if hit.kind == Kind.UPDATE else (row.pk,)
        return {"self": address(self.context["request"], hit.kind.value, *ids)}


class NumbersSerializer(serializers.Serializer[Any]):
    """How much was found of each kind, whatever kind is listed."""

    action = serializers.IntegerField()
    update = serializers.IntegerField()
    recommendation = serializers.IntegerField()


class FoundSerializer(serializers.Serializer[Any]):
    """What was found, best first."""

    results = HitSerializer(many=True)
    numbers = NumbersSerializer()
    more = serializers.BooleanField(help_text=f"Whether there is more than the best {MOST}: say more words.")


class Search(Endpoint):
    permission_classes = [HasScope]
    required_scopes: ClassVar[dict[str, str]] = {"GET": "actions:read"}
    serializer_class = FoundSerializer
    takes_fields = False

    def query_parameters(self) -> frozenset[str]:
        return frozenset({"q", "kind"})

    @extend_schema(
        operation_id="search",
        summary="Search actions, updates and findings",
        tags=["Search"],
        parameters=PARAMETERS,
        responses=FoundSerializer,
        examples=[examples.SEARCH_RESULTS],
    )
    def get(self, request: Request) -> Response:
        """The best 100, best first. Findings are looked at where the token has `recommendations:read` too."""
        form = SearchForm(request.query_params)
        if not form.is_valid():
            raise ValidationError(form.errors.as_data())
        given = form.cleaned_data
        found = search(
            actor=request.user, text=given["q"], on=self.on, kind=given["kind"], among=self._among(request)
        )
        told = {"results": found[:MOST], "numbers": found.numbers, "more": len(found) > MOST}
        return Response(self.get_serializer(told).data)

    def _among(self, request: Request) -> list[Kind]:
        everything = request.auth is None or request.auth.allow_scopes([SCOPE_OF_FINDINGS])
        return [each for each in Kind if everything or each != Kind.RECOMMENDATION]
