"""Recommendations at each stage of their life, made through the services."""

from datetime import datetime
from typing import Any

from actions.models import Action
from actions.services import assure_action, reopen_action
from inspections import services
from inspections.models import ActionLink, Recommendation
from inspections.states import State
from partners.models import User
from partners.services import create_user, grant_membership
from tests import cast as stage
from tests.cast import AT, LONDON, SINCE, Cast

JUDGED_AT = datetime(2020, 6, 15, 9, tzinfo=LONDON)


@stage.stage.remembered
def linked(cast: Cast, row: Recommendation, action: Action, answers: str = "") -> ActionLink:
    return services.link_action(
        actor=cast.manager, recommendation=row, action=action, answers=answers, at=JUDGED_AT
    )


@stage.stage.remembered
def complete(cast: Cast, ref: str = "WY20-01", **fields: Any) -> Action:
    """Bradford's action, assured by the auditor."""
    action = stage.submitted(cast, ref, **fields)
    assure_action(actor=cast.auditor, action=action, note="Seen the list.", at=JUDGED_AT)
    action.refresh_from_db()
    return action


def reopened_action(cast: Cast, action: Action) -> Action:
    reopen_action(actor=cast.auditor, action=action, note="The list was another year's.", at=AT)
    action.refresh_from_db()
    return action


@stage.stage.remembered
def answered(cast: Cast, answer: str = State.ACCEPTED, **fields: Any) -> Recommendation:
    return services.answer_recommendation(
        actor=cast.manager,
        recommendation=stage.finding(cast, **fields),
        answer=answer,
        reason="The region does the rest.",
        at=JUDGED_AT,
    )


@stage.stage.remembered
def in_progress(cast: Cast, action: Action | None = None, **fields: Any) -> Recommendation:
    """Answered by one complete action, unless another is given."""
    row = answered(cast, **fields)
    linked(cast, row, action or complete(cast))
    return services.start_recommendation(actor=cast.manager, recommendation=row, at=JUDGED_AT)


@stage.stage.remembered
def proposed(cast: Cast, action: Action | None = None, **fields: Any) -> Recommendation:
    row = in_progress(cast, action, **fields)
    return services.propose_recommendation(
        actor=cast.manager, recommendation=row, reason="All teams are briefed.", at=JUDGED_AT
    )


@stage.stage.remembered
def closed(cast: Cast, outcome: str = State.IMPLEMENTED, **fields: Any) -> Recommendation:
    return services.judge_recommendation(
        actor=cast.auditor,
        recommendation=proposed(cast, **fields),
        outcome=outcome,
        reason="Seen at the site visit.",
        at=JUDGED_AT,
    )


@stage.stage.remembered
def reopened(cast: Cast, **fields: Any) -> Recommendation:
    return services.reopen_recommendation(
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
