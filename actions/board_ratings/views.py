from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from actions.board_ratings import policies
from actions.board_ratings.forms import BoardRatingForm
from actions.board_ratings.models import BoardRating
from actions.board_ratings.services import rate_by_board
from actions.core.abilities import Ability
from actions.core.models import Action
from actions.core.services.requests import matter_of
from actions.core.states import UNDER_WAY
from actions.history import views as change
from actions.history.queries import Children
from audit import clock
from audit.actors import Reader
from meetings.decisions.services import citable_minutes
from meetings.models import Decision
from partners.policies import Rights
from standards.rag import STEPS_TO_GREEN, Rag
from web.pages import PAGE_OR_FORM


@PAGE_OR_FORM
def board_rating_record(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the rating that a board gave an action."""
    action = change.get_action(request, pk)
    change.forbid(policies.why_not_rate(change.rights(request), action))
    if request.method != "POST" and action.state not in UNDER_WAY:
        return change.out_of_state(request, action, gettext("rated by a board"))
    matter = matter_of(action=action, subject=Decision.Subject.RATING)
    return change.answer(
        request,
        BoardRatingForm(
            request.POST or None,
            rated=bool(action.board_rag),
            minutes=citable_minutes(matter=matter, user=request.user, on=clock.today()),
            initial={"version": action.version, "minute": request.GET.get("minute")},
        ),
        action=action,
        service=rate_by_board,
        template="actions/board_ratings/form.html",
        done=gettext("The board's rating saved."),
        as_whole=True,
        computed=action.computed_rag(clock.today()),
    )


def section(action: Action, *, user: Reader, on: date, rights: Rights, children: Children) -> dict[str, Any]:
    """Return a board's ratings of an action, how the current one differs, and whether the reader may record one."""
    ratings = BoardRating.objects.filter(action=action).select_related("recorded_by")
    rows = list(ratings) if BoardRating in children else []
    rates = action.state in UNDER_WAY and not policies.why_not_rate(rights, action)
    return {
        "current": rows[0] if action.board_rag else None,
        "past": rows[1:] if action.board_rag else rows,
        "differences": _differences(action, on),
        "rates": rates,
        "decisions": [Ability(gettext("Record a board\u2019s rating"), "actions:board-rating-record")]
        if rates
        else [],
    }


def _differences(action: Action, on: date) -> list[str]:
    """Say how the board's rating differs from the declared and the computed one."""
    computed = action.computed_rag(on)
    worse = [gettext("Worse than the declared rating."), gettext("Worse than the dates show.")]
    better = [gettext("Better than the declared rating."), gettext("Better than the dates show.")]
    if not action.board_rag:
        return []
    board = STEPS_TO_GREEN[Rag(action.board_rag)]
    return [
        (worse if board > STEPS_TO_GREEN[Rag(rag)] else better)[place]
        for place, rag in enumerate((action.rag, computed.rag if computed else ""))
        if rag and rag != action.board_rag
    ]
