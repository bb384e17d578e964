"""The training page: what was held, who was trained, and what is still to be recorded."""

from datetime import date
from typing import Any

from audit.actors import Reader
from programme.training.queries import champions, progress, training_figures


def room(user: Reader, on: date) -> dict[str, Any]:
    """Return what the page shows."""
    return {
        "training": training_figures(user=user, on=on),
        "progress": progress(user=user, on=on),
        "champions": champions(user=user, on=on),
    }
