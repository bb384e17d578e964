"""A return that is filled in by a partner's system: what is wrong with one part never loses the others."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from actions.bulk.services import MOST
from actions.core.partial_results import PartialFields, PartialResults
from actions.core.states import REPORTABLE
from audit import clock
from partners.models import MouArea
from returns.api import examples
from returns.api.reading import ReturnEndpoint, ReturnWithRowsSerializer
from returns.models import Return, ReturnCommentary, ReturnRow
from returns.services.contents import Line, begins_with
from returns.services.drafting import CONTENT, DROPPED_OUT, CommentaryDraft, RowDraft, Saved, save_return
from standards import rag
from web import problems
from web.api import (
    IdField,
    KeepingSerializer,
    StrictBoolean,
    StrictChoice,
    StrictInteger,
    StrictSerializer,
    StrictText,
)
from web.openapi import FindingSerializer, ProblemErrorSerializer

NO_AREA = "There is no such MOU area here."
TWICE = "Another part of this request is about the same."
LENGTHS = {
    each.name: each.max_length
    for model in (Return, ReturnCommentary, ReturnRow)
    for each in model._meta.concrete_fields
    if each.max_length
}
HIGHEST_VERSION = 2**31 - 1


def _words(name: str, **given: Any) -> StrictText:
    return StrictText(max_length=LENGTHS[name], required=False, allow_blank=True, **given)


def _version(what: str) -> StrictInteger:
    return StrictInteger(
        required=False,
        allow_null=True,
        min_value=0,
        max_value=HIGHEST_VERSION,
        help_text=f"The {what}'s version as you read it. Where somebody changed it since, it is not kept.",
    )


class ReturnRowDraftSerializer(StrictSerializer):
    """What is said of one action. What is left out stays as it is."""

    action = IdField(help_text="Id of an action of the return.")
    version = _version("row")
    unchanged = StrictBoolean(required=False, help_text="Nothing changed since what was said last.")
    state = StrictChoice(
        choices=[(state.value, state.label) for state in REPORTABLE], required=False, allow_null=True
    )
    narrative = _words("narrative", help_text="What was done.")
    next_steps = _words("next_steps")
    rag = StrictChoice(choices=rag.CHOICES, required=False, allow_null=True)
    reason = _words("reason", help_text="Needed with red and amber before the return is submitted.")
    path_to_green = _words("path_to_green", help_text="Needed with red and amber before it is submitted.")
    percent = StrictInteger(min_value=0, max_value=100, required=False, allow_null=True)


class ReturnCommentaryDraftSerializer(StrictSerializer):
    """What is said of one MOU area."""

    mou_area = IdField(help_text="Id of an MOU area of the partnership.")
    version = _version("commentary")
    text = _words("text")


class ReturnSectionDraftsSerializer(PartialFields):
    """What is said of the whole district or organisation. What is left out stays as it is."""

    training = _words("training")
    attendance = _words(
        "attendance", help_text="Of meetings, panels and training: how many came, from where."
    )
    risks = _words("risks")
    escalations = _words("escalations", help_text="What Silver should know.")
    good_practice = _words("good_practice")
    decisions_sought = _words("decisions_sought")


class ReturnDraftSerializer(KeepingSerializer):
    """What is filled in so far; all of it may be left out."""

    rows = PartialResults(
        child=ReturnRowDraftSerializer(), required=False, max_length=MOST, help_text="Each of another action."
    )
    commentaries = PartialResults(
        child=ReturnCommentaryDraftSerializer(),
        required=False,
        max_length=MOST,
        help_text="Each of another MOU area.",
    )
    sections = ReturnSectionDraftsSerializer(required=False)


class SavedReturnSerializer(ReturnWithRowsSerializer):
    """The return as it now stands, and what of the request was not kept."""

    kept = serializers.ListField(
        child=serializers.CharField(), help_text="JSON pointers to what was kept of the body that was sent."
    )
    errors = ProblemErrorSerializer(
        many=True, help_text="Why the rest was not, as in a problem; empty where all was."
    )
    findings = FindingSerializer(many=True, help_text="Where personal data was found, as in a problem.")

    class Meta(ReturnWithRowsSerializer.Meta):
        fields = [*ReturnWithRowsSerializer.Meta.fields, "kept", "errors", "findings"]


@dataclass
class Sent:
    """What was sent, read: drafts with the places in the body they came from, and what could not be read."""

    rows: dict[int, RowDraft] = field(default_factory=dict)
    commentaries: dict[int, CommentaryDraft] = field(default_factory=dict)
    sections: dict[str, str] = field(default_factory=dict)
    places: dict[tuple[str, Any], str] = field(default_factory=dict)
    refused: dict[str, Exception] = field(default_factory=dict)
    """By the place in the body."""

    def take_rows(self, given: list[Any], lines: Mapping[int, Line]) -> None:
        for index, each in enumerate(given):
            place = f"/rows/{index}"
            try:
                draft = _row(each, lines, self.rows)
            except exceptions.APIException as error:
                self.refused[place] = error
            else:
                self.rows[draft.action] = draft
                self.places["row", draft.action] = place

    def take_commentaries(self, given: list[Any], written: Mapping[int, ReturnCommentary | None]) -> None:
        for index, each in enumerate(given):
            place = f"/commentaries/{index}"
            if isinstance(each, Exception):
                self.refused[place] = each
            elif each["mou_area"] not in written:
                self.refused[place] = exceptions.ValidationError({"mou_area": NO_AREA})
            elif each["mou_area"] in self.commentaries:
                self.refused[place] = exceptions.ValidationError({"mou_area": TWICE})
            else:
                row = written[each["mou_area"]]
                draft = CommentaryDraft(**{"text": row.text if row else "", **each})
                self.commentaries[draft.mou_area] = draft
                self.places["text", f"mou_area_{draft.mou_area}"] = place

    def take_sections(self, given: Mapping[str, Any]) -> None:
        for name, text in given.items():
            if isinstance(text, Exception):
                self.refused[f"/sections/{name}"] = text
            else:
                self.sections[name] = text
                self.places["text", name] = f"/sections/{name}"

    def take_refusals(self, saved: Saved) -> None:
        """Put what the service refused at its place in the body."""
        for pk, errors in saved.problems.items():
            self.refused[self.places["row", pk]] = ValidationError(dict(errors))
        for pk, message in saved.conflicts.items():
            self.refused[self.places["row", pk]] = ValidationError(message, code="conflict")
        for key, found in saved.text_problems.items():
            self.refused[self.places["text", key]] = ValidationError(found)
        for key, message in saved.text_conflicts.items():
            self.refused[self.places["text", key]] = ValidationError(message, code="conflict")

    @property
    def kept(self) -> list[str]:
        return [f"#{place}" for place in self.places.values() if place not in self.refused]


def _row(given: Any, lines: Mapping[int, Line], taken: Mapping[int, RowDraft]) -> RowDraft:
    """Read what is said of one action: what is left out is as the return says so far, or as the action stands."""
    if isinstance(given, Exception):
        raise given
    line = lines.get(given["action"])
    if line is None:
        raise exceptions.ValidationError({"action": DROPPED_OUT})
    if line.action.pk in taken:
        raise exceptions.ValidationError({"action": TWICE})
    so_far = {name: getattr(line.row, name) for name in CONTENT} if line.row else begins_with(line=line)
    said = {
        name: "" if value is None and name in ("state", "rag") else value for name, value in given.items()
    }
    return RowDraft(**{**so_far, **said})


class ReturnDetail(ReturnEndpoint):
    @extend_schema(
        operation_id="get_return",
        summary="Read a return",
        tags=["Returns"],
        responses=ReturnWithRowsSerializer,
        examples=[examples.WITH_ROWS],
    )
    def get(self, request: Request, pk: int) -> Response:
        """A return with what it says so far, and of each action what was said last. Others' are not found."""
        return Response(self.told(self.get_return()))

    @extend_schema(
        operation_id="fill_in_return",
        summary="Fill in a return",
        tags=["Returns"],
        request=ReturnDraftSerializer,
        responses=OpenApiResponse(
            SavedReturnSerializer, description="What could be kept is; `errors` says what was not, and why."
        ),
        examples=[examples.DRAFT, examples.SAVED],
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Keep what is filled in so far, as a draft until the return is submitted.

        Each row, commentary and section is kept or refused by itself: where anything is kept the answer is 200, so read
        its `errors`. Where nothing could be, it is a problem with every error.
        """
        report = self.get_return()
        self.require_filler(report)
        given = ReturnDraftSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        sent = self._read(report, given.validated_data)
        with given.keeping():
            saved = save_return(
                actor=request.user,
                report=report,
                rows=list(sent.rows.values()),
                commentaries=list(sent.commentaries.values()),
                sections=sent.sections,
                version=None,
                at=clock.now(),
            )
        sent.take_refusals(saved)
        told = [
            problems.problem_of(error, instance=request.path, place=place)
            for place, error in sorted(sent.refused.items(), key=_in_order)
        ]
        if told and not sent.kept:
            problem = problems.of_several(told, detail="Nothing was kept. Each error names its place.")
            return Response(problem, problem["status"], content_type=problems.CONTENT_TYPE)
        errors = [error for problem in told for error in problem["errors"]]
        findings = [finding for problem in told for finding in problem.get("findings", ())]
        told_now = self.told(self.get_return())
        return Response({**told_now, "kept": sent.kept, "errors": errors, "findings": findings})

    def _read(self, report: Return, given: Mapping[str, Any]) -> Sent:
        sent = Sent()
        if rows := given.get("rows"):
            sent.take_rows(rows, {line.action.pk: line for line in self.lines(report)})
        if commentaries := given.get("commentaries"):
            areas = MouArea.objects.filter(partnership=report.plan.partnership_id)
            written: dict[int, ReturnCommentary | None] = dict.fromkeys(areas.values_list("pk", flat=True))
            sent.take_commentaries(
                commentaries, written | {row.mou_area_id: row for row in report.commentaries.all()}
            )
        sent.take_sections(given.get("sections", {}))
        return sent


def _in_order(refused: tuple[str, Exception]) -> tuple[int, str, int]:
    """The rows first, each list by its numbers."""
    _, part, name = refused[0].split("/")
    order = ("rows", "commentaries", "sections").index(part)
    return (order, "", int(name)) if name.isdigit() else (order, name, 0)
