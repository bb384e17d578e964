"""Models of the programme around the plan, for Django to find."""

from programme.training.models import (
    Attendance,
    ChampionsCount,
    Completion,
    TrainingEvent,
    TrainingProgramme,
)

__all__ = ["Attendance", "ChampionsCount", "Completion", "TrainingEvent", "TrainingProgramme"]
