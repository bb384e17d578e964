from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext

from actions.actions.forms.allocation import AllocationForm
from actions.actions.services import allocate_action
from actions.core import policies
from actions.core.models import Action
from actions.core.querysets import ActionQuerySet
from actions.core.states import UNALLOCATED
from actions.history import views as change
from audit import clock
from web.language import lazy_text
from web.pages import PAGE_OR_FORM

DONE = lazy_text("Action allocated.")


@PAGE_OR_FORM
def action_allocate(request: HttpRequest, pk: int) -> HttpResponse:
    """Say who leads and owns an action and by when it is due; later, who owns it instead."""
    action = change.get_action(request, pk)
    change.forbid(policies.why_not_manage(change.rights(request), action.partnership_id))
    if request.method != "POST" and not action.is_open:
        return change.out_of_state(request, action, "allocated")
    is_first = action.state in UNALLOCATED
    following = _following(request, action) if is_first else None
    # Without another one the button is not there, but somebody else may just have allocated it.
    goes_on = "next" in request.POST and following is not None
    return change.answer(
        request,
        AllocationForm(request.POST or None, action=action, user=request.user, on=clock.today()),
        action=action,
        service=allocate_action,
        template="actions/actions/allocate_form.html",
        done=gettext("{ref} allocated.").format(ref=action.ref)
        if goes_on
        else _done(following, is_first=is_first),
        leads_to=reverse("actions:action-allocate", args=[following.pk]) if goes_on and following else "",
        is_first=is_first,
        following=following,
        left=_waiting(request, action).count() if is_first else 0,
    )


def _waiting(request: HttpRequest, action: Action) -> ActionQuerySet:
    """Return the other actions of its plan that await allocation."""
    rows = Action.objects.visible_to(request.user, clock.today()).awaiting_allocation()
    return rows.filter(plan=action.plan_id).exclude(pk=action.pk)


def _following(request: HttpRequest, action: Action) -> Action | None:
    """Return the next one, the first after the last."""
    rows = _waiting(request, action).order_by("ref", "pk")
    return rows.filter(ref__gt=action.ref).first() or rows.first()


def _done(following: Action | None, *, is_first: bool) -> str:
    """Say that the action is allocated, and lead on to the next one."""
    if not is_first:
        return DONE
    if following is None:
        text, href = gettext("Go to My work"), resolve_url(settings.LOGIN_REDIRECT_URL)
    else:
        text, href = (
            gettext("Allocate the next one: {ref}").format(ref=following.ref),
            reverse("actions:action-allocate", args=[following.pk]),
        )
    return format_html('{} <a class="govuk-notification-banner__link" href="{}">{}</a>', DONE, href, text)
