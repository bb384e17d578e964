"""What can be done to partners' records. Every function checks, changes and records in one transaction."""

from partners.services.clients import create_client, deactivate_client
from partners.services.memberships import end_membership, grant_membership
from partners.services.partnerships import create_partnership
from partners.services.reference import remove_reference, save_reference
from partners.services.users import change_user, create_user, record_password_change

__all__ = [
    "change_user",
    "create_client",
    "create_partnership",
    "create_user",
    "deactivate_client",
    "end_membership",
    "grant_membership",
    "record_password_change",
    "remove_reference",
    "save_reference",
]
