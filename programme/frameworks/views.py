"""The page of frameworks: coverage, readings and glossary, each version by itself."""

from datetime import date
from typing import Any

from programme.frameworks.queries import by_grade, coverage, frameworks, measures


def room(user: Any, on: date) -> dict[str, Any]:
    """Return what the page shows."""
    return {
        "versions": [
            {
                "framework": framework,
                "matrix": coverage(user=user, on=on, framework=framework),
                "measures": measures(user=user, on=on, framework=framework),
                "grades": by_grade(user=user, on=on, framework=framework),
            }
            for framework in frameworks(user=user, on=on)
        ]
    }
