"""Pages and files of the letter to the Secretary of State."""

import logging
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_safe

from actions.business.views import business_context
from audit import clock
from audit.policies import forbid
from inspections.core import policies
from inspections.core.states import FROZEN, LetterState
from inspections.findings.models.inspections import Inspection
from inspections.history import views as change
from inspections.history.services import timeline_of
from inspections.letters.content import content_of, digest_of, is_intact, paper_of
from inspections.letters.forms import (
    ApproveForm,
    CorrectForm,
    DespatchForm,
    LetterEditForm,
    LetterForm,
    PublishForm,
    edit_initial,
    letter_initial,
)
from inspections.letters.services import (
    approve_letter,
    author_ids_of,
    correct_letter,
    draft_letter,
    edit_letter,
    publish_letter,
    record_despatch,
)
from inspections.responses.models import PublishedResponse
from inspections.responses.services.responses import findings_of
from inspections.responses.services.section55 import clock_of, why_comments_are_missing
from inspections.responses.views.section55 import address
from partners.ledger.queries import readable_ledger
from web.documents import Unprintable
from web.documents.response import paper_response
from web.pages import PAGE_OR_FORM

logger = logging.getLogger(__name__)


@require_safe
def board_business(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what waits for a board, with the letters that are not published or not sent."""
    context = business_context(request, pk)
    letters = PublishedResponse.objects.visible_to(request.user, clock.today())
    waiting = letters.filter(inspection__partnership=context["board"].partnership_id, corrected_by=None)
    waiting = waiting.exclude(state=LetterState.PUBLISHED, sent_to_secretary_of_state_on__isnull=False)
    # A district's board has no part in the letter of the local policing body.
    context["letters"] = [] if context["board"].area_id else waiting.select_related("inspection")
    return render(request, "actions/business/board.html", context)


@PAGE_OR_FORM
def letter_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Draft the letter about a report."""
    inspection: Inspection = change.find(request, Inspection, pk)
    forbid(policies.why_not_draft(change.rights(request), inspection))
    letters = PublishedResponse.objects.visible_to(request.user, clock.today())
    latest = letters.filter(inspection=inspection).order_by("-number").first()
    if request.method != "POST" and (latest is not None or not inspection.owes_response):
        where = {"back": address(inspection), "back_text": gettext("Go to the inspection")}
        text = gettext("No response is needed for this inspection, so there is no letter.")
        if latest is not None:
            where = {"back": page_of(latest), "back_text": gettext("Go to the letter")}
            text = gettext("Version {number} is {get_state_display}.").format(
                number=latest.number, get_state_display=latest.get_state_display().lower()
            )
        return change.refused(
            request, inspection, heading=gettext("You cannot draft a letter"), text=text, **where
        )
    last = letters.filter(inspection__partnership=inspection.partnership_id).order_by("-drafted_at").first()
    return change.answer(
        request,
        LetterForm(request.POST or None, initial=letter_initial(inspection, last, clock.today())),
        row=inspection,
        service=lambda **values: draft_letter(inspection=inspection, **values),
        template="inspections/letters/form.html",
        done=gettext("Draft saved."),
        back=address(inspection),
        back_text=gettext("Back to the inspection"),
        leads_to=page_of,
        **_beside(inspection),
    )


@require_safe
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a letter as sent."""
    row, refusal = _whole(request, pk)
    if refusal is not None:
        return refusal
    rights = change.rights(request)
    content = content_of(letter=row)
    visible = PublishedResponse.objects.visible_to(request.user, clock.today())
    drafts = not policies.why_not_draft(rights, row.inspection)
    is_draft = row.state == LetterState.DRAFT
    sees_work = policies.may_see_responses(rights, row.inspection)
    context = {
        "letter": row,
        "blocks": paper_of(letter=row, content=content).blocks,
        "drafts": drafts,
        "responds": not policies.why_not_respond(rights, row.inspection),
        "is_draft": is_draft,
        "sees_work": sees_work,
        "why_not_approve": policies.why_not_approve(rights, row, author_ids_of(letter=row))
        if is_draft
        else "",
        "correction": visible.filter(corrects=row).first(),
        "corrected": visible.filter(pk=row.corrects_id).first() if row.corrects_id else None,
        "timeline": timeline_of(row=row) if sees_work else [],
        "ledger": readable_ledger(rights=rights, partnership_id=row.inspection.partnership_id),
        **_beside(row.inspection, with_findings=is_draft),
        **change.marking(row),
    }
    return render(request, "inspections/letters/letter.html", context)


@PAGE_OR_FORM
def letter_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a draft."""
    row = _drafted(request, pk)
    if request.method != "POST" and row.state != LetterState.DRAFT:
        return _out_of_state(request, row, gettext("changed. Draft a correction instead"))
    form = LetterEditForm(
        request.POST or None, initial=edit_initial(row), is_correction=row.corrects_id is not None
    )
    return _answer(
        request,
        row,
        form,
        service=edit_letter,
        template="form",
        done=gettext("Draft saved."),
        **_beside(row.inspection),
    )


@PAGE_OR_FORM
def letter_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve exactly the text shown on the page."""
    row: PublishedResponse = change.find(request, PublishedResponse, pk)
    forbid(policies.why_not_approve(change.rights(request), row, author_ids_of(letter=row)))
    if request.method != "POST" and row.state != LetterState.DRAFT:
        return _out_of_state(request, row, "approved")
    content = content_of(letter=row)
    form = ApproveForm(request.POST or None, initial={"version": row.version})
    context = {
        "digest": digest_of(content=content),
        "blocks": paper_of(letter=row, content=content).blocks,
        **_beside(row.inspection),
    }
    return _answer(
        request,
        row,
        form,
        service=approve_letter,
        template="approve_form",
        done=gettext("Letter approved."),
        **context,
    )


@PAGE_OR_FORM
def letter_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Record where and when an approved letter was published."""
    row = _drafted(request, pk)
    if request.method != "POST" and row.state != LetterState.APPROVED:
        return _out_of_state(request, row, "published")
    form = PublishForm(request.POST or None, initial={"version": row.version, "published_on": clock.today()})
    return _answer(
        request,
        row,
        form,
        service=publish_letter,
        template="publish_form",
        done=gettext("Publication saved."),
        **_beside(row.inspection),
    )


@PAGE_OR_FORM
def letter_despatch(request: HttpRequest, pk: int) -> HttpResponse:
    """Record when a letter was sent to the Secretary of State and to the inspectors."""
    row = _drafted(request, pk)
    if request.method != "POST" and row.state not in FROZEN:
        return _out_of_state(request, row, "sent")
    names = ("version", "sent_to_secretary_of_state_on", "sent_to_inspectors_on")
    form = DespatchForm(request.POST or None, initial={name: getattr(row, name) for name in names})
    return _answer(
        request,
        row,
        form,
        service=record_despatch,
        template="despatch_form",
        done=gettext("Dates sent saved."),
    )


@PAGE_OR_FORM
def letter_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Draft a new version of an approved letter."""
    row = _drafted(request, pk)
    if request.method != "POST" and row.state not in FROZEN:
        return _out_of_state(request, row, gettext("corrected. Change the draft instead"))
    later = PublishedResponse.objects.visible_to(request.user, clock.today()).filter(corrects=row).first()
    if request.method != "POST" and later is not None:
        text = gettext("Version {number} already corrects this letter.").format(number=later.number)
        where = {
            "back": page_of(later),
            "back_text": gettext("Go to version {number}").format(number=later.number),
        }
        return change.refused(request, row, heading=gettext("Already corrected"), text=text, **where)
    form = CorrectForm(request.POST or None, initial={"version": row.version})
    return _answer(
        request,
        row,
        form,
        service=correct_letter,
        template="correct_form",
        done=gettext("New version drafted."),
        leads_to=page_of,
    )


@require_safe
def letter_pdf(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Download the letter as a tagged PDF."""
    return _file(request, pk, "pdf")


@require_safe
def letter_docx(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Download the letter as DOCX."""
    return _file(request, pk, "docx")


def page_of(letter: PublishedResponse) -> str:
    return reverse("inspections:letter", args=[letter.pk])


def _file(request: HttpRequest, pk: int, file_type: str) -> HttpResponseBase:
    row, refusal = _whole(request, pk)
    if refusal is not None:
        return refusal
    stage = "draft" if row.state == LetterState.DRAFT else ""
    name = gettext("Response to {inspection} version {number}").format(
        inspection=row.inspection, number=row.number
    )
    paper = paper_of(letter=row, content=content_of(letter=row))
    try:
        return paper_response(paper, name=name, file_type=file_type, stage=stage)
    except Unprintable as error:
        return _refused(request, row, gettext("This letter cannot be downloaded"), str(error))


def _whole(request: HttpRequest, pk: int) -> tuple[PublishedResponse, HttpResponse | None]:
    """Return a letter, and a refusal if its frozen text was altered."""
    row: PublishedResponse = change.find(request, PublishedResponse, pk)
    if is_intact(letter=row):
        return row, None
    logger.error("The frozen text of letter %s does not match its recorded hash.", row.pk)
    text = gettext(
        "The frozen text of this letter does not match its recorded hash, so it was altered after it was approved. "
        "It is not shown. Tell your auditor."
    )
    return row, _refused(request, row, gettext("The letter was altered"), text)


def _drafted(request: HttpRequest, pk: int) -> PublishedResponse:
    row: PublishedResponse = change.find(request, PublishedResponse, pk)
    forbid(policies.why_not_draft(change.rights(request), row.inspection))
    return row


def _answer(
    request: HttpRequest,
    row: PublishedResponse,
    form: Any,
    *,
    service: Callable[..., Any],
    template: str,
    done: str,
    **context: Any,
) -> HttpResponse:
    return change.answer(
        request,
        form,
        row=row,
        service=lambda **values: service(letter=row, **values),
        template=f"inspections/letters/{template}.html",
        done=done,
        back=page_of(row),
        back_text=gettext("Back to the letter"),
        caption=str(row),
        letter=row,
        **context,
    )


def _beside(inspection: Inspection, *, with_findings: bool = True) -> dict[str, Any]:
    """Return the deadline and the responses to show beside a draft."""
    findings = findings_of(inspections=[inspection])[inspection.pk] if with_findings else []
    return {
        "inspection": inspection,
        "clock": clock_of(inspection=inspection, on=clock.today()),
        "findings": findings,
        "missing": [finding for finding in findings if finding.is_missing],
        "waits_for_comments": why_comments_are_missing(inspection=inspection, on=clock.today())
        if with_findings
        else "",
    }


def _out_of_state(request: HttpRequest, row: PublishedResponse, to: str) -> HttpResponse:
    text = gettext("This letter is {get_state_display}, so it cannot be {to}.").format(
        get_state_display=row.get_state_display().lower(), to=to
    )
    return _refused(
        request,
        row,
        gettext("Not in this state"),
        text,
        back=page_of(row),
        back_text=gettext("Go to the letter"),
    )


def _refused(
    request: HttpRequest,
    row: PublishedResponse,
    heading: str,
    text: str,
    *,
    back: str = "",
    back_text: str = gettext_lazy("Go to the inspection"),
) -> HttpResponse:
    where = back or address(row.inspection)
    return change.refused(request, row, heading=heading, text=text, back=where, back_text=back_text)
