"""Filling in a return through the API: an error in one part never loses the others."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from actions.bulk.services import MOST
from actions.core.partial_results import PartialFields, PartialResults
from actions.core.states import REPORTABLE
from audit import clock
from audit.versions import StaleError
from partners.models import MouArea
from returns.api import examples
from returns.api.figures import ReturnFigureDraftSerializer, at_own_fields, figure_draft
from returns.api.reading import ReturnEndpoint, ReturnWithRowsSerializer
from returns.models import Return, ReturnCommentary, ReturnRow
from returns.services.contents import Line, starting_values
from returns.services.drafting import (
    CONTENT,
    NOT_IN_RETURN,
    CommentaryDraft,
    RowDraft,
    SaveResult,
    save_return,
)
from returns.services.figures import FigureDraft, FigureLine
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
    VersionField,
)
from web.callers import actor_of
from web.openapi import FindingSerializer, ProblemErrorSerializer

NO_AREA = gettext_lazy("There is no MOU area with this id.")
REPEATED = gettext_lazy("This id is used more than once in the request.")
LENGTHS = {
    each.name: each.max_length
    for model in (Return, ReturnCommentary, ReturnRow)
    for each in model._meta.concrete_fields
    if each.max_length
}


def _text(name: str, **options: Any) -> StrictText:
    return StrictText(max_length=LENGTHS[name], required=False, allow_blank=True, **options)


class ReturnRowDraftSerializer(StrictSerializer):
    """The answer on one action. Fields that are left out do not change."""

    action = IdField(help_text="Id of an action of the return.")
    version = VersionField(least=0)
    unchanged = StrictBoolean(required=False, help_text="Nothing changed since the last update.")
    state = StrictChoice(
        choices=[(state.value, state.label) for state in REPORTABLE], required=False, allow_null=True
    )
    narrative = _text("narrative", help_text="What was done.")
    next_steps = _text("next_steps")
    rag = StrictChoice(choices=rag.CHOICES, required=False, allow_null=True)
    reason = _text("reason", help_text="Required for red and amber when the return is submitted.")
    path_to_green = _text(
        "path_to_green", help_text="Required for red and amber when the return is submitted."
    )
    percent = StrictInteger(min_value=0, max_value=100, required=False, allow_null=True)


class ReturnCommentaryDraftSerializer(StrictSerializer):
    """The text on one MOU area."""

    mou_area = IdField(help_text="Id of an MOU area of the partnership.")
    version = VersionField(least=0)
    text = _text("text")


class ReturnSectionDraftsSerializer(PartialFields):
    """The texts about the whole district or organisation. Texts that are left out do not change."""

    training = _text("training")
    attendance = _text(
        "attendance",
        help_text="How many people came to meetings, panels and training, and where they came from.",
    )
    risks = _text("risks")
    escalations = _text("escalations", help_text="Matters to escalate to Silver.")
    good_practice = _text("good_practice")
    decisions_sought = _text("decisions_sought")


class ReturnDraftSerializer(KeepingSerializer):
    """A draft of a return; every part is optional."""

    rows = PartialResults(
        child=ReturnRowDraftSerializer(),
        required=False,
        max_length=MOST,
        help_text="At most one for each action.",
    )
    commentaries = PartialResults(
        child=ReturnCommentaryDraftSerializer(),
        required=False,
        max_length=MOST,
        help_text="At most one for each MOU area.",
    )
    figures = PartialResults(
        child=ReturnFigureDraftSerializer(),
        required=False,
        max_length=MOST,
        help_text="At most one for each key.",
    )
    sections = ReturnSectionDraftsSerializer(required=False)


class SavedReturnSerializer(ReturnWithRowsSerializer):
    """The return after saving, and the parts of the request that were not saved."""

    saved = serializers.ListField(
        child=serializers.CharField(), help_text="JSON pointers to the parts of the request that were saved."
    )
    errors = ProblemErrorSerializer(
        many=True, help_text="Why the other parts were not saved, as in a problem; empty if all were."
    )
    findings = FindingSerializer(many=True, help_text="Where personal data was found, as in a problem.")

    class Meta(ReturnWithRowsSerializer.Meta):
        fields = [*ReturnWithRowsSerializer.Meta.fields, "saved", "errors", "findings"]


@dataclass
class ParsedDraft:
    """A request body: drafts with their places in the body, and errors by place."""

    rows: dict[int, RowDraft] = field(default_factory=dict)
    commentaries: dict[int, CommentaryDraft] = field(default_factory=dict)
    figures: dict[str, FigureDraft] = field(default_factory=dict)
    lines: Mapping[str, FigureLine] = field(default_factory=dict)
    sections: dict[str, str] = field(default_factory=dict)
    places: dict[tuple[str, Any], str] = field(default_factory=dict)
    errors: dict[str, Exception] = field(default_factory=dict)

    def add_rows(self, rows: list[Any], lines: Mapping[int, Line]) -> None:
        for index, each in enumerate(rows):
            place = f"/rows/{index}"
            try:
                draft = _row(each, lines, self.rows)
            except exceptions.APIException as error:
                self.errors[place] = error
            else:
                self.rows[draft.action] = draft
                self.places["row", draft.action] = place

    def add_commentaries(
        self, commentaries: list[Any], existing: Mapping[int, ReturnCommentary | None]
    ) -> None:
        for index, each in enumerate(commentaries):
            place = f"/commentaries/{index}"
            if isinstance(each, Exception):
                self.errors[place] = each
            elif each["mou_area"] not in existing:
                self.errors[place] = exceptions.ValidationError({"mou_area": NO_AREA})
            elif each["mou_area"] in self.commentaries:
                self.errors[place] = exceptions.ValidationError({"mou_area": REPEATED})
            else:
                row = existing[each["mou_area"]]
                draft = CommentaryDraft(**{"text": row.text if row else "", **each})
                self.commentaries[draft.mou_area] = draft
                self.places["text", f"mou_area_{draft.mou_area}"] = place

    def add_figures(self, figures: list[Any], lines: Mapping[str, FigureLine]) -> None:
        self.lines = lines
        for index, each in enumerate(figures):
            place = f"/figures/{index}"
            try:
                draft = figure_draft(each, lines, self.figures)
            except exceptions.APIException as error:
                self.errors[place] = error
            else:
                self.figures[draft.key] = draft
                self.places["figure", draft.key] = place

    def add_sections(self, sections: Mapping[str, Any]) -> None:
        for name, text in sections.items():
            if isinstance(text, Exception):
                self.errors[f"/sections/{name}"] = text
            else:
                self.sections[name] = text
                self.places["text", name] = f"/sections/{name}"

    def add_refusals(self, result: SaveResult) -> None:
        """Add the service's refusals at their places in the body."""
        for pk, errors in result.problems.items():
            self.errors[self.places["row", pk]] = ValidationError(dict(errors))
        for pk, message in result.conflicts.items():
            self.errors[self.places["row", pk]] = StaleError(message)
        for key, errors in result.text_problems.items():
            self.errors[self.places["text", key]] = ValidationError(errors)
        for key, message in result.text_conflicts.items():
            self.errors[self.places["text", key]] = StaleError(message)
        for key, error in result.figure_problems.items():
            self.errors[self.places["figure", key]] = at_own_fields(error, self.lines[key])
        for key, message in result.figure_conflicts.items():
            self.errors[self.places["figure", key]] = StaleError(message)

    @property
    def saved(self) -> list[str]:
        return [f"#{place}" for place in self.places.values() if place not in self.errors]


def _row(data: Any, lines: Mapping[int, Line], drafts: Mapping[int, RowDraft]) -> RowDraft:
    """Read a row; fields that are left out keep the draft's values, or start from the action's."""
    if isinstance(data, Exception):
        raise data
    line = lines.get(data["action"])
    if line is None:
        raise exceptions.ValidationError({"action": NOT_IN_RETURN})
    if line.action.pk in drafts:
        raise exceptions.ValidationError({"action": REPEATED})
    current = {name: getattr(line.row, name) for name in CONTENT} if line.row else starting_values(line=line)
    changes = {
        name: "" if value is None and name in ("state", "rag") else value for name, value in data.items()
    }
    return RowDraft(**{**current, **changes})


class ReturnDetail(ReturnEndpoint):
    @extend_schema(
        operation_id="get_return",
        summary="Get a return",
        tags=["Returns"],
        responses=ReturnWithRowsSerializer,
        examples=[examples.WITH_ROWS],
    )
    def get(self, request: Request, pk: int) -> Response:
        """Read a return with its answers so far and the last update of each action."""
        return Response(self.represent(self.get_return()))

    @extend_schema(
        operation_id="fill_in_return",
        summary="Fill in a return",
        tags=["Returns"],
        request=ReturnDraftSerializer,
        responses=OpenApiResponse(
            SavedReturnSerializer,
            description="Parts without errors are saved; `errors` says which parts were not, and why.",
        ),
        examples=[examples.DRAFT, examples.SAVED],
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Save a draft of a return.

        Each row, commentary, set of figures and section is saved or refused separately. If anything was saved, the response is 200: check
        its `errors`. If nothing was saved, the response is a problem with every error.
        """
        report = self.get_return()
        serializer = ReturnDraftSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        draft = self._parse(report, serializer.validated_data)
        with serializer.keeping():
            result = save_return(
                actor=actor_of(request),
                report=report,
                rows=list(draft.rows.values()),
                commentaries=list(draft.commentaries.values()),
                sections=draft.sections,
                figures=list(draft.figures.values()),
                version=None,
                at=clock.now(),
            )
        draft.add_refusals(result)
        all_problems = [
            problems.problem_of(error, instance=request.path, place=place)
            for place, error in sorted(draft.errors.items(), key=_position)
        ]
        if all_problems and not draft.saved:
            detail = "Nothing was saved. Each error names its place."
            problem = problems.of_several(all_problems, detail=detail)
            return Response(problem, problem["status"], content_type=problems.CONTENT_TYPE)
        errors = [error for problem in all_problems for error in problem["errors"]]
        findings = [finding for problem in all_problems for finding in problem.get("findings", ())]
        data = self.represent(self.get_return())
        return Response({**data, "saved": draft.saved, "errors": errors, "findings": findings})

    def _parse(self, report: Return, data: Mapping[str, Any]) -> ParsedDraft:
        draft = ParsedDraft()
        if rows := data.get("rows"):
            draft.add_rows(rows, {line.action.pk: line for line in self.lines(report)})
        if commentaries := data.get("commentaries"):
            areas = MouArea.objects.filter(partnership=report.plan.partnership_id)
            existing: dict[int, ReturnCommentary | None] = dict.fromkeys(areas.values_list("pk", flat=True))
            draft.add_commentaries(
                commentaries, existing | {row.mou_area_id: row for row in report.commentaries.all()}
            )
        if figures := data.get("figures"):
            draft.add_figures(figures, {line.key: line for line in self.figure_lines(report)})
        draft.add_sections(data.get("sections", {}))
        return draft


def _position(error: tuple[str, Exception]) -> tuple[int, str, int]:
    """Return the sort key of an error: rows first, then commentaries, figures and sections, each list in its order."""
    _, part, name = error[0].split("/")
    order = ("rows", "commentaries", "figures", "sections").index(part)
    return (order, "", int(name)) if name.isdigit() else (order, name, 0)
