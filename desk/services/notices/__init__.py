"""What people are told by mail: when they want it, what it says, and that it is sent once."""

from desk.services.notices.preferences import (
    preference_of,
    save_preference,
    stop_digests,
    unsubscribing,
)
from desk.services.notices.sending import digests_sent_to, prune_lines, send_digests

__all__ = [
    "digests_sent_to",
    "preference_of",
    "prune_lines",
    "save_preference",
    "send_digests",
    "stop_digests",
    "unsubscribing",
]
