"""Training, Channel and the local profile in a return: optional, checked in words, and carried into the programme."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from programme.models import Completion, PanelMonth, PlanAlignment
from returns.models import Return, ReturnFigure
from returns.services.figures import FigureDraft, figure_lines
from returns.services.submitting import question_return
from tests.cast import Cast
from tests.factories import ActionFactory
from tests.permissions.returns import still_open
from tests.programme.factories import ChannelPanelFactory, CompletionFactory, LocalProfileFactory, TrainingProgrammeFactory
from tests.returns import returns

COUNTS = {"both": 1, "local_only": 0, "ctp_only": 0, "neither": 1, "not_recorded": None}
CHANNEL: dict[str, Any] = {"held": 2, **COUNTS, "reason": "Both were at an incident."}
TRAINING: dict[str, Any] = {"eligible": 80, "completed": 60}


@pytest.fixture
def report(cast: Cast) -> Return:
    ActionFactory(cast=cast, in_progress=True)
    TrainingProgrammeFactory(cast=cast)
    ChannelPanelFactory(cast=cast)
    LocalProfileFactory(cast=cast)
    return still_open(cast)


def drafts(cast: Cast, report: Return, *values: dict[str, Any]) -> list[FigureDraft]:
    """Return drafts of the training, the panel and the profile, in that order."""
    lines = figure_lines(actor=cast.bradford_spoc, report=report, on=returns.IN_TIME.date())
    return [FigureDraft(key=line.key, values=each) for line, each in zip(lines, values, strict=False)]


def saved(cast: Cast, report: Return, *values: dict[str, Any]) -> Any:
    return returns.save(cast, report, figures=drafts(cast, report, *values))


def submitted(cast: Cast, report: Return) -> Return:
    unchanged = [
        returns.row(line.action)
        for line in returns_lines(cast, report)
    ]
    returns.save(cast, report, *unchanged)
    return returns.submit(cast, report)


def returns_lines(cast: Cast, report: Return) -> Any:
    from returns.services.contents import visible_lines

    return visible_lines(actor=cast.bradford_spoc, report=report, on=returns.IN_TIME.date())
