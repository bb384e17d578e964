"""What a browser brings back, and to whom: nothing after signing out, and the text of a form until it is saved."""

from collections.abc import Generator
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from playwright.sync_api import Browser, Page, expect

from actions.models import Action
from partners.models import User
from tests.cast import Cast
from tests.factories import ActionFactory
from tests.stories.pages import press
from tests.support.browser import launch

PASSWORD = "a long phrase for the browser"
WORDS = "Four of five teams are briefed.\nThe last one is on leave."
HANDLING = {"marking": "OFFICIAL-SENSITIVE", "handling_instruction": "Named officers only."}


@pytest.fixture(params=["remembering pages", "asking again"])
def chromium(browser: Browser, request: pytest.FixtureRequest) -> Generator[Browser, None, None]:
    """Chromium that keeps pages in memory for Back, and one that asks for each again."""
    running = launch(browser.browser_type, remembers_pages=request.param == "remembering pages")
    yield running
    running.close()


@pytest.fixture
def action(transactional_db: None, cast: Cast) -> Action:
    User.objects.filter(kind=User.Kind.USER).update(password=make_password(PASSWORD))
    return ActionFactory(cast=cast, in_progress=True, **HANDLING)


@pytest.fixture
def page(chromium: Browser, live_server: Any, action: Action) -> Page:
    return chromium.new_context(base_url=live_server.url).new_page()


def sign_in(page: Page, user: User) -> None:
    page.get_by_label("Email address").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def type_into(page: Page, action: Action) -> None:
    page.goto(f"/actions/{action.pk}/")
    page.goto(f"/actions/{action.pk}/update/")
    page.get_by_label("What was done").fill(WORDS)
    page.get_by_label("Green: on track").check()
    page.get_by_label("Percent done").fill("70")


def go_back(page: Page) -> None:
    """As the page itself would: Playwright loses sight of one that comes from memory."""
    page.evaluate("void setTimeout(() => history.back())")  # answers before the page is left


def expect_the_words(page: Page) -> None:
    expect(page.get_by_label("What was done")).to_have_value(WORDS)
    expect(page.get_by_label("Green: on track")).to_be_checked()
    expect(page.get_by_label("Percent done")).to_have_value("70")


def test_back_after_signing_out_shows_nothing(page: Page, cast: Cast, action: Action) -> None:
    page.goto("/")
    sign_in(page, cast.manager)
    page.goto(f"/actions/{action.pk}/")
    expect(page.get_by_role("main")).to_contain_text(action.title)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    expect(page.locator("body")).not_to_contain_text(action.title)


def test_back_from_another_page_brings_the_text_again(page: Page, cast: Cast, action: Action) -> None:
    page.goto("/")
    sign_in(page, cast.bradford_spoc)
    type_into(page, action)
    page.get_by_role("link", name="Prevent Tracker").click()
    expect(page).to_have_url("/")
    go_back(page)
    expect_the_words(page)


def test_back_from_a_refusal_and_from_a_fault_brings_the_text_again(
    page: Page, cast: Cast, action: Action
) -> None:
    page.goto("/")
    sign_in(page, cast.bradford_spoc)
    type_into(page, action)
    page.get_by_label("Percent done").fill("700")
    press("Save update")(page)
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Percent done").fill("70")
    page.get_by_role("link", name="Prevent Tracker").click()
    expect(page).to_have_url("/")
    go_back(page)
    expect_the_words(page)
    page.route(
        "**/update/", lambda route: route.fulfill(status=500, body="<h1>Sorry</h1>", content_type="text/html")
    )
    press("Save update")(page)
    expect(page.get_by_text("Sorry")).to_be_visible()
    page.unroute("**/update/")
    go_back(page)
    expect_the_words(page)


def test_a_saved_text_does_not_come_again(page: Page, cast: Cast, action: Action) -> None:
    page.goto("/")
    sign_in(page, cast.bradford_spoc)
    type_into(page, action)
    press("Save update")(page)
    expect(page.get_by_role("main")).to_contain_text("Update saved")
    assert page.evaluate("Object.keys(sessionStorage)") == []


def test_signing_out_and_another_account_clear_the_text(page: Page, cast: Cast, action: Action) -> None:
    page.goto("/")
    sign_in(page, cast.bradford_spoc)
    type_into(page, action)
    assert len(page.evaluate("Object.keys(sessionStorage)")) == 1
    other = page.context.new_page()
    other.goto("/")
    other.get_by_role("button", name="Sign out").click()
    expect(other.get_by_role("button", name="Sign in")).to_be_visible()
    page.wait_for_function("Object.keys(sessionStorage).length === 0")
    page.locator("[name=next_steps]").fill("Typed after signing out.")
    assert page.evaluate("Object.keys(sessionStorage)") == []


def test_a_session_that_ended_costs_no_text(page: Page, cast: Cast, action: Action) -> None:
    page.goto("/")
    sign_in(page, cast.bradford_spoc)
    type_into(page, action)
    page.context.clear_cookies(name="sessionid")
    press("Save update")(page)
    expect(page.get_by_role("main")).to_contain_text("You were signed out before your form was saved.")
    sign_in(page, cast.bradford_spoc)
    expect(page.get_by_role("main")).to_contain_text("Check what you typed and save it again.")
    expect_the_words(page)
    press("Save update")(page)
    expect(page.get_by_role("main")).to_contain_text("Update saved")
