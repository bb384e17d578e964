from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from actions.page.views import action_context
from audit import clock
from inspections.findings.models.recommendations import ActionLink


@require_safe
def action_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show everything about an action, with the findings it answers that the user may view."""
    context = action_context(request, pk)
    links = ActionLink.objects.visible_to(request.user, clock.today()).filter(action=pk)
    context["links"] = links.select_related("recommendation__inspection").order_by(
        "recommendation__inspection", "recommendation"
    )
    return render(request, "inspections/page/action.html", context)
