"""Who can stand behind an entry."""

from dataclasses import dataclass
from typing import Any, Protocol


class Actor(Protocol):
    """Who makes a change: a signed-in person, a partner's system, or the system itself."""

    @property
    def pk(self) -> Any: ...

    @property
    def actor_type(self) -> str:
        """One of user, client, system."""

    @property
    def actor_label(self) -> str:
        """What the record calls the actor: a role title or a system's name."""


class Reader(Protocol):
    """Who reads: a signed-in person, a partner's system, a visitor who has not signed in, or the system itself."""

    @property
    def pk(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class SystemActor:
    """Commands and tasks with nobody behind them."""

    pk: None = None
    actor_type: str = "system"
    actor_label: str = "Prevent Tracker"


SYSTEM = SystemActor()


def account_of(actor: Actor) -> Any:
    """Return the account that acts, as rows name it: a person's, or that of a partner's system.

    Raises:
        TypeError: the system has no account, so no row can name it.
    """
    if actor.actor_type == "system":
        raise TypeError("The system has no account.")
    return actor
