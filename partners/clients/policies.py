"""Who may have the secret of an API client."""

from datetime import date

from audit.actors import Reader
from partners.policies import NEEDS_APPROVAL, rights_of, why_not_administer


def why_not_receive_secret(account: Reader, partnership_id: int, on: date) -> str:
    """Return why the account's user may not be sent a secret of the partnership's clients; empty for a partner's people."""
    decides = partnership_id in rights_of(account, on).partnerships(*NEEDS_APPROVAL)
    if not decides and why_not_administer(account):
        return ""
    return (
        "This person manages, decides or audits in this partnership, so they must not have the secret. "
        "Choose somebody at the organisation"
    )
