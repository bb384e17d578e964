"""Due dates asked for and decided on, as the tests of dates tell it."""

from datetime import date
from typing import Any

from actions.dates.services import decide_date_change, request_date_change, set_cause_of_concern
from actions.milestones.services import add_milestone, reach_milestone
from actions.models import Action, DateChange, Milestone
from partners.memberships.services import grant_membership
from tests.cast import AT, SINCE, Cast
from tests.factories import ActionFactory
from tests.support.snapshots import reuse_snapshot

LATER, LATEST = date(2020, 11, 30), date(2020, 12, 31)


def ask(**changes: Any) -> DateChange:
    """Ask for 30 November 2020, two months after the day the cast's actions are due."""
    return request_date_change(**{"new_due": LATER, "reason": "Illness in the team.", "at": AT} | changes)


def decide(**changes: Any) -> DateChange:
    return decide_date_change(**{"approve": True, "reason": "Agreed.", "at": AT} | changes)


@reuse_snapshot
def moved(cast: Cast, action: Action, new_due: date = LATER) -> Action:
    """The same action, moved later once by the manager's decision."""
    decide(actor=cast.manager, date_change=ask(actor=action.owner, action=action, new_due=new_due))
    action.refresh_from_db()
    return action


def concern(cast: Cast, action: Action, **changes: Any) -> Action:
    facts = {"actor": cast.manager, "under": True, "reason": "Inspection of May 2020.", "at": AT} | changes
    return set_cause_of_concern(action=action, **facts)


def give(cast: Cast, user: Any, role: str, organisation: Any) -> None:
    grant_membership(
        actor=cast.administrator,
        user=user,
        partnership=cast.yorkshire,
        organisation=organisation,
        role=role,
        starts_on=SINCE,
        at=AT,
    )


def milestone(cast: Cast, action: Action, **changes: Any) -> Milestone:
    """A milestone of July that Bradford's SPOC set."""
    facts = {"actor": cast.bradford_spoc, "title": "Name the trainers", "due": date(2020, 7, 31), "at": AT}
    return add_milestone(action=action, **facts | changes)


@reuse_snapshot
def slipping(cast: Cast, ref: str = "WY20-06") -> Action:
    """Bradford's action, moved once, with a milestone reached and one open, and a second later date asked for."""
    action = moved(cast, ActionFactory(cast=cast, in_progress=True, ref=ref))
    reach_milestone(
        actor=cast.bradford_spoc, milestone=milestone(cast, action), reached_on=date(2020, 6, 2), at=AT
    )
    milestone(cast, action, title="Train the trainers", due=date(2020, 6, 19))
    ask(actor=cast.bradford_spoc, action=action, new_due=LATEST, reason="The second course is full.")
    action.refresh_from_db()
    return action
