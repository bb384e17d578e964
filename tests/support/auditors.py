"""People who become auditors: nobody is auditor beside another role in a partnership."""

from datetime import timedelta

from partners.memberships.services import end_membership, grant_membership
from partners.models import Organisation, User
from tests.cast import AT, Cast


def become_auditor(cast: Cast, user: User, organisation: Organisation) -> None:
    """End the user's roles the day before, and make them an auditor of West Yorkshire from today."""
    today = AT.date()
    for membership in user.memberships.filter(partnership=cast.yorkshire, ends_on=None):
        end_membership(
            actor=cast.administrator, membership=membership, ends_on=today - timedelta(days=1), at=AT
        )
    grant_membership(
        actor=cast.administrator,
        user=user,
        partnership=cast.yorkshire,
        organisation=organisation,
        role="auditor",
        starts_on=today,
        at=AT,
    )
