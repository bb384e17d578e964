"""An app is added on the page, and a sign-in asks for its code."""

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
    page.get_by_role("link", name="Account security").click()
    page.get_by_role("button", name="Add an authenticator app").click()
    enter("Password", PASSWORD, "Confirm password")
    secret = (page.locator("code").text_content() or "").replace(" ", "")
    enter("Code", "000000", "Add the app")
    expect(page.get_by_role("alert")).to_contain_text("Enter the code that your app shows now")
    enter("Code", code_of(secret), "Add the app")
    expect(page.get_by_role("main").get_by_role("listitem")).to_have_count(10)
    recovery_code = page.locator("code").first.text_content() or ""
    page.get_by_role("button", name="Continue to My work").click()
    page.get_by_role("button", name="Sign out").first.click()
    sign_in()
    expect(page.get_by_role("heading", level=1)).to_have_text("Enter your code")
    enter("Code", recovery_code, "Sign in")
    expect(page.get_by_role("heading", level=1)).to_have_text("My work")
    for address in ("/accounts/security/", "/accounts/security/codes/", "/accounts/security/app/remove/"):
        page.goto(address)
        if page.get_by_role("button", name="Confirm password").count():
            enter("Password", PASSWORD, "Confirm password")
        problems.extend(axe.problems(page))
    assert problems == []


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))
