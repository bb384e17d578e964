"""How every page that changes an action answers: what it refuses, what it keeps, where it leads."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from actions.core.models import Action
from actions.core.services.change import BY_DISTRICTS
from actions.history.services import Event, changes_since
from audit import clock
from partners.policies import Rights, rights_of
from web.forms import GovukForm
from web.refusals import AGAIN, is_conflict, refuse
from web.storage import lacks_space

PAGE_OR_FORM = require_http_methods(["GET", "HEAD", "POST"])
INVALID, CONFLICT, NO_SPACE = 422, 409, 507
JOINED = ("partnership", "plan", "pillar", "area", "lead", "owner", "alternate")


def found(request: HttpRequest, pk: int) -> Action:
    """Return an action that the user may see, or answer that there is none."""
    seen = Action.objects.visible_to(request.user, clock.today()).select_related(*JOINED)
    return get_object_or_404(seen, pk=pk)


def rights(request: HttpRequest) -> Rights:
    return rights_of(request.user, clock.today())


def supporting_ids(action: Action) -> set[int]:
    return set(action.supporting.values_list("pk", flat=True))


def require(allowed: bool, otherwise: str) -> None:
    """Refuse the page as the service would refuse the act: who may not do it does not see the form."""
    if not allowed:
        raise PermissionDenied(otherwise)


def forbid(reason: str) -> None:
    """Refuse the page with the reason that a policy returns; empty allows."""
    require(not reason, reason)


def refused(request: HttpRequest, action: Action, *, heading: str, text: str, status: int) -> HttpResponse:
    """Answer in words why the page cannot be had, and lead back to the action."""
    context = {"action": action, "heading": heading, "text": text, **_marking(action)}
    return render(request, "actions/core/refused.html", context, status=status)


def out_of_state(request: HttpRequest, action: Action, to: str) -> HttpResponse:
    """Answer that the action's state does not permit what the page is for."""
    text = f"This action is {action.get_state_display().lower()}, so it cannot be {to}."
    return refused(request, action, heading="Not in this state", text=text, status=CONFLICT)


def answer(
    request: HttpRequest,
    form: GovukForm,
    *,
    action: Action,
    service: Callable[..., Any],
    template: str,
    done: str,
    as_whole: bool = False,
    **context: Any,
) -> HttpResponse:
    """Show the form; on a POST hand what it holds to the service, and show it again with what was refused.

    Args:
        service: takes actor, action, at and the form's cleaned data by name.
        done: the banner on the action's page afterwards.
        as_whole: the page makes sense for an action that its districts deliver, as the service's `changing` says.
    """
    if action.by_districts and not as_whole:
        return refused(
            request, action, heading="Delivered by its districts", text=BY_DISTRICTS, status=CONFLICT
        )
    status = 200
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            try:
                service(actor=request.user, action=action, at=clock.now(), **form.cleaned_data)
            except ValidationError as error:
                status = _refuse(form, error)
            else:
                messages.success(request, done)
                return redirect("actions:action", action.pk)
        _ask_for_the_file_again(request, form)
    if status == CONFLICT:
        action, context["changes"] = _catch_up(request, form, action)
    context |= {"form": form, "action": action, **_marking(action)}
    return render(request, template, context, status=status)


def _refuse(form: GovukForm, error: ValidationError) -> int:
    refuse(form, error)
    if lacks_space(error):
        return NO_SPACE
    return CONFLICT if is_conflict(error) or getattr(error, "code", None) == "state" else INVALID


def _catch_up(request: HttpRequest, form: Any, action: Action) -> tuple[Action, list[Event]]:
    """Return the action as it is now, and what changed since the form was opened; sent again, it applies to that."""
    seen = form.cleaned_data.get("version", action.version)
    action = found(request, action.pk)
    form.data = form.data.copy()
    form.data["version"] = str(action.version)
    return action, changes_since(actor=request.user, action=action, version=seen)


def _ask_for_the_file_again(request: HttpRequest, form: GovukForm) -> None:
    if "file" in form.fields and "file" in request.FILES and not form.has_error("file"):
        form.add_error("file", AGAIN)


def _marking(action: Action) -> dict[str, str]:
    return {"page_marking": action.marking, "page_handling": action.handling_instruction}
