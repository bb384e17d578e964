"""Pages that take an edition from draft to approved, published, corrected and withdrawn."""

from functools import partial
from typing import Any

from django.apps import apps
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from audit import clock
from audit.policies import forbid
from reports.papers.models import Paper
from reports.papers.views.frame import rights
from reports.publications import policies
from reports.publications.forms import (
    ConfirmForm,
    CorrectForm,
    ReasonForm,
    SectionForm,
    StartForm,
    WordingForm,
)
from reports.publications.models import PublicEdition
from reports.publications.queries import authors_of, compose, rows_of, why_no_edition, wordings_of
from reports.publications.services.preparing import (
    abandon_edition,
    correct_edition,
    draft_edition,
    treat_section,
    word_row,
)
from reports.publications.services.publishing import approve_edition, publish_edition, withdraw_edition
from reports.publications.states import OPEN, READABLE, EditionState
from reports.publications.views.frame import EDITIONS
from reports.publications.views.reading import text_as_issued
from web import pages
from web.pages import PAGE_OR_FORM

NOT_OPEN = gettext_lazy("This edition was published or abandoned, so it cannot be changed.")


@PAGE_OR_FORM
def edition_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Start the public edition of a paper, or open the one that it has."""
    papers = Paper.objects.visible_to(request.user, clock.today())
    paper = get_object_or_404(papers.select_related("template__board__partnership"), pk=pk)
    forbid(policies.why_not_manage(rights(request), paper.partnership_id))
    editions = PublicEdition.objects.visible_to(request.user, clock.today()).filter(paper=paper)
    existing = editions.exclude(state=EditionState.ABANDONED).first()
    if existing is not None and request.method != "POST":
        return redirect(EDITIONS.address(existing))
    where: dict[str, Any] = {
        "back": reverse("reports:paper", args=[paper.pk]),
        "back_text": gettext("Back to the paper"),
    }
    if request.method != "POST" and (reason := why_no_edition(paper)):
        return pages.refused(
            request,
            caption=str(paper),
            heading=gettext("No public edition of this paper"),
            text=reason,
            **where,
        )
    return pages.answer(
        request,
        StartForm(request.POST or None),
        service=lambda **values: draft_edition(paper=paper, **values),
        done=gettext("Public edition drafted. Decide on its texts."),
        leads_to=EDITIONS.address,
        heading=gettext("Prepare a public edition"),
        caption=str(paper),
        template="reports/publications/start_form.html",
        **where,
    )


@PAGE_OR_FORM
def edition_section(request: HttpRequest, pk: int, part: int) -> HttpResponse:
    """Publish a section in its public wording, or leave it out."""
    edition = EDITIONS.find_managed(request, pk)
    section = get_object_or_404(edition.sections, pk=part)
    if refusal := EDITIONS.why_not_in(request, edition, *OPEN, text=str(NOT_OPEN)):
        return refusal
    initial = {
        "version": section.version,
        "treatment": section.treatment or None,
        "text": section.text or text_as_issued(edition, section.order),
    }
    return EDITIONS.answer(
        request,
        SectionForm(request.POST or None, initial=initial),
        whole=edition,
        row=section,
        service=lambda **values: treat_section(section=section, **values),
        done=gettext("Section saved."),
        heading=section.heading,
    )


@PAGE_OR_FORM
def edition_wording(request: HttpRequest, pk: int, kind: str, part: int) -> HttpResponse:
    """Say what the public reads of a row, and of a finding or inspection whether it is published."""
    edition = EDITIONS.find_managed(request, pk)
    rows = rows_of(edition, compose(edition)[1])
    line = next((row for row in rows if (row.kind, row.pk) == (kind, part)), None)
    if line is None:
        raise Http404
    model: Any = apps.get_model(line.model)
    row = get_object_or_404(model.objects.visible_to(request.user, clock.today()), pk=part)
    if refusal := EDITIONS.why_not_in(request, edition, *OPEN, text=str(NOT_OPEN)):
        return refusal
    wording = wordings_of(edition).get(line.key)
    return EDITIONS.answer(
        request,
        WordingForm(
            request.POST or None,
            decides=line.decides,
            initial={
                "text": line.wording,
                "publication": line.publication,
                "exemption": wording.exemption if wording else "",
            },
        ),
        whole=edition,
        service=lambda **values: word_row(row=row, **values),
        done=gettext("Public wording saved."),
        heading=line.label,
    )


@PAGE_OR_FORM
def edition_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve an edition."""
    edition = EDITIONS.find(request, pk)
    forbid(policies.why_not_approve(rights(request), edition.partnership_id, authors=authors_of(edition)))
    text = gettext("Only a draft can be approved.")
    return EDITIONS.step(
        request,
        edition,
        ConfirmForm,
        refusal=EDITIONS.why_not_in(request, edition, EditionState.DRAFT, text=text),
        service=approve_edition,
        done=gettext("Edition approved. Somebody else can publish it."),
        heading=gettext("Approve the public edition"),
        template="reports/publications/approve_form.html",
    )


@PAGE_OR_FORM
def edition_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish an approved edition."""
    edition = EDITIONS.find(request, pk)
    forbid(
        policies.why_not_publish(
            rights(request),
            edition.partnership_id,
            authors=authors_of(edition),
            approver_id=edition.approved_by_id,
        )
    )
    text = gettext("Only an approved edition can be published.")
    return EDITIONS.step(
        request,
        edition,
        ConfirmForm,
        refusal=EDITIONS.why_not_in(request, edition, EditionState.APPROVED, text=text),
        service=publish_edition,
        done=gettext("Edition published."),
        heading=gettext("Publish the edition"),
        template="reports/publications/publish_form.html",
    )


@PAGE_OR_FORM
def edition_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Draft a correction of a published edition."""
    edition = EDITIONS.find_managed(request, pk)
    text = gettext("Only a published edition can be corrected.")
    return EDITIONS.step(
        request,
        edition,
        CorrectForm,
        refusal=EDITIONS.why_not_in(request, edition, EditionState.PUBLISHED, text=text),
        service=correct_edition,
        done=gettext("Correction drafted. Change what was wrong, then have it approved."),
        heading=gettext("Correct the edition"),
        leads_to=EDITIONS.address,
    )


@PAGE_OR_FORM
def edition_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw a published edition."""
    edition = EDITIONS.find(request, pk)
    forbid(policies.why_not_withdraw(rights(request), edition.partnership_id))
    text = gettext("Only a published edition can be withdrawn.")
    return EDITIONS.step(
        request,
        edition,
        partial(ReasonForm, help_text=gettext("The public reads this in place of the edition.")),
        refusal=EDITIONS.why_not_in(request, edition, *READABLE, text=text),
        service=withdraw_edition,
        done=gettext("Edition withdrawn."),
        heading=gettext("Withdraw the edition"),
        template="reports/publications/withdraw_form.html",
    )


@PAGE_OR_FORM
def edition_abandon(request: HttpRequest, pk: int) -> HttpResponse:
    """Abandon an edition that was not published."""
    edition = EDITIONS.find_managed(request, pk)
    return EDITIONS.step(
        request,
        edition,
        partial(ReasonForm, help_text=gettext("This stays on record with the edition.")),
        refusal=EDITIONS.why_not_in(request, edition, *OPEN, text=str(NOT_OPEN)),
        service=abandon_edition,
        done=gettext("Edition abandoned."),
        heading=gettext("Abandon the edition"),
        leads_to=lambda _: reverse("reports:edition-list"),
    )
