"""Every page, for the people it is for: usable with whatever its reader sees, hears or types with, and on paper."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.db import connection
from django.urls import resolve
from playwright.sync_api import ConsoleMessage, Page, Response

from tests.cast import Cast
from tests.permissions.routes import routes
from tests.stories import pages
from tests.stories.access_pages import ACCESS_EXCUSED, ACCESS_VISITS, add_access
from tests.stories.browser_walk import BrowserWalk, grouped_by_visitor
from tests.stories.bulk_pages import BULK_VISITS
from tests.stories.calendar_pages import CALENDAR_FILES, CALENDAR_VISITS
from tests.stories.edition_pages import EDITION_FILES, EDITION_VISITS, add_editions
from tests.stories.exchange_pages import EXCHANGE_VISITS, add_webhooks
from tests.stories.html_validator import invalid_html
from tests.stories.inspection_pages import FINDING_VISITS, add_findings
from tests.stories.letter_pages import FILES, LETTER_VISITS, add_letters
from tests.stories.meeting_pages import MEETING_FILES, MEETING_VISITS, add_meetings
from tests.stories.notice_pages import NOTICE_VISITS, add_notices
from tests.stories.pages import Visit, World, world_of
from tests.stories.paper_pages import PAPER_FILES, PAPER_VISITS, add_papers
from tests.stories.printing import is_for_paper, misprints
from tests.stories.programme_pages import PROGRAMME_FILES, PROGRAMME_VISITS, add_records
from tests.stories.return_pages import RETURN_VISITS, add_returns
from tests.stories.saved_view_pages import SAVED_VIEW_VISITS, add_saved_views
from tests.stories.setup_pages import SETUP_EXCUSED, SETUP_VISITS, add_long_imports
from tests.support.browser import Axe, NewPage, sideways_scroll

VISITS = [
    *pages.VISITS,
    *FINDING_VISITS,
    *MEETING_VISITS,
    *PAPER_VISITS,
    *EDITION_VISITS,
    *LETTER_VISITS,
    *CALENDAR_VISITS,
    *NOTICE_VISITS,
    *PROGRAMME_VISITS,
    *RETURN_VISITS,
    *SAVED_VIEW_VISITS,
    *BULK_VISITS,
    *ACCESS_VISITS,
    *EXCHANGE_VISITS,
    *SETUP_VISITS,
]
EXCUSED = (
    pages.EXCUSED
    | FILES
    | CALENDAR_FILES
    | ACCESS_EXCUSED
    | PROGRAMME_FILES
    | PAPER_FILES
    | MEETING_FILES
    | EDITION_FILES
    | SETUP_EXCUSED
)

PHONE = {"width": 320, "height": 700}
# The walk with axe and the printer is the suite's longest test, so it is cut for the test processes to share.
PARTS = 2
DESK = {"width": 1280, "height": 900}
# The permission matrix and the stories open the pages on both.
only_on_sqlite = pytest.mark.skipif(
    connection.vendor != "sqlite",
    reason="only on SQLite: what a page looks like does not depend on the database",
)


@pytest.fixture
def world(transactional_db: None, cast: Cast, settings: Any) -> World:
    settings.PUBLICATIONS = True
    cache.clear()  # sign-in pages count requests
    return whole_world(cast)


def whole_world(cast: Cast) -> World:
    """Return the cast with what the pages of every app need."""
    world = world_of(cast)
    add_findings(world)
    add_letters(world)
    add_meetings(world)
    add_notices(world)
    add_records(world)
    add_returns(world)
    add_papers(world)
    add_editions(world)
    add_saved_views(world)
    add_access(world)
    add_webhooks(world)
    add_long_imports(world)
    return world


def test_no_page_is_forgotten() -> None:
    there = {
        route.key for route in routes() if not route.is_admin and not route.path.startswith(("api/", "scim/"))
    }
    listed = {visit.route for visit in VISITS} | {visit.name for visit in VISITS} | set(EXCUSED)
    assert sorted(there - listed) == []
    assert sorted(set(EXCUSED) - there) == []


def part_of_visits(part: int) -> list[Visit]:
    visits = grouped_by_visitor(VISITS)
    size = -(-len(visits) // PARTS)
    return visits[part * size : (part + 1) * size]


@only_on_sqlite
@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_is_accessible_and_prints_on_a4(
    world: World, live_server: Any, new_page: NewPage, part: int
) -> None:
    walk = BrowserWalk(live_server.url, new_page, world.cast)
    page, axe = walk.window(), Axe()
    axe.comes_to(page)
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            complaints.append(f"console: {message.text}")

    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(f"script: {error}"))
    wrong: list[str] = []
    for visit, problems in walk.visits(page, world, part_of_visits(part)):
        all_problems = [*problems, *complaints, *axe.problems(page), *shape(page)]
        if is_for_paper(visit):
            all_problems += misprints(page)
        complaints.clear()
        wrong += [f"{visit}: {problem}" for problem in all_problems]
    assert wrong == [], "\n".join(wrong)


# How the page is built, as one question: each costs a round trip.
SHAPE = """() => ({
  headings: document.querySelectorAll('h1').length,
  font: getComputedStyle(document.querySelector('h1') ?? document.body).fontFamily,
  title: document.title,
  wrong: document.querySelector('.govuk-error-message') !== null,
  told: document.activeElement.closest('.govuk-error-summary') !== null,
})"""


def shape(page: Page) -> list[str]:
    """What is wrong with how the page is built and how wide it is."""
    problems, built = [], page.evaluate(SHAPE)
    if built["headings"] != 1:
        problems.append(f"{built['headings']} headings of the first level")
    if "Arial" not in built["font"]:
        problems.append("no stylesheet")
    if not built["title"].endswith(" Prevent Tracker"):
        problems.append(f"the title does not name the service: {built['title']}")
    if built["wrong"] and not built["told"]:
        problems.append("what is wrong does not take the focus")
    for size in (PHONE, DESK):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        if over := sideways_scroll(page):
            problems.append(f"{over} px too wide at {size['width']} px")
    return problems


# What somebody sees who has no scripts; a button in what is folded is there once it is unfolded.
SEEN = """() => {
  const isSeen = element => {
    const {width, height} = element.getBoundingClientRect()
    return width > 0 && height > 0 && element.checkVisibility({visibilityProperty: true})
  }
  const heading = document.querySelector('main h1'), menu = document.querySelector('header nav')
  const buttons = [...document.querySelectorAll('main form button[type=submit]')]
  return {
    title: document.title,
    heading: heading !== null && isSeen(heading),
    menu: menu === null || isSeen(menu.querySelector('a')),
    hidden: buttons.filter(button => !button.closest('details:not([open])') && !isSeen(button))
      .map(button => button.textContent.trim()),
  }
}"""


@only_on_sqlite
def test_every_page_is_valid_html_and_works_without_scripts(
    world: World, live_server: Any, new_page: NewPage, tmp_path: Path
) -> None:
    walk = BrowserWalk(live_server.url, new_page, world.cast, javascript=False)
    wrong: list[str] = []
    titles: dict[str, str] = {}
    sent: dict[str, str] = {}
    page = walk.window()
    answers: list[Response] = []
    page.on(
        "response", lambda answer: answers.append(answer) if answer.request.is_navigation_request() else None
    )
    for visit, problems in walk.visits(page, world, VISITS):
        wrong += [f"{visit}: {problem}" for problem in problems]
        sent[str(visit)] = answers[-1].text()
        visible = page.evaluate(SEEN)
        route = resolve(urlsplit(page.url).path).view_name
        first = titles.setdefault(visible["title"], route)
        if first != route:
            wrong.append(f"{visit}: has the title of {first}: {visible['title']}")
        if not visible["heading"]:
            wrong.append(f"{visit}: no heading to be seen")
        wrong += [f"{visit}: the button {button!r} is hidden" for button in visible["hidden"]]
        if not visible["menu"]:
            wrong.append(f"{visit}: the menu is hidden")
    wrong += invalid_html(sent, tmp_path)
    assert wrong == [], "\n".join(wrong)
