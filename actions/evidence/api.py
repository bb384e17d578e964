"""Evidence: files and links that show what was done, as partners' systems read, add and replace them."""

import logging
from typing import Any, ClassVar

from django.core.validators import URLValidator
from django.db.models import QuerySet
from django.http import QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from actions.core.api import (
    LOCATION,
    ChangeSerializer,
    OfAction,
    ReportedActionSerializer,
    named,
    supporting_ids,
)
from actions.core.models import Action
from actions.evidence import examples
from actions.evidence.filters import EVIDENCE_SORTS, EvidenceFilter
from actions.evidence.models import Evidence
from actions.evidence.services import add_evidence, expiry_of
from actions.progress import policies
from audit import clock
from web.api import IdField, JsonBody, StrictDate, StrictText
from web.bodies import takes_files
from web.callers import actor_of
from web.lists import NarrowedList, Sorts
from web.multipart import EvidenceFile, parts_of
from web.parameters import filter_parameters
from web.problems import KINDS, HttpProblem, Kind
from web.references import NamedSerializer, address
from web.renderers import AnyType, Json
from web.uploads import TYPES, attachment_response, sha256

logger = logging.getLogger(__name__)

LENGTHS = {field.name: field.max_length for field in Evidence._meta.concrete_fields if field.max_length}
STANDINGS = [("expired", "Expired"), ("expiring", "Expires within 28 days")]
NUMBERS = ("update", "supersedes", "version")
# What the model calls the two, and the body does not.
PLACES = {"url": "link", "filename": "file"}
NOTES = {
    "status": (
        "`newest` leaves out what a later version replaced; of the newest, `current` still count, `expiring` will not "
        "within 28 days, `expired` no longer do."
    ),
}
MISSING = "The file is on record and cannot be found. Tell your administrator."
ALTERED = (
    "altered-file",
    "Altered file",
    "The file does not match its recorded hash, so it was altered after it was added. Tell your auditor.",
)

QUARANTINED = (
    "quarantined-file",
    "File in quarantine",
    "A scan found malware in the file, so it is not handed out. Add the evidence again from a clean file.",
)


class EvidenceLinksSerializer(serializers.Serializer[Any]):
    self = serializers.URLField()
    action = serializers.URLField()
    file = serializers.URLField(allow_null=True, help_text="Where the file is downloaded; null for a link.")


class EvidenceSerializer(serializers.ModelSerializer[Evidence]):
    """A file or a link that shows what was done. It is never altered; a later version may replace it."""

    action = ReportedActionSerializer()
    kind = serializers.ChoiceField(choices=Evidence.Kind.choices)
    filename = serializers.CharField(help_text="What the file was called; empty for a link.")
    link = serializers.CharField(source="url", help_text="Address of the evidence; empty for a file.")
    sha256 = serializers.CharField(help_text="Checksum of the file in hexadecimal; empty for a link.")
    size = serializers.IntegerField(help_text="Bytes; 0 for a link.")
    status = serializers.SerializerMethodField()
    number = serializers.IntegerField(help_text="1, or how many versions there are with those before it.")
    supersedes = serializers.IntegerField(
        source="supersedes_id", allow_null=True, help_text="Id of the version that it replaced."
    )
    superseded_by = serializers.SerializerMethodField()
    update = serializers.IntegerField(
        source="update_id", allow_null=True, help_text="Id of the update that it came with."
    )
    added_by = NamedSerializer()
    links = serializers.SerializerMethodField()

    class Meta:
        model = Evidence
        fields = [
            *("id", "action", "title", "kind", "filename", "content_type", "size", "sha256", "link"),
            *("effective_on", "expires_on", "status", "number", "supersedes", "superseded_by", "update"),
            *("added_by", "added_at", "links"),
        ]

    @extend_schema_field(serializers.ChoiceField(choices=STANDINGS, allow_null=True))
    def get_status(self, evidence: Evidence) -> str | None:
        """Null while it counts for longer than 28 days."""
        return expiry_of(evidence=evidence, on=self.context["on"]) or None

    @extend_schema_field({"type": ["integer", "null"], "description": "Id of the version that replaced it."})
    def get_superseded_by(self, evidence: Evidence) -> int | None:
        later = getattr(evidence, "superseded_by", None)
        return later.pk if later else None

    @extend_schema_field(EvidenceLinksSerializer)
    def get_links(self, evidence: Evidence) -> dict[str, str | None]:
        request, is_file = self.context["request"], evidence.kind == Evidence.Kind.FILE
        return {
            "self": address(request, "evidence", evidence.pk),
            "action": address(request, "action", evidence.action_id),
            "file": address(request, "evidence-file", evidence.pk) if is_file else None,
        }


class NewEvidenceSerializer(ChangeSerializer):
    title = StrictText(
        max_length=LENGTHS["title"], help_text="What an auditor will look for it by, like “Rota for May”."
    )
    effective_on = StrictDate(required=False, help_text="The date the evidence is about. Default: today.")
    expires_on = StrictDate(
        required=False, help_text="The last day on which it counts. Without it, it never expires."
    )
    update = IdField(required=False, help_text="Id of the update of this action that it belongs to.")
    supersedes = IdField(
        required=False,
        help_text="Id of the evidence of this action that it takes the place of: the newest version.",
    )

    def validate_update(self, pk: int) -> Any:
        return self._of_action("updates", pk, "This action has no such update.")

    def validate_supersedes(self, pk: int) -> Any:
        return self._of_action("evidence", pk, "This action has no such evidence.")

    def _of_action(self, rows: str, pk: int, otherwise: str) -> Any:
        row = getattr(self.context["action"], rows).filter(pk=pk).first()
        if row is None:
            raise serializers.ValidationError(otherwise, code="does_not_exist")
        return row


class NewEvidenceLinkSerializer(NewEvidenceSerializer):
    """Show what was done by the address of a paper on your own system."""

    link = StrictText(
        source="url",
        max_length=LENGTHS["url"],
        validators=[URLValidator(schemes=["https"], message="Give a full address that begins with https://")],
        help_text="A full address that begins with `https://`.",
    )


class NewEvidenceFileSerializer(NewEvidenceSerializer):
    """Show what was done by a file. Each field is a part of the form."""

    file = EvidenceFile(
        help_text=(
            "The file with its name: PDF, Word, Excel, PowerPoint, OpenDocument, CSV, text, PNG or JPEG, up to 10 MB. "
            "A file that is not what its name says, is encrypted or contains active content is refused."
        )
    )


class EvidenceEndpoint(OfAction):
    required_scopes: ClassVar[dict[str, str]] = {"GET": "actions:read", "POST": "evidence:write"}
    serializer_class = EvidenceSerializer
    queryset = Evidence.objects.none()

    def get_queryset(self) -> QuerySet[Evidence]:
        visible = Evidence.objects.visible_to(self.request.user, self.on)
        return visible.select_related("action", "added_by", "superseded_by")


@takes_files("EVIDENCE_MAX_BYTES")
class EvidenceList(EvidenceEndpoint, NarrowedList):
    # A file is looked into before it is recorded, which takes its time.
    takes_if_match = False
    # Its body takes the action's version.
    also_answers: ClassVar[dict[int, Kind]] = {412: KINDS[412]}
    parser_classes = [JsonBody, MultiPartParser]
    filters = EvidenceFilter
    sorts: ClassVar[Sorts] = EVIDENCE_SORTS
    default_sort = "-added"

    @extend_schema(
        operation_id="list_evidence",
        summary="List an action's evidence",
        tags=["Evidence"],
        responses=EvidenceSerializer(many=True),
        parameters=filter_parameters(EvidenceFilter, NOTES, sorts=EVIDENCE_SORTS, default="-added"),
        examples=[examples.EVIDENCE],
    )
    def get(self, request: Request, pk: int) -> Response:
        """The action's evidence, latest first, with earlier versions."""
        return self.page_of(self.narrowed(self.get_queryset().filter(action=self.get_action())))

    def why_not(self) -> str:
        action = self.get_action()
        return policies.why_not_report(self.rights, action, supporting_ids(action))

    @extend_schema(
        operation_id="add_evidence",
        summary="Add evidence",
        tags=["Evidence"],
        request={
            "application/json": NewEvidenceLinkSerializer,
            "multipart/form-data": NewEvidenceFileSerializer,
        },
        responses={201: OpenApiResponse(EvidenceSerializer, description="The evidence, as it was recorded.")},
        examples=[examples.NEW_LINK, examples.EVIDENCE],
        parameters=[LOCATION],
    )
    def post(self, request: Request, pk: int) -> Response:
        """A link as JSON, or a file as `multipart/form-data` with its name. Earlier versions stay on record."""
        action = self.get_action()
        serializer = self._validated(request, action)
        with named(PLACES), serializer.keeping():
            row = add_evidence(
                actor=actor_of(request), action=action, at=clock.now(), **serializer.validated_data
            )
        return self.respond(self.get_queryset().get(pk=row.pk), status.HTTP_201_CREATED)

    def _validated(self, request: Request, action: Action) -> Any:
        serializer: Any = NewEvidenceLinkSerializer(data=request.data, context={"action": action})
        if isinstance(request.data, QueryDict):
            parts = parts_of(request.data, numbers=NUMBERS)
            serializer = NewEvidenceFileSerializer(data=parts, context={"action": action})
        serializer.is_valid(raise_exception=True)
        return serializer


class EvidenceDetail(EvidenceEndpoint):
    @extend_schema(
        operation_id="get_evidence",
        summary="Get evidence",
        tags=["Evidence"],
        examples=[examples.EVIDENCE],
    )
    def get(self, request: Request, pk: int) -> Response:
        """What it is, who added it and when, and when it expires."""
        return Response(self.get_serializer(self.get_object()).data)


class EvidenceFileDetail(EvidenceEndpoint):
    required_scopes: ClassVar[dict[str, str]] = {"GET": "evidence:read"}
    renderer_classes = [Json, AnyType]
    takes_fields = False
    also_answers: ClassVar[dict[int, Kind]] = {409: ALTERED}  # or QUARANTINED

    @extend_schema(
        operation_id="download_evidence",
        summary="Download a file of evidence",
        tags=["Evidence"],
        responses={(200, *sorted(set(TYPES.values()))): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, pk: int) -> HttpResponseBase:
        """The file as it was added, as an attachment; its SHA-256 is compared with the record first."""
        files = self.get_queryset().filter(kind=Evidence.Kind.FILE)
        evidence = get_object_or_404(files, pk=pk)
        if evidence.is_quarantined:
            raise HttpProblem(409, kind=QUARANTINED)
        try:
            file = evidence.file.open("rb")
        except OSError as error:
            logger.exception("The file of evidence %s cannot be read.", evidence.pk)
            raise HttpProblem(404, MISSING) from error
        if sha256(file) != evidence.sha256:
            file.close()
            logger.error("The file of evidence %s does not match its recorded hash.", evidence.pk)
            raise HttpProblem(409, kind=ALTERED)
        response = attachment_response(file, evidence.filename, evidence.content_type)
        response["ETag"] = f'"{evidence.sha256}"'
        return response
