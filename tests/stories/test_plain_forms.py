"""The main forms with scripts off, and the update by keyboard alone."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from actions.core.states import State
from actions.models import Action
from tests.cast import Cast
from tests.factories import ActionFactory
from tests.stories.browser_walk import BrowserWalk
from tests.stories.pages import SHEET, press, upload
from tests.support.browser import NewPage

# Whether what has the focus shows it; a radio's or checkbox's circle is drawn by its label.
SHOWS_FOCUS = """() => {
  const has = (element, pseudo) => {
    const style = getComputedStyle(element, pseudo)
    const outline = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0
    return outline || style.boxShadow !== 'none'
  }
  const element = document.activeElement
  const label = element.nextElementSibling
  return has(element) || (['radio', 'checkbox'].includes(element.type) && has(label, '::before'))
}"""
LONGEST_WAY = 60  # presses of Tab


@pytest.fixture
def plain(transactional_db: None, cast: Cast, live_server: Any, new_page: NewPage) -> BrowserWalk:
    return BrowserWalk(live_server.url, new_page, cast, javascript=False)


def test_an_update_with_evidence_then_submission(plain: BrowserWalk) -> None:
    action = ActionFactory(cast=plain.cast, in_progress=True)
    page = plain.page_of("bradford_spoc")
    page.goto(f"/actions/{action.pk}/update/")
    page.get_by_label("What was done").fill("Four of five teams are briefed.")
    page.get_by_label("Amber: at risk").check()
    page.get_by_label("Percent done").fill("80")
    press("Save update")(page)
    expect(page.get_by_role("alert")).to_contain_text("Enter why the action is amber")
    page.get_by_label("Why it is red or amber").fill("One team is on leave.")
    page.get_by_label("Path to green").fill("They are back in July.")
    page.get_by_text("Add evidence with this update").click()
    page.locator("input[name=title]").fill("Attendance")
    page.locator("input[name=url]").fill("https://example.org/attendance")
    press("Save update")(page)
    expect(page.get_by_role("main")).to_contain_text("Update saved")
    expect(page.get_by_role("main")).to_contain_text("Attendance")
    page.get_by_role("link", name="Submit it for assurance").click()
    page.get_by_label("What was achieved").fill("All five teams are briefed.")
    press("Submit for assurance")(page)
    action.refresh_from_db()
    assert action.state == State.AWAITING_ASSURANCE


def test_an_allocation(plain: BrowserWalk) -> None:
    action = ActionFactory(cast=plain.cast, unallocated=True)
    page = plain.page_of("manager")
    page.goto(f"/actions/{action.pk}/allocate/")
    page.get_by_label("Lead organisation").select_option(label="Bradford District")
    page.get_by_label("Owner").select_option(str(plain.cast.bradford_spoc.pk))
    due = page.get_by_role("group", name="Due date")
    for part, value in {"Day": "30", "Month": "9", "Year": "2020"}.items():
        due.get_by_label(part).fill(value)
    page.locator("main form button[type=submit]").click()
    action.refresh_from_db()
    assert (action.owner, action.state) == (plain.cast.bradford_spoc, State.NOT_STARTED)


def test_a_filter(plain: BrowserWalk) -> None:
    matching = ActionFactory(cast=plain.cast, in_progress=True, ref="WY20-01")
    dropped = ActionFactory(cast=plain.cast, allocated=True, ref="WY20-02")
    page = plain.page_of("manager")
    page.goto("/actions/")
    page.get_by_text("Search and filter").click()
    page.get_by_label("Search", exact=True).fill(matching.ref)
    press("Apply filters")(page)
    table = page.get_by_role("table", name="Actions")
    expect(table).to_contain_text(matching.ref)
    expect(table).not_to_contain_text(dropped.ref)


def test_an_import(plain: BrowserWalk) -> None:
    page = plain.page_of("manager")
    page.goto(f"/plans/{plain.cast.plan.pk}/import/")
    upload(SHEET)(page)
    press("Import actions")(page)
    expect(page.get_by_role("main")).to_contain_text("Actions imported: 2 new")
    assert Action.objects.filter(plan=plain.cast.plan).count() == 2


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until something has the focus; every stop on the way shows that it has it."""
    for _ in range(LONGEST_WAY):
        page.keyboard.press("Tab")
        assert page.evaluate(SHOWS_FOCUS), page.evaluate("document.activeElement.outerHTML")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"no Tab leads to {selector}")


def test_an_update_by_keyboard_alone(
    transactional_db: None, cast: Cast, live_server: Any, new_page: NewPage
) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    page = BrowserWalk(live_server.url, new_page, cast).page_of("bradford_spoc")
    page.goto(f"/actions/{action.pk}/update/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    page.keyboard.press("Enter")
    tab_to(page, "textarea[name=narrative]")
    page.keyboard.type("Four of five teams are briefed.")
    tab_to(page, "input[name=state]")
    tab_to(page, "input[name=rag]")
    page.keyboard.press("Space")
    tab_to(page, "input[name=percent]")
    page.keyboard.press("Control+A")
    page.keyboard.type("80")
    tab_to(page, "main button[type=submit]")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("Update saved")
    action.refresh_from_db()
    assert (action.rag, action.percent) == ("green", 80)
