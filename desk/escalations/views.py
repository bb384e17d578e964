"""Acknowledging that something is late: an action, a return, or the answer to a report."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from actions.models import Action
from audit import clock
from desk.escalations.forms import AcknowledgeForm
from desk.escalations.services.escalating import NOT_YOURS, acknowledge, addressed, history_of, open_to
from desk.escalations.services.kinds import kind_of
from inspections.models import Inspection
from partners.policies import rights_of
from returns.models import Return
from web.pages import CONFLICT, INVALID, require
from web.refusals import is_conflict, refuse

PAGE = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True)
class Late:
    """What the page says of what is late: its name, whose it is, its own page, and its marking."""

    about: Action | Return | Inspection
    name: str
    whose: str
    back: str
    marking: str
    handling: str = ""


@PAGE
def escalation_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how a late action goes on, to those to whom it was escalated."""
    seen = Action.objects.visible_to(request.user, clock.today())
    action = get_object_or_404(seen.select_related("plan", "owner"), pk=pk)
    whose = f"{action.owner} owns it" if action.owner else ""
    back = reverse("actions:action", args=[action.pk])
    name = f"{action.ref} {action.title}"
    return _answer(request, Late(action, name, whose, back, action.marking, action.handling_instruction))


@PAGE
def return_escalation(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how a late return goes on, to those to whom it was escalated."""
    seen = Return.objects.visible_to(request.user, clock.today())
    report = get_object_or_404(seen.select_related("plan", "organisation"), pk=pk)
    whose = f"it closes after {report.closes_on:%-d %B %Y}"
    back = reverse("returns:return", args=[report.pk])
    name = f"Return of {report.organisation} for {report.period.label}"
    return _answer(
        request, Late(report, name, whose, back, report.plan.marking, report.plan.handling_instruction)
    )


@PAGE
def answer_escalation(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how the late answer to a report goes on, to those to whom it was escalated."""
    row = get_object_or_404(Inspection.objects.visible_to(request.user, clock.today()), pk=pk)
    back = reverse("inspections:inspection", args=[row.pk])
    return _answer(
        request, Late(row, f"Answer to {row.title}", "", back, row.marking, row.handling_instruction)
    )


def _answer(request: HttpRequest, late: Late) -> HttpResponse:
    on, about = clock.today(), late.about
    require(addressed(actor=request.user, about=about, on=on), NOT_YOURS)
    longest = kind_of(about=about).longest(about, on)
    form, status = AcknowledgeForm(request.POST or None, on=on, longest=longest), 200
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            try:
                acknowledge(actor=request.user, about=about, at=clock.now(), **form.cleaned_data)
            except ValidationError as error:
                refuse(form, error)
                status = CONFLICT if is_conflict(error) else INVALID
            else:
                messages.success(request, "Your acknowledgement is recorded.")
                return redirect(late.back)
    return render(request, "desk/escalations/escalation.html", _context(request, late, form), status=status)


def _context(request: HttpRequest, late: Late, form: AcknowledgeForm) -> dict[str, Any]:
    on = clock.today()
    due = kind_of(about=late.about).due(late.about)
    waiting = open_to(actor=request.user, rights=rights_of(request.user, on), on=on)
    return {
        "form": form,
        "late": late,
        "due": due,
        "days_late": (on - due).days,
        "steps": history_of(about=late.about),
        "is_open": any(row.about == late.about for row in waiting),
        "page_marking": late.marking,
        "page_handling": late.handling,
    }
