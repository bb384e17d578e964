"""Jobs of a working day in a real browser without scripts, with their screens and clicks counted."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.urls import reverse

from actions.assurance.services import return_action
from actions.core.states import State
from actions.models import Action, ProgressUpdate
from tests.cast import LONDON, Cast
from tests.factories import ActionFactory
from tests.permissions.returns import still_open
from tests.stories.browser_walk import BrowserWalk
from tests.stories.daily_jobs import Job
from tests.support.browser import NewPage

WORDS = "The attendance list lacks the team of Keighley."
TO_ALLOCATE, TO_REPORT = 14, 30
JobOf = Callable[..., Job]


@pytest.fixture
def job_of(transactional_db: None, cast: Cast, live_server: Any, new_page: NewPage) -> JobOf:
    walk = BrowserWalk(live_server.url, new_page, cast, javascript=False)
    return lambda name, start="": Job(walk.page_of(name), start)


def test_a_return_of_thirty_actions(job_of: JobOf, cast: Cast) -> None:
    for number in range(1, TO_REPORT + 1):
        ActionFactory(cast=cast, in_progress=True, ref=f"WY20-{number:02}")
    report = still_open(cast)
    job = job_of("bradford_spoc")
    job.follow("Fill in the return for May 2020")
    job.fits(3)
    job.click(job.page.locator(".app-return-line__summary").first)
    job.page.get_by_label("What was done").first.fill("Four of five teams are briefed.")
    job.click(job.page.get_by_label("Green", exact=True).first)
    job.press("Mark all the rest as no change")
    job.reads(f"{TO_REPORT} of {TO_REPORT} reported")
    job.press("Save and check return")
    job.press("Submit return")
    job.reads("Return for May 2020 submitted")
    assert ProgressUpdate.objects.filter(period=report.period_start).count() == TO_REPORT
    job.takes("Return of 30 actions, one of them changed")


def test_a_return_of_four_actions_is_on_one_screen(job_of: JobOf, cast: Cast) -> None:
    for number in range(1, 5):
        ActionFactory(cast=cast, in_progress=True, ref=f"WY20-{number:02}")
    report = still_open(cast)
    page = job_of("bradford_spoc", reverse("returns:return", args=[report.pk])).page
    page.set_viewport_size({"width": 1280, "height": 800})
    button = page.get_by_role("button", name="Save draft").bounding_box()
    assert button is not None
    assert button["y"] + button["height"] <= 800


def unallocated(cast: Cast) -> None:
    for number in range(1, TO_ALLOCATE + 1):
        ActionFactory(cast=cast, unallocated=True, ref=f"WY20-{number:02}", lead=cast.bradford_district)


def allocate(job: Job, cast: Cast) -> None:
    """Give all actions on the form to one owner by one date, and look at the preview."""
    job.pick("Owner", "Bradford spoc")
    for part, number in (("Day", "30"), ("Month", "9"), ("Year", "2020")):
        job.page.get_by_label(part, exact=True).fill(number)
    job.press("Check the changes")
    job.page.get_by_label("Reason").fill("Agreed at Silver.")
    job.press(f"Change {TO_ALLOCATE} actions")
    job.reads(f"{TO_ALLOCATE} actions: allocated.")
    assert Action.objects.filter(owner=cast.bradford_spoc, state=State.NOT_STARTED).count() == TO_ALLOCATE


def test_fourteen_actions_are_allocated_from_my_work(job_of: JobOf, cast: Cast) -> None:
    unallocated(cast)
    job = job_of("manager")
    job.reads(f"Allocate {TO_ALLOCATE} actions")
    job.follow("Allocate them together")
    allocate(job, cast)
    job.takes("Allocate 14 actions, from My work")


def test_fourteen_actions_are_allocated_from_the_list(job_of: JobOf, cast: Cast) -> None:
    unallocated(cast)
    job = job_of("manager", f"{reverse('actions:action-list')}?state=awaiting_allocation")
    job.press(f"Change all {TO_ALLOCATE} actions that match the filter")
    job.click(job.page.get_by_label("Allocate actions"))
    job.press("Continue")
    allocate(job, cast)
    job.takes("Allocate 14 actions, from the list")


def test_what_an_auditor_returned_is_understood_and_submitted_again(job_of: JobOf, cast: Cast) -> None:
    action = ActionFactory(cast=cast, awaiting_assurance=True)
    return_action(actor=cast.auditor, action=action, note=WORDS, at=datetime(2020, 6, 15, 9, tzinfo=LONDON))
    job = job_of("bradford_spoc")
    job.reads(WORDS)
    job.click(job.page.get_by_role("link", name=f"Update {action.ref}").first)
    job.reads(WORDS)
    job.page.get_by_label("What was done").fill("Keighley is on the list now.")
    for choice in ("In progress", "Green: on track"):
        job.click(job.page.get_by_label(choice))
    job.press("Save update")
    job.reads(WORDS)
    job.follow("Submit it for assurance")
    job.page.get_by_label("What was achieved").fill("All five teams are briefed.")
    job.press("Submit for assurance")
    action.refresh_from_db()
    assert action.state == State.AWAITING_ASSURANCE
    job.takes("Understand what an auditor returned, and submit it again")
