"""Organisations in the API."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from partners.organisations.filters import DEFAULT_SORT, SORTS, OrganisationFilter
from partners.organisations.models import Organisation
from partners.scoping import HasScope
from web.endpoints import Endpoint
from web.lists import NarrowedList, Sorts
from web.parameters import filter_parameters
from web.references import NamedSerializer, OrNull, address, chosen

SITE = "https://tracker.example.org/api/v1"
ORGANISATION = OpenApiExample(
    "A council",
    response_only=True,
    status_codes=["200"],
    value={
        "id": 9,
        "name": "Wakefield Council",
        "short_name": "Wakefield",
        "aliases": ["Wakefield Metropolitan District Council", "WMDC"],
        "kind": "council",
        "schedule_6_sector": "local_government",
        "area": {"id": 5, "name": "Wakefield"},
        "parent": None,
        "sandbox": False,
        "links": {"self": f"{SITE}/organisations/9/", "led_actions": f"{SITE}/actions/?lead=9"},
    },
)
NOTES = {
    "q": "Words to search for in the name, short name and aliases. All of them must match.",
    "kind": "Kind of organisation.",
    "sector": "Sector of a specified authority (Counter-Terrorism and Security Act 2015, Schedule 6).",
    "area": "ID of a district, or `none`.",
}


class OrganisationLinksSerializer(serializers.Serializer[Any]):
    self = serializers.URLField()
    led_actions = serializers.URLField()


class OrganisationSerializer(serializers.ModelSerializer[Organisation]):
    """An organisation that delivers Prevent in the partnership, or is responsible for part of it."""

    aliases = serializers.SerializerMethodField()
    kind = serializers.ChoiceField(choices=Organisation.Kind.choices)
    schedule_6_sector = OrNull(
        choices=chosen(Organisation.Schedule6Sector.choices),
        help_text="Null if it is not a specified authority.",
    )
    area = NamedSerializer(allow_null=True, help_text="The district; null for the whole force area.")
    parent = NamedSerializer(allow_null=True, help_text="The organisation it is part of.")
    sandbox = serializers.BooleanField(
        source="partnership.is_sandbox", help_text="Whether it is made up, for programs to be tried against."
    )
    links = serializers.SerializerMethodField()

    class Meta:
        model = Organisation
        fields = [
            *("id", "name", "short_name", "aliases", "kind", "schedule_6_sector", "area", "parent"),
            *("sandbox", "links"),
        ]

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_aliases(self, organisation: Organisation) -> list[str]:
        """Other names used in plans and reports."""
        return [alias.name for alias in organisation.aliases.all()]

    @extend_schema_field(OrganisationLinksSerializer)
    def get_links(self, organisation: Organisation) -> dict[str, str]:
        request = self.context["request"]
        return {
            "self": address(request, "organisation", organisation.pk),
            "led_actions": f"{address(request, 'action-list')}?lead={organisation.pk}",
        }


class OrganisationEndpoint(Endpoint):
    permission_classes = [HasScope]
    required_scopes: ClassVar[dict[str, str]] = {"GET": "actions:read"}
    serializer_class = OrganisationSerializer
    queryset = Organisation.objects.none()

    def get_queryset(self) -> QuerySet[Organisation]:
        visible = Organisation.objects.visible_to(self.request.user, self.on)
        return visible.select_related("area", "parent", "partnership").prefetch_related("aliases")


class OrganisationList(OrganisationEndpoint, NarrowedList):
    filters = OrganisationFilter
    sorts: ClassVar[Sorts] = SORTS
    default_sort = DEFAULT_SORT

    @extend_schema(
        operation_id="list_organisations",
        summary="List organisations",
        tags=["Organisations"],
        responses=OrganisationSerializer(many=True),
        parameters=filter_parameters(OrganisationFilter, NOTES, sorts=SORTS, default=DEFAULT_SORT),
        examples=[ORGANISATION],
    )
    def get(self, request: Request) -> Response:
        """List the organisations in your partnership."""
        return self.page_of(self.narrowed(self.get_queryset()))


class OrganisationDetail(OrganisationEndpoint):
    @extend_schema(
        operation_id="get_organisation",
        summary="Get an organisation",
        tags=["Organisations"],
        examples=[ORGANISATION],
    )
    def get(self, request: Request, pk: int) -> Response:
        """Read one organisation in your partnership. Others answer 404."""
        return Response(self.get_serializer(self.get_object()).data)
