"""Set-up of a new service, step by step: from nothing to a first plan with its actions."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from actions.plans.policies import why_not_create_plan
from actions.plans.services import create_plan
from audit import clock
from audit.policies import forbid
from importing.setup.forms import FirstPlanForm, PartnershipForm
from importing.setup.services import invite_people, open_partnership, progress_of
from partners.models import Partnership
from partners.partnerships.views import editable_partnership
from partners.policies import rights_of, why_not_administer, why_not_set_up
from web.callers import actor_of
from web.pages import PAGE_OR_FORM, answer


@PAGE_OR_FORM
def setup(request: HttpRequest) -> HttpResponse:
    """List the partnerships that the user may set up; an administrator may add one."""
    on = clock.today()
    forbid(why_not_set_up(request.user, on))
    partnerships = Partnership.objects.editable_by(request.user, on)
    reason = why_not_administer(request.user, gettext("create a partnership"))
    if request.method == "POST":
        forbid(reason)
    elif len(partnerships) == 1 and reason:
        return redirect("importing:setup-partnership", partnerships[0].pk)
    return answer(
        request,
        PartnershipForm(request.POST or None),
        service=open_partnership,
        template="importing/setup/partnerships.html",
        done=lambda partnership: gettext("{partnership} added").format(partnership=partnership),
        leads_to=lambda partnership: reverse("importing:people-import", args=[partnership.pk]),
        partnerships=partnerships,
        may_add=not reason,
    )


@PAGE_OR_FORM
def partnership_setup(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the steps of one partnership, with the form of the first plan when that is the next step."""
    on = clock.today()
    partnership = editable_partnership(request, pk)
    progress = progress_of(actor=actor_of(request), partnership=partnership, on=on)
    reason = why_not_create_plan(rights_of(request.user, on), partnership.pk)
    context: dict[str, Any] = {"partnership": partnership, "progress": progress, "may_plan": not reason}
    template = "importing/setup/checklist.html"
    if request.method != "POST" and (reason or progress.plan):
        return render(request, template, context)
    forbid(reason)
    return answer(
        request,
        FirstPlanForm(request.POST or None, on=on),
        service=partial(create_plan, partnership=partnership),
        template=template,
        done=lambda plan: gettext("{plan} added. Now import its actions.").format(plan=plan),
        leads_to=lambda plan: reverse("importing:plan-import", args=[plan.pk]),
        **context,
    )


@require_POST
def invitations(request: HttpRequest, pk: int) -> HttpResponse:
    """Invite the people who have not chosen a password: those not invited yet, or the others again."""
    partnership = editable_partnership(request, pk)
    number = invite_people(
        actor=actor_of(request),
        partnership=partnership,
        again="again" in request.POST,
        on=clock.today(),
        at=clock.now(),
    )
    if number:
        messages.success(
            request,
            ngettext("{number} invitation sent", "{number} invitations sent", number).format(number=number),
        )
    else:
        messages.warning(request, gettext("Nobody is waiting for an invitation."))
    return redirect("importing:setup-partnership", pk)
