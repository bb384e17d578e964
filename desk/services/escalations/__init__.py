"""What happens when a day passes: those whose it is are told, then the programme manager, then the board."""

from desk.services.escalations.climbing import (
    NOT_YOURS,
    ROLE_OF,
    acknowledge,
    addressed,
    escalate,
    history_of,
    open_to,
    taken_above,
    taken_to,
    task_of,
    tasks,
)
from desk.services.escalations.kinds import LONGEST_HOLD, ROUTES, Kind, kind_of

__all__ = [
    "LONGEST_HOLD",
    "NOT_YOURS",
    "ROLE_OF",
    "ROUTES",
    "Kind",
    "acknowledge",
    "addressed",
    "escalate",
    "history_of",
    "kind_of",
    "open_to",
    "taken_above",
    "taken_to",
    "task_of",
    "tasks",
]
