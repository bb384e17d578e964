"""Acknowledging that an action is late."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from actions.forms.refusals import is_conflict, refuse
from actions.models import Action
from actions.views.change import CONFLICT, INVALID, require
from audit import clock
from desk.forms.escalations import AcknowledgeForm
from desk.services.escalations import NOT_YOURS, acknowledge, addressed, history_of, open_to
from partners.policies import rights_of


@require_http_methods(["GET", "HEAD", "POST"])
def escalation_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how a late action goes on, to those to whom it was escalated."""
    on = clock.today()
    seen = Action.objects.visible_to(request.user, on).select_related("partnership", "plan", "owner")
    action = get_object_or_404(seen, pk=pk)
    require(addressed(actor=request.user, action=action, on=on), NOT_YOURS)
    form, status = AcknowledgeForm(request.POST or None, on=on), 200
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            try:
                acknowledge(actor=request.user, action=action, at=clock.now(), **form.cleaned_data)
            except ValidationError as error:
                refuse(form, error)
                status = CONFLICT if is_conflict(error) else INVALID
            else:
                messages.success(request, "Your acknowledgement is recorded.")
                return redirect("actions:action", action.pk)
    return render(request, "desk/escalation.html", _context(request, action, form), status=status)


def _context(request: HttpRequest, action: Action, form: AcknowledgeForm) -> dict[str, Any]:
    on = clock.today()
    waiting = open_to(actor=request.user, rights=rights_of(request.user, on), on=on)
    return {
        "form": form,
        "action": action,
        "days_late": (on - action.due).days if action.due else 0,
        "steps": history_of(action=action),
        "is_open": any(row.action_id == action.pk for row in waiting),
        "page_marking": action.marking,
        "page_handling": action.handling_instruction,
    }
