"""The owner asks, an auditor with no part in the action judges: nobody marks their own homework."""

from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actions.assurance.services import assure_action, submit_action
from actions.core.states import State
from actions.evidence.services import add_evidence
from actions.models import Action, Assurance
from audit.actors import SYSTEM
from partners.accounts.services.users import create_user
from partners.memberships.services import grant_membership
from partners.models import Role
from tests.cast import AT, EARLIER, LONDON, SINCE, Cast
from tests.factories import ActionFactory
from tests.support.auditors import become_auditor
from tests.support.snapshots import reuse_snapshot

QUEUE = "actions:assurance-queue"


def page(action: Action, name: str = "assurance-give") -> str:
    return reverse(f"actions:{name}", args=[action.pk])


def judge(client: Any, action: Action, **changes: Any) -> Any:
    answer = {"version": action.version, "opinion": "assured", "note": "The attendance lists show it."}
    return client.post(page(action), answer | changes)


@reuse_snapshot
def complete(cast: Cast, ref: str = "WY20-01") -> Action:
    action = ActionFactory(cast=cast, awaiting_assurance=True, ref=ref)
    assure_action(actor=cast.auditor, action=action, note="Seen.", at=AT)
    action.refresh_from_db()
    return action


# Submitting ---------------------------------------------------------------------------------------------------


def test_the_owner_submits_what_is_done(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(
        cast=cast, in_progress=True, success_measure="All five teams are briefed by September."
    )
    client = signed_in("bradford_spoc")
    form = client.get(page(action, "action-submit"))
    assert "All five teams are briefed by September." in form.content.decode()
    answer = {"version": action.version, "note": "All five were briefed in June."}
    assert client.post(page(action, "action-submit"), answer).status_code == 302
    action.refresh_from_db()
    assert action.state == State.AWAITING_ASSURANCE


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("bradford_spoc", 200),
        ("leeds_spoc", 403),
        ("manager", 403),
        ("gold", 403),
        ("auditor", 403),
        ("wakefield_contact", 403),
        ("observer", 404),
        ("leicestershire_manager", 404),
        ("stranger", 404),
    ],
)
def test_roles_that_may_submit(cast: Cast, signed_in: Any, who: str, status: int) -> None:
    action = ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    client = signed_in(who)
    assert client.get(page(action, "action-submit")).status_code == status
    answer = {"version": action.version, "note": "Done."}
    expected = 302 if status == 200 else status
    assert client.post(page(action, "action-submit"), answer).status_code == expected


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"note": " "}, "note"), ({"note": "x" * 2001}, "note"), ({"version": "-1"}, "version")],
)
def test_a_submission_says_what_was_achieved(
    cast: Cast, signed_in: Any, changes: dict[str, str], field: str
) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    answer = {"version": action.version, "note": "Done."} | changes
    response = signed_in("bradford_spoc").post(page(action, "action-submit"), answer)
    assert response.status_code == 422
    assert field in response.context["form"].errors
    action.refresh_from_db()
    assert action.state == State.IN_PROGRESS


def test_a_stale_submission_shows_what_changed(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    answer = {"version": action.version - 1, "note": "All five were briefed."}
    response = signed_in("bradford_spoc").post(page(action, "action-submit"), answer)
    assert response.status_code == 409
    assert "All five were briefed." in response.content.decode()
    assert "Two of five teams are briefed." in response.content.decode()


def test_an_action_that_is_not_started_cannot_be_submitted(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, allocated=True)
    client = signed_in("bradford_spoc")
    response = client.get(page(action, "action-submit"))
    assert response.status_code == 409
    assert "This action is not started" in response.content.decode()
    answer = {"version": action.version, "note": "Done."}
    assert client.post(page(action, "action-submit"), answer).status_code == 409


# Judging ------------------------------------------------------------------------------------------------------


def test_the_auditor_reads_the_whole_story(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(
        cast=cast, awaiting_assurance=True, success_measure="All five teams are briefed by September."
    )
    link = {"title": "Attendance lists", "url": "https://example.org/lists"}
    add_evidence(actor=cast.bradford_spoc, action=action, at=AT, **link)
    words = signed_in("auditor").get(page(action)).content.decode()
    for part in (
        "All five teams are briefed by September.",
        "All five teams are briefed.",
        "Two of five teams are briefed.",
        "https://example.org/lists",
        "Bradford spoc",
    ):
        assert part in words


def test_an_action_is_assured(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, awaiting_assurance=True)
    response = signed_in("auditor").post(
        page(action), {"version": action.version, "opinion": "assured", "note": "Seen."}, follow=True
    )
    assert "Action assured and complete" in response.content.decode()
    action.refresh_from_db()
    assert (action.state, action.percent) == (State.COMPLETE, 100)
    assert Assurance.objects.get().assessed_by == cast.auditor


def test_an_action_is_returned_with_a_reason_its_owner_reads(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, awaiting_assurance=True)
    note = "The lists of two teams are missing."
    assert judge(signed_in("auditor"), action, opinion="returned", note=note).status_code == 302
    action.refresh_from_db()
    assert action.state == State.IN_PROGRESS
    assert note in signed_in("bradford_spoc").get(page(action, "action-submit")).content.decode()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"opinion": ""}, "opinion"),
        ({"opinion": "reopened"}, "opinion"),
        ({"opinion": "excellent"}, "opinion"),
        ({"note": ""}, "note"),
        ({"note": "x" * 2001}, "note"),
        ({"version": "1.5"}, "version"),
    ],
)
def test_a_judgement_that_is_not_one_is_refused(
    cast: Cast, signed_in: Any, changes: dict[str, str], field: str
) -> None:
    action = ActionFactory(cast=cast, awaiting_assurance=True)
    response = judge(signed_in("auditor"), action, **changes)
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert not Assurance.objects.exists()


def test_evidence_that_came_meanwhile_is_shown_before_the_judgement_counts(
    cast: Cast, signed_in: Any
) -> None:
    action = ActionFactory(cast=cast, awaiting_assurance=True)
    link = {"title": "Late minutes", "url": "https://example.org/late"}
    add_evidence(actor=cast.bradford_spoc, action=action, at=AT, **link)
    client = signed_in("auditor")
    response = judge(client, action, note="Seen all of it.")
    assert response.status_code == 409
    assert "Evidence: Late minutes" in response.content.decode()
    assert "Seen all of it." in response.content.decode()
    assert not Assurance.objects.exists()
    fresh = response.context["form"]["version"].value()
    assert judge(client, action, version=fresh).status_code == 302


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("auditor", 200),
        ("bradford_spoc", 403),
        ("leeds_spoc", 403),
        ("manager", 403),
        ("gold", 403),
        ("wakefield_contact", 404),
        ("observer", 404),
        ("leicestershire_manager", 404),
        ("administrator", 404),
    ],
)
@pytest.mark.parametrize("name", ["assurance-give", "action-reopen"])
def test_only_others_may_assure(cast: Cast, signed_in: Any, who: str, status: int, name: str) -> None:
    action = ActionFactory(cast=cast, awaiting_assurance=True) if name == "assurance-give" else complete(cast)
    client = signed_in(who)
    assert client.get(page(action, name)).status_code == status
    answer = {"version": action.version, "opinion": "returned", "note": "More is needed."}
    assert client.post(page(action, name), answer).status_code == (302 if status == 200 else status)


@pytest.mark.parametrize(
    ("name", "part", "reason"),
    [
        ("bradford_spoc", "owner", "You own this action"),
        ("bradford_spoc", "author", "You wrote an update"),
        ("stranger", "lead", "Your organisation leads"),
    ],
)
def test_nobody_marks_their_own_homework(
    cast: Cast, signed_in: Any, name: str, part: str, reason: str
) -> None:
    action = ActionFactory(cast=cast, awaiting_assurance=True)
    if part == "author":
        grant_organisation_apart(cast, action)
    auditor = cast.person(name)
    become_auditor(cast, auditor, cast.bradford_district if part == "lead" else cast.wakefield_council)
    response = signed_in(name).get(page(action))
    assert response.status_code == 403
    assert reason in response.content.decode()
    assert judge(signed_in(name), action).status_code == 403
    assert not Assurance.objects.exists()
    queue = signed_in(name).get(reverse(QUEUE))
    [row] = queue.context["rows"]
    assert row.why_not.startswith(reason)
    assert auditor.name not in row.auditors
    assert page(action) not in queue.content.decode()


def grant_organisation_apart(cast: Cast, action: Action) -> None:
    """Hand the lead to another organisation, so that authorship alone bars the author."""
    Action.objects.filter(pk=action.pk).update(lead=cast.leeds_district, owner=cast.leeds_spoc)
    action.refresh_from_db()


def test_only_a_submitted_action_can_be_assured(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    client = signed_in("auditor")
    assert client.get(page(action)).status_code == 409
    assert judge(client, action).status_code == 409
    assert client.get(page(action, "action-reopen")).status_code == 409


def test_a_complete_action_is_reopened_with_a_reason(cast: Cast, signed_in: Any) -> None:
    action = complete(cast)
    client = signed_in("auditor")
    assert client.get(page(action, "action-reopen")).status_code == 200
    address = page(action, "action-reopen")
    assert client.post(address, {"version": action.version, "note": ""}).status_code == 422
    answer = {"version": action.version, "note": "Two teams were never briefed."}
    assert client.post(address, answer).status_code == 302
    action.refresh_from_db()
    assert (action.state, action.closed_on) == (State.IN_PROGRESS, None)


# The queue ----------------------------------------------------------------------------------------------------


def test_the_queue_begins_with_the_longest_waiting(cast: Cast, signed_in: Any) -> None:
    newer = ActionFactory(cast=cast, in_progress=True, ref="WY20-01")
    older = ActionFactory(cast=cast, awaiting_assurance=True, ref="WY20-02")
    submit_action(
        actor=cast.bradford_spoc, action=newer, note="Done.", at=datetime(2020, 6, 12, tzinfo=LONDON)
    )
    ActionFactory(cast=cast, in_progress=True, ref="WY20-03")
    response = signed_in("auditor").get(reverse(QUEUE))
    rows = response.context["rows"]
    assert [row.action for row in rows] == [older, newer]
    assert rows[0].action.submitted_by == "Bradford spoc"
    assert [row.auditors for row in rows] == [["Auditor"], ["Auditor"]]
    assert page(older) in response.content.decode()
    assert "10 June 2020" in response.content.decode()


def test_an_action_no_auditor_may_judge_says_so(cast: Cast, signed_in: Any) -> None:
    ActionFactory(cast=cast, awaiting_assurance=True, lead=cast.opcc, owner=cast.manager)
    assert (
        "None. Ask for an auditor from another organisation."
        in signed_in("auditor").get(reverse(QUEUE)).content.decode()
    )


def test_an_empty_queue_says_what_comes_next(cast: Cast, signed_in: Any) -> None:
    assert "No actions are awaiting assurance" in signed_in("auditor").get(reverse(QUEUE)).content.decode()


@pytest.mark.parametrize(
    "who", ["bradford_spoc", "manager", "gold", "wakefield_contact", "observer", "stranger", "administrator"]
)
def test_the_queue_is_the_auditors(cast: Cast, signed_in: Any, who: str) -> None:
    assert signed_in(who).get(reverse(QUEUE)).status_code == 403


def test_the_queue_ends_at_the_partnership(cast: Cast, signed_in: Any) -> None:
    ActionFactory(cast=cast, awaiting_assurance=True)
    elsewhere = create_user(actor=SYSTEM, email="elsewhere@example.org", name="Elsewhere", at=EARLIER)
    grant_membership(
        actor=SYSTEM,
        user=elsewhere,
        partnership=cast.leicestershire,
        organisation=cast.city_council,
        role=Role.AUDITOR,
        starts_on=SINCE,
        at=EARLIER,
    )
    client = signed_in("stranger")
    client.force_login(elsewhere, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(reverse(QUEUE)).context["rows"] == []


@pytest.mark.parametrize("number", ["0", "99", "x"])
def test_there_is_no_such_page(cast: Cast, signed_in: Any, number: str) -> None:
    assert signed_in("auditor").get(f"{reverse(QUEUE)}?page={number}").status_code == 404


def test_the_queue_costs_the_same_however_long(cast: Cast, signed_in: Any) -> None:
    ActionFactory(cast=cast, awaiting_assurance=True)
    client = signed_in("auditor")
    client.get(reverse(QUEUE))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse(QUEUE))
    for number in range(2, 7):
        ActionFactory(cast=cast, awaiting_assurance=True, ref=f"WY20-0{number}")
    with CaptureQueriesContext(connection) as many:
        assert len(client.get(reverse(QUEUE)).context["rows"]) == 6
    assert len(many) == len(few)


def test_the_story_costs_the_same_however_long(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, awaiting_assurance=True)
    client = signed_in("auditor")

    def add_a_link() -> None:
        link = {"title": "Minutes", "url": "https://example.org/minutes"}
        add_evidence(actor=cast.bradford_spoc, action=action, at=AT, **link)

    add_a_link()
    client.get(page(action))
    with CaptureQueriesContext(connection) as few:
        client.get(page(action))
    for _ in range(4):
        add_a_link()
    with CaptureQueriesContext(connection) as many:
        client.get(page(action))
    assert len(many) == len(few)
