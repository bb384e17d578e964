from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from actions.core.filters import NONE
from actions.core.models import Action
from actions.core.views import COMPLETE, MEASURES, OVERDUE, PARENTS, PARTS, TOTAL, Group, count, lines, matrix
from actions.plans import policies
from actions.plans.forms import PillarForm, PlanForm, pillar_initial, plan_initial
from actions.plans.models import Pillar, Plan
from actions.plans.services import change_plan, create_plan, save_pillar
from audit import clock
from audit.policies import forbid
from partners.models import Area, Partnership
from partners.policies import Role, rights_of, rights_to_act
from web.filters import without_empty_parameters
from web.language import lazy_text
from web.pages import PAGE_OR_FORM, answer
from web.paging import page_of
from web.quick import RowGroup, grouped_list

PAGE_SIZE = 25
GROUPS = (
    RowGroup("draft", lazy_text("Draft"), Q(state=Plan.State.DRAFT)),
    RowGroup("live", lazy_text("Live"), Q(state=Plan.State.LIVE)),
    RowGroup("closed", lazy_text("Closed"), Q(state=Plan.State.CLOSED)),
)


@require_safe
@without_empty_parameters
def plan_list(request: HttpRequest) -> HttpResponse:
    """List the plans the user has a part in, with how many actions of theirs stand where."""
    on = clock.today()
    plans = grouped_list(
        request.GET,
        rows=Plan.objects.visible_to(request.user, on),
        groups=GROUPS,
        address=reverse("actions:plan-list"),
    )
    pages = page_of(request, plans.rows.select_related("partnership"), PAGE_SIZE)
    tallies = list(Action.objects.visible_to(request.user, on).tally("plan", on=on))
    rows = [
        (plan, [count(tallies, measure, [_of_plan(plan)]) for measure in (TOTAL, OVERDUE, COMPLETE)])
        for plan in pages
    ]
    context = {
        **plans.context,
        "pages": pages,
        "rows": rows,
        "several_partnerships": len({plan.partnership_id for plan, _ in rows}) > 1,
        "may_create": not policies.why_not_create_plan(rights_to_act(request.user, on)),
    }
    return render(request, "actions/plans/plan_list.html", context, status=plans.status)


def plan_context(request: HttpRequest, pk: int) -> dict[str, Any]:
    """Return a plan's pillars and districts with counts of the actions that the user may see, for its page."""
    on = clock.today()
    plan = _plan(request, pk)
    visible = Action.objects.visible_to(request.user, on).filter(plan=plan)
    tallies = list(visible.tally("plan", "pillar", "area", on=on))
    pillars = list(plan.pillars.select_related("lead"))
    districts = Area.objects.visible_to(request.user, on).filter(partnership=plan.partnership_id)
    columns = [_of_pillar(pillar) for pillar in pillars]
    rows = [*(_of_area(area) for area in districts), NOWHERE]
    return {
        "plan": plan,
        "pillars": pillars,
        "columns": columns,
        "measures": MEASURES,
        "lines": lines(tallies, _of_plan(plan), columns),
        "parents": count(tallies, PARENTS, [_of_plan(plan)]),
        "parts": count(tallies, PARTS, [_of_plan(plan)]),
        "matrix": matrix(tallies, _of_plan(plan), rows, columns),
        "total": sum(tally["number"] for tally in tallies),
        "may_manage": not policies.why_not_change_plan(rights_to_act(request.user, on), plan),
        "sees_part": not _sees_all(request, plan),
        "page_marking": plan.marking,
        "page_handling": plan.handling_instruction,
    }


@PAGE_OR_FORM
def plan_create(request: HttpRequest) -> HttpResponse:
    """Open a plan."""
    on = clock.today()
    rights = rights_of(request.user, on)
    forbid(policies.why_not_create_plan(rights))
    managed = rights.partnerships(Role.PROGRAMME_MANAGER)
    partnerships = Partnership.objects.visible_to(request.user, on).filter(pk__in=managed)
    return answer(
        request,
        PlanForm(request.POST or None, partnerships=partnerships),
        service=lambda **values: create_plan(**{"partnership": partnerships[0], **values}),
        done=gettext("Plan created. Add its pillars next."),
        leads_to=_address,
        heading=gettext("Create a plan"),
        back=reverse("actions:plan-list"),
    )


@PAGE_OR_FORM
def plan_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a plan's title, days, cadence, marking or state."""
    plan = _managed_plan(request, pk)
    return answer(
        request,
        PlanForm(request.POST or None, initial=plan_initial(plan)),
        service=lambda **values: change_plan(plan=plan, **values),
        done=gettext("Plan saved."),
        **_about(plan, gettext("Change the plan")),
    )


@PAGE_OR_FORM
def pillar_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a pillar to a plan."""
    plan = _managed_plan(request, pk)
    pillar = Pillar(plan=plan, order=plan.pillars.count() + 1)
    return _pillar_form(request, pillar, gettext("Add a pillar"))


@PAGE_OR_FORM
def pillar_edit(request: HttpRequest, pk: int, pillar_pk: int) -> HttpResponse:
    """Change a pillar."""
    plan = _managed_plan(request, pk)
    pillar = get_object_or_404(plan.pillars.select_related("plan__partnership", "lead"), pk=pillar_pk)
    return _pillar_form(request, pillar, gettext("Change pillar {name}").format(name=pillar.name))


def _pillar_form(request: HttpRequest, pillar: Pillar, heading: str) -> HttpResponse:
    plan = pillar.plan
    form = PillarForm(
        request.POST or None,
        initial=pillar_initial(pillar),
        plan=plan,
        user=request.user,
        on=clock.today(),
    )
    return answer(
        request,
        form,
        service=lambda actor, at, **values: save_pillar(
            actor=actor, pillar=_with_values(pillar, values), at=at
        ),
        done=lambda row: gettext("Pillar {name} saved.").format(name=row.name),
        **_about(plan, heading),
    )


def _with_values(pillar: Pillar, values: dict[str, Any]) -> Pillar:
    for name, value in values.items():
        setattr(pillar, name, value)
    return pillar


def _about(plan: Plan, heading: str) -> dict[str, Any]:
    """Return what every form about a plan shows, and where it leads."""
    back = _address(plan)
    return {
        "leads_to": lambda _: back,
        "heading": heading,
        "caption": plan.title,
        "back": back,
        "page_marking": plan.marking,
        "page_handling": plan.handling_instruction,
    }


def _plan(request: HttpRequest, pk: int) -> Plan:
    plans = Plan.objects.visible_to(request.user, clock.today()).select_related("partnership")
    return get_object_or_404(plans, pk=pk)


def _managed_plan(request: HttpRequest, pk: int) -> Plan:
    plan = _plan(request, pk)
    forbid(policies.why_not_change_plan(rights_of(request.user, clock.today()), plan))
    return plan


def _sees_all(request: HttpRequest, plan: Plan) -> bool:
    rights = rights_of(request.user, clock.today())
    return plan.partnership_id in rights.partnerships(Role.PROGRAMME_MANAGER, Role.BOARD_MEMBER, Role.AUDITOR)


def _address(plan: Plan) -> str:
    return reverse("actions:plan", args=[plan.pk])


NOWHERE = Group(lazy_text("No district"), [("area", NONE)], lambda tally: tally["area"] is None)


def _of_plan(plan: Plan) -> Group:
    return Group(plan.title, [("plan", str(plan.pk))], lambda tally: tally["plan"] == plan.pk)


def _of_pillar(pillar: Pillar) -> Group:
    return Group(pillar.name, [("pillar", pillar.name)], lambda tally: tally["pillar"] == pillar.pk)


def _of_area(area: Area) -> Group:
    return Group(area.name, [("area", str(area.pk))], lambda tally: tally["area"] == area.pk)
