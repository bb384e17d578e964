from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from actions.actions.forms.actions import ActionForm, action_initial
from actions.actions.services import create_action, edit_action, release_action
from actions.core import policies
from actions.core.models import Action
from actions.history import views as change
from actions.plans.models import Plan
from actions.plans.policies import why_not_change_plan
from audit import clock
from audit.policies import forbid
from partners.policies import rights_of
from web.pages import PAGE_OR_FORM, answer, press

FORM_PAGE = "actions/actions/action_form.html"
JOINED = ("partnership", "plan", "pillar", "area", "lead", "owner", "alternate", "mou_area")


@PAGE_OR_FORM
def action_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Add an action to a plan."""
    on = clock.today()
    plan = get_object_or_404(Plan.objects.visible_to(request.user, on).select_related("partnership"), pk=pk)
    forbid(why_not_change_plan(rights_of(request.user, on), plan))
    return answer(
        request,
        ActionForm(request.POST or None, plan=plan, user=request.user, on=on, new=True),
        service=lambda **values: create_action(plan=plan, **values),
        template=FORM_PAGE,
        saves_itself=True,
        done=lambda action: gettext("Action {ref} added.").format(ref=action.ref),
        leads_to=lambda action: reverse("actions:action", args=[action.pk]),
        heading=gettext("Add an action"),
        caption=plan.title,
        back=reverse("actions:plan", args=[plan.pk]),
        page_marking=plan.marking,
        page_handling=plan.handling_instruction,
    )


@PAGE_OR_FORM
def action_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an action's details. If it changed since the form was opened, show the changes and keep the text."""
    action = _managed(request, pk)
    form = ActionForm(
        request.POST or None,
        initial=action_initial(action),
        plan=action.plan,
        user=request.user,
        on=clock.today(),
        new=False,
    )
    return change.answer(
        request,
        form,
        action=action,
        as_whole=True,
        service=edit_action,
        template=FORM_PAGE,
        saves_itself=True,
        done=gettext("Action {ref} saved.").format(ref=action.ref),
        heading=gettext("Change action {ref}").format(ref=action.ref),
    )


@require_POST
def action_release(request: HttpRequest, pk: int) -> HttpResponse:
    """Turn a draft into an action that awaits allocation."""
    action = _managed(request, pk)
    version = _posted_version(request)
    return press(
        request,
        lambda **who: release_action(action=action, version=version, **who),
        done=gettext("Action {ref} released for allocation.").format(ref=action.ref),
        leads_to=reverse("actions:action", args=[pk]),
    )


def _action(request: HttpRequest, pk: int) -> Action:
    rows = Action.objects.visible_to(request.user, clock.today()).select_related(*JOINED)
    return get_object_or_404(rows, pk=pk)


def _managed(request: HttpRequest, pk: int) -> Action:
    action = _action(request, pk)
    forbid(policies.why_not_manage(rights_of(request.user, clock.today()), action.partnership_id))
    return action


def _posted_version(request: HttpRequest) -> int | None:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
