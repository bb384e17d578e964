from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from actions.core import policies
from actions.core.filters import NONE
from actions.core.models import Action
from actions.core.policies import MANAGERS_ONLY
from actions.core.views import COMPLETE, MEASURES, OVERDUE, PARENTS, PARTS, TOTAL, Group, count, lines, matrix
from actions.plans.forms import PillarForm, PlanForm, pillar_initial, plan_initial
from actions.plans.models import Pillar, Plan
from actions.plans.services import change_plan, create_plan, save_pillar
from audit import clock
from partners.models import Area, Partnership
from partners.policies import Role, rights_of
from web.pages import INVALID, PAGE_OR_FORM
from web.refusals import refuse


@require_safe
def plan_list(request: HttpRequest) -> HttpResponse:
    """List the plans the user has a part in, with how many actions of theirs stand where."""
    on = clock.today()
    rights = rights_of(request.user, on)
    plans = Plan.objects.visible_to(request.user, on).select_related("partnership")
    tallies = list(Action.objects.visible_to(request.user, on).tally("plan", on=on))
    rows = [
        (plan, [count(tallies, measure, [_of_plan(plan)]) for measure in (TOTAL, OVERDUE, COMPLETE)])
        for plan in plans
    ]
    context = {
        "rows": rows,
        "several_partnerships": len({plan.partnership_id for plan, _ in rows}) > 1,
        "may_create": bool(rights.partnerships(Role.PROGRAMME_MANAGER)),
    }
    return render(request, "actions/plans/plan_list.html", context)


@require_safe
def plan_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a plan's pillars and districts with counts of the actions that the user may see."""
    on = clock.today()
    plan = _plan(request, pk)
    visible = Action.objects.visible_to(request.user, on).filter(plan=plan)
    tallies = list(visible.tally("plan", "pillar", "area", on=on))
    pillars = list(plan.pillars.select_related("lead"))
    districts = Area.objects.visible_to(request.user, on).filter(partnership=plan.partnership_id)
    columns = [_of_pillar(pillar) for pillar in pillars]
    rows = [*(_of_area(area) for area in districts), NOWHERE]
    context = {
        "plan": plan,
        "pillars": pillars,
        "columns": columns,
        "measures": MEASURES,
        "lines": lines(tallies, _of_plan(plan), columns),
        "parents": count(tallies, PARENTS, [_of_plan(plan)]),
        "parts": count(tallies, PARTS, [_of_plan(plan)]),
        "matrix": matrix(tallies, _of_plan(plan), rows, columns),
        "total": sum(tally["number"] for tally in tallies),
        "may_manage": policies.may_manage(rights_of(request.user, on), plan.partnership_id),
        "sees_part": not _sees_all(request, plan),
        "page_marking": plan.marking,
        "page_handling": plan.handling_instruction,
    }
    return render(request, "actions/plans/plan.html", context)


@PAGE_OR_FORM
def plan_create(request: HttpRequest) -> HttpResponse:
    """Open a plan."""
    on = clock.today()
    managed = rights_of(request.user, on).partnerships(Role.PROGRAMME_MANAGER)
    if not managed:
        raise PermissionDenied(MANAGERS_ONLY)
    partnerships = Partnership.objects.visible_to(request.user, on).filter(pk__in=managed)
    form = PlanForm(request.POST or None, partnerships=partnerships)
    if request.method == "POST" and form.is_valid():
        fields = {"partnership": partnerships[0], **form.cleaned_data}
        try:
            plan = create_plan(actor=request.user, at=clock.now(), **fields)
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, "Plan created. Add its pillars next.")
            return redirect("actions:plan", plan.pk)
    context = {"form": form, "heading": "Create a plan", "back": reverse("actions:plan-list")}
    return _form_page(request, "actions/plans/plan_form.html", context)


@PAGE_OR_FORM
def plan_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a plan's title, days, cadence, marking or state."""
    plan = _managed_plan(request, pk)
    form = PlanForm(request.POST or None, initial=plan_initial(plan))
    if request.method == "POST" and form.is_valid():
        try:
            change_plan(actor=request.user, plan=plan, at=clock.now(), **form.cleaned_data)
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, "Plan saved.")
            return redirect("actions:plan", plan.pk)
    context = {"form": form, "plan": plan, "heading": "Change the plan", "back": _address(plan)}
    return _form_page(request, "actions/plans/plan_form.html", context)


@PAGE_OR_FORM
def pillar_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a pillar to a plan."""
    plan = _managed_plan(request, pk)
    pillar = Pillar(plan=plan, order=plan.pillars.count() + 1)
    return _pillar_form(request, pillar, "Add a pillar")


@PAGE_OR_FORM
def pillar_edit(request: HttpRequest, pk: int, pillar_pk: int) -> HttpResponse:
    """Change a pillar."""
    plan = _managed_plan(request, pk)
    pillar = get_object_or_404(plan.pillars.select_related("plan__partnership", "lead"), pk=pillar_pk)
    return _pillar_form(request, pillar, f"Change pillar {pillar.name}")


def _pillar_form(request: HttpRequest, pillar: Pillar, heading: str) -> HttpResponse:
    plan = pillar.plan
    form = PillarForm(
        request.POST or None,
        initial=pillar_initial(pillar),
        plan=plan,
        user=request.user,
        on=clock.today(),
    )
    if request.method == "POST" and form.is_valid():
        for name, value in form.cleaned_data.items():
            setattr(pillar, name, value)
        try:
            save_pillar(actor=request.user, pillar=pillar, at=clock.now())
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, f"Pillar {pillar.name} saved.")
            return redirect("actions:plan", plan.pk)
    context = {"form": form, "plan": plan, "heading": heading, "back": _address(plan)}
    return _form_page(request, "actions/plans/pillar_form.html", context)


def _form_page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    plan = context.get("plan")
    if plan is not None:
        context |= {"page_marking": plan.marking, "page_handling": plan.handling_instruction}
    return render(request, template, context, status=INVALID if context["form"].errors else 200)


def _plan(request: HttpRequest, pk: int) -> Plan:
    plans = Plan.objects.visible_to(request.user, clock.today()).select_related("partnership")
    return get_object_or_404(plans, pk=pk)


def _managed_plan(request: HttpRequest, pk: int) -> Plan:
    plan = _plan(request, pk)
    if not policies.may_manage(rights_of(request.user, clock.today()), plan.partnership_id):
        raise PermissionDenied(MANAGERS_ONLY)
    return plan


def _sees_all(request: HttpRequest, plan: Plan) -> bool:
    rights = rights_of(request.user, clock.today())
    return plan.partnership_id in rights.partnerships(Role.PROGRAMME_MANAGER, Role.BOARD_MEMBER, Role.AUDITOR)


def _address(plan: Plan) -> str:
    return reverse("actions:plan", args=[plan.pk])


NOWHERE = Group("No district", [("area", NONE)], lambda tally: tally["area"] is None)


def _of_plan(plan: Plan) -> Group:
    return Group(plan.title, [("plan", str(plan.pk))], lambda tally: tally["plan"] == plan.pk)


def _of_pillar(pillar: Pillar) -> Group:
    return Group(pillar.name, [("pillar", pillar.name)], lambda tally: tally["pillar"] == pillar.pk)


def _of_area(area: Area) -> Group:
    return Group(area.name, [("area", str(area.pk))], lambda tally: tally["area"] == area.pk)
