"""Who: people, organisations and the bodies that meet."""

from partners.models.boards import Board, MouArea, Responsibility
from partners.models.clients import ApiClient, ClientSecret
from partners.models.memberships import Membership
from partners.models.organisations import Area, Organisation, OrganisationAlias
from partners.models.partnerships import Partnership
from partners.models.tokens import PersonalToken, PersonalTokenUse
from partners.models.users import User
from partners.policies import Role

__all__ = [
    "ApiClient",
    "Area",
    "Board",
    "ClientSecret",
    "Membership",
    "MouArea",
    "Organisation",
    "OrganisationAlias",
    "Partnership",
    "PersonalToken",
    "PersonalTokenUse",
    "Responsibility",
    "Role",
    "User",
]
