"""A new service in a real browser: from an administrator's account alone to a first plan, in at most twelve pages."""

import re
from pathlib import Path
from typing import Any

from django.core import mail
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import Page, expect

from actions.models import Action
from audit.actors import SYSTEM
from partners.accounts.services.users import create_user
from tests.cast import AT, Cast
from tests.stories.browser_walk import BrowserWalk
from tests.stories.daily_jobs import numbers_of
from tests.support.browser import NewPage
from tests.support.task_queue import run_tasks

PASSWORD = "correct horse battery staple"
PEOPLE = """Organisation,Kind,District,Boards,Board tier,Job title,Email,Role
Northshire Police,Police force,,Silver Group,Silver,Programme manager,manager@northshire.example,Programme manager
Ashby District,Police district,Ashby,,,Ashby SPOC,ashby@northshire.example,District SPOC
Elm Council,Council,Elm,Silver Group,,Safety lead,safety@elm.example,Partner contact
"""
PLAN = """Ref,What we will do,Pillar,Lead agency,Owner,By when
1.1,Brief the teams,Identify,Ashby District,ashby@northshire.example,31/03/2027
1.2,Map the practice,Safeguard,Elm Council,,Q3 2026/27
"""
MOST_PAGES = 12


def test_a_new_service_comes_to_its_first_plan_in_twelve_pages(
    transactional_db: None, live_server: Any, new_page: NewPage, tmp_path: Path
) -> None:
    cache.clear()
    create_user(
        actor=SYSTEM, email="admin@example.org", name="Administrator", is_staff=True, password=PASSWORD, at=AT
    )
    page, seen = new_page(live_server.url, javascript=False), list[str]()

    def look() -> None:
        """Count the page by its heading: the same page opened again is no other page."""
        seen.append(page.get_by_role("heading", level=1).inner_text())

    clicks = 0

    def click(button: str) -> None:
        nonlocal clicks
        clicks += 1
        page.get_by_role("button", name=button, exact=True).first.click()

    def sign_in(email: str) -> None:
        page.goto("/accounts/login/")
        look()
        page.get_by_label("Email").fill(email)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        click("Sign in")
        look()

    def import_file(content: str, name: str, button: str) -> None:
        (tmp_path / name).write_text(content)
        look()
        page.get_by_label("File", exact=True).set_input_files(tmp_path / name)
        click("Preview changes")
        seen.append(f"preview of {name}")
        click(button)
        look()

    sign_in("admin@example.org")
    page.get_by_label("Name of the partnership").fill("Northshire")
    click("Add partnership")
    import_file(PEOPLE, "people.csv", "Import people")
    expect(page.get_by_role("main")).to_contain_text("3 organisations, 2 districts, 1 board, 3 people")
    click("Sign out")
    choose_password(page, "manager@northshire.example", seen)
    clicks += 2  # the link in the email, and the button
    sign_in("manager@northshire.example")
    page.get_by_label("Police business plan").check()
    clicks += 1
    click("Add plan")
    import_file(PLAN, "plan.csv", "Import actions")
    assert Action.objects.count() == 2
    assert len(set(seen)) <= MOST_PAGES, seen
    counted = (len(set(seen)), clicks)
    assert counted == numbers_of("First plan on an empty service"), counted


def choose_password(page: Page, email: str, seen: list[str]) -> None:
    """Open the invitation of a person and choose a password."""
    run_tasks()
    (message,) = [each for each in mail.outbox if each.to == [email]]
    link = re.search(r"/accounts/invitation/\S+", str(message.body))
    assert link is not None
    page.goto(link[0])
    seen.append(page.get_by_role("heading", level=1).inner_text())
    for box in page.locator("input[type=password]").all():
        box.fill(PASSWORD)
    page.get_by_role("main").get_by_role("button").first.click()
    seen.append(page.get_by_role("heading", level=1).inner_text())


def test_a_file_that_takes_long_to_read_says_so(
    transactional_db: None, cast: Cast, live_server: Any, new_page: NewPage
) -> None:
    page = BrowserWalk(live_server.url, new_page, cast).page_of("manager")
    page.goto(reverse("importing:plan-import", args=[cast.plan.pk]))
    # The event alone: while a real answer is awaited, nothing can be asked of the page.
    page.evaluate("document.querySelector('form[data-progress]').dispatchEvent(new Event('submit'))")
    expect(page.get_by_role("status")).to_contain_text("Reading the file")
