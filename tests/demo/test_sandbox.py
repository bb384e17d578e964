"""The sandbox: all that a client meets, nothing of it anywhere else, and nobody written to about it."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.test import Client

from actions.models import Action, Plan
from audit.actors import SYSTEM
from audit.models import Entry
from demo.management.commands import create_sandbox as create_sandbox_command
from demo.management.commands import load_demo
from demo.relative import fill_in
from demo.sandbox import Sandbox, create_sandbox, sandbox_accounts
from desk.escalations.services import escalate
from desk.models import Escalation
from desk.my_work.services.lists import my_tasks
from desk.notices.services.sending import send_digests
from desk.search.services.finding import search
from partners.clients.services.clients import create_client
from partners.memberships.services import grant_membership
from partners.models import Organisation, Partnership, Role, User
from partners.scopes import SCOPES
from returns.models import Return
from returns.services.opening import open_and_close_returns
from returns.states import ReturnState
from tests.api.asking import all_pages, problem, results
from tests.api.clients import System, system_of
from tests.cast import AT, LONDON, TODAY, Cast
from tests.factories import ActionFactory
from tests.support.snapshots import reuse_snapshot

LISTS = (
    *("/plans/", "/pillars/", "/organisations/", "/actions/", "/date-requests/", "/dependencies/"),
    *("/returns/", "/my-work/", "/decisions/", "/inspections/", "/recommendations/"),
)
LATER = AT + timedelta(hours=1)
pytestmark = pytest.mark.usefixtures("files")


@pytest.fixture
def files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@reuse_snapshot
def sandbox_of(cast: Cast, at: datetime = AT) -> Sandbox:
    return create_sandbox(actor=cast.administrator, at=at)


@pytest.fixture
def sandbox(cast: Cast) -> Sandbox:
    return sandbox_of(cast)


@pytest.fixture
def system(sandbox: Sandbox) -> System:
    return System(sandbox.client, sandbox.secret)


def changes(system: System) -> list[dict[str, Any]]:
    """Every change that a client can follow, from the first."""
    items: list[dict[str, Any]] = []
    query: dict[str, str] = {}
    while True:
        page = system.get("/changes/", **query).json()
        items += page["results"]
        if not page["more"]:
            return items
        query = {"after": page["cursor"]}


def visitor(cast: Cast, sandbox: Sandbox, person: User, role: str = Role.PROGRAMME_MANAGER) -> User:
    """Grant a membership to someone who looks at the sandbox's pages."""
    grant_membership(
        actor=cast.administrator,
        user=person,
        partnership=sandbox.partnership,
        organisation=Organisation.objects.get(partnership=sandbox.partnership, name="Sandbox Police"),
        role=role,
        starts_on=TODAY,
        at=AT,
    )
    return person


def manager_of(sandbox: Sandbox) -> User:
    (manager,) = (one for one in sandbox_accounts(partnership=sandbox.partnership) if "manager" in one.email)
    return manager


# What there is in it ----------------------------------------------------------------------------------------


def test_a_client_reads_every_state_of_actions_it_leads_or_supports(system: System) -> None:
    actions = all_pages(system, "/actions/")
    here = system.client.organisation_id
    assert {one["state"] for one in actions if one["lead"]["id"] == here} == {
        *("awaiting_allocation", "not_started", "in_progress", "awaiting_assurance", "complete"),
        *("withdrawn", "superseded"),
    }
    assert {one["lead"]["name"] for one in actions if one["lead"]["id"] != here} == {
        *("Sandbox North District", "Sandbox South District", "Sandbox College"),
    }
    assert {one["rag"] for one in actions} >= {"green", "amber"}
    assert {one["marking"] for one in actions} == {"OFFICIAL", "OFFICIAL-SENSITIVE"}
    assert {one["ref"] for one in results(system.get("/actions/", overdue="yes"))} == {"SBX-05"}
    assert {one["ref"] for one in results(system.get("/actions/", owner="me"))} == {"SBX-14"}
    others = Action.objects.filter(partnership=system.client.partnership).exclude(
        pk__in=[one["id"] for one in actions]
    )
    assert [action.ref for action in others] == ["SBX-12"]
    problem(system.get(f"/actions/{others[0].pk}/"), 404, "not-found")


def test_a_client_finds_open_and_decided_requests(system: System) -> None:
    here = system.client.organisation_id
    waits = results(system.get("/dependencies/"))
    assert {one["state"] for one in waits if one["organisation"]["id"] == here} == {
        "requested",
        "acknowledged",
    }
    assert {one["state"] for one in waits if one["organisation"]["id"] != here} == {
        "declined",
        "acknowledged",
    }
    assert {one["state"] for one in results(system.get("/date-requests/"))} == {"requested", "approved"}
    assert {one["state"] for one in results(system.get("/returns/"))} == {"open", "submitted"}
    findings = results(system.get("/recommendations/"))
    assert [one["state"] for one in findings] == ["in_progress", "in_progress"]
    assert {one["type"] for one in results(system.get("/my-work/"))} >= {
        *("dependency-answer", "dependency-end", "progress-create", "return"),
    }
    assert [one["type"] for one in results(system.get("/decisions/"))] == ["dependency-answer"]
    action = results(system.get("/actions/", q="SBX-01"))[0]["id"]
    milestones = results(system.get(f"/actions/{action}/milestones/"))
    assert {one["reached_on"] is None for one in milestones} == {True, False}
    assert len(results(system.get(f"/actions/{action}/evidence/"))) == 2
    assert len(results(system.get(f"/actions/{action}/updates/"))) == 3


def test_a_client_can_report_for_a_month(system: System) -> None:
    action = results(system.get("/actions/", owner="me"))[0]["id"]
    count = len(changes(system))
    update = {"narrative": "Forty people came.", "rag": "green", "percent": 30, "state": "in_progress"}
    assert system.post(f"/actions/{action}/updates/", update).status_code == 201
    evidence = {"title": "The list", "link": "https://www.example.org/list"}
    assert system.post(f"/actions/{action}/evidence/", evidence).status_code == 201
    due_change = {"new_due": "2020-09-01", "reason": "The hall is closed in July."}
    assert system.post(f"/actions/{action}/date-requests/", due_change).status_code == 201
    new = changes(system)[count:]
    assert {one["verb"] for one in new} >= {"progress.submitted", "evidence.added", "date_change.requested"}
    assert all(one["own"] for one in new)


def test_its_ledger_verifies(sandbox: Sandbox) -> None:
    out = StringIO()
    call_command("verify_ledger", stdout=out)
    assert "Sandbox 1: whole" in out.getvalue()
    assert Entry.objects.filter(ledger=sandbox.partnership.ledger_id).latest("sequence").at == AT


@pytest.mark.parametrize(
    "at",
    [
        datetime(2024, 3, 1, 0, 5, tzinfo=LONDON),  # the shortest way back to the month before
        datetime(2026, 5, 31, 6, tzinfo=LONDON),  # a Sunday, so the month's last working day is past
    ],
)
def test_it_can_be_created_on_any_day(cast: Cast, at: datetime) -> None:
    sandbox = create_sandbox(actor=SYSTEM, at=at)
    waiting = Return.objects.filter(organisation=sandbox.client.organisation, state=ReturnState.OPEN)
    assert waiting.count() == 1
    tasks = my_tasks(actor=sandbox.client.user, on=at.astimezone(LONDON).date())
    assert len(tasks) >= 4


def test_every_row_is_recognisably_made_up(system: System) -> None:
    made_up = [*all_pages(system, "/organisations/"), *all_pages(system, "/plans/")]
    assert len(made_up) == 8
    for row in made_up:
        assert row["sandbox"] is True
        assert (row.get("name") or row["title"]).startswith("Sandbox")
    for row in [*all_pages(system, "/actions/"), *all_pages(system, "/inspections/")]:
        assert "sandbox" in row["title"].lower()


def test_a_client_reads_made_up_records_of_the_programme(system: System) -> None:
    rows = [*all_pages(system, "/training-events/"), *all_pages(system, "/grants/")]
    assert {(row["basis"], row["source"]) for row in rows} == {("illustrative", "Made up")}


# Nothing of it elsewhere --------------------------------------------------------------------------------------


def everything_of(system: System) -> dict[str, Any]:
    rows: dict[str, Any] = {path: results(system.get(path)) for path in LISTS}
    return rows | {"changes": changes(system)}


def test_no_other_client_sees_it(cast: Cast) -> None:
    ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    council = system_of(cast, cast.wakefield_council, scopes=sorted(SCOPES))
    before = everything_of(council)
    sandbox = sandbox_of(cast)
    assert everything_of(council) == before
    assert len(before["/organisations/"]) == 5
    assert not any(row["sandbox"] for row in before["/organisations/"])
    assert before["/plans/"][0]["sandbox"] is False
    for kind, model in (("actions", Action), ("plans", Plan)):
        row = model._default_manager.filter(partnership=sandbox.partnership).first()  # type: ignore[attr-defined]
        problem(council.get(f"/{kind}/{row.pk}/"), 404, "not-found")


def test_its_client_sees_nothing_else(cast: Cast, system: System) -> None:
    action = ActionFactory(cast=cast, in_progress=True, ref="WY20-77", supporting=[cast.wakefield_council])
    answers = str(everything_of(system))
    for words in ("WY20-", "West Yorkshire", "Wakefield", "Bradford", "Prevent Business Plan"):
        assert words not in answers
    assert {row["partnership"] for row in changes(system)} == {system.client.partnership_id}
    problem(system.get(f"/actions/{action.pk}/"), 404, "not-found")
    update = {"narrative": "Nothing.", "rag": "green", "percent": 30}
    problem(system.post(f"/actions/{action.pk}/updates/", update), 404, "not-found")
    assert results(system.get("/actions/", q="WY20-77")) == []


@pytest.mark.parametrize("name", ["manager", "gold", "auditor", "bradford_spoc", "wakefield_contact"])
def test_nobody_of_another_partnership_sees_it(cast: Cast, sandbox: Sandbox, name: str) -> None:
    person = cast.person(name)
    assert len(search(actor=person, text="sandbox", on=TODAY)) == 0
    assert len(search(actor=manager_of(sandbox), text="sandbox", on=TODAY)) > 0
    for model in (Partnership, Plan, Action, Organisation, Return):
        visible = model._default_manager.visible_to(person, TODAY)  # type: ignore[attr-defined]
        assert "sandbox" not in str([str(row) for row in visible]).lower()


def test_its_pages_say_what_it_is_and_others_do_not(
    cast: Cast, sandbox: Sandbox, signed_in: Callable[[str], Client]
) -> None:
    banner = "Sandbox 1 is for testing"
    assert banner not in signed_in("manager").get("/plans/").content.decode()
    visitor(cast, sandbox, cast.stranger)
    assert banner in signed_in("stranger").get("/plans/").content.decode()
    assert banner in signed_in("stranger").get("/").content.decode()


# Nobody is written to -------------------------------------------------------------------------------------------


def test_no_mail_is_sent_about_it(cast: Cast, sandbox: Sandbox, mailoutbox: list[Any]) -> None:
    assert my_tasks(actor=manager_of(sandbox), on=TODAY)
    assert send_digests(actor=SYSTEM, at=AT).sent == 0
    visitor(cast, sandbox, cast.stranger)
    assert my_tasks(actor=cast.stranger, on=TODAY)
    assert send_digests(actor=SYSTEM, at=AT).sent == 0
    assert mailoutbox == []


def test_a_person_with_another_membership_gets_mail_about_that_alone(
    cast: Cast, sandbox: Sandbox, mailoutbox: list[Any]
) -> None:
    ActionFactory(cast=cast, in_progress=True, ref="WY20-77", lead=cast.bradford_district)
    visitor(cast, sandbox, cast.bradford_spoc)
    assert any("SBX-" in str(task.title) for task in my_tasks(actor=cast.bradford_spoc, on=TODAY))
    send_digests(actor=SYSTEM, at=AT + timedelta(days=14))
    mail_text = "".join(mail.body for mail in mailoutbox if mail.to == [cast.bradford_spoc.email])
    assert "WY20-77" in mail_text
    assert "SBX-" not in "".join(mail.body for mail in mailoutbox)


def test_a_late_action_is_escalated_in_its_sandbox_only(sandbox: Sandbox) -> None:
    escalate(actor=SYSTEM, at=AT)
    assert {row.partnership for row in Escalation.objects.all()} == {sandbox.partnership}


# The next one -----------------------------------------------------------------------------------------------------


def test_a_new_sandbox_closes_the_earlier_one(cast: Cast, sandbox: Sandbox, system: System) -> None:
    assert system.get("/actions/").status_code == 200
    real = system_of(cast, cast.wakefield_council)
    newer = create_sandbox(actor=cast.administrator, at=LATER)
    assert str(newer.partnership) == "Sandbox 2"
    problem(system.get("/actions/"), 401, "unauthenticated")
    assert system.ask().status_code == 401
    plan = Plan.objects.get(partnership=sandbox.partnership)
    assert plan.state == Plan.State.CLOSED
    earlier = sandbox_accounts(partnership=sandbox.partnership)
    assert (len(earlier), {account.is_active for account in earlier}) == (7, {False})
    assert open_and_close_returns(actor=SYSTEM, at=LATER + timedelta(days=60)).opened != []
    assert not Return.objects.filter(plan=plan, period_start=datetime(2020, 6, 1, tzinfo=LONDON)).exists()
    assert System(newer.client, newer.secret).get("/actions/").status_code == 200
    assert real.get("/actions/").status_code == 200
    call_command("verify_ledger", stdout=StringIO())


def test_a_sandbox_beside_another_leaves_it_open(cast: Cast, system: System) -> None:
    before = results(system.get("/actions/"))
    newer = create_sandbox(actor=cast.administrator, at=LATER, beside=True)
    assert results(system.get("/actions/")) == before
    assert {one["id"] for one in before}.isdisjoint(
        one["id"] for one in results(System(newer.client, newer.secret).get("/actions/"))
    )


def test_a_sandbox_without_client_and_manager_is_closed_too(cast: Cast, sandbox: Sandbox) -> None:
    User.objects.filter(pk=manager_of(sandbox).pk).update(is_active=False)
    create_client(
        actor=SYSTEM, organisation=sandbox.client.organisation, name="Another", scopes=["actions:read"], at=AT
    )
    create_sandbox(actor=cast.administrator, at=LATER)
    assert not sandbox.partnership.api_clients.filter(is_active=True).exists()


@pytest.mark.parametrize("name", ["manager", "auditor", "stranger"])
def test_only_an_administrator_creates_one(cast: Cast, name: str) -> None:
    with pytest.raises(PermissionDenied, match="Only an administrator can create a sandbox"):
        create_sandbox(actor=cast.person(name), at=AT)
    assert not Partnership.objects.sandboxes().exists()


# The commands -------------------------------------------------------------------------------------------------------


def credentials(printed: str) -> System:
    client_id, secret = re.search(r"Client id: +(\S+)\nClient secret: (\S+)", printed).groups()  # type: ignore[union-attr]
    client = Partnership.objects.sandboxes().latest("pk").api_clients.get(client_id=client_id)
    return System(client, secret)


def test_the_command_prints_working_credentials(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def make(*, actor: User, at: datetime, beside: bool) -> Sandbox:
        assert (actor, at, beside) == (cast.administrator, AT, False)
        return sandbox_of(cast)

    monkeypatch.setattr(create_sandbox_command, "create_sandbox", make)
    out = StringIO()
    call_command("create_sandbox", actor="ADMINISTRATOR@example.org", stdout=out)
    assert results(credentials(out.getvalue()).get("/actions/"))
    assert "http://127.0.0.1:8000/oauth/token/" in out.getvalue()
    sandbox = Partnership.objects.sandboxes().get()
    assert not any(account.has_usable_password() for account in sandbox_accounts(partnership=sandbox))


@pytest.mark.parametrize(
    ("actor", "message"),
    [
        ("nobody@example.org", "There is no active account “nobody@example.org”"),
        ("manager@example.org", "Only an administrator can create a sandbox"),
    ],
)
def test_the_command_names_the_error(cast: Cast, actor: str, message: str) -> None:
    with pytest.raises(CommandError, match=message):
        call_command("create_sandbox", actor=actor, stdout=StringIO())
    assert not Partnership.objects.sandboxes().exists()


def test_the_demonstration_creates_one_sandbox(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.setattr(load_demo, "is_loaded", lambda: True)
    first, second = StringIO(), StringIO()
    call_command("load_demo", stdout=first)
    system = credentials(first.getvalue())
    assert "sandbox-1.council@sandbox.invalid" in first.getvalue()
    call_command("load_demo", stdout=second)
    assert "Sandbox 1 already exists" in second.getvalue()
    assert "create_sandbox --actor admin@example.org" in second.getvalue()
    assert "secret:" not in second.getvalue()
    assert system.get("/actions/").status_code == 200


@pytest.mark.parametrize(
    ("placeholder", "text"),
    [
        ("sandbox-{n}", "sandbox-7"),
        ("{-20}", "2020-02-20"),
        ("{+1 09:30},x", "2020-03-12T09:30:00,x"),
        ("{month-2}", "2020-01-01"),
        ("{month-3+5 08:00}", "2019-12-06T08:00:00"),
        ("{month+10}", "2021-01-01"),
        ("{now}", "2020-03-11T00:30:00"),
    ],
)
def test_dates_are_relative_to_the_day_of_creation(placeholder: str, text: str) -> None:
    assert fill_in(placeholder, at=datetime(2020, 3, 11, 0, 30, tzinfo=LONDON), number=7) == text


@pytest.mark.parametrize("wrong", ["{monthly-2}", "{-2 9:30}", "{x}"])
def test_an_unknown_placeholder_is_an_error(wrong: str) -> None:
    with pytest.raises(ValueError, match="Unknown placeholder"):
        fill_in(wrong, at=AT, number=1)
