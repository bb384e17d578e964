from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from actions.core import policies
from actions.core.models import Action
from actions.handover.forms import ConfirmForm, SuccessionForm
from actions.handover.services import Workload, hand_over, require_fit_to_succeed, workload_of
from actions.plans.models import Plan
from audit import clock
from partners.models import User
from partners.policies import rights_of
from standards import marking
from web.pages import CONFLICT, INVALID
from web.refusals import is_conflict, refuse


@require_http_methods(["GET", "HEAD", "POST"])
def hand_over_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose whose work goes to whom, look at what would move, confirm it."""
    plan, on = _managed_plan(request, pk), clock.today()
    given = request.POST if request.method == "POST" else request.GET
    asked = request.method == "POST" or "successor" in given
    initial = {"leaver": request.GET.get("leaver", "")}
    choice = SuccessionForm(given if asked else None, initial=initial, plan=plan, user=request.user, on=on)
    if not asked or not choice.is_valid():
        return _choose(request, plan, choice)
    leaver, successor = choice.cleaned_data["leaver"], choice.cleaned_data["successor"]
    estate = workload_of(actor=request.user, partnership=plan.partnership, leaver=leaver, on=on)
    try:
        require_fit_to_succeed(estate=estate, partnership=plan.partnership, successor=successor, on=on)
    except ValidationError as error:
        refuse(choice, error)
        return _choose(request, plan, choice)
    if request.method == "POST":
        return _confirm(request, plan, estate, successor)
    return _preview(request, plan, estate, successor, ConfirmForm(initial={"seen": estate.seen}))


def _confirm(request: HttpRequest, plan: Plan, estate: Workload, successor: User) -> HttpResponse:
    form, status = ConfirmForm(request.POST), INVALID
    if form.is_valid():
        try:
            hand_over(
                actor=request.user,
                partnership=plan.partnership,
                leaver=estate.leaver,
                successor=successor,
                at=clock.now(),
                **form.cleaned_data,
            )
        except ValidationError as error:
            refuse(form, error)
            status = CONFLICT if is_conflict(error) else INVALID
        else:
            messages.success(request, f"{_in_words(estate)} handed over from {estate.leaver} to {successor}.")
            return redirect("actions:plan", plan.pk)
    sent: Any = form.data.copy()
    sent["seen"] = estate.seen
    form.data = sent
    return _preview(request, plan, estate, successor, form, status=status)


def _preview(
    request: HttpRequest,
    plan: Plan,
    estate: Workload,
    successor: User,
    form: ConfirmForm,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        "plan": plan,
        "form": form,
        "estate": estate,
        "successor": successor,
        "what": _in_words(estate),
        "rows": [(action, _becomes(action, estate.leaver, successor)) for action in estate.actions],
        "page_marking": marking.highest([plan.marking, *(action.marking for action in estate.named())]),
    }
    return render(request, "actions/handover/preview.html", context, status=status)


def _choose(request: HttpRequest, plan: Plan, form: SuccessionForm) -> HttpResponse:
    context = {
        "plan": plan,
        "form": form,
        "page_marking": plan.marking,
        "page_handling": plan.handling_instruction,
    }
    status = INVALID if form.errors else 200
    return render(request, "actions/handover/form.html", context, status=status)


def _in_words(estate: Workload) -> str:
    numbers = [(len(estate.actions), "action"), (len(estate.requests), "open request")]
    return " and ".join(f"{number} {noun}{'s'[: number != 1]}" for number, noun in numbers if number)


def _becomes(action: Action, leaver: User, successor: User) -> str:
    """Say what the successor becomes, and whether the alternate's place falls vacant."""
    if action.owner_id == leaver.pk:
        return "Owner; there is no alternate then" if action.alternate_id == successor.pk else "Owner"
    return "Stays owner; there is no alternate then" if action.owner_id == successor.pk else "Alternate"


def _managed_plan(request: HttpRequest, pk: int) -> Plan:
    on = clock.today()
    plan = get_object_or_404(Plan.objects.visible_to(request.user, on).select_related("partnership"), pk=pk)
    if reason := policies.why_not_manage(rights_of(request.user, on), plan.partnership_id):
        raise PermissionDenied(reason)
    return plan
