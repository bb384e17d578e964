"""Who may have the secret of an API client."""

from datetime import date

from django.utils.translation import gettext

from audit.actors import Reader
from partners.policies import NEEDS_APPROVAL, rights_of, why_not_administer


def why_not_receive_secret(account: Reader, partnership_id: int, on: date) -> str:
    """Return why the account's user may not have a secret of the partnership's clients; empty for a partner's people.

    They could request something through the client, and decide on it or assure it themselves.
    """
    decides = partnership_id in rights_of(account, on).partnerships(*NEEDS_APPROVAL)
    if not decides and why_not_administer(account):
        return ""
    return gettext(
        "Managers, board members and auditors of the partnership and administrators must not have the secret. "
        "It is for somebody at the organisation."
    )
