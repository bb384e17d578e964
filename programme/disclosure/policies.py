"""Who prepares answers to requests for information."""

from partners.policies import Rights, Role
from web.language import lazy_text

OFFICE_ONLY = lazy_text("You cannot prepare answers to requests for information. Ask the programme manager.")


def why_not_answer(rights: Rights) -> str:
    """Object rule: programme managers and auditors, each for their own partnerships."""
    return "" if rights.partnerships(Role.PROGRAMME_MANAGER, Role.AUDITOR) else OFFICE_ONLY
