"""Linking actions to recommendations. The board decides date changes of actions under a cause of concern."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext

from actions.core.querysets import ActionQuerySet
from actions.core.states import OPEN as OPEN_ACTION
from actions.dates.services import set_cause_of_concern
from actions.models import Action
from audit.actors import Actor, account_of
from inspections.core import policies
from inspections.core.states import OPEN, State
from inspections.findings.models.recommendations import LIVE_ACTION, ActionLink, Recommendation
from partners.changing.services import changing

# A proposed closure cannot change while the auditor assesses it; a closed finding must be reopened first.
LINKABLE = tuple(state for state in OPEN if state != State.PROPOSED)


def link_action(
    *,
    actor: Actor,
    recommendation: Recommendation,
    action: Action,
    at: datetime,
    answers: str = "",
    version: int | None = None,
) -> ActionLink:
    """Link an action to a recommendation, or to part of one.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: keyed by `action`: linked already, of another partnership, withdrawn or superseded; code `state`
            where the recommendation is proposed for closure or closed; code `conflict`.
    """
    with changing(
        actor=actor, row=recommendation, at=at, verb="recommendation.linked", version=version
    ) as change:
        row = change.row
        change.forbid(policies.why_not_manage(change.rights, row.inspection.partnership_id))
        change.require_state(*LINKABLE, to="linked to another action")
        action = Action.objects.select_for_update(of=("self",)).get(pk=action.pk)
        if action.state in (Action.State.WITHDRAWN, Action.State.SUPERSEDED):
            state = action.get_state_display().lower()
            raise ValidationError(
                {
                    "action": gettext("Choose another action: {ref} is {state}.").format(
                        ref=action.ref, state=state
                    )
                }
            )
        link = ActionLink(
            recommendation=row,
            action=action,
            answers=answers.strip(),
            linked_by=account_of(actor),
            linked_at=at,
        )
        change.add("link.added", link)
        put_under_concern(actor=actor, recommendation=row, at=at)
    return link


def unlink_action(
    *, actor: Actor, link: ActionLink, reason: str, at: datetime, version: int | None = None
) -> Recommendation:
    """Unlink an action. The ledger keeps the link and the reason; only a board takes the action off a cause of concern.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: keyed by `reason` without one; when the recommendation is in progress and no other live action
            answers it; code `state` where it is proposed for closure or closed; code `conflict`, also where the link
            is gone already.
    """
    with changing(
        actor=actor,
        row=link.recommendation,
        at=at,
        verb="recommendation.unlinked",
        version=version,
        note=reason.strip(),
    ) as change:
        row = change.row
        change.forbid(policies.why_not_manage(change.rights, row.inspection.partnership_id))
        change.require_state(*LINKABLE, to="unlinked from an action")
        locked = ActionLink.objects.select_for_update().filter(pk=link.pk, recommendation=row).first()
        if locked is None:
            raise ValidationError(gettext("This action has already been unlinked."), code="conflict")
        if not reason.strip():
            raise ValidationError({"reason": gettext("Enter why the action does not answer this finding.")})
        change.remove("link.removed", locked, note=reason.strip())
        still = actions_of(recommendation=row).filter(state__in=LIVE_ACTION)
        if row.state == State.IN_PROGRESS and not still.exists():
            raise ValidationError(
                gettext(
                    "This recommendation is in progress, so it needs a live action. Link another action first."
                )
            )
    return change.row


def actions_of(*, recommendation: Recommendation) -> ActionQuerySet:
    """Return the actions linked to a recommendation, and to those under it if it is a cause of concern."""
    path = "recommendation_links__recommendation"
    ours = Q(**{path: recommendation}) | Q(**{f"{path}__cause": recommendation})
    return Action.objects.filter(ours).distinct().order_by("ref")


def put_under_concern(*, actor: Actor, recommendation: Recommendation, at: datetime) -> None:
    """Mark the open actions of a cause of concern, or of a recommendation under one, as under it.

    Of an action that its districts deliver these are the open parts: each has dates of its own.
    """
    row = recommendation
    concern = row if row.kind == Recommendation.Kind.CAUSE_OF_CONCERN else row.cause
    if concern is None:
        return
    linked = Action.objects.filter(recommendation_links__recommendation=row)
    ours = Action.objects.filter(Q(pk__in=linked, by_districts=False) | Q(parent__in=linked))
    for action in ours.filter(state__in=OPEN_ACTION, under_cause_of_concern=False).order_by("pk"):
        # Who sees the action may not see the inspection, so the reason does not name it.
        set_cause_of_concern(
            actor=actor, action=action, under=True, reason="It answers a finding of an inspection.", at=at
        )
