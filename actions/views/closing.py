from django.http import HttpRequest, HttpResponse

from actions import policies
from actions.forms.closing import SupersedeForm, WithdrawForm
from actions.models import Action
from actions.services import supersede_action, withdraw_action
from actions.services.actions import BOARDS_ONLY
from actions.views import change
from audit import clock


@change.PAGE_OR_FORM
def action_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a board's decision that an action is not to be done."""
    action = _decided(request, pk)
    if request.method != "POST" and not action.is_open:
        return change.out_of_state(request, action, "withdrawn")
    return change.answer(
        request,
        WithdrawForm(request.POST or None, initial={"version": action.version}),
        action=action,
        service=withdraw_action,
        template="actions/withdraw_form.html",
        done="The action is withdrawn.",
    )


@change.PAGE_OR_FORM
def action_supersede(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a board's decision that another action takes this one's place."""
    action = _decided(request, pk)
    if request.method != "POST" and not action.is_open:
        return change.out_of_state(request, action, "superseded")
    seen = Action.objects.visible_to(request.user, clock.today())
    others = seen.filter(partnership=action.partnership_id).exclude(pk=action.pk)
    return change.answer(
        request,
        SupersedeForm(request.POST or None, initial={"version": action.version}, actions=others),
        action=action,
        service=supersede_action,
        template="actions/supersede_form.html",
        done="The action is superseded.",
    )


def _decided(request: HttpRequest, pk: int) -> Action:
    action = change.found(request, pk)
    change.require(policies.may_decide(change.rights(request), action), BOARDS_ONLY)
    return action
