from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from actions.core import policies
from actions.history import views as change
from actions.update_requests.forms import UpdateRequestForm
from actions.update_requests.services import request_update
from web.pages import PAGE_OR_FORM


@PAGE_OR_FORM
def update_request(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the owner of an action for an update."""
    action = change.get_action(request, pk)
    change.forbid(policies.why_not_manage(change.rights(request), action.partnership_id))
    return change.answer(
        request,
        UpdateRequestForm(request.POST or None),
        action=action,
        service=request_update,
        template="web/form_page.html",
        heading=gettext("Ask for an update"),
        done=gettext("Update requested from {owner}").format(owner=action.owner),
    )
