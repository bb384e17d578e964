"""What was last said of an action before a return stays what it was, whatever is said later."""

from datetime import timedelta
from typing import Any

from django.urls import reverse

from actions.models import Action, ProgressUpdate
from audit.actors import SYSTEM
from returns.models import Return
from returns.services.contents import visible_lines
from returns.services.opening import close_returns, open_returns
from returns.services.submitting import question_return
from tests.api.clients import system_of
from tests.cast import AT, Cast
from tests.factories import ActionFactory, submit_progress
from tests.returns.returns import (
    CLOSES,
    GREEN,
    IN_TIME,
    open_return,
    row,
    row_of,
    save,
    submit,
    submitted_return,
)

BEFORE = "Two of five teams are briefed."
MEANWHILE = "All five teams are briefed."
LATER = IN_TIME + timedelta(hours=1)


def say(cast: Cast, action: Action, narrative: str, at: Any = LATER, **fields: Any) -> ProgressUpdate:
    facts = {"actor": cast.bradford_spoc, "rag": "green", "percent": 90} | fields
    return submit_progress(action=action, narrative=narrative, at=at, **facts)


def last_words(cast: Cast, report: Return, on: Any = AT) -> list[str | None]:
    lines = visible_lines(actor=cast.manager, report=report, on=on.date())
    return [line.last_update.narrative if line.last_update else None for line in lines]


def test_a_later_update_is_not_the_last_one_of_a_submitted_return(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True, ref="WY20-01")
    untold = ActionFactory(cast=cast, allocated=True, ref="WY20-02")
    report = submitted_return(cast, open_return(cast), action, untold)
    for each in (action, untold):
        say(cast, each, MEANWHILE)
    assert last_words(cast, report) == [BEFORE, None]


def test_a_later_correction_is_not_the_last_update(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    before = action.updates.get()
    report = submitted_return(cast, open_return(cast), action)
    own = row_of(report, action).update
    say(cast, action, "Three of five teams are briefed.", corrects=before)
    say(cast, action, "Four, and the fifth in July.", corrects=own, at=LATER + timedelta(hours=1))
    assert last_words(cast, report) == [BEFORE]


def test_a_correction_before_the_return_is_the_last_update(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    say(cast, action, "Three of five teams are briefed.", corrects=action.updates.get(), at=IN_TIME)
    report = submitted_return(cast, open_return(cast), action)
    say(cast, action, MEANWHILE)
    assert last_words(cast, report) == ["Three of five teams are briefed."]


def test_an_update_after_a_question_is_not_the_last_one(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    report = submitted_return(cast, open_return(cast), action)
    say(cast, action, MEANWHILE)
    report = question_return(
        actor=cast.manager, report=report, question="", rows={action.pk: "Which team is left?"}, at=AT
    )
    assert last_words(cast, report) == [BEFORE]
    assert save(cast, report, row(action, narrative="The fifth: Keighley."), at=AT).is_whole
    report = submit(cast, report, at=AT)
    assert last_words(cast, report) == [BEFORE]


def test_an_update_after_a_missed_return_is_not_the_last_one(cast: Cast) -> None:
    """Whether or not the job that closes it has run."""
    action = ActionFactory(cast=cast, in_progress=True)
    report = open_return(cast)
    save(cast, report, row(action))
    after = LATER.replace(day=CLOSES.day) + timedelta(days=1)
    say(cast, action, "Said on the last day.", at=after - timedelta(days=1))
    say(cast, action, MEANWHILE, at=after)
    assert last_words(cast, report, after) == ["Said on the last day."]
    close_returns(actor=SYSTEM, plan=cast.plan, at=after)
    report.refresh_from_db()
    assert last_words(cast, report, after) == ["Said on the last day."]


def test_each_return_shows_the_one_before_it(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    may = submitted_return(cast, open_return(cast), action)
    july = AT.replace(month=7, day=2)
    open_returns(actor=SYSTEM, plan=cast.plan, at=july)
    june = Return.objects.exclude(pk=may.pk).get(organisation=cast.bradford_district)
    save(cast, june, row(action, narrative=MEANWHILE), at=july)
    submit(cast, june, at=july)
    assert (last_words(cast, may, july), last_words(cast, june, july)) == ([BEFORE], [GREEN["narrative"]])


def test_the_page_and_the_api_show_it(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    report = submitted_return(cast, open_return(cast), action)
    say(cast, action, MEANWHILE)
    html = signed_in("manager").get(reverse("returns:return", args=[report.pk])).content.decode()
    assert BEFORE in html
    assert MEANWHILE not in html
    system = system_of(cast, cast.bradford_district, scopes=["returns:read"])
    (return_row,) = system.get(f"/returns/{report.pk}/").json()["rows"]
    assert return_row["last_update"]["narrative"] == BEFORE


def test_an_update_form_shows_the_latest_update_and_not_the_newest_correction(
    cast: Cast, signed_in: Any
) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    first = action.updates.get()
    say(cast, action, MEANWHILE, next_steps="Brief the new starters.")
    say(cast, action, "One of five teams is briefed.", corrects=first, at=LATER + timedelta(hours=1))
    html = (
        signed_in("bradford_spoc").get(reverse("actions:progress-create", args=[action.pk])).content.decode()
    )
    assert MEANWHILE in html
    assert "Planned next steps" in html
    assert "One of five teams is briefed." not in html
