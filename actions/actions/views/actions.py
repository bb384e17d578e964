from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from actions.actions.forms.actions import ActionForm, action_initial
from actions.actions.services import create_action, edit_action, release_action
from actions.core import policies
from actions.core.models import Action
from actions.core.policies import MANAGERS_ONLY
from actions.history.services import changes_since
from actions.plans.models import Plan
from audit import clock
from partners.policies import rights_of
from web.pages import CONFLICT, INVALID, PAGE_OR_FORM
from web.refusals import is_conflict, refuse

JOINED = ("partnership", "plan", "pillar", "area", "lead", "owner", "alternate", "mou_area")


@PAGE_OR_FORM
def action_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Add an action to a plan."""
    on = clock.today()
    plan = get_object_or_404(Plan.objects.visible_to(request.user, on).select_related("partnership"), pk=pk)
    if not policies.may_manage(rights_of(request.user, on), plan.partnership_id):
        raise PermissionDenied(MANAGERS_ONLY)
    form = ActionForm(request.POST or None, plan=plan, user=request.user, on=on, new=True)
    if request.method == "POST" and form.is_valid():
        try:
            action = create_action(actor=request.user, plan=plan, at=clock.now(), **form.cleaned_data)
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, f"Action {action.ref} added.")
            return redirect("actions:action", action.pk)
    context = {
        "form": form,
        "plan": plan,
        "heading": "Add an action",
        "back": reverse("actions:plan", args=[plan.pk]),
        "page_marking": plan.marking,
        "page_handling": plan.handling_instruction,
    }
    return render(
        request, "actions/actions/action_form.html", context, status=INVALID if form.errors else 200
    )


@PAGE_OR_FORM
def action_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an action's details. If it changed since the form was opened, show the changes and keep the text."""
    action = _managed(request, pk)
    form, changes, status = _edit_form(request, action, request.POST or None), [], 200
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            try:
                edit_action(actor=request.user, action=action, at=clock.now(), **form.cleaned_data)
            except ValidationError as error:
                if is_conflict(error):
                    action = _managed(request, pk)
                    changes = changes_since(
                        actor=request.user, action=action, version=form.cleaned_data["version"]
                    )
                    form, status = _at_version(request, action), CONFLICT
                refuse(form, error)
            else:
                messages.success(request, f"Action {action.ref} saved.")
                return redirect("actions:action", action.pk)
    context = {
        "form": form,
        "plan": action.plan,
        "action": action,
        "changes": changes,
        "heading": f"Change action {action.ref}",
        "back": reverse("actions:action", args=[action.pk]),
        "page_marking": action.marking,
        "page_handling": action.handling_instruction,
    }
    return render(request, "actions/actions/action_form.html", context, status=status)


@require_POST
def action_release(request: HttpRequest, pk: int) -> HttpResponse:
    """Turn a draft into an action that awaits allocation."""
    action = _managed(request, pk)
    try:
        release_action(actor=request.user, action=action, at=clock.now(), version=_posted_version(request))
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, f"Action {action.ref} released for allocation.")
    return redirect("actions:action", action.pk)


def _action(request: HttpRequest, pk: int) -> Action:
    rows = Action.objects.visible_to(request.user, clock.today()).select_related(*JOINED)
    return get_object_or_404(rows, pk=pk)


def _managed(request: HttpRequest, pk: int) -> Action:
    action = _action(request, pk)
    if not policies.may_manage(rights_of(request.user, clock.today()), action.partnership_id):
        raise PermissionDenied(MANAGERS_ONLY)
    return action


def _edit_form(request: HttpRequest, action: Action, data: QueryDict | None) -> ActionForm:
    return ActionForm(
        data,
        initial=action_initial(action),
        plan=action.plan,
        user=request.user,
        on=clock.today(),
        new=False,
    )


def _at_version(request: HttpRequest, action: Action) -> ActionForm:
    """Return the posted form with the action's present version, so that posting it again works."""
    data = request.POST.copy()
    data["version"] = str(action.version)
    form = _edit_form(request, action, data)
    form.full_clean()
    return form


def _posted_version(request: HttpRequest) -> int | None:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
