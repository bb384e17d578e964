"""What pages of the apps below show of findings: they may not import this app, their templates may use its tags."""

from typing import Any

from django import template
from django.template import RequestContext

from actions.models import Action
from audit import clock
from inspections.findings.models.recommendations import ActionLink

register = template.Library()


@register.inclusion_tag("inspections/findings/_of_action.html", takes_context=True)
def recommendations_of(context: RequestContext, action: Action) -> dict[str, Any]:
    """Print the findings that an action answers, of those that the reader sees."""
    seen = ActionLink.objects.visible_to(context.request.user, clock.today())
    links = seen.filter(action=action).select_related("recommendation__inspection")
    return {"links": links.order_by("recommendation__inspection", "recommendation")}
