"""Steps of leaving and handing over that several tests share."""

from datetime import date, timedelta
from typing import Any

from actions.handover.services import hand_over
from actions.models import Action
from audit.actors import SYSTEM
from partners.memberships.services import end_membership, grant_membership
from partners.models import Membership, Organisation, User
from tests.cast import AT, TODAY, Cast

YESTERDAY = TODAY - timedelta(days=1)


def leaves(cast: Cast, name: str = "bradford_spoc", last_day: date = YESTERDAY) -> User:
    """The same person, whose membership has ended."""
    person = cast.person(name)
    end_membership(actor=cast.administrator, membership=person.memberships.get(), ends_on=last_day, at=AT)
    return person


def over(cast: Cast, **changes: Any) -> list[Action]:
    facts = {
        "actor": cast.manager,
        "partnership": cast.yorkshire,
        "outgoing": cast.bradford_spoc,
        "successor": cast.leeds_spoc,
        "note": "Moves to Leeds.",
        "at": AT,
    }
    return hand_over(**(facts | changes))


def give(cast: Cast, user: User, organisation: Organisation, role: str, **changes: Any) -> Membership:
    facts = {"partnership": organisation.partnership, "starts_on": date(2020, 4, 1), "at": AT}
    return grant_membership(actor=SYSTEM, user=user, organisation=organisation, role=role, **facts | changes)
