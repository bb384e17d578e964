"""Endpoints of records, made from their tables: lists, one record and, for what partners report, adding and correcting."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from actions.core.api import LOCATION
from actions.core.models import Action
from audit import clock
from partners.models import Area, Organisation, Partnership, User
from partners.policies import rights_of
from partners.scoping import HasScope
from programme.records import policies
from programme.records.filters import filter_of
from programme.records.models import Record
from programme.records.resources import Resource
from programme.records.services.records import PUBLICATION, save_record
from standards import marking
from web.api import (
    IdField,
    KeepingSerializer,
    StrictBoolean,
    StrictChoice,
    StrictDate,
    StrictInteger,
    StrictText,
)
from web.callers import actor_of
from web.endpoints import Endpoint
from web.lists import NarrowedList, Sorts
from web.parameters import filter_parameters
from web.references import NamedSerializer, OrNull, address, chosen

READ, WRITE = "programme:read", "programme:write"
TAG = "Programme"
SORTS: Sorts = {"as_at": (F("as_at"),), "id": (F("pk"),)}
NOT_THERE = gettext_lazy("There is no such {noun}.")


class RecordReferenceSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    title = serializers.CharField(source="__str__")


class RecordLinksSerializer(serializers.Serializer[Any]):
    self = serializers.URLField()


@dataclass(frozen=True)
class Endpoints:
    """The views of one kind of record; `correction` is None for what only the programme manager keeps."""

    list: Any
    detail: Any
    correction: Any = None


def serializer_of(resource: Resource, route: str) -> type[serializers.ModelSerializer[Any]]:
    """Return the serializer of a kind of record, every field by its name."""
    name = resource.model.__name__
    parts: dict[str, Any] = {
        "__doc__": resource.help,
        "basis": serializers.ChoiceField(
            choices=Record.Basis.choices, help_text="How the record is known: `illustrative` is an example."
        ),
        "publication": serializers.ChoiceField(choices=Action.Publication.choices),
        "exemption": OrNull(
            choices=chosen(Action.Exemption.choices),
            help_text="Freedom of Information Act 2000; null unless it is withheld.",
        ),
        "marking": serializers.ChoiceField(choices=marking.CHOICES),
        "links": serializers.SerializerMethodField(),
    }
    for field in (*resource.fields, *resource.shown):
        parts |= _answered(resource, field)
    correction = ()
    if resource.is_fact:
        correction = ("supersedes",)
        parts["supersedes"] = serializers.IntegerField(
            source="supersedes_id", allow_null=True, help_text="ID of the record that this one corrects."
        )

    @extend_schema_field(RecordLinksSerializer)
    def get_links(self: Any, row: Any) -> dict[str, str]:
        return {"self": address(self.context["request"], route, row.pk)}

    parts["get_links"] = get_links
    names = ["id", *resource.file_fields, *correction, "version", "links"]
    parts["Meta"] = type("Meta", (), {"model": resource.model, "fields": names})
    return type(f"{name}Serializer", (serializers.ModelSerializer,), parts)


def _answered(resource: Resource, name: str) -> dict[str, Any]:
    if not resource.is_column(name):
        return {name: RecordReferenceSerializer()}
    column: Any = resource.column(name)
    if column.is_relation:
        named = column.related_model in (Organisation, Area, User)
        shape = NamedSerializer if named else RecordReferenceSerializer
        return {name: shape(allow_null=column.null, help_text=column.help_text)}
    if column.choices:
        blank = any(not value for value, _ in column.flatchoices)
        field = OrNull(choices=chosen(column.flatchoices)) if blank else None
        return {name: field or serializers.ChoiceField(choices=column.flatchoices)}
    return {}


def body_of(resource: Resource, *, partial: bool) -> type[KeepingSerializer]:
    """Return the body that adds a record or, if partial, corrects one: a field that is left out stays the same."""
    name = resource.model.__name__
    words = f"Add {resource.with_article}."
    if partial:
        change = f"Correct {resource.with_article} by a new one"
        change = change if resource.is_fact else f"Change {resource.with_article}"
        words = f"{change}. A field that is left out stays the same."
    fields = [each for each in resource.all_fields if each not in PUBLICATION]
    parts: dict[str, Any] = {each: _sent(resource, each, partial=partial) for each in fields}
    for each in fields:
        if resource.column(each).is_relation:
            parts[f"validate_{each}"] = _finder(resource, each)
    parts["__doc__"] = words
    changed = f"{name}Correction" if resource.is_fact else f"{name}Change"
    return type(changed if partial else f"New{name}", (KeepingSerializer,), parts)


def _sent(resource: Resource, name: str, *, partial: bool) -> Any:
    column: Any = resource.column(name)
    required = not partial and not column.blank and not column.has_default()
    options: dict[str, Any] = {"required": required, "help_text": str(column.help_text)}
    if column.is_relation:
        return IdField(**options, allow_null=column.null)
    if column.choices:
        return StrictChoice(choices=chosen(column.flatchoices), **options)
    if isinstance(column, models.BooleanField):
        return StrictBoolean(**options)
    if isinstance(column, models.DateField):
        return StrictDate(**options, allow_null=column.null)
    if isinstance(column, models.IntegerField):
        return StrictInteger(**options, allow_null=column.null, min_value=0, max_value=2**31 - 1)
    return StrictText(**options, allow_blank=column.blank, max_length=column.max_length)


def _finder(resource: Resource, name: str) -> Any:
    model: Any = resource.column(name).related_model

    def find(self: Any, pk: int | None) -> Any:
        if pk is None:
            return None
        view = self.context["view"]
        row = model.objects.visible_to(view.request.user, view.on).filter(pk=pk).first()
        if row is None:
            noun = str(model._meta.verbose_name)
            raise serializers.ValidationError(NOT_THERE.format(noun=noun), code="does_not_exist")
        return row

    return find


class RecordEndpoint(Endpoint):
    """An endpoint of one kind of record."""

    permission_classes = [HasScope]
    required_scopes: ClassVar[dict[str, str]] = {"GET": READ, "POST": WRITE}
    resource: Resource

    def get_queryset(self) -> QuerySet[Any]:
        rows: Any = self.resource.model._default_manager
        return rows.visible_to(self.request.user, self.on).select_related(
            "partnership", *self.resource.joined
        )

    def parsed(self, body: type[KeepingSerializer]) -> KeepingSerializer:
        reader = body(data=self.request.data, context=self.get_serializer_context())
        reader.is_valid(raise_exception=True)
        return reader

    def added(self, row: Any) -> Response:
        data = self.get_serializer(self.get_queryset().get(pk=row.pk)).data
        return Response(data, status.HTTP_201_CREATED, headers={"Location": data["links"]["self"]})


def endpoints_of(resource: Resource, route: str, operation: str, *, many: str = "") -> Endpoints:
    """Return the views of a kind of record.

    Args:
        route: the name of the address of one record.
        operation: what the operations are named after, in the singular.
        many: the same in the plural, if it is not the singular with an s.
    """
    answer = serializer_of(resource, route)
    filters = filter_of(resource)

    class Base(RecordEndpoint):
        serializer_class = answer
        queryset = resource.model._default_manager.none()

    Base.resource = resource

    class List(Base, NarrowedList):
        sorts: ClassVar[Sorts] = SORTS
        default_sort = "-as_at"

        @extend_schema(
            operation_id=f"list_{many or f'{operation}s'}",
            summary=f"List {resource.plural}",
            description=f"{resource.help} Records that were corrected are left out.",
            tags=[TAG],
            responses=answer(many=True),
            parameters=filter_parameters(filters, {}, sorts=SORTS, default="-as_at"),
        )
        def get(self, request: Request) -> Response:
            return self.page_of(self.narrowed(self.get_queryset().current()))  # type: ignore[attr-defined]

    List.filters = filters

    class Detail(Base):
        @extend_schema(
            operation_id=f"get_{operation}",
            summary=f"Get {resource.with_article}",
            description="One record. One that was corrected is still there, and the newer one names it in `supersedes`."
            if resource.is_fact
            else "One record.",
            tags=[TAG],
        )
        def get(self, request: Request, pk: int) -> Response:
            return Response(self.get_serializer(self.get_object()).data)

    if resource.model.reported:
        return _with_writing(Base, List, Detail, operation)
    return Endpoints(List, Detail)


def _with_writing(base: Any, listing: Any, detail: Any, operation: str) -> Endpoints:
    """Return the views of what organisations report: a fact is corrected, a record of a register is changed."""
    resource: Resource = base.resource
    answer = base.serializer_class
    new, corrected = body_of(resource, partial=False), body_of(resource, partial=True)
    made = {201: OpenApiResponse(answer, description="The new record.")}

    class ReportedList(listing):
        def why_not(self) -> str:
            return policies.why_not_record_any(rights_of(self.request.user, self.on), reported=True)

        @extend_schema(
            operation_id=f"add_{operation}",
            summary=f"Add {resource.with_article}",
            description="For the organisation that it is about, and the programme manager.",
            tags=[TAG],
            request=new,
            responses=made,
            parameters=[LOCATION],
        )
        def post(self, request: Request) -> Response:
            data = self.parsed(new)
            with data.keeping():
                values = data.validated_data
                row = resource.model(partnership=self._partnership(values))
                saved = save_record(actor=actor_of(request), row=row, at=clock.now(), **values)
            return self.added(saved)

        def _partnership(self, values: dict[str, Any]) -> Partnership:
            """Return the partnership of the first record that the new one refers to; they all have the same."""
            named = (values.get(name) for name in resource.fields if resource.column(name).is_relation)
            partnership: Partnership = next(row.partnership for row in named if row is not None)
            return partnership

    class ReportedDetail(detail):
        required_scopes: ClassVar[dict[str, str]] = {"GET": READ, "PATCH": WRITE}

        def why_not(self) -> str:
            reason: str = self.get_object().why_not_save(rights_of(self.request.user, self.on))
            return reason

        @extend_schema(
            operation_id=f"change_{operation}",
            summary=f"Change {resource.with_article}",
            description="For the organisation that it is about, and the programme manager.",
            tags=[TAG],
            request=corrected,
            responses=answer,
        )
        def patch(self, request: Request, pk: int) -> Response:
            row = self.get_object()
            data = self.parsed(corrected)
            with data.keeping():
                save_record(actor=actor_of(request), row=row, at=clock.now(), **data.validated_data)
            return Response(self.get_serializer(self.get_object()).data)

    if not resource.is_fact:
        return Endpoints(ReportedList, ReportedDetail)

    class Correction(base):
        required_scopes: ClassVar[dict[str, str]] = {"POST": WRITE}

        def why_not(self) -> str:
            reason: str = self.get_object().why_not_save(rights_of(self.request.user, self.on))
            return reason

        @extend_schema(
            operation_id=f"correct_{operation}",
            summary=f"Correct {resource.with_article}",
            description=f"Adds a new {resource.singular} in the place of this one, which stays on record.",
            tags=[TAG],
            request=corrected,
            responses=made,
            parameters=[LOCATION],
        )
        def post(self, request: Request, pk: int) -> Response:
            row = self.get_object()
            data = self.parsed(corrected)
            with data.keeping():
                saved = save_record(actor=actor_of(request), row=row, at=clock.now(), **data.validated_data)
            return self.added(saved)

    return Endpoints(ReportedList, detail, Correction)
