"""After closure: assurance may set a day of re-test, and the re-test confirms or reopens."""

from datetime import date, datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from actions.assurance.services import assure_action, reopen_action, retest_action
from actions.core.states import State
from actions.history.services import timeline_of
from actions.models import Action, Assurance
from desk.my_work.services.lists import my_tasks
from tests.actions.core.opening import listed_actions
from tests.cast import AT, LONDON, PEOPLE, TODAY, Cast
from tests.factories import ActionFactory
from tests.support.auditors import become_auditor
from tests.support.snapshots import reuse_snapshot

LIST = reverse("actions:action-list")
DAY = date(2020, 12, 19)
THAT_DAY = datetime(2020, 12, 19, 9, tzinfo=LONDON)


@reuse_snapshot
def complete(cast: Cast, ref: str = "WY20-01", retest_on: date | None = DAY) -> Action:
    action = ActionFactory(cast=cast, awaiting_assurance=True, ref=ref)
    assure_action(actor=cast.auditor, action=action, note="Seen.", retest_on=retest_on, at=AT)
    action.refresh_from_db()
    return action


def retest(cast: Cast, action: Action, **changes: Any) -> Assurance:
    arguments = {"actor": cast.auditor, "action": action, "note": "Still briefed.", "at": THAT_DAY}
    return retest_action(**arguments | changes)


def page(action: Action, name: str = "action-retest") -> str:
    return reverse(f"actions:{name}", args=[action.pk])


def at(monkeypatch: Any, moment: datetime) -> None:
    monkeypatch.setattr("audit.clock.now", lambda: moment)


# The rules ----------------------------------------------------------------------------------------------------


def test_assurance_keeps_the_day_of_the_retest_and_so_does_the_action(cast: Cast) -> None:
    action = complete(cast)
    assert (action.retest_on, Assurance.objects.get().retest_on) == (DAY, DAY)
    assert complete(cast, "WY20-02", retest_on=None).retest_on is None


def test_a_retest_confirms_and_may_set_the_next(cast: Cast) -> None:
    action = complete(cast)
    again = date(2021, 12, 19)
    judged = retest(cast, action, retest_on=again)
    action.refresh_from_db()
    assert (judged.opinion, judged.retest_on, action.retest_on) == ("confirmed", again, again)
    assert (action.state, action.closed_on, action.percent) == (State.COMPLETE, TODAY, 100)
    retest(cast, action)
    action.refresh_from_db()
    assert action.retest_on is None
    newest, *_ = timeline_of(action=action)
    assert (newest.title, newest.text) == ("Confirmed by a re-test", "Still briefed.")
    assert list(newest.lines) == ["Re-test on removed (it was 19 December 2021)"]


def test_reopening_clears_the_day(cast: Cast) -> None:
    action = complete(cast)
    reopen_action(actor=cast.auditor, action=action, note="Two teams were not.", at=THAT_DAY)
    action.refresh_from_db()
    assert (action.state, action.retest_on, action.closed_on) == (State.IN_PROGRESS, None, None)


@pytest.mark.parametrize("day", [TODAY, date(2020, 6, 18), date(2019, 1, 1)])
def test_a_retest_is_on_a_day_to_come(cast: Cast, day: date) -> None:
    with pytest.raises(ValidationError) as refused:
        complete(cast, retest_on=day)
    assert list(refused.value.message_dict) == ["retest_on"]
    action = complete(cast, "WY20-02")
    with pytest.raises(ValidationError) as refused:
        retest(cast, action, retest_on=day)
    assert list(refused.value.message_dict) == ["retest_on"]


@pytest.mark.parametrize(
    "make",
    [
        lambda cast: ActionFactory(cast=cast, in_progress=True),
        lambda cast: ActionFactory(cast=cast, awaiting_assurance=True),
    ],
)
def test_only_what_is_complete_is_tested_again(cast: Cast, signed_in: Any, make: Any) -> None:
    action = make(cast)
    words = action.get_state_display().lower()
    with pytest.raises(ValidationError, match=words) as refused:
        retest(cast, action)
    assert refused.value.code == "state"
    response = signed_in("auditor").get(page(action))
    assert response.status_code == 409
    assert words in response.content.decode()


def test_a_retest_says_why(cast: Cast) -> None:
    with pytest.raises(ValidationError) as refused:
        retest(cast, complete(cast), note=" ")
    assert "note" in refused.value.message_dict


@pytest.mark.parametrize("person", PEOPLE)
def test_only_an_auditor_tests_again(cast: Cast, signed_in: Any, person: str) -> None:
    action, user = complete(cast), cast.person(person)
    client = signed_in(person)
    may_see = person in ("bradford_spoc", "leeds_spoc", "manager", "gold")
    status = 200 if person == "auditor" else 403 if may_see else 404
    assert client.get(page(action)).status_code == status
    answer = {"version": action.version, "decision": "confirm", "note": "Still briefed."}
    if person == "auditor":
        retest(cast, action)
        return
    with pytest.raises(PermissionDenied):
        retest(cast, action, actor=user)
    assert client.post(page(action), answer).status_code == status
    assert Assurance.objects.count() == 1
    assert "Re-test this action" not in client.get(page(action, "action")).content.decode()


@pytest.mark.parametrize("part", ["owner", "author", "lead"])
def test_nobody_tests_their_own_homework(cast: Cast, signed_in: Any, part: str) -> None:
    action = complete(cast)
    if part == "owner":
        Action.objects.filter(pk=action.pk).update(alternate=cast.auditor)
    if part == "author":
        action.updates.update(author=cast.auditor)
    if part == "lead":
        Action.objects.filter(pk=action.pk).update(lead=cast.opcc)
    action.refresh_from_db()
    with pytest.raises(PermissionDenied, match="another auditor|auditor from another"):
        retest(cast, action)
    client = signed_in("auditor")
    assert client.get(page(action)).status_code == 403
    assert "Re-test this action" not in client.get(page(action, "action")).content.decode()
    assert my_tasks(actor=cast.auditor, on=DAY) == []


# The pages ----------------------------------------------------------------------------------------------------


def test_an_auditor_sets_the_day_with_the_assurance(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, awaiting_assurance=True)
    client = signed_in("auditor")
    answer = {"version": action.version, "opinion": "assured", "note": "Seen.", "retest_on": "2020-12-19"}
    assert client.post(page(action, "assurance-give"), answer).status_code == 302
    action.refresh_from_db()
    assert action.retest_on == DAY
    words = client.get(page(action, "action")).content.decode()
    assert "Re-test on 19 December 2020" in words
    assert "Re-test on 19 December 2020" in words
    assert page(action) in words


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"retest_on": "2020-06-19"}, "retest_on"),
        ({"retest_on": "2020-02-30"}, "retest_on"),
        ({"retest_on": "2999-01-01"}, "retest_on"),
        ({"opinion": "returned", "retest_on": "2020-12-19"}, "retest_on"),
    ],
)
def test_a_day_that_makes_no_sense_is_refused_with_the_judgement(
    cast: Cast, signed_in: Any, changes: dict[str, str], field: str
) -> None:
    action = ActionFactory(cast=cast, awaiting_assurance=True)
    answer = {"version": action.version, "opinion": "assured", "note": "Seen."} | changes
    response = signed_in("auditor").post(page(action, "assurance-give"), answer)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not Assurance.objects.exists()


@pytest.mark.parametrize("due", [True, False])
def test_a_retest_may_come_early(cast: Cast, signed_in: Any, monkeypatch: Any, due: bool) -> None:
    action = complete(cast)
    at(monkeypatch, THAT_DAY if due else AT)
    client = signed_in("auditor")
    buttons = [each.text for each in client.get(page(action, "action")).context["abilities"]]
    assert ("Re-test" in buttons) is due
    assert "19 December 2020" in client.get(page(action)).content.decode()
    answer = {"version": action.version, "decision": "confirm", "note": "Still.", "retest_on": "2021-12-19"}
    assert "Completion confirmed" in client.post(page(action), answer, follow=True).content.decode()
    action.refresh_from_db()
    assert action.retest_on == date(2021, 12, 19)


def test_a_retest_reopens_with_a_reason(cast: Cast, signed_in: Any) -> None:
    action, client = complete(cast), signed_in("auditor")
    answer = {"version": action.version, "decision": "reopen", "note": "Two teams were never briefed."}
    assert "Action reopened" in client.post(page(action), answer, follow=True).content.decode()
    action.refresh_from_db()
    assert (action.state, Assurance.objects.first().opinion) == (State.IN_PROGRESS, "reopened")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"decision": ""}, "decision"),
        ({"decision": "assured"}, "decision"),
        ({"note": ""}, "note"),
        ({"note": "x" * 2001}, "note"),
        ({"version": "x"}, "version"),
        ({"retest_on": "2020-06-19"}, "retest_on"),
        ({"decision": "reopen", "retest_on": "2020-12-20"}, "retest_on"),
    ],
)
def test_a_retest_that_is_not_one_is_refused(
    cast: Cast, signed_in: Any, changes: dict[str, str], field: str
) -> None:
    action = complete(cast)
    answer = {"version": action.version, "decision": "confirm", "note": "Still."} | changes
    response = signed_in("auditor").post(page(action), answer)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert Assurance.objects.count() == 1


def test_a_retest_recorded_meanwhile_is_a_conflict(cast: Cast, signed_in: Any) -> None:
    action = complete(cast)
    version = action.version
    retest(cast, action, note="Looked at in June.", at=AT)
    answer = {"version": version, "decision": "confirm", "note": "Still."}
    response = signed_in("auditor").post(page(action), answer)
    assert response.status_code == 409
    assert "Looked at in June." in response.content.decode()


# Lists and My work --------------------------------------------------------------------------------------------


def test_the_list_finds_what_is_due_and_what_is_set(cast: Cast, signed_in: Any, monkeypatch: Any) -> None:
    complete(cast, "WY20-01")
    complete(cast, "WY20-02", retest_on=date(2020, 12, 20))
    complete(cast, "WY20-03", retest_on=None)
    ActionFactory(cast=cast, awaiting_assurance=True, ref="WY20-04")
    client = signed_in("manager")

    def listed(value: str) -> list[str]:
        return [action.ref for action in listed_actions(client, {"retest": value})]

    assert (listed("due"), listed("set")) == ([], ["WY20-01", "WY20-02"])
    at(monkeypatch, THAT_DAY)
    assert (listed("due"), listed("set")) == (["WY20-01"], ["WY20-01", "WY20-02"])
    assert client.get(LIST, {"retest": "never"}).status_code == 422


@pytest.mark.parametrize("person", PEOPLE)
def test_a_due_retest_reaches_the_auditors_from_the_day_itself(cast: Cast, person: str) -> None:
    complete(cast)
    user = cast.person(person)
    assert my_tasks(actor=user, on=date(2020, 12, 18)) == []
    tasks = [(task.verb, task.reason, task.route) for task in my_tasks(actor=user, on=DAY)]
    late = [(task.reason, task.due) for task in my_tasks(actor=user, on=date(2020, 12, 25))]
    if person != "auditor":
        assert (tasks, late) == ([], [])
        return
    reason = "Completed on 19 June 2020, and its re-test"
    assert tasks == [("Re-test", f"{reason} is due today", "actions:action-retest")]
    assert late == [(f"{reason} was due on 19 December 2020", DAY)]


def test_a_completed_retest_is_no_task(cast: Cast) -> None:
    action = complete(cast)
    other = cast.stranger
    become_auditor(cast, other, cast.opcc)
    assert [task.verb for task in my_tasks(actor=other, on=DAY)] == ["Re-test"]
    retest(cast, action)
    assert my_tasks(actor=other, on=DAY) == []
