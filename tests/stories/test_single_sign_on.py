"""A person links their account on My security, signs in at the provider, and confirms who they are there.

While the provider is away, or its clock is wrong, the page says so, and an emergency account signs in.
"""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.hashers import make_password
from playwright.sync_api import expect

from partners.models import User
from tests.cast import Cast
from tests.stories.pages import press
from tests.stories.test_second_factor import code_of
from tests.support.browser import Axe, NewPage
from tests.support.identity_provider import IdentityProvider, use_provider

PASSWORD = "correct horse battery staple"


@pytest.fixture
def provider(transactional_db: None, settings: Any) -> Iterator[IdentityProvider]:
    """Microsoft, to whose page the service's forms may lead."""
    provider = IdentityProvider()
    use_provider(settings, provider)
    origin = provider.issuer.removesuffix("/tenant/v2.0")
    targets = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"]
    targets.append(origin)
    yield provider
    targets.remove(origin)
    provider.stop()


def test_a_person_links_their_account_and_signs_in_with_it(
    cast: Cast,
    live_server: Any,
    new_page: NewPage,
    provider: IdentityProvider,
    settings: Any,
) -> None:
    User.objects.filter(kind=User.Kind.USER).update(password=make_password(PASSWORD))
    secret = generate_totp_secret()
    TOTP.activate(cast.administrator, secret)
    page, axe, problems = new_page(live_server.url), Axe(), []
    axe.comes_to(page)
    heading = page.get_by_role("heading", level=1)

    def press_and_come_back(button: str) -> None:
        problems.extend(axe.problems(page))
        press(button)(page)
        page.get_by_role("link", name="Sign in").click()

    def fill_password(email: str) -> None:
        page.get_by_label("Email").fill(email)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        press("Sign in with a password")(page)

    page.goto("/accounts/login/")
    fill_password(cast.manager.email)
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
    settings.SIGN_IN, settings.EMERGENCY_ACCOUNTS = "oidc", [cast.administrator.email]
    page.goto("/accounts/login/")
    provider.claims = {"iat": int(time.time()) + 300}
    press_and_come_back("Sign in with Microsoft")
    expect(page.get_by_text("The clocks of this service and of Microsoft differ")).to_be_visible()
    provider.stop()
    press("Sign in with Microsoft")(page)
    expect(page.get_by_text("Microsoft does not answer")).to_be_visible()
    problems.extend(axe.problems(page))
    fill_password(cast.manager.email)
    expect(page.get_by_role("alert")).to_contain_text("not correct")
    fill_password(cast.administrator.email)
    expect(heading).to_have_text("Confirm that it is you")
    page.get_by_label("Code", exact=True).fill(code_of(secret))
    press("Sign in")(page)
    expect(page.get_by_role("button", name="Sign out").first).to_be_visible()
    assert problems == []
