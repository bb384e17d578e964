"""Recording the rating that a board gives an action by a minute."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from actions.board_ratings import policies
from actions.board_ratings.models import BoardRating
from actions.core.models import Action
from actions.core.services.change import Change, changing
from actions.core.services.requests import NO_MINUTE, cite
from actions.core.states import UNDER_WAY
from audit.actors import Actor, account_of
from meetings.models import Decision, Minute
from standards.rag import STEPS_TO_GREEN
from web.language import day_text, english


def rate_by_board(
    *,
    actor: Actor,
    action: Action,
    rag: str,
    reason: str,
    at: datetime,
    minute: Minute | None = None,
    version: int | None = None,
) -> BoardRating:
    """Record the rating that a board gave an action, or that it ended its rating.

    The declared and the computed rating stay as they are. The rating of a later meeting replaces it.

    Args:
        rag: red, amber or green; empty to end the board's rating.
        minute: of a meeting of a board that decides on the action; required.

    Raises:
        PermissionDenied: unless the actor is a board member who does not own the action.
        ValidationError: keyed by field, without a reason or a minute, for a minute of a meeting that could not decide
            this or is earlier than the last rating's; code `state` when work is not under way.
    """
    verb = "action.rated_by_board" if rag else "action.board_rating_ended"
    with changing(
        actor=actor, action=action, at=at, verb=verb, version=version, note=reason.strip(), as_whole=True
    ) as change:
        change.forbid(policies.why_not_rate(change.rights, change.action))
        change.require_state(*UNDER_WAY, to="rated by a board")
        if rag and rag not in STEPS_TO_GREEN:
            raise ValidationError({"rag": gettext("Choose red, amber or green.")})
        if not rag and not change.action.board_rag:
            raise ValidationError(
                {"rag": gettext("The board has not rated this action, so there is no rating to end.")}
            )
        rating = BoardRating(
            action=change.action,
            rag=rag,
            reason=_required(reason, minute),
            minute=minute,
            recorded_by=account_of(actor),
            recorded_at=at,
        )
        assert minute is not None
        rating.reference = minute.citation
        _require_later(change, minute)
        rating.full_clean(exclude=["action", "recorded_by", "minute"])
        rating.save(force_insert=True)
        change.record("board_rating.recorded", rating)
        with english():
            rated = f"{change.action.ref} is rated {rating.get_rag_display().lower()}."
        wording = rated if rag else "The rating ends."
        cite(
            change,
            minute,
            subject=Decision.Subject.RATING,
            approve=True,
            wording=f"{wording} {rating.reason}",
        )
        change.action.board_rag = rag
        change.action.board_rag_reference = rating.reference if rag else ""
    return rating


def _required(reason: str, minute: Minute | None) -> str:
    errors = {}
    if not reason.strip():
        errors["reason"] = gettext("Give the board's reason.")
    if minute is None:
        errors["minute"] = NO_MINUTE
    if errors:
        raise ValidationError(errors)
    return reason.strip()


def _require_later(change: Change, minute: Minute) -> None:
    last = BoardRating.objects.filter(action=change.action).select_related("minute__item__meeting").first()
    if last is None or last.minute is None:
        return
    day: date = last.minute.item.meeting.day
    if minute.item.meeting.day < day:
        raise ValidationError(
            {
                "minute": gettext(
                    "A board rated this action on {day}. Choose a minute of that day or later."
                ).format(day=day_text(day))
            }
        )
