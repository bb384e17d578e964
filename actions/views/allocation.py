from django.http import HttpRequest, HttpResponse

from actions import policies
from actions.forms.allocation import AllocationForm
from actions.services import allocate_action
from actions.services.actions import MANAGERS_ONLY
from actions.states import UNALLOCATED
from actions.views import change
from audit import clock


@change.PAGE_OR_FORM
def action_allocate(request: HttpRequest, pk: int) -> HttpResponse:
    """Say who leads and owns an action and by when it is due; later, who owns it instead."""
    action = change.found(request, pk)
    change.require(policies.may_manage(change.rights(request), action.partnership_id), MANAGERS_ONLY)
    if request.method != "POST" and not action.is_open:
        return change.out_of_state(request, action, "allocated")
    return change.answer(
        request,
        AllocationForm(request.POST or None, action=action, user=request.user, on=clock.today()),
        action=action,
        service=allocate_action,
        template="actions/allocate_form.html",
        done="The action is allocated.",
        is_first=action.state in UNALLOCATED,
    )
