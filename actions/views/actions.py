from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from actions import policies
from actions.forms.actions import ActionForm, action_initial
from actions.forms.refusals import is_conflict, refuse
from actions.models import Action, Plan, SavedView
from actions.services import create_action, edit_action, release_action
from actions.services.actions import MANAGERS_ONLY
from actions.services.succession import owner_gone
from actions.services.timeline import changes_since, timeline_of
from actions.states import State
from actions.views import assurance, closing, dependencies, disclosure, districts, evidence, schedule
from actions.views.abilities import abilities
from actions.views.listing import listed
from audit import clock
from partners.policies import Role, rights_of
from standards import marking
from web.paging import page_of

PAGE_SIZE = 25
LATEST = 3
INVALID, STALE = 422, 409
PAGE_OR_FORM = require_http_methods(["GET", "HEAD", "POST"])
JOINED = ("partnership", "plan", "pillar", "area", "lead", "owner", "alternate", "mou_area")


@require_safe
def action_list(request: HttpRequest) -> HttpResponse:
    """List the actions the user may see, narrowed and in the order that the query string asks for."""
    on = clock.today()
    found = listed(request.user, request.GET, on)
    rows = (
        found.rows.for_list().with_waits().with_returned().with_parts(request.user, on).with_computed_rag(on)
    )
    pages = page_of(request, rows, PAGE_SIZE)
    rights = rights_of(request.user, on)
    context = {
        "pages": pages,
        "rows": [(action, action.is_overdue(on), action.hope(on) != 0) for action in pages],
        "on": on,
        "form": found.form,
        "chosen": found.chosen,
        "found": found,
        "keep": [("sort", request.GET["sort"])] if request.GET.get("sort") else [],
        "query": _without_page(request.GET),
        "narrowed": bool(found.chosen),
        "views": list(SavedView.objects.visible_to(request.user, on).select_related("owner")),
        "selects": policies.may_change_many(rights),
        "kept": [(name, value) for name, values in request.GET.lists() if name != "page" for value in values],
        "manages": bool(rights.partnerships(Role.PROGRAMME_MANAGER)),
        "page_marking": marking.highest(action.marking for action in pages),
    }
    return render(request, "actions/action_list.html", context, status=INVALID if found.errors else 200)


@require_safe
def action_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show everything about an action and what the user may do to it now."""
    on = clock.today()
    action = _action(request, pk)
    seen = Action.objects.visible_to(request.user, on)
    supporting = list(action.supporting.all())
    updates = list(action.updates.select_related("author", "corrected_by", "corrects"))
    rights = rights_of(request.user, on)
    author_ids = {update.author_id for update in updates}
    computed = action.computed_rag(on)
    given: dict[str, Any] = {"user": request.user, "on": on, "rights": rights}
    evidence_section = evidence.section(action, **given)
    assurance_section = assurance.section(action, **given)
    schedule_section = schedule.section(action, **given)
    closing_section = closing.section(action, **given)
    dependencies_section = dependencies.section(action, **given)
    context = {
        "action": action,
        "supporting": supporting,
        "relatives": seen.filter(pk__in=[action.parent_id, action.superseded_by_id]).in_bulk(),
        "districts": districts.section(action, **given),
        "supersedes": seen.filter(superseded_by=action).order_by("ref"),
        "computed": computed,
        "hope": action.hope(on),
        "owner_gone": owner_gone(action=action, on=on),
        "overdue": action.is_overdue(on),
        "latest": updates[:LATEST],
        "earlier": updates[LATEST:],
        "evidence": evidence_section,
        "assurance": assurance_section,
        "disclosure": disclosure.section(action, **given),
        "timeline": timeline_of(action=action),
        "dependencies": dependencies_section,
        "on": on,
        "abilities": [
            *dependencies_section["decisions"],
            *schedule_section["decisions"],
            *closing_section["decisions"],
            *assurance_section["decisions"],
            *abilities(
                rights,
                action,
                supporting_ids=[row.pk for row in supporting],
                author_ids=author_ids,
                lacking=evidence_section["lacking"],
            ),
        ],
        "schedule": schedule_section,
        "closing": closing_section,
        "why_not_assure": _why_not_assure(rights, action, author_ids),
        "page_marking": action.marking,
        "page_handling": action.handling_instruction,
    }
    return render(request, "actions/action.html", context)


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
            messages.success(request, f"Action {action.ref} is made.")
            return redirect("actions:action", action.pk)
    context = {
        "form": form,
        "plan": plan,
        "heading": "Add an action",
        "back": reverse("actions:plan", args=[plan.pk]),
        "page_marking": plan.marking,
        "page_handling": plan.handling_instruction,
    }
    return render(request, "actions/action_form.html", context, status=INVALID if form.errors else 200)


@PAGE_OR_FORM
def action_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what an action says; where it moved on since the form was opened, show how and keep what was typed."""
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
                    form, status = _at_version(request, action), STALE
                refuse(form, error)
            else:
                messages.success(request, f"Action {action.ref} is changed.")
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
    return render(request, "actions/action_form.html", context, status=status)


@require_POST
def action_release(request: HttpRequest, pk: int) -> HttpResponse:
    """Turn a draft into an action that awaits allocation."""
    action = _managed(request, pk)
    try:
        release_action(actor=request.user, action=action, at=clock.now(), version=_seen_version(request))
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, f"Action {action.ref} awaits allocation.")
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
    """Return the form as it was sent, now for the action as it stands: sent again, it applies."""
    data = request.POST.copy()
    data["version"] = str(action.version)
    form = _edit_form(request, action, data)
    form.full_clean()
    return form


def _seen_version(request: HttpRequest) -> int | None:
    given = request.POST.get("version", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None


def _why_not_assure(rights: Any, action: Action, author_ids: set[int]) -> str:
    """Tell an auditor why an action that waits for assurance is not theirs to judge."""
    if (
        action.by_districts
        or action.state != State.AWAITING_ASSURANCE
        or not rights.has(Role.AUDITOR, action.partnership_id)
    ):
        return ""
    return policies.why_not_assure(rights, action, author_ids)


def _without_page(query: QueryDict) -> str:
    left = query.copy()
    left.pop("page", None)
    return left.urlencode()
