from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from actions.plans.views import plan_context
from audit import clock
from reports.overview.queries import pictures_of_plan


@require_safe
def plan_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a plan's counts with their pictures."""
    context = plan_context(request, pk)
    pictures = pictures_of_plan(plan=context["plan"], user=request.user, on=clock.today())
    return render(
        request, "reports/overview/plan.html", context | {"pictures": pictures if context["total"] else {}}
    )
