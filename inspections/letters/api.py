"""Letters to the Secretary of State in the API, with their text and as files."""

import logging
from collections.abc import Callable
from io import BytesIO
from typing import Any, ClassVar

from django.db.models import F, QuerySet
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from inspections.core.states import LetterState
from inspections.findings.models.inspections import Inspection
from inspections.letters import examples
from inspections.letters.content import content_of, is_intact, paper_of
from inspections.responses.models import PublishedResponse
from partners.scoping import HasScope
from standards import marking
from web.cursors import Column, CursorPages
from web.documents import Paper, Unprintable, docx, pdf
from web.endpoints import Endpoint
from web.exports import file_name
from web.problems import HttpProblem, Kind
from web.references import TitledSerializer, address
from web.renderers import AnyType, Json
from web.uploads import TYPES, attachment_response

logger = logging.getLogger(__name__)

SCOPES = {"GET": "recommendations:read"}
ALTERED = (
    "altered-letter",
    "Altered letter",
    "The frozen text does not match its recorded hash, so it was altered after it was approved. Tell your auditor.",
)


class LetterLinksSerializer(serializers.Serializer[Any]):
    self = serializers.URLField()
    inspection = serializers.URLField()
    pdf = serializers.URLField()
    docx = serializers.URLField()


class LetterAnswerSerializer(serializers.Serializer[Any]):
    """A finding and the response to it, as printed in the letter."""

    heading = serializers.CharField()
    cause_of_concern = serializers.CharField(help_text="The cause of concern it is under; empty if none.")
    text = serializers.CharField()
    paraphrased = serializers.BooleanField(help_text="Whether these are not the report's own words.")
    answer = serializers.CharField(help_text="Kind of response: action taken, action proposed or no action.")
    response = serializers.CharField()


class LetterContentSerializer(serializers.Serializer[Any]):
    """The text of the letter, frozen when it was approved."""

    to = serializers.CharField()
    salutation = serializers.CharField()
    subject = serializers.CharField()
    introduction = serializers.CharField()
    recommendations = LetterAnswerSerializer(many=True)
    areas_for_improvement = LetterAnswerSerializer(many=True)
    closing = serializers.CharField()
    signatory = serializers.CharField()
    copies_to = serializers.CharField()


class LetterSerializer(serializers.ModelSerializer[PublishedResponse]):
    """The answer to a report under section 55 of the Police Act 1996. A correction is a letter of its own."""

    inspection = TitledSerializer()
    corrects = serializers.IntegerField(
        source="corrects_id", allow_null=True, help_text="Id of the letter that this one corrects."
    )
    state = serializers.ChoiceField(choices=LetterState.choices)
    sha256 = serializers.CharField(help_text="Checksum of the frozen text; empty for a draft.")
    publication_url = serializers.CharField(
        help_text="Web address of the published letter; empty if there is none."
    )
    marking = serializers.ChoiceField(choices=marking.CHOICES, source="inspection.marking")
    handling_instruction = serializers.CharField(source="inspection.handling_instruction")
    links = serializers.SerializerMethodField()

    class Meta:
        model = PublishedResponse
        fields = [
            *("id", "inspection", "number", "corrects", "correction_reason", "state", "dated", "reference"),
            *("sha256", "published_on", "publication_url", "sent_to_secretary_of_state_on"),
            *("sent_to_inspectors_on", "marking", "handling_instruction", "links"),
        ]

    @extend_schema_field(LetterLinksSerializer)
    def get_links(self, letter: PublishedResponse) -> dict[str, str]:
        request = self.context["request"]
        return {
            "self": address(request, "letter", letter.pk),
            "inspection": address(request, "inspection", letter.inspection_id),
            "pdf": address(request, "letter-pdf", letter.pk),
            "docx": address(request, "letter-docx", letter.pk),
        }


class WholeLetterSerializer(LetterSerializer):
    """The letter with its text."""

    content = serializers.SerializerMethodField()

    class Meta(LetterSerializer.Meta):
        fields = [*LetterSerializer.Meta.fields, "content"]

    @extend_schema_field(LetterContentSerializer)
    def get_content(self, letter: PublishedResponse) -> Any:
        return LetterContentSerializer(content_of(letter=letter)).data


class LetterEndpoint(Endpoint):
    permission_classes = [HasScope]
    required_scopes: ClassVar[dict[str, str]] = SCOPES
    serializer_class: Any = LetterSerializer
    queryset = PublishedResponse.objects.none()

    def get_queryset(self) -> QuerySet[PublishedResponse]:
        """Return the letters the caller may view."""
        visible = PublishedResponse.objects.visible_to(self.request.user, self.on)
        return visible.select_related("inspection__partnership")

    def whole(self) -> PublishedResponse:
        """Return the letter that the address names.

        Raises:
            HttpProblem: when its frozen text differs from the approved text.
        """
        letter: PublishedResponse = self.get_object()
        if not is_intact(letter=letter):
            logger.error("The frozen text of letter %s does not match its recorded hash.", letter.pk)
            raise HttpProblem(409, kind=ALTERED)
        return letter


class LetterList(LetterEndpoint):
    pagination_class = CursorPages

    def in_order(self) -> list[Column]:
        return [(F("number"), True), (F("pk"), True)]

    @extend_schema(
        operation_id="list_letters",
        summary="List the letters about an inspection",
        tags=["Inspections"],
        responses=LetterSerializer(many=True),
        examples=[examples.LETTER],
    )
    def get(self, request: Request, pk: int) -> Response:
        """The answer to the report and its corrections, the latest version first."""
        visible = Inspection.objects.visible_to(request.user, self.on)
        return self.page_of(self.get_queryset().filter(inspection=get_object_or_404(visible, pk=pk)))


class LetterDetail(LetterEndpoint):
    serializer_class = WholeLetterSerializer
    also_answers: ClassVar[dict[int, Kind]] = {409: ALTERED}

    @extend_schema(
        operation_id="get_letter",
        summary="Get a letter",
        tags=["Inspections"],
        examples=[examples.WHOLE_LETTER],
    )
    def get(self, request: Request, pk: int) -> Response:
        """One letter with its text. Its checksum is verified first."""
        return Response(self.get_serializer(self.whole()).data)


class LetterFile(LetterEndpoint):
    renderer_classes = [Json, AnyType]
    takes_fields = False
    also_answers: ClassVar[dict[int, Kind]] = {409: ALTERED}

    def handed_out(self, kind: str, write: Callable[[Paper], bytes]) -> HttpResponseBase:
        letter = self.whole()
        try:
            content = write(paper_of(letter=letter, content=content_of(letter=letter)))
        except Unprintable as error:
            raise HttpProblem(404, str(error)) from error
        name = file_name(f"Response to {letter.inspection} version {letter.number}")
        stage = "-draft" if letter.state == LetterState.DRAFT else ""
        return attachment_response(BytesIO(content), f"{name}{stage}.{kind}", TYPES[kind])


class LetterPdf(LetterFile):
    @extend_schema(
        operation_id="download_letter_as_pdf",
        summary="Download a letter as PDF",
        tags=["Inspections"],
        responses={(200, TYPES["pdf"]): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, pk: int) -> HttpResponseBase:
        """The letter as tagged PDF, as an attachment."""
        return self.handed_out("pdf", pdf)


class LetterDocx(LetterFile):
    @extend_schema(
        operation_id="download_letter_as_docx",
        summary="Download a letter as DOCX",
        tags=["Inspections"],
        responses={(200, TYPES["docx"]): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, pk: int) -> HttpResponseBase:
        """The letter as a Word document, as an attachment."""
        return self.handed_out("docx", docx)
