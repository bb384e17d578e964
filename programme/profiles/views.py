"""The page of the register of local profiles."""

from datetime import date
from typing import Any

from audit.actors import Reader
from programme.profiles.queries import districts, force_profiles
from standards import marking


def room(user: Reader, on: date) -> dict[str, Any]:
    """Return what the page shows."""
    lines, force = districts(user=user, on=on), force_profiles(user=user, on=on)
    profiles = [*force, *(line.profile for line in lines if line.profile)]
    return {
        "districts": lines,
        "force_profiles": [(profile, profile.age_in_months(on)) for profile in force],
        "page_marking": marking.highest(profile.marking for profile in profiles),
    }
