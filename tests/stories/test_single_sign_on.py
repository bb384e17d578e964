"""A person links their account on My security, signs in at the provider, and confirms who they are there."""

from typing import Any

from playwright.sync_api import expect

from tests.cast import Cast
from tests.stories.pages import press
from tests.support.browser import Axe, NewPage
from tests.support.identity_provider import IdentityProvider, use_provider

PASSWORD = "correct horse battery staple"


def test_a_person_links_their_account_and_signs_in_with_it(
    transactional_db: None, cast: Cast, live_server: Any, new_page: NewPage, settings: Any
) -> None:
    provider = IdentityProvider()
    use_provider(settings, provider)
    origin = provider.issuer.removesuffix("/tenant/v2.0")
    settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"].append(origin)
    cast.manager.set_password(PASSWORD)
    cast.manager.save(update_fields=["password"])
    page, axe, problems = new_page(live_server.url), Axe(), []
    axe.comes_to(page)
    heading = page.get_by_role("heading", level=1)

    def press_and_come_back(button: str) -> None:
        problems.extend(axe.problems(page))
        press(button)(page)
        page.get_by_role("link", name="Sign in").click()

    try:
        page.goto("/accounts/login/")
        page.get_by_label("Email").fill(cast.manager.email)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        press("Sign in with a password")(page)
        page.get_by_role("link", name="My security").click()
        press_and_come_back("Link your Microsoft account")
        expect(page.get_by_role("alert")).to_contain_text("Your account is linked")
        page.get_by_role("button", name="Sign out").first.click()
        page.goto("/accounts/login/?next=/accounts/single-sign-on/confirm/")
        press_and_come_back("Sign in with Microsoft")
        expect(heading).to_have_text("Confirm who you are")
        press_and_come_back("Sign in with Microsoft")
        expect(heading).to_have_text("My work")
        page.get_by_role("button", name="Sign out").first.click()
        provider.stop()
        page.goto("/accounts/login/")
        press("Sign in with Microsoft")(page)
        expect(page.get_by_text("Microsoft does not answer")).to_be_visible()
        problems.extend(axe.problems(page))
    finally:
        settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"].remove(origin)
        provider.stop()
    assert problems == []
