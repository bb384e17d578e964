from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from audit import clock
from audit.policies import forbid
from desk.triage.policies import why_not_triage
from desk.triage.queries import lines_of, managed_plans, open_rows_of, returns_of_last_period
from partners.policies import rights_to_act
from web.callers import actor_of
from web.filters import ids_in


@require_safe
def triage_page(request: HttpRequest) -> HttpResponse:
    """Show what needs the programme manager's attention in a plan: returns that are missing, then actions."""
    on = clock.today()
    forbid(why_not_triage(rights_to_act(request.user, on)))
    plans = managed_plans(user=request.user, on=on)
    plan = plans[0] if plans else None
    if "plan" in request.GET:
        wanted = ids_in(request.GET.getlist("plan"))
        plan = next((row for row in plans if row.pk in wanted), None)
        if plan is None:
            raise Http404("There is no such plan")
    context = {
        "plan": plan,
        "others": [row for row in plans if row != plan],
        "returns": returns_of_last_period(plan=plan, user=request.user, on=on) if plan else None,
        "lines": lines_of(plan=plan, user=request.user, on=on) if plan else [],
        "open_rows": open_rows_of(plan=plan, user=actor_of(request), on=on) if plan else [],
        "on": on,
        "page_marking": plan.marking if plan else "",
    }
    return render(request, "desk/triage/triage.html", context)
