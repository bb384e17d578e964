"""A job of a working day in a real browser, with its screens and clicks counted."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from actions.assurance.services import return_action
from actions.core.states import State
from tests.cast import LONDON, Cast
from tests.factories import ActionFactory
from tests.stories.browser_walk import BrowserWalk
from tests.support.browser import NewPage

WORDS = "The attendance list lacks the team of Keighley."


class Job:
    """Somebody doing a job, who counts screens and clicks from My work on."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.screens = self.clicks = 0
        page.on("framenavigated", self._count)
        page.goto(reverse("desk:my-work"))

    def _count(self, *_: object) -> None:
        self.screens += 1

    def click(self, target: Locator) -> None:
        self.clicks += 1
        target.click()

    def press(self, button: str) -> None:
        self.click(self.page.get_by_role("button", name=button, exact=True))

    def reads(self, words: str) -> None:
        expect(self.page.get_by_role("main")).to_contain_text(words)


def test_what_an_auditor_returned_is_understood_and_submitted_again(
    transactional_db: None, cast: Cast, live_server: Any, new_page: NewPage
) -> None:
    action = ActionFactory(cast=cast, awaiting_assurance=True)
    return_action(actor=cast.auditor, action=action, note=WORDS, at=datetime(2020, 6, 15, 9, tzinfo=LONDON))
    job = Job(BrowserWalk(live_server.url, new_page, cast, javascript=False).page_of("bradford_spoc"))
    job.reads(WORDS)
    job.click(job.page.get_by_role("link", name=f"Update {action.ref}").first)
    job.reads(WORDS)
    job.page.get_by_label("What was done").fill("Keighley is on the list now.")
    for choice in ("In progress", "Green: on track"):
        job.click(job.page.get_by_label(choice))
    job.press("Save update")
    job.reads(WORDS)
    job.click(job.page.get_by_role("link", name="Submit it for assurance").first)
    job.page.get_by_label("What was achieved").fill("All five teams are briefed.")
    job.press("Submit for assurance")
    action.refresh_from_db()
    assert action.state == State.AWAITING_ASSURANCE
    assert (job.screens, job.clicks) == (5, 6), (job.screens, job.clicks)
