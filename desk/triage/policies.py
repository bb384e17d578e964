"""Who opens the triage page."""

from django.utils.translation import gettext

from partners.policies import Rights, Role


def why_not_triage(rights: Rights) -> str:
    """Return why the user may not open the page; empty for a programme manager."""
    return "" if rights.partnerships(Role.PROGRAMME_MANAGER) else gettext("Triage is for programme managers.")
