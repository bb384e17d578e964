"""Pages of changes that wait for a second administrator. Auditors read them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from audit import clock
from audit.policies import forbid
from partners import policies
from partners.approvals.forms import REJECT, AccessForm, DecisionForm
from partners.approvals.models import ChangeRequest
from partners.approvals.queries import details_of
from partners.approvals.services import approve_change, reject_change, request_access, withdraw_change
from partners.policies import rights_of
from web.confirmation import confirm_before_posting, confirm_first
from web.pages import PAGE_OR_FORM, answer, press
from web.paging import page_of

LIST = "partners:approval-list"


@require_safe
def approval_list(request: HttpRequest) -> HttpResponse:
    on = clock.today()
    forbid(policies.why_not_list_changes(request.user, rights_of(request.user, on)))
    changes = _visible(request)
    waiting = changes.waiting(on)
    context = {
        "waiting": [(change, details_of(change)) for change in waiting],
        "decided": page_of(request, changes.exclude(pk__in=waiting.values("pk"))),
        "today": on,
        "may_request": not policies.why_not_administer(request.user),
    }
    return render(request, "partners/approvals/list.html", context)


@PAGE_OR_FORM
@confirm_first
def approval_add(request: HttpRequest) -> HttpResponse:
    """Request the reset of a factor or a link to the identity provider."""
    forbid(policies.why_not_administer(request.user, gettext("request this")))
    return answer(
        request,
        AccessForm(request.POST or None),
        service=request_access,
        done=gettext("Request saved. Another administrator must approve it."),
        leads_to=lambda change: change.get_absolute_url(),
        template="partners/approvals/form.html",
        heading=gettext("Request a reset or a link"),
        back=reverse(LIST),
        back_text=gettext("Back to approvals"),
    )


@PAGE_OR_FORM
@confirm_before_posting
def approval(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one request, with the form to decide on it for whoever may."""
    change, on = get_object_or_404(_visible(request), pk=pk), clock.today()
    reason = policies.why_not_approve(request.user, change.requested_by_id, change.user_id)
    if request.method == "POST":
        forbid(reason)

    def decide(*, decision: str, **values: Any) -> ChangeRequest:
        service = reject_change if decision == REJECT else approve_change
        return service(change=change, **values)

    return answer(
        request,
        DecisionForm(request.POST or None),
        service=decide,
        done=lambda decided: gettext("Request {get_state_display}").format(
            get_state_display=decided.get_state_display().lower()
        ),
        leads_to=lambda decided: reverse(LIST),
        template="partners/approvals/approval.html",
        change=change,
        details=details_of(change),
        status=change.status(on),
        is_open=change.state == ChangeRequest.State.WAITING and not change.is_lapsed(on),
        why_not=reason,
        may_withdraw=not policies.why_not_withdraw_change(request.user, change),
    )


@require_POST
def approval_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    change = get_object_or_404(_visible(request), pk=pk)
    forbid(policies.why_not_withdraw_change(request.user, change))
    return press(
        request,
        lambda **who: withdraw_change(change=change, **who),
        done=gettext("Request withdrawn"),
        leads_to=change.get_absolute_url(),
    )


def _visible(request: HttpRequest) -> Any:
    changes = ChangeRequest.objects.visible_to(request.user, clock.today())
    return changes.select_related("user", "requested_by", "decided_by", "partnership")
