"""Models of people, organisations and boards, for Django to find."""

from partners.access_reviews.models import AccessReview, AccessReviewLine
from partners.accounts.models import User
from partners.approvals.models import ChangeRequest
from partners.clients.models import ApiClient, ClientSecret, SecretLink
from partners.memberships.models import Membership
from partners.organisations.boards import Board, BoardSeat, MouArea, Responsibility
from partners.organisations.models import Area, Organisation, OrganisationAlias
from partners.partnerships.models import Partnership
from partners.policies import Role
from partners.scim.models import ProvisionedAccount
from partners.single_sign_on.models import Identity
from partners.tokens.models import PersonalToken, PersonalTokenUse

__all__ = [
    "AccessReview",
    "AccessReviewLine",
    "ApiClient",
    "Area",
    "Board",
    "BoardSeat",
    "ChangeRequest",
    "ClientSecret",
    "Identity",
    "Membership",
    "MouArea",
    "Organisation",
    "OrganisationAlias",
    "Partnership",
    "PersonalToken",
    "PersonalTokenUse",
    "ProvisionedAccount",
    "Responsibility",
    "Role",
    "SecretLink",
    "User",
]
