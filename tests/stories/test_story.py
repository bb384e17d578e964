"""The whole story in a real browser: a district reports, an auditor returns and assures, a council's system reports
by API, another partnership sees nothing, and the ledger tells when one byte is changed."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from playwright.sync_api import APIResponse, Page, expect

from actions.models import Action, Evidence
from audit import triggers
from audit.models import Entry
from partners.clients.services.clients import create_client
from partners.models import Organisation, User
from tests.cast import AT, Cast
from tests.factories import ActionFactory
from tests.support.browser import NewPage

PASSWORD = "a long phrase for the story"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
RETURNED = "The attendance list lacks the team of Keighley."
DRAWN = "Our designers draw the booklet."
SUBMITTED = "All five teams are briefed."


class Person:
    """Somebody with a browser of their own, signed in through the page everyone uses."""

    def __init__(self, page: Page, user: User) -> None:
        self.page = page
        self.screens = 0
        page.on("framenavigated", self._count)
        page.goto("/")
        page.get_by_label("Email").fill(user.email)
        page.get_by_label("Password").fill(PASSWORD)
        self.screens = 0  # from signing in
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("My work")

    def _count(self, *_: object) -> None:
        self.screens += 1

    def press(self, button: str) -> None:
        self.page.get_by_role("button", name=button, exact=True).click()

    def follow(self, link: str | re.Pattern[str]) -> None:
        self.page.get_by_role("link", name=link).first.click()

    def menu(self, link: str) -> None:
        self.page.get_by_role("navigation", name="Menu").get_by_role("link", name=link).click()

    def reads(self, words: str) -> None:
        expect(self.page.get_by_role("main")).to_contain_text(words)


@pytest.fixture(autouse=True)
def time_passes(freeze_the_clock: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A story needs a before and an after: a minute passes each time somebody looks at the clock."""
    minutes = count()
    monkeypatch.setattr("audit.clock.now", lambda: AT + timedelta(minutes=next(minutes)))


@pytest.fixture
def arrive(
    transactional_db: None, cast: Cast, live_server: Any, new_page: NewPage, settings: Any
) -> Callable[[str], "Person"]:
    """Let one of the cast sign in: `arrive("auditor")`."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

    def come(name: str) -> Person:
        user = cast.person(name)
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])
        return Person(new_page(live_server.url), user)

    return come


def report(person: Person, evidence: Path | None = None, **words: str) -> None:
    page = person.page
    page.get_by_label("What was done").fill(words["done"])
    page.get_by_label("In progress").check()
    page.get_by_label("Green: on track").check()
    page.get_by_label("Percent done").fill(words["percent"])
    if evidence:
        page.get_by_text("Add evidence with this update").click()
        page.locator("input[name=title]").fill("Attendance list")
        page.locator("input[type=file]").set_input_files(evidence)
    person.press("Save update")


def submit(person: Person) -> None:
    person.follow("Submit it for assurance")
    person.page.get_by_label("What was achieved").fill(SUBMITTED)
    person.press("Submit for assurance")
    person.reads("Awaiting assurance")


def judge(person: Person, opinion: str, note: str) -> None:
    person.menu("Assurance")
    person.follow(re.compile("^Assure or return"))
    person.reads(SUBMITTED)
    person.page.get_by_label(opinion).check()
    person.page.get_by_label("Reason").fill(note)
    person.press("Save decision")


class Program:
    """An organisation's own system: it asks for a token, then reads and reports with it."""

    def __init__(self, page: Page, organisation: Organisation, administrator: User) -> None:
        client, secret = create_client(
            actor=administrator,
            organisation=organisation,
            name="Case system",
            scopes=["actions:read", "updates:write"],
            at=AT,
        )
        form_data = {
            "grant_type": "client_credentials",
            "client_id": client.client_id,
            "client_secret": secret,
        }
        answer = page.request.post("/oauth/token/", form=form_data)
        assert answer.status == 200, answer.text()
        self.request = page.request
        self.headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}

    def get(self, path: str) -> APIResponse:
        return self.request.get(f"/api/v1{path}", headers=self.headers)

    def report(self, action: Action, version: int) -> APIResponse:
        body = {
            "state": "in_progress",
            "rag": "amber",
            "percent": 50,
            "narrative": DRAWN,
            "reason": "The designer is away.",
            "path_to_green": "A second designer starts on Monday.",
            "version": version,
        }
        path = f"/api/v1/actions/{action.pk}/updates/"
        return self.request.post(path, headers=self.headers, data=body)


def test_the_whole_story(
    cast: Cast, arrive: Any, new_page: NewPage, live_server: Any, tmp_path: Path
) -> None:
    action = ActionFactory(cast=cast, allocated=True, success_measure="Every team is briefed.")
    shared = ActionFactory(cast=cast, allocated=True, ref="WY20-02", supporting=[cast.wakefield_council])
    attendance = tmp_path / "attendance.pdf"
    attendance.write_bytes(PDF)

    spoc = arrive("bradford_spoc")
    spoc.reads("No update for June 2020 yet")
    spoc.follow(re.compile(f"^Update {action.ref}"))
    report(spoc, attendance, done="Four of five teams are briefed.", percent="90")
    spoc.reads("Four of five teams are briefed.")
    spoc.reads("Attendance list")
    submit(spoc)

    auditor = arrive("auditor")
    judge(auditor, "Return: more is needed", RETURNED)

    spoc.menu("My work")
    spoc.reads("The auditor returned it")
    spoc.follow(f"{action.ref} {action.title}")
    spoc.reads(RETURNED)
    spoc.press("Report progress")
    report(spoc, done="All five teams are briefed, Keighley too.", percent="100")
    submit(spoc)

    judge(auditor, "Assure: the evidence shows", "The list is complete.")
    auditor.page.goto(reverse("actions:action", args=[action.pk]))
    auditor.reads("Complete")

    council = Program(new_page(live_server.url), cast.wakefield_council, cast.administrator)
    version = council.get(f"/actions/{shared.pk}/").json()["version"]
    posted = council.report(shared, version)
    assert posted.status == 201, posted.text()
    assert council.get(f"/actions/{action.pk}/").status == 404  # not one the council leads or supports
    spoc.page.goto(reverse("actions:action", args=[shared.pk]))
    spoc.reads(DRAWN)

    leicestershire_sees_nothing(arrive("leicestershire_manager"), cast, [action, shared])
    the_ledger_verifies(auditor, cast)
    one_byte_is_changed(auditor, cast, action)


def leicestershire_sees_nothing(manager: Person, cast: Cast, actions: list[Action]) -> None:
    request, page = manager.page.request, manager.page
    words = [RETURNED, DRAWN, "West Yorkshire", *(word for row in actions for word in (row.ref, row.title))]
    for address in ("/", "/plans/", "/actions/", "/actions/export.csv"):
        answer = request.get(address)
        assert answer.status == 200, address
        assert not [word for word in words if word in answer.text()], address
    page.goto("/actions/")
    page.get_by_text("Search and filter").click()
    page.get_by_role("main").get_by_label("Search").first.fill("Brief")
    manager.press("Apply filters")
    manager.reads("No action matches these filters")
    evidence = Evidence.objects.get()
    for name, key in {"action": [], "progress-create": [], "evidence-download": [evidence.pk]}.items():
        assert request.get(reverse(f"actions:{name}", args=[evidence.action_id, *key])).status == 404, name
    assert request.get(reverse("actions:plan", args=[cast.plan.pk])).status == 404
    assert request.get(reverse("partners:ledger")).status == 403
    program = Program(page, cast.city_council, cast.administrator)
    listed = program.get("/actions/")
    assert (listed.status, listed.json()["results"]) == (200, [])
    assert program.get(f"/actions/{actions[0].pk}/").status == 404
    assert program.report(actions[1], actions[1].version).status == 404


def verified(ledger: str = "West Yorkshire") -> tuple[int, str]:
    """Run the command and return (exit status, what it printed)."""
    printed = StringIO()
    try:
        call_command("verify_ledger", partnership=ledger, stdout=printed)
    except SystemExit as left:
        return int(left.code or 0), printed.getvalue()
    return 0, printed.getvalue()


def the_ledger_verifies(auditor: Person, cast: Cast) -> None:
    auditor.menu("Ledger")
    auditor.press("Verify the ledger")
    expect(auditor.page.get_by_role("heading", level=1)).to_have_text("Ledger verified")
    assert verified()[0] == 0


def one_byte_is_changed(auditor: Person, cast: Cast, action: Action) -> None:
    """What somebody with the database's own password could do."""
    entry = Entry.objects.get(verb="action.returned", note=RETURNED)
    triggers.drop(connection)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE audit_entry SET note = %s WHERE id = %s",
            [RETURNED.replace("Keighley", "Keighlex"), entry.pk],
        )
    triggers.create(connection)
    status, printed = verified()
    assert status == 1
    assert f"First bad sequence: {entry.sequence}" in printed
    auditor.menu("Ledger")
    auditor.press("Verify the ledger")
    expect(auditor.page.get_by_role("heading", level=1)).to_have_text(
        "Verification of the ledger of West Yorkshire failed"
    )
    auditor.reads(f"The first problem is at entry {entry.sequence}.")


def test_a_district_reports_in_three_screens(cast: Cast, arrive: Any) -> None:
    ActionFactory(cast=cast, allocated=True)
    spoc = arrive("bradford_spoc")
    spoc.follow(re.compile("^Update WY20-01"))
    report(spoc, done="Three of five teams are briefed.", percent="60")
    spoc.reads("Three of five teams are briefed.")
    assert spoc.screens <= 3
