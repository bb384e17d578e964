"""The people whom a partnership's identity provider can see and change."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from partners.accounts.models import User
from partners.memberships.models import Membership
from partners.partnerships.models import Partnership


def manageable_people(partnership: Partnership) -> QuerySet[User]:
    """Return the people whom the identity provider manages already, and the open accounts with roles in this partnership only.

    Administrators and API clients are never among them, nor anybody with a role in another partnership.
    """
    roles = Membership.objects.filter(user=OuterRef("pk"))
    people = User.objects.filter(kind=User.Kind.USER, is_staff=False)
    people = people.exclude(Exists(roles.exclude(partnership=partnership)))
    ours = Q(provisioned_account__partnership=partnership)
    known = Q(provisioned_account=None, is_active=True) & Q(Exists(roles))
    return people.filter(ours | known).select_related("provisioned_account").order_by("pk")
