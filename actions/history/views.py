"""How every page that changes an action answers: web.pages, with the action's address, marking and history."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext

from actions.core.models import Action
from actions.core.services.change import BY_DISTRICTS
from actions.history.services import Event, changes_since
from audit import clock
from audit.policies import forbid
from partners.policies import Rights, rights_of
from web import pages
from web.callers import actor_of
from web.forms import GovukForm
from web.pages import CONFLICT, INVALID, NO_SPACE, PAGE_OR_FORM

__all__ = ["CONFLICT", "INVALID", "NO_SPACE", "PAGE_OR_FORM", "forbid"]
JOINED = ("partnership", "plan", "pillar", "area", "lead", "owner", "alternate")


def get_action(request: HttpRequest, pk: int) -> Action:
    """Return an action that the user may see, or answer that there is none."""
    visible = Action.objects.visible_to(request.user, clock.today()).select_related(*JOINED)
    return get_object_or_404(visible, pk=pk)


def rights(request: HttpRequest) -> Rights:
    return rights_of(request.user, clock.today())


def supporting_ids(action: Action) -> set[int]:
    return {organisation.pk for organisation in action.supporting.all()}


def refused(request: HttpRequest, action: Action, *, heading: str, text: str, status: int) -> HttpResponse:
    """Explain why the page cannot be shown, and link back to the action."""
    context = _describe(action) | {"back_text": gettext("Go to the action")}
    return pages.refused(request, heading=heading, text=text, status=status, **context)


def out_of_state(request: HttpRequest, action: Action, to: str) -> HttpResponse:
    """Explain that the page is not for an action in this state."""
    text = gettext("This action is {get_state_display}, so it cannot be {to}.").format(
        get_state_display=action.get_state_display().lower(), to=to
    )
    return refused(request, action, heading=gettext("Not in this state"), text=text, status=CONFLICT)


def answer(
    request: HttpRequest,
    form: GovukForm,
    *,
    action: Action,
    service: Callable[..., Any],
    as_whole: bool = False,
    leads_to: str = "",
    **arguments: Any,
) -> HttpResponse:
    """Answer as `web.pages.answer`, and lead to the action's page unless another address is given.

    Args:
        service: takes actor, action, at and the form's cleaned data by name.
        as_whole: the page makes sense for an action that its districts deliver, as the service's `changing` says.
        arguments: template, done and what else the template shows.
    """
    if action.by_districts and not as_whole:
        return refused(
            request,
            action,
            heading=gettext("Delivered by its districts"),
            text=str(BY_DISTRICTS),
            status=CONFLICT,
        )

    def catch_up(version: int) -> tuple[Action, list[Event]]:
        current = get_action(request, action.pk)
        return current, changes_since(actor=actor_of(request), action=current, version=version)

    return pages.answer(
        request,
        form,
        row=action,
        describe=_describe,
        catch_up=catch_up,
        service=lambda **values: service(action=action, **values),
        leads_to=lambda _: leads_to or _address(action),
        **arguments,
    )


def _address(action: Action) -> str:
    return reverse("actions:action", args=[action.pk])


def _describe(action: Action) -> dict[str, Any]:
    return {
        "action": action,
        "caption": f"{action.ref} {action.title}",
        "back": _address(action),
        "back_text": gettext("Back to the action"),
        "page_marking": action.marking,
        "page_handling": action.handling_instruction,
    }
