from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from actions.actions.services import why_not_parent
from actions.assurance.queries import with_returned
from actions.core import policies
from actions.core.models import Action
from actions.core.states import State
from actions.districts.forms import DistrictsForm
from actions.districts.services import split_by_district, suggested_parts
from actions.history import views as change
from audit import clock
from audit.actors import Reader
from partners.models import Area
from partners.policies import Rights
from web.callers import actor_of
from web.pages import CONFLICT, PAGE_OR_FORM


@PAGE_OR_FORM
def action_districts(request: HttpRequest, pk: int) -> HttpResponse:
    """Split an action into district actions, or add district actions."""
    action = change.get_action(request, pk)
    change.forbid(policies.why_not_manage(change.rights(request), action.partnership_id))
    if request.method != "POST" and (reason := why_not_parent(action=action)):
        return _refused(request, action, reason)
    on = clock.today()
    suggested = suggested_parts(actor=actor_of(request), action=action, on=on)
    if not suggested:
        return _refused(request, action, gettext("Every district already has a district action."))
    return change.answer(
        request,
        DistrictsForm(request.POST or None, action=action, suggested=suggested, user=request.user, on=on),
        action=action,
        service=split_by_district,
        template="actions/districts/districts_form.html",
        done=gettext("District actions added."),
        as_whole=True,
    )


def section(action: Action, *, user: Reader, on: date, rights: Rights) -> dict[str, Any]:
    """Return the district actions of a joint action, or the joint action that a district action belongs to."""
    visible = Action.objects.visible_to(user, on)
    parts = (
        list(with_returned(visible.filter(parent=action).for_list()).order_by("ref"))
        if action.by_districts
        else []
    )
    siblings = (
        list(visible.filter(parent=action.parent_id).exclude(pk=action.pk).order_by("ref"))
        if action.parent_id is not None
        else []
    )
    return {
        "parent": visible.filter(pk=action.parent_id).first() if action.parent_id is not None else None,
        "parts": [(part, part.computed_rag(on), part.is_overdue(on)) for part in parts],
        "siblings": siblings,
        "may_split": _may_split(action, rights) and _has_free_area(action, user, on),
    }


def _may_split(action: Action, rights: Rights) -> bool:
    early = action.state in (State.AWAITING_ALLOCATION, State.NOT_STARTED)
    return (
        (action.by_districts or early)
        and not policies.why_not_manage(rights, action.partnership_id)
        and not why_not_parent(action=action)
    )


def _has_free_area(action: Action, user: Reader, on: date) -> bool:
    areas = Area.objects.visible_to(user, on).filter(partnership=action.partnership_id)
    return areas.exclude(pk__in=action.children.values("area")).exists()


def _refused(request: HttpRequest, action: Action, reason: str) -> HttpResponse:
    return change.refused(
        request, action, heading=gettext("You cannot split this action"), text=reason, status=CONFLICT
    )
