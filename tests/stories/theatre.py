"""The windows in which the people of the cast see the pages, and a walk through the pages in one of them."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.test import Client
from playwright.sync_api import Page

from partners.models import User
from tests.browser import NewPage
from tests.cast import Cast
from tests.stories.pages import Visit, World


@dataclass
class Theatre:
    """A window for each person, signed in by cookie; a walk has one window, whose visitor changes."""

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
        """Make this window somebody else's; nobody has no name."""
        page.context.clear_cookies()
        if not name:
            return
        client = Client()
        user = User.objects.get(pk=self.cast.person(name).pk)
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        cookie = client.cookies["sessionid"]
        page.context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": self.base}])

    def visits(self, page: Page, world: World, these: list[Visit]) -> Iterator[tuple[Visit, list[str]]]:
        """Walk these pages in one window, person by person; with each comes what is wrong with its answer.

        Where the last visit was to the form that is now to be sent, it is sent from there.
        """
        visitor, shown = None, ""
        for visit in in_company(these):
            if visit.who != visitor:
                self.sign_in(page, visit.who)
                visitor, shown = visit.who, ""
            address = visit.address(world)
            status = visit.open(page, address, is_there=visit.then is not None and shown == address)
            shown = "" if visit.then else address
            yield visit, [] if status == visit.status else [f"answers {status}, not {visit.status}"]


def in_company(visits: list[Visit]) -> list[Visit]:
    """A person's visits stay together, in their order."""
    return sorted(visits, key=lambda visit: visit.who)
