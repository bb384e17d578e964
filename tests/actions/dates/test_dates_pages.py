"""The pages on which dates are asked for, decided on and taken back, and what the action's page says of them."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from actions.assurance.services import submit_action
from actions.history.services import timeline_of
from actions.models import Action, DateChange
from tests.actions.dates.dates import LATEST, ask, concern, decide, milestone, moved, slipping
from tests.cast import AT, Cast
from tests.factories import ActionFactory
from tests.meetings.factories import CITED, board_minute


def page(name: str, action: Action, *more: int) -> str:
    return reverse(f"actions:{name}", args=[action.pk, *more])


def words(response: Any) -> str:
    return " ".join(strip_tags(response.content.decode().replace("<", " <")).split())


def day(name: str, value: date) -> dict[str, Any]:
    return {f"{name}_day": value.day, f"{name}_month": value.month, f"{name}_year": value.year}


def request(client: Client, action: Action, new_due: date = LATEST, **changes: Any) -> Any:
    action.refresh_from_db()
    form = {**day("new_due", new_due), "reason": "Illness.", "version": action.version} | changes
    return client.post(page("action-date-change", action), form, follow=True)


# Asking ------------------------------------------------------------------------------------------------------


def test_the_page_says_first_who_will_decide_and_why(cast: Cast, signed_in: Any) -> None:
    client = signed_in("bradford_spoc")
    action = ActionFactory(cast=cast, in_progress=True)
    text = words(client.get(page("action-date-change", action)))
    assert "A later date goes to the programme manager. This would be the first later date" in text
    assert "Original due date 30 September 2020" in text
    moved(cast, action)
    text = words(client.get(page("action-date-change", action)))
    assert "A later date goes to the board. The due date has already moved later once" in text
    assert "From 30 September 2020 to 30 November 2020" in text
    concern(cast, other := ActionFactory(cast=cast, in_progress=True, ref="WY20-02"))
    assert "under a cause of concern" in words(client.get(page("action-date-change", other)))
    assert "You manage this plan" in words(
        signed_in("manager").get(
            page("action-date-change", ActionFactory(cast=cast, in_progress=True, ref="WY20-03"))
        )
    )


@pytest.mark.parametrize(
    ("new_due", "banner"),
    [
        (date(2020, 8, 31), "Due date changed."),
        (LATEST, "New due date requested. The programme manager will decide."),
    ],
)
def test_the_decision_page_states_the_consequences(
    cast: Cast, signed_in: Any, new_due: date, banner: str
) -> None:
    assert banner in words(
        request(signed_in("bradford_spoc"), ActionFactory(cast=cast, in_progress=True), new_due)
    )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        (day("new_due", date(2020, 9, 30)), "new_due"),
        (day("new_due", date(2020, 6, 1)), "new_due"),
        ({"new_due_day": "31", "new_due_month": "2"}, "new_due"),
        ({"new_due_year": ""}, "new_due"),
        ({"reason": " "}, "reason"),
        ({"reason": "x" * 2001}, "reason"),
        ({"version": ""}, "version"),
    ],
)
def test_a_request_that_cannot_be_names_the_field_and_keeps_the_rest(
    cast: Cast, signed_in: Any, changes: dict[str, Any], field: str
) -> None:
    response = request(signed_in("bradford_spoc"), ActionFactory(cast=cast, in_progress=True), **changes)
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {field}
    assert not DateChange.objects.exists()


def test_a_second_request_is_answered_with_who_asked(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    client = signed_in("bradford_spoc")
    request(client, action)
    for response in (request(client, action), client.get(page("action-date-change", action))):
        assert response.status_code == 409
        assert "Bradford spoc has already requested 31 December 2020" in words(response)


def test_out_of_state_and_stale_answer_409(cast: Cast, signed_in: Any) -> None:
    client = signed_in("manager")
    action = ActionFactory(cast=cast, in_progress=True)
    stale = request(client, action, version=action.version - 1)
    assert stale.status_code == 409
    assert "What changed since you opened this page" in words(stale)
    submitted = ActionFactory(cast=cast, awaiting_assurance=True, ref="WY20-02")
    for response in (client.get(page("action-date-change", submitted)), request(client, submitted)):
        assert response.status_code == 409
        assert "awaiting assurance" in words(response)


# Deciding and taking back ------------------------------------------------------------------------------------


def test_the_decider_reads_the_reason_and_gives_their_own(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    client = signed_in("manager")
    row = ask(actor=cast.bradford_spoc, action=action)
    address = page("date-change-decide", action, row.pk)
    opened = client.get(address)
    assert "Illness in the team." in words(opened)
    assert "minute" not in opened.context["form"].fields
    assert "Decide on the due date" in words(client.get(page("action", action)))
    client.post(address, {"approve": "reject", "reason": "Ask a colleague in."})
    row.refresh_from_db()
    assert (row.state, row.decision_reason) == ("rejected", "Ask a colleague in.")


def test_the_boards_decision_has_its_minute_reference(cast: Cast, signed_in: Any) -> None:
    action, client = slipping(cast), signed_in("gold")
    address = page("date-change-decide", action, DateChange.objects.open().get().pk)
    answer = {"approve": "approve", "reason": "Agreed.", "minute": ""}
    response = client.post(address, answer)
    assert (response.status_code, set(response.context["form"].errors)) == (422, {"minute"})
    client.post(address, answer | {"minute": board_minute(cast).pk})
    text = words(client.get(page("action", action)))
    assert f"for the board, 19 June 2020, {CITED}" in text
    assert "Due date 31 December 2020 Original due date 30 September 2020 Changed 2 times" in text
    assert "92 days later than first set" in text


@pytest.mark.parametrize("missing", ["approve", "reason"])
def test_a_decision_without_its_words_is_refused(cast: Cast, signed_in: Any, missing: str) -> None:
    row = ask(actor=cast.bradford_spoc, action=ActionFactory(cast=cast, in_progress=True))
    answer = {"approve": "approve", "reason": "Agreed."} | {missing: ""}
    response = signed_in("manager").post(page("date-change-decide", row.action, row.pk), answer)
    assert (response.status_code, set(response.context["form"].errors)) == (422, {missing})


def test_a_decided_request_answers_409_with_who_decided_and_when(cast: Cast, signed_in: Any) -> None:
    row = ask(actor=cast.bradford_spoc, action=ActionFactory(cast=cast, in_progress=True))
    decide(actor=cast.manager, date_change=row)
    decision = "approved by Manager on 19 June 2020 at 10:00am"
    for name, route in (("manager", "date-change-decide"), ("bradford_spoc", "date-change-withdraw")):
        client, address = signed_in(name), page(route, row.action, row.pk)
        for response in (client.get(address), client.post(address, {"approve": "reject", "reason": "No."})):
            assert response.status_code == 409
            assert decision in words(response)


def test_a_request_of_another_action_is_not_found(cast: Cast, signed_in: Any) -> None:
    row = ask(actor=cast.bradford_spoc, action=ActionFactory(cast=cast, in_progress=True))
    other = ActionFactory(cast=cast, in_progress=True, ref="WY20-02")
    for name, route in (("manager", "date-change-decide"), ("bradford_spoc", "date-change-withdraw")):
        assert signed_in(name).get(page(route, other, row.pk)).status_code == 404
    step = milestone(cast, row.action)
    assert signed_in("manager").get(page("milestone-edit", other, step.pk)).status_code == 404


def test_a_request_is_withdrawn_with_a_reason(cast: Cast, signed_in: Any) -> None:
    row = ask(actor=cast.bradford_spoc, action=ActionFactory(cast=cast, in_progress=True))
    client, address = signed_in("bradford_spoc"), page("date-change-withdraw", row.action, row.pk)
    assert client.post(address, {"reason": ""}).status_code == 422
    assert "Request for a new due date withdrawn" in words(
        client.post(address, {"reason": "It fits now."}, follow=True)
    )
    row.refresh_from_db()
    assert (row.state, row.decision_reason) == ("withdrawn", "It fits now.")


# Milestones and causes of concern ----------------------------------------------------------------------------


def test_milestones_are_set_and_brought_up_to_date(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    client = signed_in("bradford_spoc")

    def send(address: str, **form: Any) -> Any:
        action.refresh_from_db()
        return client.post(address, {"version": action.version} | form, follow=True)

    july = day("due", date(2020, 7, 31))
    assert send(page("milestone-add", action), title="Train them", **july).status_code == 200
    late = send(page("milestone-add", action), title="Late", **day("due", date(2020, 10, 1)))
    assert (late.status_code, set(late.context["form"].errors)) == (422, {"due"})
    row = action.milestones.get()
    address = page("milestone-edit", action, row.pk)
    for step, field in (("", "step"), ("reach", "reached_on"), ("drop", "reason"), ("change", "due")):
        response = send(address, step=step, title="Train them")
        assert (response.status_code, set(response.context["form"].errors)) == (422, {field})
    text = words(
        send(address, step="change", title="Train them", reason="Illness.", **day("due", date(2020, 8, 5)))
    )
    assert "5 August 2020 Originally 31 July 2020" in text
    text = words(send(address, step="reach", **day("reached_on", date(2020, 6, 18))))
    assert "Reached on 18 June 2020" in text
    assert client.get(address).status_code == 409


def test_the_manager_puts_a_cause_of_concern_on_and_the_board_takes_it_off(
    cast: Cast, signed_in: Any
) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    row = ask(actor=cast.bradford_spoc, action=action)
    address = page("action-cause-of-concern", action)
    manager, gold = signed_in("manager"), signed_in("gold")
    assert "The request for 30 November 2020 goes to the board too." in words(manager.get(address))
    action.refresh_from_db()
    manager.post(address, {"version": action.version, "reason": "Inspection of May 2020."})
    row.refresh_from_db()
    assert row.level == "board"
    text = words(manager.get(page("action", action)))
    assert "Cause of concern Yes: the board decides every later date" in text
    assert (manager.get(address).status_code, gold.get(address).status_code) == (403, 200)
    action.refresh_from_db()
    gold.post(address, {"version": action.version, "reason": "Closed by the inspectorate."})
    action.refresh_from_db()
    assert not action.under_cause_of_concern


# What the action's page says ---------------------------------------------------------------------------------


def test_only_who_may_finds_the_links(cast: Cast, signed_in: Any) -> None:
    action = slipping(cast)
    row, step = DateChange.objects.open().get(), action.milestones.get(reached_on=None)
    links = {
        "decide": page("date-change-decide", action, row.pk),
        "withdraw": page("date-change-withdraw", action, row.pk),
        "step": page("milestone-edit", action, step.pk),
        "add": page("milestone-add", action),
        "concern": page("action-cause-of-concern", action),
        "ask": page("action-date-change", action),
    }
    leading = {"withdraw", "step", "add"}
    links_of = {
        "bradford_spoc": leading,
        "manager": leading | {"concern"},
        "gold": {"decide"},
        "leeds_spoc": set(),
        "auditor": set(),
    }
    for name, expected in links_of.items():
        html = signed_in(name).get(page("action", action)).content.decode()
        assert {key for key, link in links.items() if f'href="{link}"' in html} == expected, name


def test_the_page_links_only_what_answers(cast: Cast, signed_in: Any) -> None:
    """A submitted action takes no new date and no new milestone; a milestone can still be settled."""
    action = ActionFactory(cast=cast, in_progress=True)
    step = milestone(cast, action)
    action.refresh_from_db()
    submit_action(actor=cast.bradford_spoc, action=action, note="Done.", at=AT)
    client = signed_in("bradford_spoc")
    html = client.get(page("action", action)).content.decode()
    assert f'href="{page("action-date-change", action)}"' not in html
    assert f'href="{page("milestone-add", action)}"' not in html
    assert client.get(page("milestone-edit", action, step.pk)).status_code == 200


def test_the_timeline_tells_who_asked_and_who_decided_and_why(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    row = ask(actor=cast.bradford_spoc, action=action)
    decide(actor=cast.manager, date_change=row, approve=False, reason="Ask a colleague in.")
    moved(cast, action)
    concern(cast, action)
    decide(
        actor=cast.gold,
        date_change=ask(actor=cast.bradford_spoc, action=action, new_due=LATEST),
        minute=board_minute(cast),
    )
    events = [(event.title, event.byline, event.text, *event.lines) for event in timeline_of(action=action)]
    dates = "From 30 September 2020 to 30 November 2020, 61 days later"
    why = "Reason for the request: Illness in the team."
    assert events[:7] == [
        (
            *("Due date changed", "Gold", "Agreed."),
            *("Due date changed from 30 November 2020 to 31 December 2020", why, f"Minute: {CITED}"),
        ),
        (
            *("New due date requested", "Bradford spoc", "Illness in the team."),
            *("From 30 November 2020 to 31 December 2020, 31 days later", "The board decides"),
        ),
        ("Put under a cause of concern", "Manager", "Inspection of May 2020."),
        (
            *("Due date changed", "Manager", "Agreed."),
            *("Due date changed from 30 September 2020 to 30 November 2020", why),
        ),
        (
            *("New due date requested", "Bradford spoc", "Illness in the team."),
            *(dates, "The programme manager decides"),
        ),
        ("New due date rejected", "Manager", "Ask a colleague in.", dates, why),
        (
            *("New due date requested", "Bradford spoc", "Illness in the team."),
            *(dates, "The programme manager decides"),
        ),
    ]
