"""Training, Channel and the local profile in a return: optional, checked in words, and carried into the programme."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from actions.models import Action
from programme.models import Completion, PanelMonth, PlanAlignment
from returns.models import Return, ReturnFigure
from returns.services.drafting import SaveResult
from returns.services.figures import FigureDraft, figure_lines
from returns.services.submitting import question_return
from tests.cast import AT, TODAY, Cast
from tests.factories import ActionFactory
from tests.permissions.returns import still_open
from tests.programme.factories import (
    ChannelPanelFactory,
    CompletionFactory,
    LocalProfileFactory,
    TrainingProgrammeFactory,
)
from tests.returns import returns

TRAINING: dict[str, Any] = {"eligible": 80, "completed": 60}
CHANNEL: dict[str, Any] = {
    "held": 2,
    "both": 1,
    "local_only": None,
    "ctp_only": None,
    "neither": 1,
    "not_recorded": None,
    "reason": "Both were at an incident.",
}
PROFILE: dict[str, Any] = {"aligned_on": date(2020, 5, 20)}
NOTHING = dict.fromkeys(TRAINING), {name: "" if name == "reason" else None for name in CHANNEL}


@pytest.fixture
def report(cast: Cast) -> Return:
    """Bradford's open return, with one training programme, one panel that it checks and one profile."""
    ActionFactory(cast=cast, in_progress=True)
    TrainingProgrammeFactory(cast=cast)
    ChannelPanelFactory(cast=cast)
    LocalProfileFactory(cast=cast)
    return still_open(cast)


def save(cast: Cast, report: Return, *values: dict[str, Any], **options: Any) -> SaveResult:
    """Save figures on the training, the panel and the profile, in that order."""
    lines = figure_lines(actor=cast.bradford_spoc, report=report, on=TODAY)
    drafts = [
        FigureDraft(key=line.key, values=each, version=options.pop("of", None))
        for line, each in zip(lines, values, strict=False)
    ]
    return returns.save(cast, report, figures=drafts, at=AT, **options)


def submit(cast: Cast, report: Return) -> Return:
    returns.save(cast, report, *(returns.row(action) for action in Action.objects.all()), at=AT)
    return returns.submit(cast, report, at=AT)


def test_figures_become_records_when_the_return_is_submitted(cast: Cast, report: Return) -> None:
    assert save(cast, report, TRAINING, CHANNEL, PROFILE).is_whole
    assert not Completion.objects.exists()
    submit(cast, report)
    completion, month, alignment = (
        Completion.objects.get(),
        PanelMonth.objects.get(),
        PlanAlignment.objects.get(),
    )
    assert (completion.period_from, completion.period_to) == (date(2020, 5, 1), date(2020, 5, 31))
    assert (str(completion.quantity("completed")), str(completion.quantity("eligible"))) == ("60", "80")
    assert (month.month, month.held, month.neither, month.local_only) == (date(2020, 5, 1), 2, 1, 0)
    assert (alignment.plan, alignment.aligned_on) == (cast.plan, date(2020, 5, 20))
    for record in (completion, month, alignment):
        assert record.source == "Return of Bradford District, May 2020"
        assert (record.basis, record.as_at) == ("recorded", date(2020, 5, 31))


def test_figures_are_optional(cast: Cast, report: Return) -> None:
    assert save(cast, report, *NOTHING).is_whole
    submit(cast, report)
    assert not ReturnFigure.objects.exists()
    assert not Completion.objects.exists()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([{"eligible": 10, "completed": 12}], "More people completed this than were eligible"),
        ([NOTHING[0], CHANNEL | {"both": 2}], "must add up to the meetings held"),
        ([NOTHING[0], CHANNEL | {"reason": ""}], "Say why neither police side attended"),
        ([NOTHING[0], CHANNEL | {"held": None}], "Enter how many meetings were held"),
    ],
)
def test_wrong_numbers_are_refused_in_words(
    cast: Cast, report: Return, values: list[dict[str, Any]], message: str
) -> None:
    (error,) = save(cast, report, *values).figure_problems.values()
    assert message in " ".join(error.messages)
    assert not ReturnFigure.objects.exists()


def test_a_record_that_is_there_is_corrected_and_not_doubled(cast: Cast, report: Return) -> None:
    period = {"period_from": date(2020, 5, 1), "period_to": date(2020, 5, 31)}
    old = CompletionFactory(
        cast=cast, programme=figure_lines_of(cast, report)[0].subject, completed=50, **period
    )
    save(cast, report, TRAINING)
    submitted = submit(cast, report)
    new = Completion.objects.get(is_current=True)
    assert (new.completed, new.supersedes) == (60, old)
    question_return(actor=cast.manager, report=submitted, question="Is this right?", rows={}, at=AT)
    report.refresh_from_db()
    save(cast, report, {"eligible": 80, "completed": 61})
    returns.submit(cast, report, at=AT)
    assert [row.completed for row in Completion.objects.order_by("pk")] == [50, 60, 61]


def figure_lines_of(cast: Cast, report: Return) -> Any:
    return figure_lines(actor=cast.bradford_spoc, report=report, on=TODAY)


def test_nobody_overwrites_what_somebody_else_saved_meanwhile(cast: Cast, report: Return) -> None:
    save(cast, report, TRAINING, of=0)
    late = save(cast, report, {"eligible": 90, "completed": 60}, of=0)
    assert len(late.figure_conflicts) == 1
    assert ReturnFigure.objects.get().eligible == 80


def test_the_page_keeps_what_was_typed_and_the_manager_reads_what_was_reported(
    cast: Cast, report: Return, signed_in: Any
) -> None:
    browser, page = signed_in("bradford_spoc"), reverse("returns:return", args=[report.pk])
    form = browser.get(page)
    assert "(0 of 3 filled in)" in form.content.decode()
    training, channel, _ = (each.prefix for each in form.context["form"].figures)
    data = {"version": "1", f"{training}-version": "0", f"{channel}-version": "0"}
    data |= {f"{training}-eligible": "10", f"{training}-completed": "12"}
    data |= {f"{channel}-{name}": "" if value is None else value for name, value in CHANNEL.items()}
    refused = browser.post(page, data)
    text = refused.content.decode()
    assert (refused.status_code, "More people completed this than were eligible" in text) == (422, True)
    assert 'value="12"' in text
    assert ReturnFigure.objects.get().neither == 1
    save(cast, report, TRAINING)
    submit(cast, report)
    read = signed_in("manager").get(page).content.decode()
    assert "People who completed it in the period" in read
    assert "Both were at an incident." in read
