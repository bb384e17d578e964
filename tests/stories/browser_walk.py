"""Browser windows for the people of the cast, and a walk through the pages in one window."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.test import Client
from playwright.sync_api import Page, expect

from partners.models import User
from tests.cast import Cast
from tests.stories.pages import Visit, World
from tests.support.browser import NewPage
from tests.support.confirming import confirm


@dataclass
class BrowserWalk:
    """A window for each person, signed in by cookie, and walks through pages in one window whose user changes."""

    base: str
    new_page: NewPage
    cast: Cast
    javascript: bool = True

    def __post_init__(self) -> None:
        self.pages: dict[str, Page] = {}

    def window(self) -> Page:
        return self.new_page(self.base, javascript=self.javascript)

    def page_of(self, name: str) -> Page:
        if name not in self.pages:
            self.pages[name] = self.window()
            self.sign_in(self.pages[name], name)
        return self.pages[name]

    def sign_in(self, page: Page, name: str) -> None:
        """Sign this window in as somebody else, or out when the name is empty."""
        page.context.clear_cookies()
        if not name:
            return
        client = Client()
        user = User.objects.get(pk=self.cast.person(name).pk)
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        confirm(client, user)
        cookie = client.cookies["sessionid"]
        page.context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": self.base}])

    def visits(self, page: Page, world: World, these: list[Visit]) -> Iterator[tuple[Visit, list[str]]]:
        """Visit these pages in one window, person by person; yield each visit with the problems of its answer.

        A form that the last visit opened is sent from there.
        """
        visitor, current_page = None, ""
        for visit in grouped_by_visitor(these):
            if visit.who != visitor:
                self.sign_in(page, visit.who)
                visitor, current_page = visit.who, ""
            address = visit.address(world)
            status = visit.open(page, address, is_there=visit.then is not None and current_page == address)
            current_page = "" if visit.then else address
            yield visit, [] if status == visit.status else [f"answers {status}, not {visit.status}"]


def grouped_by_visitor(visits: list[Visit]) -> list[Visit]:
    """Sort visits by person; each person's keep their order."""
    return sorted(visits, key=lambda visit: visit.who)


def reads(page: Page, *words: str) -> None:
    """Expect these words on the page, once it has come."""
    for each in words:
        expect(page.get_by_role("main")).to_contain_text(each)


def follow(page: Page, link: str) -> None:
    """Follow the first link of the page whose words match; it may look like a button."""
    page.get_by_role("main").locator("a").filter(has_text=re.compile(link)).first.click()


def press(page: Page, button: str) -> None:
    """Press a button of the page by all of its words."""
    page.get_by_role("main").get_by_role("button", name=button, exact=True).click()
