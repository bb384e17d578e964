"""Papers in the API: what a board was told, section by section and figure by figure. They are prepared on the pages."""

import logging
from io import BytesIO
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from partners.scoping import HasScope
from reports.figures.cells import text_of
from reports.papers import examples
from reports.papers.figures import figures_of
from reports.papers.files import FORMS
from reports.papers.filters import PAPER_SORTS, PaperFilter
from reports.papers.models import Paper
from reports.papers.queries import full, is_intact, read
from reports.papers.states import PaperState
from reports.templates.models import Template
from standards import marking
from web.endpoints import Endpoint
from web.lists import NarrowedList, Sorts
from web.parameters import filter_parameters
from web.problems import HttpProblem, Kind
from web.references import NamedSerializer, TitledSerializer, address
from web.renderers import AnyType, Json
from web.uploads import attachment_response

logger = logging.getLogger(__name__)

SCOPES = {"GET": "papers:read"}
NOTES = {"board": "Id of a board.", "state": "State of the paper; `issued` and `corrected` are frozen."}
ALTERED = (
    "altered-paper",
    "Altered paper",
    "The frozen content does not match its recorded hash, so it was altered after it was issued. Tell your auditor.",
)
NOT_ISSUED = "This paper was not issued, so its content is not frozen."


class PaperLinksSerializer(serializers.Serializer[Any]):
    self = serializers.URLField()
    figures = serializers.URLField()
    content = serializers.URLField(allow_null=True, help_text="Null until the paper is issued.")


class PaperSerializer(serializers.ModelSerializer[Paper]):
    """A paper to a board: a draft, or issued and frozen. A correction is a paper of its own."""

    state = serializers.ChoiceField(choices=PaperState.choices)
    number = serializers.IntegerField(help_text="Version of the paper; a correction has the next.")
    board = NamedSerializer(source="template.board")
    plan = TitledSerializer()
    meeting = serializers.IntegerField(source="meeting_id", allow_null=True, help_text="Id of its meeting.")
    marking = serializers.ChoiceField(choices=marking.CHOICES)
    previous = serializers.IntegerField(
        source="previous_id",
        allow_null=True,
        help_text="Id of the paper whose closing figures it opens with.",
    )
    corrects = serializers.IntegerField(
        source="corrects_id", allow_null=True, help_text="Id of the paper that it corrects."
    )
    sha256 = serializers.CharField(help_text="Checksum of the frozen content; empty for a draft.")
    ledger_sequence = serializers.IntegerField(
        help_text="The last ledger entry that the figures were read from; 0 for a draft."
    )
    links = serializers.SerializerMethodField()

    class Meta:
        model = Paper
        fields = [
            *("id", "title", "number", "state", "board", "plan", "meeting", "as_at", "marking"),
            *("handling_instruction", "previous", "corrects", "correction", "issued_at", "sha256"),
            *("ledger_sequence", "ledger_digest", "links"),
        ]

    @extend_schema_field(PaperLinksSerializer)
    def get_links(self, paper: Paper) -> dict[str, str | None]:
        request = self.context["request"]
        return {
            "self": address(request, "paper", paper.pk),
            "figures": address(request, "paper-figures", paper.pk),
            "content": address(request, "paper-content", paper.pk) if paper.is_frozen else None,
        }


class CellSerializer(serializers.Serializer[Any]):
    """A cell of a table."""

    n = serializers.IntegerField(allow_null=True, help_text="The figure; null for a cell of words.")
    of = serializers.IntegerField(allow_null=True, help_text="The whole that the figure is a part of.")
    percent = serializers.IntegerField(allow_null=True)
    text = serializers.CharField(help_text="As the paper prints it.")
    refs = serializers.ListField(child=serializers.CharField(), help_text="The rows behind a count.")


class LineSerializer(serializers.Serializer[Any]):
    label = serializers.CharField()
    is_total = serializers.BooleanField()
    cells = CellSerializer(many=True)


class PaperTableSerializer(serializers.Serializer[Any]):
    """A table of figures, counted from the record."""

    key = serializers.CharField()
    caption = serializers.CharField()
    columns = serializers.ListField(child=serializers.CharField())
    note = serializers.CharField()
    rows = LineSerializer(many=True)


class ParagraphSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    text = serializers.CharField()


class PassageSerializer(serializers.Serializer[Any]):
    """A text of a return, with what became of it."""

    source = serializers.CharField()
    submitted_on = serializers.DateField()
    treatment = serializers.ChoiceField(choices=["used", "shortened", "left_out"])
    text = serializers.CharField()
    reason = serializers.CharField(help_text="Why it is left out.")
    disposition = serializers.CharField(help_text="What became of an escalation.")


class PaperSectionSerializer(serializers.Serializer[Any]):
    """A section of a paper: its text and its tables."""

    kind = serializers.CharField()
    heading = serializers.CharField()
    voice = serializers.ChoiceField(choices=Template.Voice.choices)
    paragraphs = ParagraphSerializer(many=True)
    facts_on = serializers.DateField(
        allow_null=True, help_text="The day on which what the text says was so, if not the paper's."
    )
    tables = PaperTableSerializer(many=True)
    passages = PassageSerializer(many=True)


class WholePaperSerializer(PaperSerializer):
    """The paper with its sections."""

    sections = serializers.SerializerMethodField()

    class Meta(PaperSerializer.Meta):
        fields = [*PaperSerializer.Meta.fields, "sections"]

    @extend_schema_field(PaperSectionSerializer(many=True))
    def get_sections(self, paper: Paper) -> Any:
        sections = [
            section | {"tables": [_table(table) for table in section["tables"]]}
            for section in read(paper)["sections"]
        ]
        return PaperSectionSerializer(sections, many=True).data


class FigureSerializer(serializers.Serializer[Any]):
    """One cell of one table."""

    section = serializers.CharField()
    section_number = serializers.IntegerField()
    table = serializers.CharField()
    caption = serializers.CharField()
    row_number = serializers.IntegerField()
    row = serializers.CharField()
    column_number = serializers.IntegerField()
    column = serializers.CharField()
    value = serializers.IntegerField(allow_null=True)
    of = serializers.IntegerField(allow_null=True, help_text="The whole that the figure is a part of.")
    percent = serializers.IntegerField(allow_null=True)
    text = serializers.CharField()
    references = serializers.ListField(child=serializers.CharField())


class FiguresSerializer(serializers.Serializer[Any]):
    """Every figure of a paper, in its order."""

    results = FigureSerializer(many=True)


class PaperEndpoint(Endpoint):
    permission_classes = [HasScope]
    required_scopes: ClassVar[dict[str, str]] = SCOPES
    serializer_class: Any = PaperSerializer
    queryset = Paper.objects.none()

    def get_queryset(self) -> QuerySet[Paper]:
        visible = Paper.objects.visible_to(self.request.user, self.on)
        return visible.select_related("template__board", "plan").defer("content")

    def whole(self) -> Paper:
        """Return the paper that the address names, with its parts.

        Raises:
            HttpProblem: when its frozen content differs from what was issued.
        """
        paper = full(self.get_object().pk)
        if not is_intact(paper):
            logger.error("The content of paper %s does not match its recorded hash.", paper.pk)
            raise HttpProblem(409, kind=ALTERED)
        return paper


class PaperList(PaperEndpoint, NarrowedList):
    filters = PaperFilter
    sorts: ClassVar[Sorts] = PAPER_SORTS
    default_sort = "-as_at"

    @extend_schema(
        operation_id="list_papers",
        summary="List papers",
        tags=["Papers"],
        responses=PaperSerializer(many=True),
        parameters=filter_parameters(PaperFilter, NOTES, sorts=PAPER_SORTS, default="-as_at"),
        examples=[examples.PAPER],
    )
    def get(self, request: Request) -> Response:
        """The papers that you can see, the latest first."""
        return self.page_of(self.narrowed(self.get_queryset()))


class PaperDetail(PaperEndpoint):
    serializer_class = WholePaperSerializer
    also_answers: ClassVar[dict[int, Kind]] = {409: ALTERED}

    @extend_schema(
        operation_id="get_paper", summary="Get a paper", tags=["Papers"], examples=[examples.WHOLE_PAPER]
    )
    def get(self, request: Request, pk: int) -> Response:
        """One paper with its sections: as it was issued, or as a draft is now."""
        return Response(self.get_serializer(self.whole()).data)


class PaperFigures(PaperEndpoint):
    serializer_class = FiguresSerializer
    takes_fields = False
    also_answers: ClassVar[dict[int, Kind]] = {409: ALTERED}

    @extend_schema(
        operation_id="list_paper_figures",
        summary="List the figures of a paper",
        tags=["Papers"],
        examples=[examples.FIGURES],
    )
    def get(self, request: Request, pk: int) -> Response:
        """Every cell of every table, with the rows behind each count."""
        return Response(self.get_serializer({"results": list(figures_of(read(self.whole())))}).data)


class PaperContent(PaperEndpoint):
    renderer_classes = [Json, AnyType]
    takes_fields = False
    also_answers: ClassVar[dict[int, Kind]] = {409: ALTERED}

    @extend_schema(
        operation_id="download_paper_content",
        summary="Download the frozen content of a paper",
        tags=["Papers"],
        responses={(200, "application/json"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, pk: int) -> HttpResponseBase:
        """The very bytes that `sha256` is of, as an attachment: canonical JSON (RFC 8785). A draft has none."""
        paper = self.whole()
        if not paper.is_frozen:
            raise HttpProblem(404, NOT_ISSUED)
        form = FORMS["json"]
        data = form.write(paper, read(paper))
        return attachment_response(BytesIO(data), form.name(paper), form.media_type)


def _table(table: dict[str, Any]) -> dict[str, Any]:
    lines = [
        {
            "label": row["label"],
            "is_total": row.get("total", False),
            "cells": [
                {
                    **dict.fromkeys(("n", "of", "percent")),
                    "refs": [],
                    **cell,
                    "text": text_of(cell),
                }
                for cell in row["cells"]
            ],
        }
        for row in table["rows"]
    ]
    return {"note": "", **table, "rows": lines}
