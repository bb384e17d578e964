from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from actions.core import policies
from actions.core.models import Action
from actions.handover.forms import ConfirmForm, HandoverForm
from actions.handover.services import Workload, hand_over, require_can_take_over, workload_of
from actions.plans.models import Plan
from audit import clock
from audit.policies import forbid
from partners.models import User
from partners.policies import rights_of
from standards import marking
from web.callers import actor_of
from web.pages import CONFLICT, INVALID
from web.refusals import is_conflict, refuse


@require_http_methods(["GET", "HEAD", "POST"])
def hand_over_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose who hands over and who takes over, check what will move, confirm it."""
    plan, on = _managed_plan(request, pk), clock.today()
    data = request.POST if request.method == "POST" else request.GET
    is_bound = request.method == "POST" or "successor" in data
    initial = {"outgoing": request.GET.get("outgoing", "")}
    choice = HandoverForm(
        data if is_bound else None, initial=initial, plan=plan, user=actor_of(request), on=on
    )
    if not is_bound or not choice.is_valid():
        return _choose(request, plan, choice)
    outgoing, successor = choice.cleaned_data["outgoing"], choice.cleaned_data["successor"]
    workload = workload_of(actor=actor_of(request), partnership=plan.partnership, outgoing=outgoing, on=on)
    try:
        require_can_take_over(workload=workload, partnership=plan.partnership, successor=successor, on=on)
    except ValidationError as error:
        refuse(choice, error)
        return _choose(request, plan, choice)
    if request.method == "POST":
        return _confirm(request, plan, workload, successor)
    return _preview(request, plan, workload, successor, ConfirmForm(initial={"digest": workload.digest}))


def _confirm(request: HttpRequest, plan: Plan, workload: Workload, successor: User) -> HttpResponse:
    form, status = ConfirmForm(request.POST), INVALID
    if form.is_valid():
        try:
            hand_over(
                actor=actor_of(request),
                partnership=plan.partnership,
                outgoing=workload.outgoing,
                successor=successor,
                at=clock.now(),
                **form.cleaned_data,
            )
        except ValidationError as error:
            refuse(form, error)
            status = CONFLICT if is_conflict(error) else INVALID
        else:
            messages.success(
                request,
                gettext("{workload} handed over from {outgoing} to {successor}.").format(
                    workload=_in_words(workload), outgoing=workload.outgoing, successor=successor
                ),
            )
            return redirect("actions:plan", plan.pk)
    data: Any = form.data.copy()
    data["digest"] = workload.digest
    form.data = data
    return _preview(request, plan, workload, successor, form, status=status)


def _preview(
    request: HttpRequest,
    plan: Plan,
    workload: Workload,
    successor: User,
    form: ConfirmForm,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        "plan": plan,
        "form": form,
        "workload": workload,
        "successor": successor,
        "what": _in_words(workload),
        "rows": [(action, _new_role(action, workload.outgoing, successor)) for action in workload.actions],
        "page_marking": marking.highest(
            [plan.marking, *(action.marking for action in workload.all_actions())]
        ),
    }
    return render(request, "actions/handover/preview.html", context, status=status)


def _choose(request: HttpRequest, plan: Plan, form: HandoverForm) -> HttpResponse:
    context = {
        "plan": plan,
        "form": form,
        "page_marking": plan.marking,
        "page_handling": plan.handling_instruction,
    }
    status = INVALID if form.errors else 200
    return render(request, "actions/handover/form.html", context, status=status)


def _in_words(workload: Workload) -> str:
    actions, requests = len(workload.actions), len(workload.requests)
    owned = ngettext("{number} action", "{number} actions", actions).format(number=actions)
    decided = ngettext("{number} open request", "{number} open requests", requests).format(number=requests)
    if actions and requests:
        return gettext("{actions} and {requests}").format(actions=owned, requests=decided)
    return owned if actions else decided


def _new_role(action: Action, outgoing: User, successor: User) -> str:
    """Return the successor's role in the action, and whether it loses its alternate."""
    if action.owner_id == outgoing.pk:
        return gettext("Owner (no alternate)") if action.alternate_id == successor.pk else gettext("Owner")
    return gettext("Stays owner (no alternate)") if action.owner_id == successor.pk else gettext("Alternate")


def _managed_plan(request: HttpRequest, pk: int) -> Plan:
    on = clock.today()
    plan = get_object_or_404(Plan.objects.visible_to(request.user, on).select_related("partnership"), pk=pk)
    forbid(policies.why_not_manage(rights_of(request.user, on), plan.partnership_id, "plan"))
    return plan
