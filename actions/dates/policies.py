from typing import TYPE_CHECKING

from actions.core.policies import decides_alone
from partners.policies import Rights, Role

if TYPE_CHECKING:
    from actions.core.models import Action
    from actions.dates.models import DateChange


def may_decide_date(rights: Rights, change: "DateChange") -> bool:
    """The first later date is a programme manager's, the second and all under a cause of concern a board member's."""
    role = Role.BOARD_MEMBER if change.level == "board" else Role.PROGRAMME_MANAGER
    return rights.has(role, change.action.partnership_id) and decides_alone(rights, change)


def may_lift_concern(rights: Rights, action: "Action") -> bool:
    """A programme manager puts an action under a cause of concern; a board member who does not own it takes it off."""
    own = rights.user_id in (action.owner_id, action.alternate_id)
    return not own and rights.has(Role.BOARD_MEMBER, action.partnership_id)
