"""Recommendations at each stage of their life, made through the services."""

from datetime import datetime
from typing import Any

from actions.assurance.services import assure_action, reopen_action
from actions.models import Action
from inspections.core.states import State
from inspections.findings.services.links import link_action
from inspections.findings.services.own_statuses import (
    answer_recommendation,
    judge_recommendation,
    propose_recommendation,
    reopen_recommendation,
    start_recommendation,
)
from inspections.models import ActionLink, Recommendation
from partners.accounts.services.users import create_user
from partners.memberships.services import grant_membership
from partners.models import User
from tests.cast import AT, LONDON, SINCE, Cast
from tests.factories import ActionFactory
from tests.inspections.factories import RecommendationFactory
from tests.support.snapshots import reuse_snapshot

JUDGED_AT = datetime(2020, 6, 15, 9, tzinfo=LONDON)


@reuse_snapshot
def linked(cast: Cast, row: Recommendation, action: Action, answers: str = "") -> ActionLink:
    return link_action(actor=cast.manager, recommendation=row, action=action, answers=answers, at=JUDGED_AT)


@reuse_snapshot
def complete(cast: Cast, ref: str = "WY20-01", **fields: Any) -> Action:
    """Bradford's action, assured by the auditor."""
    action = ActionFactory(cast=cast, awaiting_assurance=True, ref=ref, **fields)
    assure_action(actor=cast.auditor, action=action, note="Seen the list.", at=JUDGED_AT)
    action.refresh_from_db()
    return action


def reopened_action(cast: Cast, action: Action) -> Action:
    reopen_action(actor=cast.auditor, action=action, note="The list was another year's.", at=AT)
    action.refresh_from_db()
    return action


@reuse_snapshot
def answered(cast: Cast, answer: str = State.ACCEPTED, **fields: Any) -> Recommendation:
    return answer_recommendation(
        actor=cast.manager,
        recommendation=RecommendationFactory(cast=cast, **fields),
        answer=answer,
        reason="The region does the rest.",
        at=JUDGED_AT,
    )


@reuse_snapshot
def in_progress(cast: Cast, action: Action | None = None, **fields: Any) -> Recommendation:
    """Answered by one complete action, unless another is given."""
    row = answered(cast, **fields)
    linked(cast, row, action or complete(cast))
    return start_recommendation(actor=cast.manager, recommendation=row, at=JUDGED_AT)


@reuse_snapshot
def proposed(cast: Cast, action: Action | None = None, **fields: Any) -> Recommendation:
    row = in_progress(cast, action, **fields)
    return propose_recommendation(
        actor=cast.manager, recommendation=row, reason="All teams are briefed.", at=JUDGED_AT
    )


@reuse_snapshot
def closed(cast: Cast, outcome: str = State.IMPLEMENTED, **fields: Any) -> Recommendation:
    return judge_recommendation(
        actor=cast.auditor,
        recommendation=proposed(cast, **fields),
        outcome=outcome,
        reason="Seen at the site visit.",
        at=JUDGED_AT,
    )


@reuse_snapshot
def reopened(cast: Cast, **fields: Any) -> Recommendation:
    return reopen_recommendation(
        actor=cast.auditor, recommendation=closed(cast, **fields), reason="Not so in Leeds.", at=JUDGED_AT
    )


def second_auditor(cast: Cast) -> User:
    other = create_user(
        actor=cast.administrator, email="second.auditor@example.org", name="Second auditor", at=AT
    )
    grant_membership(
        actor=cast.administrator,
        user=other,
        partnership=cast.yorkshire,
        organisation=cast.opcc,
        role="auditor",
        starts_on=SINCE,
        at=AT,
    )
    return other
