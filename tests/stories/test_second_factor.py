"""An app and a passkey are added on the pages, and a sign-in asks for one of them."""

import time
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import expect

from tests.cast import Cast
from tests.stories.pages import press
from tests.support.browser import Axe, NewPage

PASSWORD = "correct horse battery staple"


def test_an_app_is_added_and_its_code_signs_in(
    transactional_db: None, cast: Cast, live_server: Any, new_page: NewPage
) -> None:
    cast.manager.set_password(PASSWORD)
    cast.manager.save(update_fields=["password"])
    page, axe, problems = new_page(live_server.url), Axe(), []
    axe.comes_to(page)

    def enter(label: str, text: str, button: str) -> None:
        page.get_by_label(label, exact=True).fill(text)
        press(button)(page)
        problems.extend(axe.problems(page))

    def sign_in() -> None:
        page.goto("/accounts/login/")
        page.get_by_label("Email").fill(cast.manager.email)
        enter("Password", PASSWORD, "Sign in")

    sign_in()
    page.get_by_role("link", name="My security").click()
    page.get_by_role("button", name="Add an authenticator app").click()
    secret = (page.locator("code").text_content() or "").replace(" ", "")
    enter("Code", "000000", "Add the app")
    expect(page.get_by_role("alert")).to_contain_text("Enter the code that your app shows now")
    enter("Code", code_of(secret), "Add the app")
    expect(page.get_by_role("main").get_by_role("listitem")).to_have_count(10)
    recovery_code = page.locator("code").first.text_content() or ""
    page.get_by_role("button", name="Continue to My work").click()
    page.get_by_role("button", name="Sign out").first.click()
    sign_in()
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirm that it is you")
    enter("Code", recovery_code, "Sign in")
    expect(page.get_by_role("heading", level=1)).to_have_text("My work")
    for address in ("/accounts/security/", "/accounts/security/codes/", "/accounts/security/app/remove/"):
        page.goto(address)
        if page.get_by_role("button", name="Confirm password").count():
            enter("Password", PASSWORD, "Confirm password")
        problems.extend(axe.problems(page))
    page.get_by_role("button", name="Sign out").first.click()
    sign_in()
    # A telephone whose clock is five minutes slow, then one that is half a minute fast.
    enter("Code", code_of(secret, ahead=-10), "Sign in")
    expect(page.get_by_role("alert")).to_contain_text("check the clock of your phone")
    enter("Code", code_of(secret, ahead=1), "Sign in")
    expect(page.get_by_role("heading", level=1)).to_have_text("My work")
    assert problems == []


def test_a_passkey_is_added_and_signs_in(
    transactional_db: None, cast: Cast, live_server: Any, new_page: NewPage
) -> None:
    cast.manager.set_password(PASSWORD)
    cast.manager.save(update_fields=["password"])
    page, axe, problems = new_page(live_server.url), Axe(), []
    axe.comes_to(page)
    browser = page.context.new_cdp_session(page)
    browser.send("WebAuthn.enable")
    key = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
    }
    made = browser.send("WebAuthn.addVirtualAuthenticator", {"options": key})
    heading = page.get_by_role("heading", level=1)

    def sign_in() -> None:
        page.goto("/accounts/login/")
        page.get_by_label("Email").fill(cast.manager.email)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        press("Sign in")(page)

    sign_in()
    page.goto("/accounts/security/passkeys/add/")
    problems.extend(axe.problems(page))
    page.get_by_label("Name of the passkey").fill("Work laptop")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("main").get_by_role("listitem")).to_have_count(10)
    page.get_by_role("button", name="Continue to My work").click()
    page.get_by_role("button", name="Sign out").first.click()
    sign_in()
    expect(heading).to_have_text("Confirm that it is you")
    problems.extend(axe.problems(page))
    # Without the key nothing is lost: the page says what to do.
    identifier = {"authenticatorId": made["authenticatorId"]}
    browser.send("WebAuthn.setUserVerified", identifier | {"isUserVerified": False})
    page.goto("/accounts/code/")
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new Error('cancelled')) }")
    problem = page.get_by_text("The browser did not use a passkey")
    expect(problem).to_be_hidden()
    page.get_by_role("button", name="Use a passkey").click()
    expect(problem).to_be_visible()
    browser.send("WebAuthn.setUserVerified", identifier | {"isUserVerified": True})
    page.goto("/accounts/code/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(heading).to_have_text("My work")
    page.goto("/accounts/security/")
    expect(page.get_by_role("main")).to_contain_text("Work laptop, added on")
    problems.extend(axe.problems(page))
    page.get_by_role("link", name="Remove Work laptop").click()
    problems.extend(axe.problems(page))
    page.get_by_role("button", name="Remove the passkey").click()
    expect(page.get_by_role("main")).to_contain_text("You have no passkey")
    assert problems == []


def code_of(secret: str, ahead: int = 0) -> str:
    """Return the code of an app whose clock is so many half minutes ahead."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + ahead))
