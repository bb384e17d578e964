"""How every service, page and endpoint refuses, and what only the system does.

A policy returns the reason it refuses; empty allows.
"""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext

from audit.actors import Actor


def forbid(reason: str) -> None:
    """Raise PermissionDenied with the reason that a policy returns; empty allows."""
    if reason:
        raise PermissionDenied(reason)


def why_not_system(actor: Actor) -> str:
    """Return why the actor may not do the work of daily jobs and workers; empty for the system."""
    return "" if actor.actor_type == "system" else gettext("Only the system can do this.")


def why_not_person(actor: Actor) -> str:
    """Return why the actor may not have settings of their own; empty for a person with an open account."""
    if actor.actor_type == "user" and getattr(actor, "is_active", False):
        return ""
    return gettext("Only people can do this, not systems.")
