"""A return of thirty actions in a real browser: filled in and submitted with the keyboard alone, and without scripts."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from actions.models import ProgressUpdate
from returns.models import Return
from tests.cast import AT, Cast
from tests.factories import ActionFactory
from tests.permissions.returns import still_open
from tests.stories.browser_walk import BrowserWalk
from tests.stories.printing import printed, squeezed
from tests.support.browser import NewPage

ACTIONS = 30
# From one action to the next there are this many stops at most.
STOPS = 20
FOCUSED = "document.activeElement.name || document.activeElement.textContent.trim()"


@pytest.fixture
def report(transactional_db: None, cast: Cast) -> Return:
    for number in range(1, ACTIONS + 1):
        ActionFactory(cast=cast, in_progress=True, ref=f"WY20-{number:02}")
    return still_open(cast)


def tab_to(page: Page, name: str) -> None:
    """Go on with the tab key until the control of this name, or the link or button of these words, has the focus."""
    for _ in range(STOPS):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED) == name:
            return
    raise AssertionError(f"{name!r} is not within {STOPS} stops of the tab key")


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without scripts"])
def test_thirty_actions_are_returned_with_the_keyboard_alone(
    report: Return, cast: Cast, live_server: Any, new_page: NewPage, javascript: bool
) -> None:
    page = BrowserWalk(live_server.url, new_page, cast, javascript=javascript).page_of("bradford_spoc")
    page.goto(reverse("returns:return", args=[report.pk]))
    rows = list(report.plan.actions.filter(lead=cast.bradford_district).order_by("ref"))
    page.locator(f"#row-{rows[0].pk}-title").focus()
    page.keyboard.press("Enter")
    first, *others = (f"row-{action.pk}" for action in rows)
    tab_to(page, f"{first}-narrative")
    page.keyboard.type("Four of five teams are briefed.")
    tab_to(page, f"{first}-rag")
    page.keyboard.press("Space")
    tab_to(page, f"{first}-percent")
    page.keyboard.press("Control+A")
    page.keyboard.type("80%")
    tab_to(page, f"{others[0]}-unchanged")
    page.keyboard.press("Space")
    page.locator("#district summary").focus()
    page.keyboard.press("Enter")
    tab_to(page, "risks")
    page.keyboard.type("Two sergeants leave in July.")
    if javascript:
        on_paper = squeezed("".join(sheet.text for sheet in printed(page)))
        assert [
            action.ref for action in rows if squeezed(f"{action.ref} {action.title}") not in on_paper
        ] == []
        assert squeezed("Four of five teams are briefed.") in on_paper
        assert squeezed("Two sergeants leave in July.") in on_paper
    page.get_by_role("button", name="Mark all the rest as no change").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text(f"{ACTIONS} of {ACTIONS} reported")
    page.get_by_role("button", name="Save and check return").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text(
        "Check your answers. Nothing is reported until you submit the return."
    )
    page.get_by_role("link", name=rows[-1].ref).focus()
    tab_to(page, "Submit return")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("Return for May 2020 submitted")
    updates = ProgressUpdate.objects.filter(submitted_at=AT, period=report.period_start)
    assert updates.count() == ACTIONS
    assert updates.filter(narrative="No change since 1 June 2020").count() == ACTIONS - 1
    assert updates.get(action=rows[0]).rag == "green"
