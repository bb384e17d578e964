"""The responses desk, and the response to one recommendation."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from audit import clock
from inspections import policies
from inspections.forms.responses import ResponseForm, response_initial
from inspections.models import Inspection, PublishedResponse, Recommendation, Response
from inspections.services import write_response
from inspections.services.responses import ANSWERABLE, Finding, draft_text, findings_of
from inspections.services.section55 import DRAFTERS_ONLY, clock_of
from inspections.states import LetterState
from inspections.views import change
from standards.marking import highest
from standards.section55 import Clock
from web.paging import page_of

OFFICE = "the programme manager or a board member"
BOARD = "a board member who did not write it"
DESK_ONLY = "Only programme managers, board members and auditors open the responses desk."


@dataclass(frozen=True)
class Step:
    """What happens next about a report, who does it, and where; no address for one who may not."""

    text: str
    who: str
    href: str = ""


@dataclass(frozen=True)
class Line:
    """A report that is to be answered, as the desk shows it."""

    inspection: Inspection
    clock: Clock | None
    findings: list[Finding]
    letter: PublishedResponse | None
    drafts: bool
    step: Step

    @property
    def answered(self) -> int:
        return sum(finding.row.needs_response and not finding.is_missing for finding in self.findings)

    @property
    def needed(self) -> int:
        return sum(finding.row.needs_response for finding in self.findings)


@require_safe
def response_desk(request: HttpRequest) -> HttpResponse:
    """Show every report that is to be answered: its clock, what is answered, what comes next."""
    rights, on = change.rights(request), clock.today()
    everywhere = rights.partnerships(*policies.SEES_EVERYTHING)
    change.require(bool(everywhere), DESK_ONLY)
    owed = Inspection.objects.visible_to(request.user, on).filter(partnership__in=everywhere).owing()
    rows = owed.filter(published_on__lte=on).with_answer().select_related("partnership")
    pages = page_of(request, rows.order_by(F("answered_on").desc(nulls_first=True), "published_on", "pk"))
    lines = list(_lines(request.user, on, list(pages), rights))
    marking = highest(line.inspection.marking for line in lines)
    return render(
        request, "inspections/response_desk.html", {"pages": pages, "lines": lines, "page_marking": marking}
    )


@change.PAGE_OR_FORM
def response_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the response to a recommendation, starting from what its actions say."""
    row: Recommendation = change.found(request, Recommendation, pk)
    change.require(policies.may_draft(change.rights(request), row.inspection), DRAFTERS_ONLY)
    back = reverse("inspections:response-desk")
    if request.method != "POST" and (why := _why_not_answered(row)):
        return change.refused(
            request,
            row,
            heading="No response is owed",
            text=why,
            back=back,
            back_text="Go to the responses desk",
        )
    response = Response.objects.filter(recommendation=row).select_related("written_by").first()
    draft = draft_text(actor=request.user, recommendation=row, on=clock.today())
    form = ResponseForm(request.POST or None, initial=response_initial(response, draft))
    return change.answer(
        request,
        form,
        row=response or row,
        service=lambda **given: write_response(recommendation=row, **given),
        template="inspections/response_form.html",
        done="The response is saved.",
        back=back,
        back_text="Back to the responses desk",
        caption=str(row),
        recommendation=row,
        response=response,
        draft=draft,
        page_marking=row.inspection.marking,
        page_handling=row.inspection.handling_instruction,
    )


def _why_not_answered(row: Recommendation) -> str:
    if not row.inspection.owes_response:
        return "No response is owed for this inspection."
    if row.kind not in ANSWERABLE:
        return "Only recommendations and areas for improvement are answered."
    return ""


def _lines(user: Any, on: date, inspections: list[Inspection], rights: policies.Rights) -> Iterator[Line]:
    findings = findings_of(inspections=inspections)
    letters: dict[int, PublishedResponse] = {}
    for letter in PublishedResponse.objects.filter(inspection__in=inspections).order_by("number"):
        letters[letter.inspection_id] = letter
    for inspection in inspections:
        letter = letters.get(inspection.pk)
        drafts = policies.may_draft(rights, inspection)
        step = _step(inspection, findings[inspection.pk], letter, drafts)
        yield Line(
            inspection, clock_of(inspection=inspection, on=on), findings[inspection.pk], letter, drafts, step
        )


def _step(
    inspection: Inspection, findings: list[Finding], letter: PublishedResponse | None, drafts: bool
) -> Step:
    """Say what comes next: the responses, the letter, its approval, publication and despatch, in this order."""
    missing = [finding for finding in findings if finding.is_missing]
    if missing and (letter is None or letter.state == LetterState.DRAFT):
        text = f"Write the response to {missing[0].name}"
        return Step(text, OFFICE, _to(drafts, "response-edit", missing[0].row.pk))
    if letter is None:
        return Step("Draft the letter", OFFICE, _to(drafts, "letter-create", inspection.pk))
    return _letter_step(letter, drafts)


def _letter_step(letter: PublishedResponse, drafts: bool) -> Step:
    if letter.state == LetterState.DRAFT:
        return Step("Approve the letter", BOARD, _to(True, "letter", letter.pk))
    if letter.state == LetterState.APPROVED:
        return Step("Publish the letter", OFFICE, _to(drafts, "letter-publish", letter.pk))
    if letter.sent_to_secretary_of_state_on is None or letter.sent_to_inspectors_on is None:
        return Step("Send the letter", OFFICE, _to(drafts, "letter-despatch", letter.pk))
    return Step("Nothing: the letter is published and sent", "")


def _to(may: bool, route: str, pk: int) -> str:
    return reverse(f"inspections:{route}", args=[pk]) if may else ""
