"""What can be done to partners' records. Every function checks, changes and records in one transaction."""

from partners.services.clients import change_scopes, create_client, deactivate_client
from partners.services.memberships import end_membership, grant_membership
from partners.services.partnerships import create_partnership
from partners.services.reference import remove_reference, save_reference
from partners.services.secrets import end_secret, replace_secret
from partners.services.tokens import create_token, revoke_token
from partners.services.users import change_user, create_user, record_password_change

__all__ = [
    "change_scopes",
    "change_user",
    "create_client",
    "create_partnership",
    "create_token",
    "create_user",
    "deactivate_client",
    "end_membership",
    "end_secret",
    "grant_membership",
    "record_password_change",
    "remove_reference",
    "replace_secret",
    "revoke_token",
    "save_reference",
]
