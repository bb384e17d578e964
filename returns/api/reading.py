"""Reading returns through the API."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar

import django_filters
from django.db.models import F, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from actions.core.states import State
from actions.models import Plan
from partners.models import MouArea, Organisation
from partners.policies import rights_of
from partners.scoping import HasScope
from returns import policies
from returns.api import examples
from returns.api.figures import ReturnFigureSerializer
from returns.forms.lists import ReturnListForm
from returns.models import Return, ReturnRow
from returns.services.contents import (
    SECTIONS,
    Line,
    closed_reason,
    marking_of,
    unchanged_refusal,
    visible_lines,
)
from returns.services.figures import FigureLine, figure_lines
from returns.states import ReturnState
from standards import rag
from standards.marking import CHOICES as MARKINGS
from web.callers import actor_of
from web.endpoints import Endpoint
from web.filters import VisibleFilterSet
from web.lists import NarrowedList, Sorts
from web.parameters import filter_parameters
from web.references import NamedSerializer, OrNull, TitledSerializer, address

SCOPES = {"GET": "returns:read", "POST": "returns:write", "PATCH": "returns:write"}
NOTES = {
    "state": "Status of the return. `late` selects returns that are still open after their due date.",
    "plan": "Id of a plan.",
    "organisation": "Id of the organisation whose return it is.",
}
SORTS: Sorts = {
    "period": (F("period_start"),),
    "due": (F("due_on"),),
    "organisation": (F("organisation__name"),),
}
DEFAULT_SORT = "-period"


class ReturnFilter(VisibleFilterSet):
    """Narrow returns."""

    state = django_filters.ChoiceFilter(
        label="Status", choices=[*ReturnState.choices, (ReturnListForm.LATE, "Late")], method="so_far"
    )
    plan = django_filters.ChoiceFilter(label="Plan")
    organisation = django_filters.ChoiceFilter(label="Organisation")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        returns = Return.objects.visible_to(self.user, self.on).order_by()
        plans = Plan.objects.filter(pk__in=returns.values("plan"))
        organisations = Organisation.objects.filter(pk__in=returns.values("organisation"))
        self.offer("plan", plans.values_list("pk", "title"))
        self.offer("organisation", organisations.values_list("pk", "name"))

    def so_far(self, rows: QuerySet[Return], name: str, value: str) -> QuerySet[Return]:
        if value == ReturnListForm.LATE:
            return rows.filter(state=ReturnState.OPEN, due_on__lt=self.on)
        return rows.filter(state=value)


class ReturnLinksSerializer(serializers.Serializer[Any]):
    self = serializers.URLField()
    plan = serializers.URLField()


class ReturnSerializer(serializers.ModelSerializer[Return]):
    """An organisation's report on a plan for one reporting period."""

    plan = TitledSerializer()
    organisation = NamedSerializer()
    period = serializers.CharField(source="period.label", help_text="The period in words.")
    state = serializers.ChoiceField(choices=ReturnState.choices)
    late = serializers.SerializerMethodField()
    submitted_by = NamedSerializer(allow_null=True)
    links = serializers.SerializerMethodField()

    class Meta:
        model = Return
        fields = [
            *("id", "plan", "organisation", "period", "period_start", "period_end", "due_on", "closes_on"),
            *("state", "late", "submitted_at", "submitted_by", "version", "links"),
        ]

    def get_late(self, report: Return) -> bool:
        return report.is_late(self.context["on"])

    @extend_schema_field(ReturnLinksSerializer)
    def get_links(self, report: Return) -> dict[str, str]:
        request = self.context["request"]
        return {
            "self": address(request, "return", report.pk),
            "plan": address(request, "plan", report.plan_id),
        }


class ReturnActionSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    ref = serializers.CharField()
    title = serializers.CharField()
    state = serializers.ChoiceField(choices=State.choices)
    due = serializers.DateField(allow_null=True)
    marking = serializers.ChoiceField(choices=MARKINGS)
    handling_instruction = serializers.CharField()


class LastUpdateSerializer(serializers.Serializer[Any]):
    """The action's last progress update before this return."""

    id = serializers.IntegerField(help_text="Id of the update.")
    period = serializers.DateField()
    state = serializers.ChoiceField(choices=State.choices)
    narrative = serializers.CharField()
    next_steps = serializers.CharField()
    rag = OrNull(choices=rag.CHOICES)
    reason = serializers.CharField()
    path_to_green = serializers.CharField()
    percent = serializers.IntegerField()
    author = NamedSerializer()
    submitted_at = serializers.DateTimeField()


class ReturnRowSerializer(serializers.Serializer[Any]):
    """One action of the return: its last update before, and the answer so far."""

    action = ReturnActionSerializer()
    is_editable = serializers.BooleanField(help_text="Whether the row can be changed now.")
    version = serializers.IntegerField(source="row.version", help_text="0 until the row is first saved.")
    unchanged = serializers.BooleanField(
        source="row.unchanged", help_text="Nothing changed since `last_update`."
    )
    state = OrNull(source="row.state", choices=State.choices)
    narrative = serializers.CharField(source="row.narrative")
    next_steps = serializers.CharField(source="row.next_steps")
    rag = OrNull(source="row.rag", choices=rag.CHOICES)
    reason = serializers.CharField(source="row.reason")
    path_to_green = serializers.CharField(source="row.path_to_green")
    percent = serializers.IntegerField(source="row.percent", allow_null=True)
    question = serializers.CharField(
        source="row.question",
        help_text="The programme manager's question about the action; empty if there is none.",
    )
    update = serializers.IntegerField(
        source="row.update_id",
        allow_null=True,
        help_text="Id of the progress update made from the row when the return was last submitted.",
    )
    saved_at = serializers.DateTimeField(source="row.saved_at", allow_null=True)
    last_update = LastUpdateSerializer(allow_null=True)
    unchanged_refusal = serializers.SerializerMethodField(
        help_text="Why `unchanged` cannot be used for the action; empty if it can."
    )

    def to_representation(self, line: Line) -> dict[str, Any]:
        return super().to_representation(replace(line, row=line.row or ReturnRow(version=0)))

    def get_unchanged_refusal(self, line: Line) -> str:
        return unchanged_refusal(update=line.last_update)


class ReturnCommentarySerializer(serializers.Serializer[Any]):
    """The return's text on one MOU area."""

    mou_area = NamedSerializer()
    text = serializers.CharField()
    version = serializers.IntegerField(help_text="0 until the text is first saved.")


class ReturnSectionsSerializer(serializers.ModelSerializer[Return]):
    """The return's texts about the whole district or organisation."""

    class Meta:
        model = Return
        fields = list(SECTIONS)
        read_only_fields = fields


class ReturnWithRowsSerializer(ReturnSerializer):
    """A return with all its answers so far."""

    closed_reason = serializers.SerializerMethodField(
        help_text="Why the return can no longer be changed; empty while it can."
    )
    question = serializers.CharField(help_text="The programme manager's question about the whole return.")
    marking = serializers.SerializerMethodField()
    handling_instruction = serializers.SerializerMethodField()
    rows = serializers.SerializerMethodField()
    commentaries = serializers.SerializerMethodField()
    figures = serializers.SerializerMethodField()
    sections = ReturnSectionsSerializer(source="*")

    class Meta(ReturnSerializer.Meta):
        fields = [
            *ReturnSerializer.Meta.fields,
            *(
                "closed_reason",
                "question",
                "marking",
                "handling_instruction",
                "rows",
                "commentaries",
                "figures",
                "sections",
            ),
        ]

    @property
    def lines(self) -> Sequence[Line]:
        lines: Sequence[Line] = self.context["lines"]
        return lines

    def get_closed_reason(self, report: Return) -> str:
        return closed_reason(report=report, on=self.context["on"])

    @extend_schema_field(serializers.ChoiceField(choices=MARKINGS))
    def get_marking(self, report: Return) -> str:
        return marking_of(report=report, lines=self.lines)[0]

    def get_handling_instruction(self, report: Return) -> str:
        return marking_of(report=report, lines=self.lines)[1]

    @extend_schema_field(ReturnRowSerializer(many=True))
    def get_rows(self, report: Return) -> Any:
        return ReturnRowSerializer(self.lines, many=True).data

    @extend_schema_field(ReturnCommentarySerializer(many=True))
    def get_commentaries(self, report: Return) -> Any:
        commentaries = {row.mou_area_id: row for row in report.commentaries.all()}
        areas = MouArea.objects.filter(partnership=report.plan.partnership_id)
        rows = [
            {"mou_area": area, "text": row.text if row else "", "version": row.version if row else 0}
            for area, row in ((area, commentaries.get(area.pk)) for area in areas)
        ]
        return ReturnCommentarySerializer(rows, many=True).data

    @extend_schema_field(ReturnFigureSerializer(many=True))
    def get_figures(self, report: Return) -> Any:
        return ReturnFigureSerializer(self.context["figures"], many=True).data


class ReturnEndpoint(Endpoint):
    permission_classes = [HasScope]
    required_scopes: ClassVar[dict[str, str]] = SCOPES
    serializer_class: Any = ReturnWithRowsSerializer
    queryset = Return.objects.none()

    def get_queryset(self) -> QuerySet[Return]:
        rows = Return.objects.visible_to(self.request.user, self.on)
        return rows.select_related("plan__partnership", "organisation", "submitted_by")

    def get_return(self) -> Return:
        return get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])

    def why_not(self) -> str:
        return policies.why_not_fill(rights_of(self.request.user, self.on), self.get_return())

    def lines(self, report: Return) -> list[Line]:
        return visible_lines(actor=actor_of(self.request), report=report, on=self.on)

    def figure_lines(self, report: Return) -> list[FigureLine]:
        return figure_lines(actor=actor_of(self.request), report=report, on=self.on)

    def represent(self, report: Return) -> dict[str, Any]:
        """Return a return with its rows, for the response."""
        context = {
            **self.get_serializer_context(),
            "lines": self.lines(report),
            "figures": self.figure_lines(report),
        }
        data: dict[str, Any] = ReturnWithRowsSerializer(report, context=context).data
        return data


class ReturnList(ReturnEndpoint, NarrowedList):
    serializer_class = ReturnSerializer
    filters = ReturnFilter
    sorts: ClassVar[Sorts] = SORTS
    default_sort = DEFAULT_SORT
    ties = (F("organisation__name"), F("pk"))

    @extend_schema(
        operation_id="list_returns",
        summary="List returns",
        tags=["Returns"],
        responses=ReturnSerializer(many=True),
        parameters=filter_parameters(ReturnFilter, NOTES, sorts=SORTS, default=DEFAULT_SORT),
        examples=[examples.RETURN],
    )
    def get(self, request: Request) -> Response:
        """List the returns that you can see, the newest period first."""
        return self.page_of(self.narrowed(self.get_queryset()))
