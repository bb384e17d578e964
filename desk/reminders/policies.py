"""Who may send reminders."""

from django.utils.translation import gettext

from actions.core.policies import why_not_manage
from partners.policies import Rights, Role


def why_not_remind_anyone(rights: Rights) -> str:
    """Return why the user may not open the page; empty for a programme manager."""
    return (
        ""
        if rights.partnerships(Role.PROGRAMME_MANAGER)
        else gettext("Only the programme manager can send reminders.")
    )


def why_not_remind(rights: Rights, partnership_id: int) -> str:
    """Return why the user may not send reminders in a partnership; empty for its programme manager."""
    return why_not_manage(rights, partnership_id)
