"""Pages that add, change, reach and drop milestones."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext, ngettext

from actions.core.models import Action
from actions.core.states import REPORTABLE, UNDER_WAY
from actions.dates.policies import why_not_schedule
from actions.history import views as change
from actions.milestones.forms import MilestoneForm, MilestoneStepForm, step_initial
from actions.milestones.models import Milestone
from actions.milestones.services import (
    add_milestone,
    change_milestone,
    drop_milestone,
    reach_milestone,
    why_not_open,
)
from audit import clock
from web.language import day_text
from web.pages import CONFLICT, PAGE_OR_FORM

# The service behind each step of the form, and the fields it takes.
SERVICES: dict[str, tuple[Callable[..., Milestone], tuple[str, ...]]] = {
    "reach": (reach_milestone, ("reached_on",)),
    "change": (change_milestone, ("title", "due", "reason")),
    "drop": (drop_milestone, ("reason",)),
}


@dataclass(frozen=True)
class Step:
    """A milestone and its status in words."""

    milestone: Milestone
    status: str
    overdue: bool = False


@PAGE_OR_FORM
def milestone_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a milestone."""
    action = change.get_action(request, pk)
    change.forbid(why_not_schedule(change.rights(request), action))
    if request.method != "POST" and action.state not in REPORTABLE:
        return change.out_of_state(request, action, gettext("given a milestone"))
    return change.answer(
        request,
        MilestoneForm(request.POST or None, initial={"version": action.version}),
        action=action,
        service=add_milestone,
        template="actions/milestones/form.html",
        done=gettext("Milestone added."),
    )


@PAGE_OR_FORM
def milestone_edit(request: HttpRequest, pk: int, milestone_pk: int) -> HttpResponse:
    """Reach, change or drop a milestone."""
    action = change.get_action(request, pk)
    change.forbid(why_not_schedule(change.rights(request), action))
    visible = Milestone.objects.visible_to(request.user, clock.today())
    milestone = get_object_or_404(visible, pk=milestone_pk, action=action)
    milestone.action = action
    if not milestone.is_open:
        text = why_not_open(milestone=milestone, to="changed")
        return change.refused(
            request, action, heading=gettext("Milestone already closed"), text=text, status=CONFLICT
        )
    if request.method != "POST" and action.state not in UNDER_WAY:
        return change.out_of_state(request, action, gettext("given changed milestones"))
    return change.answer(
        request,
        MilestoneStepForm(request.POST or None, initial=step_initial(milestone, action.version)),
        action=action,
        service=lambda *, action, **fields: _run_step(milestone, **fields),
        template="actions/milestones/step_form.html",
        done=gettext("Milestone updated."),
        milestone=milestone,
    )


def milestones_of(action: Action, on: date) -> list[Step]:
    """Return an action's milestones, each with its status on the day."""
    steps = []
    for milestone in action.milestones.all():
        overdue = milestone.is_open and action.is_open and milestone.due < on
        steps.append(Step(milestone, _status(milestone, on, overdue), overdue))
    return steps


def _run_step(milestone: Milestone, *, step: str, **fields: Any) -> Milestone:
    service, names = SERVICES[step]
    return service(milestone=milestone, **{name: fields[name] for name in ("actor", "at", "version", *names)})


def _status(milestone: Milestone, on: date, overdue: bool) -> str:
    if milestone.reached_on is not None:
        late = (milestone.reached_on - milestone.due).days
        on_day = day_text(milestone.reached_on)
        if late > 0:
            return gettext("Reached on {day}, {days} late").format(day=on_day, days=_days(late))
        return gettext("Reached on {day}").format(day=on_day)
    if milestone.dropped_on is not None:
        return gettext("Dropped on {dropped_on}").format(dropped_on=day_text(milestone.dropped_on))
    if overdue:
        return gettext("Overdue by {days}").format(days=_days((on - milestone.due).days))
    return gettext("Not reached yet")


def _days(number: int) -> str:
    return ngettext("{number} day", "{number} days", number).format(number=number)
