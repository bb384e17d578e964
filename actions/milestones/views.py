"""Milestones of an action: set, and what became of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from actions.core.models import Action
from actions.core.states import REPORTABLE, UNDER_WAY
from actions.dates.policies import why_not_schedule
from actions.history import views as change
from actions.milestones.forms import MilestoneForm, MilestoneStepForm, step_initial
from actions.milestones.models import Milestone
from actions.milestones.services import (
    add_milestone,
    change_milestone,
    closed_as,
    drop_milestone,
    reach_milestone,
)
from audit import clock
from web.pages import CONFLICT, PAGE_OR_FORM

# What each step of the form is done by, and which of its fields it takes.
DONE_BY: dict[str, tuple[Callable[..., Milestone], tuple[str, ...]]] = {
    "reach": (reach_milestone, ("reached_on",)),
    "change": (change_milestone, ("title", "due", "reason")),
    "drop": (drop_milestone, ("reason",)),
}


@dataclass(frozen=True)
class Step:
    """A milestone and where it stands, in words."""

    milestone: Milestone
    standing: str
    overdue: bool = False


@PAGE_OR_FORM
def milestone_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Set a step on the way to the due date."""
    action = change.found(request, pk)
    change.forbid(why_not_schedule(change.rights(request), action))
    if request.method != "POST" and action.state not in REPORTABLE:
        return change.out_of_state(request, action, "given a milestone")
    return change.answer(
        request,
        MilestoneForm(request.POST or None, initial={"version": action.version}),
        action=action,
        service=add_milestone,
        template="actions/milestones/form.html",
        done="The milestone is set.",
    )


@PAGE_OR_FORM
def milestone_edit(request: HttpRequest, pk: int, milestone_pk: int) -> HttpResponse:
    """Say what became of a milestone: reached, moved, dropped."""
    action = change.found(request, pk)
    change.forbid(why_not_schedule(change.rights(request), action))
    seen = Milestone.objects.visible_to(request.user, clock.today())
    milestone = get_object_or_404(seen, pk=milestone_pk, action=action)
    milestone.action = action
    if not milestone.is_open:
        text = closed_as(milestone=milestone, to="changed")
        return change.refused(request, action, heading="Reached or dropped", text=text, status=CONFLICT)
    if request.method != "POST" and action.state not in UNDER_WAY:
        return change.out_of_state(request, action, "given other milestones")
    return change.answer(
        request,
        MilestoneStepForm(request.POST or None, initial=step_initial(milestone, action.version)),
        action=action,
        service=lambda *, action, **given: _step(milestone, **given),
        template="actions/milestones/step_form.html",
        done="The milestone is brought up to date.",
        milestone=milestone,
    )


def milestones_of(action: Action, on: date) -> list[Step]:
    """Return an action's milestones, each with where it stands on the day."""
    steps = []
    for milestone in action.milestones.all():
        overdue = milestone.is_open and action.is_open and milestone.due < on
        steps.append(Step(milestone, _standing(milestone, on, overdue), overdue))
    return steps


def _step(milestone: Milestone, *, step: str, **given: Any) -> Milestone:
    service, fields = DONE_BY[step]
    passed = {name: given[name] for name in ("actor", "at", "version", *fields)}
    return service(milestone=milestone, **passed)


def _standing(milestone: Milestone, on: date, overdue: bool) -> str:
    if milestone.reached_on is not None:
        late = (milestone.reached_on - milestone.due).days
        return f"Reached on {milestone.reached_on:%-d %B %Y}" + (f", {_days(late)} late" if late > 0 else "")
    if milestone.dropped_on is not None:
        return f"Dropped on {milestone.dropped_on:%-d %B %Y}"
    if overdue:
        return f"Overdue by {_days((on - milestone.due).days)}"
    return "Not reached yet"


def _days(number: int) -> str:
    return f"{number} day{'' if number == 1 else 's'}"
