from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from actions.core import policies
from actions.core.models import Action
from actions.disclosure.forms import PublicationForm
from actions.disclosure.services import decide_publication, publication_decision_of
from actions.history import views as change
from audit.actors import Reader
from partners.policies import Rights
from web.pages import PAGE_OR_FORM


@PAGE_OR_FORM
def action_publication(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide whether an action can be published."""
    action = change.get_action(request, pk)
    change.forbid(policies.why_not_manage(change.rights(request), action.partnership_id))
    initial = {
        "version": action.version,
        "publication": action.publication,
        "exemption": action.exemption,
    }
    return change.answer(
        request,
        PublicationForm(request.POST or None, initial=initial),
        action=action,
        service=decide_publication,
        template="actions/disclosure/publication_form.html",
        done=gettext("Publication decision saved."),
        as_whole=True,
        decision=publication_decision_of(action=action),
    )


def section(action: Action, *, user: Reader, on: date, rights: Rights) -> dict[str, Any]:
    """Return the latest publication decision, and whether the reader may decide."""
    return {
        "decision": publication_decision_of(action=action),
        "decides": not policies.why_not_manage(rights, action.partnership_id),
    }
