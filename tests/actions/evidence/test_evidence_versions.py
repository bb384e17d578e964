"""Evidence has versions, a day it speaks of and a day it runs out; a plan may ask for it before assurance."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actions.assurance.services import assure_action, return_action, submit_action
from actions.core.states import State
from actions.evidence.services import NEEDS_EVIDENCE, add_evidence, evidence_of
from actions.history.services import timeline_of
from actions.models import Action, Evidence
from actions.plans.services import change_plan
from audit.models import Entry
from audit.services import verify
from desk.my_work.services.lists import my_tasks
from tests.actions.core.opening import listed_actions
from tests.actions.evidence.test_evidence_pages import attached, download, pdf
from tests.cast import AT, EARLIER, LONDON, PEOPLE, TODAY, Cast
from tests.factories import ActionFactory

LIST = reverse("actions:action-list")
SOON, LATER = date(2020, 7, 17), date(2020, 7, 18)


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def linked(cast: Cast, action: Action, **fields: Any) -> Evidence:
    arguments = {"title": "Rota", "url": "https://example.org/rota"} | fields
    return add_evidence(**{"actor": cast.bradford_spoc, "action": action, "at": AT} | arguments)


def replace(evidence: Evidence) -> str:
    return reverse("actions:evidence-replace", args=[evidence.action_id, evidence.pk])


def content_of(response: Any) -> bytes:
    return b"".join(response)


def asking(cast: Cast) -> None:
    change_plan(actor=cast.manager, plan=cast.plan, evidence_required=True, at=EARLIER)


def after_expiry(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    monkeypatch.setattr("audit.clock.now", lambda: datetime(day.year, day.month, day.day, 9, tzinfo=LONDON))


# Versions -----------------------------------------------------------------------------------------------------


def test_a_new_version_takes_the_place_of_the_one_it_names(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    first = linked(cast, action)
    second = linked(cast, action, supersedes=first)
    third = linked(cast, action, supersedes=second, title="Rota of July")
    assert [row.number for row in (first, second, third)] == [1, 2, 3]
    (line,) = evidence_of(action=action, on=TODAY)
    assert (line.newest, list(line.earlier)) == (third, [second, first])
    verbs = Entry.objects.filter(verb__startswith="evidence.").order_by("sequence")
    assert list(verbs.values_list("verb", flat=True)) == ["evidence.added", *["evidence.replaced"] * 2]
    assert verify(ledger=cast.yorkshire.ledger).ok


def test_only_the_newest_version_of_the_same_action_is_replaced(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    other = ActionFactory(cast=cast, in_progress=True, ref="WY20-02")
    first = linked(cast, action)
    linked(cast, action, supersedes=first)
    with pytest.raises(ValidationError, match="Bradford spoc added version 2 on 19 June 2020") as refused:
        linked(cast, action, supersedes=first)
    assert refused.value.code == "conflict"
    with pytest.raises(ValidationError) as foreign:
        linked(cast, other, supersedes=first)
    assert "supersedes" in foreign.value.message_dict
    assert Evidence.objects.count() == 2


@pytest.mark.parametrize("person", PEOPLE)
def test_replacing_needs_the_rights_of_adding(cast: Cast, signed_in: Any, person: str) -> None:
    evidence = linked(cast, ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council]))
    client, may = signed_in(person), person in ("bradford_spoc", "wakefield_contact")
    may_see = may or person in ("leeds_spoc", "manager", "gold", "auditor")
    status = client.get(replace(evidence)).status_code
    assert status == (200 if may else 403 if may_see else 404)
    action = Action.objects.get()
    answer = {"version": action.version, "title": "Rota", "url": "https://example.org/new"}
    assert client.post(replace(evidence), answer).status_code == (302 if may else status)
    assert Evidence.objects.count() == (2 if may else 1)
    if not may:
        with pytest.raises(PermissionDenied):
            linked(cast, action, supersedes=evidence, actor=cast.person(person))


def test_the_old_version_stays_with_its_hash_and_is_checked_when_it_is_handed_out(
    cast: Cast, signed_in: Any, files: Path
) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    first = attached(cast, action)
    client = signed_in("bradford_spoc")
    answer = {"version": action.version, "title": "Attendance", "file": pdf(content=b"%PDF-1.7\n2\n%%EOF")}
    assert client.post(replace(first), answer).status_code == 302
    second = Evidence.objects.get(number=2)
    assert (second.supersedes, second.sha256 == first.sha256) == (first, False)
    words = client.get(reverse("actions:action", args=[action.pk])).content.decode()
    for part in (download(first), download(second), first.sha256, second.sha256, "Version 1, replaced"):
        assert part in words
    assert replace(first) not in words
    assert content_of(client.get(download(first))).startswith(b"%PDF-1.7\n1 0 obj")
    (files / first.file.name).write_bytes(b"%PDF-1.7 other")
    assert client.get(download(first)).status_code == 409
    assert content_of(client.get(download(second))).endswith(b"2\n%%EOF")


def test_a_version_replaced_meanwhile_says_by_whom_and_when(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    first = linked(cast, action)
    linked(cast, action, supersedes=first)
    client = signed_in("bradford_spoc")
    response = client.get(replace(first))
    assert response.status_code == 409
    assert "Bradford spoc added version 2 on 19 June 2020 at 10:00am" in response.content.decode()
    action.refresh_from_db()
    answer = {"version": action.version, "title": "Rota", "url": "https://example.org/new"}
    response = client.post(replace(first), answer)
    assert response.status_code == 409
    assert "added version 2" in response.content.decode()
    assert Evidence.objects.count() == 2


def test_evidence_is_found_under_its_own_action_only(cast: Cast, signed_in: Any) -> None:
    evidence = linked(cast, ActionFactory(cast=cast, in_progress=True))
    other = ActionFactory(cast=cast, in_progress=True, ref="WY20-02")
    address = reverse("actions:evidence-replace", args=[other.pk, evidence.pk])
    assert signed_in("bradford_spoc").get(address).status_code == 404


def test_a_closed_action_takes_no_new_version(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, awaiting_assurance=True)
    evidence = linked(cast, action)
    assure_action(actor=cast.auditor, action=action, note="Seen.", at=AT)
    response = signed_in("bradford_spoc").get(replace(evidence))
    assert response.status_code == 409
    assert "This action is complete" in response.content.decode()
    with pytest.raises(ValidationError, match="complete"):
        linked(cast, action, supersedes=evidence)


def test_the_timeline_says_which_version_and_until_when(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    linked(cast, action, supersedes=linked(cast, action), expires_on=SOON)
    newest, first, *_ = timeline_of(action=action)
    assert (newest.title, list(newest.lines)) == (
        "Evidence replaced by a new version",
        ["Evidence: Rota, version 2, expires on 17 July 2020"],
    )
    assert list(first.lines) == ["Evidence: Rota"]


# Days ---------------------------------------------------------------------------------------------------------


def test_the_effective_day_differs_from_the_day_it_was_added(cast: Cast) -> None:
    evidence = linked(
        cast, ActionFactory(cast=cast, in_progress=True), effective_on=date(2020, 5, 28), expires_on=TODAY
    )
    assert (evidence.effective_on, evidence.added_at, evidence.expires_on) == (date(2020, 5, 28), AT, TODAY)


@pytest.mark.parametrize(
    ("days", "field"),
    [
        ({"effective_on": date(2020, 6, 20)}, "effective_on"),
        ({"expires_on": date(2020, 6, 18)}, "expires_on"),
        ({"effective_on": date(2020, 6, 1), "expires_on": date(2020, 5, 31)}, "expires_on"),
        ({"effective_on": date(2020, 6, 1), "expires_on": date(2020, 6, 18)}, "expires_on"),
    ],
)
def test_impossible_days_are_refused_at_their_field(
    cast: Cast, signed_in: Any, days: dict[str, date], field: str
) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    with pytest.raises(ValidationError) as refused:
        linked(cast, action, **days)
    assert list(refused.value.message_dict) == [field]
    answer = {"version": action.version, "title": "Rota", "url": "https://example.org/", **days}
    address = reverse("actions:evidence-add", args=[action.pk])
    response = signed_in("bradford_spoc").post(address, answer)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (date(2020, 6, 18), "Expires on 17 July 2020"),
        (SOON, "Expires on 17 July 2020"),
        (LATER, "Expired</strong> on 17 July 2020"),
    ],
)
def test_the_page_says_until_when_it_counts(
    cast: Cast, signed_in: Any, monkeypatch: Any, on: date, words: str
) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    linked(cast, action, expires_on=SOON)
    after_expiry(monkeypatch, on)
    assert words in signed_in("auditor").get(reverse("actions:action", args=[action.pk])).content.decode()


def listed(client: Any, value: str) -> list[str]:
    return [action.ref for action in listed_actions(client, {"evidence": value})]


def test_the_list_finds_what_runs_out_has_run_out_or_is_missing(
    cast: Cast, signed_in: Any, monkeypatch: Any
) -> None:
    for number, expires_on in enumerate((date(2020, 6, 20), SOON, LATER, None), start=1):
        linked(cast, ActionFactory(cast=cast, in_progress=True, ref=f"WY20-0{number}"), expires_on=expires_on)
    replaced = ActionFactory(cast=cast, in_progress=True, ref="WY20-05")
    linked(cast, replaced, supersedes=linked(cast, replaced, expires_on=date(2020, 6, 20)))
    ActionFactory(cast=cast, in_progress=True, ref="WY20-06")
    client = signed_in("manager")
    after_expiry(monkeypatch, TODAY)
    assert listed(client, "expiring") == ["WY20-01", "WY20-02"]
    assert listed(client, "expired") == []
    assert listed(client, "none") == ["WY20-06"]
    after_expiry(monkeypatch, date(2020, 6, 21))
    assert listed(client, "expired") == ["WY20-01"]
    assert listed(client, "expiring") == ["WY20-02", "WY20-03"]
    assert client.get(LIST, {"evidence": "good"}).status_code == 422


# My work ------------------------------------------------------------------------------------------------------


def evidence_tasks(user: Any, on: date) -> list[tuple[str, str]]:
    return [
        (task.subject.ref, task.reason) for task in my_tasks(actor=user, on=on) if "evidence" in task.verb
    ]


@pytest.mark.parametrize("person", PEOPLE)
def test_the_lead_is_notified_four_weeks_ahead(cast: Cast, person: str) -> None:
    action = ActionFactory(
        cast=cast, in_progress=True, supporting=[cast.wakefield_council], due=date(2020, 12, 31)
    )
    evidence = linked(cast, action, expires_on=SOON)
    user, leads = cast.person(person), person == "bradford_spoc"
    assert evidence_tasks(user, SOON - timedelta(days=29)) == []
    expected = [("WY20-01", "“Rota” expires on 17 July 2020")] if leads else []
    assert evidence_tasks(user, TODAY) == expected
    assert evidence_tasks(user, LATER) == ([("WY20-01", "“Rota” expired on 17 July 2020")] if leads else [])
    linked(cast, action, supersedes=evidence)
    assert evidence_tasks(user, TODAY) == []


def test_an_action_is_listed_once_with_its_first_expiry_and_no_extra_query(
    cast: Cast, signed_in: Any
) -> None:
    def add_evidence(ref: str) -> None:
        action = ActionFactory(cast=cast, in_progress=True, ref=ref, due=date(2020, 12, 31))
        linked(cast, action, expires_on=SOON, title="Late")
        linked(cast, action, expires_on=date(2020, 7, 1), title="Soon")

    client = signed_in("bradford_spoc")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/").status_code == 200
        return len(captured)

    add_evidence("WY20-01")
    few = queries()
    for number in range(2, 6):
        add_evidence(f"WY20-0{number}")
    assert queries() == few
    tasks = evidence_tasks(cast.bradford_spoc, TODAY)
    assert len(tasks) == 5
    assert {reason for _, reason in tasks} == {"“Soon” expires on 1 July 2020"}
    (task, *_) = my_tasks(actor=cast.bradford_spoc, on=TODAY)
    assert client.get(reverse(task.route, args=task.args)).status_code == 200


# Before assurance ---------------------------------------------------------------------------------------------


def submit(cast: Cast, action: Action) -> Any:
    return submit_action(actor=cast.bradford_spoc, action=action, note="Done.", at=AT)


def test_a_plan_that_asks_for_evidence_takes_no_submission_without_it(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    asking(cast)
    with pytest.raises(ValidationError) as refused:
        submit(cast, action)
    assert (refused.value.messages, refused.value.code) == ([NEEDS_EVIDENCE], "state")
    client, address = signed_in("bradford_spoc"), reverse("actions:action-submit", args=[action.pk])
    assert "This plan requires evidence" in client.get(address).content.decode()
    page = client.get(reverse("actions:action", args=[action.pk]))
    assert "This plan requires evidence" in page.content.decode()
    assert "Submit for assurance" not in [each.text for each in page.context["abilities"]]
    assert client.post(address, {"version": action.version, "note": "Done."}).status_code == 409
    linked(cast, action)
    assert "This plan requires evidence" not in client.get(address).content.decode()
    assert submit(cast, action).state == State.AWAITING_ASSURANCE


def test_evidence_that_has_expired_is_none(cast: Cast, signed_in: Any, monkeypatch: Any) -> None:
    asking(cast)
    action = ActionFactory(cast=cast, in_progress=True)
    linked(cast, action, expires_on=TODAY)
    submit(cast, action)
    after_expiry(monkeypatch, date(2020, 6, 20))
    tomorrow = {"actor": cast.auditor, "action": action, "at": datetime(2020, 6, 20, 9, tzinfo=LONDON)}
    with pytest.raises(ValidationError, match="requires evidence"):
        assure_action(note="Seen.", **tomorrow)
    client, address = signed_in("auditor"), reverse("actions:assurance-give", args=[action.pk])
    assert "It cannot be submitted or assured without it" in client.get(address).content.decode()
    action.refresh_from_db()
    answer = {"version": action.version, "opinion": "assured", "note": "Seen."}
    assert client.post(address, answer).status_code == 409
    return_action(note="It has run out.", **tomorrow)
    assert Action.objects.get().state == State.IN_PROGRESS


def test_an_earlier_version_that_would_still_count_does_not(cast: Cast) -> None:
    asking(cast)
    action = ActionFactory(cast=cast, in_progress=True)
    old = linked(cast, action)
    linked(cast, action, supersedes=old, expires_on=TODAY)
    with pytest.raises(ValidationError, match="requires evidence"):
        submit_action(
            actor=cast.bradford_spoc, action=action, note="Done.", at=datetime(2020, 6, 20, 9, tzinfo=LONDON)
        )


def test_a_plan_that_does_not_ask_assures_without(cast: Cast) -> None:
    action = ActionFactory(cast=cast, awaiting_assurance=True)
    assure_action(actor=cast.auditor, action=action, note="Seen.", at=AT)
    assert Action.objects.get().state == State.COMPLETE


@pytest.mark.parametrize("evidence_required", [True, False])
def test_the_manager_says_so_in_the_plans_form(cast: Cast, signed_in: Any, evidence_required: bool) -> None:
    cast.plan.refresh_from_db()
    answer = {
        **{name: getattr(cast.plan, name) for name in ("title", "starts_on", "ends_on", "state", "cadence")},
        "marking": cast.plan.marking,
        "return_nth": "5",
        "return_counted": "working_day",
        "return_grace": "5",
        **({"evidence_required": "on"} if evidence_required else {}),
    }
    client = signed_in("manager")
    assert client.post(reverse("actions:plan-edit", args=[cast.plan.pk]), answer).status_code == 302
    cast.plan.refresh_from_db()
    assert cast.plan.evidence_required is evidence_required
    words = client.get(reverse("actions:plan", args=[cast.plan.pk])).content.decode()
    assert ("Evidence is required before assurance" in words) is evidence_required
