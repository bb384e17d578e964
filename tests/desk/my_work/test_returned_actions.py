"""What an auditor returned stays the owner's task, with the auditor's words, until it is submitted again or closed."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actions.assurance.services import assure_action, reopen_action, return_action, submit_action
from actions.models import Action, ProgressUpdate
from actions.update_requests.services import request_update
from desk.my_work.services.lists import my_tasks
from desk.notices.services.lines import contents_for
from desk.notices.services.preferences import preference_of
from tests.cast import AT, LONDON, TODAY, Cast
from tests.desk.my_work.test_my_work import FAR, only, returned
from tests.factories import ActionFactory, close_action, submit_progress
from tests.returns import returns

NOTE = "The list is missing."
JULY = date(2020, 7, 10)
TAG = '<strong class="govuk-tag govuk-tag--orange">Returned</strong>'


def report(cast: Cast, action: Action, at: Any = AT, **fields: Any) -> ProgressUpdate:
    words = {"narrative": "List added.", "rag": "green", "percent": 100} | fields
    return submit_progress(actor=cast.bradford_spoc, action=action, at=at, **words)


def task_of(cast: Cast, on: date = TODAY) -> tuple[str, str, bool]:
    task = only(cast.bradford_spoc, on)
    return task.verb, task.route, NOTE in task.reason


def page(action: Action, name: str = "action") -> str:
    return reverse(f"actions:{name}", args=[action.pk])


def test_it_asks_for_an_update_and_then_to_be_submitted_again(cast: Cast) -> None:
    action = returned(cast, due=FAR)
    assert task_of(cast) == ("Update", "actions:progress-create", True)
    report(cast, action)
    assert task_of(cast) == ("Submit", "actions:action-submit", True)
    report(cast, action, at=AT + timedelta(hours=1), narrative="And the photographs.")
    assert task_of(cast) == ("Submit", "actions:action-submit", True)
    submit_action(actor=cast.bradford_spoc, action=action, note="All there.", at=AT + timedelta(hours=2))
    assert my_tasks(actor=cast.bradford_spoc, on=TODAY) == []


def test_a_new_month_asks_for_its_update_first(cast: Cast) -> None:
    action = returned(cast, due=FAR)
    report(cast, action)
    assert task_of(cast, JULY) == ("Update", "actions:progress-create", True)


def test_work_that_is_not_started_again_cannot_be_submitted_yet(cast: Cast) -> None:
    action = returned(cast, due=FAR)
    report(cast, action, state="not_started", rag="", percent=0)
    assert task_of(cast) == ("Update", "actions:progress-create", True)


def test_an_earlier_report_does_not_answer_a_returned_action(cast: Cast) -> None:
    action = returned(cast, due=FAR)
    report(cast, action, at=AT.replace(day=15, hour=8))
    assert task_of(cast) == ("Update", "actions:progress-create", True)


def test_the_alternate_has_the_task_and_others_do_not(cast: Cast) -> None:
    action = returned(cast, due=FAR)
    Action.objects.filter(pk=action.pk).update(alternate=cast.leeds_spoc)
    assert NOTE in only(cast.leeds_spoc).reason
    assert my_tasks(actor=cast.manager, on=TODAY) == []


def test_an_update_request_made_meanwhile_is_shown_beside_the_form(cast: Cast) -> None:
    action = returned(cast, due=FAR)
    report(cast, action)
    request_update(
        actor=cast.manager,
        action=action,
        question="Where is the list?",
        due_on=FAR,
        at=AT + timedelta(hours=1),
    )
    task = only(cast.bradford_spoc)
    assert (task.verb, NOTE in task.reason, "Where is the list?" in task.reason) == ("Update", True, True)


def test_a_return_that_asks_for_the_update_does_not_hide_it(cast: Cast) -> None:
    action = returned(cast, due=FAR)
    returns.open_return(cast)
    my_work = my_tasks(actor=cast.bradford_spoc, on=date(2020, 6, 5))
    report(cast, action)
    later = my_tasks(actor=cast.bradford_spoc, on=date(2020, 6, 12))
    for tasks in (my_work, later):
        assert [NOTE in task.reason for task in tasks if task.subject.type == "action"] == [True]


def test_it_ends_when_the_action_is_closed(cast: Cast) -> None:
    action = returned(cast, due=FAR)
    close_action(cast, action)
    assert my_tasks(actor=cast.bradford_spoc, on=TODAY) == []


def test_only_the_last_judgement_counts(cast: Cast, signed_in: Any) -> None:
    """Returned, submitted again, assured and reopened: the words of the reopening stand, until it is submitted."""
    action = returned(cast, due=FAR)
    submit_action(actor=cast.bradford_spoc, action=action, note="The list is there.", at=AT)
    assure_action(actor=cast.auditor, action=action, note="Seen.", at=AT)
    reopen_action(actor=cast.auditor, action=action, note="Two names are wrong.", at=AT + timedelta(hours=1))
    task = only(cast.bradford_spoc)
    assert task.reason == "The auditor reopened it on 19 June 2020: “Two names are wrong.”"
    assert "Reopened by Auditor on 19 June 2020" in read(signed_in, page(action))


def test_the_day_is_the_one_in_london(cast: Cast) -> None:
    action = ActionFactory(cast=cast, awaiting_assurance=True, due=FAR)
    return_action(
        actor=cast.auditor, action=action, note=NOTE, at=datetime(2020, 6, 16, 0, 30, tzinfo=LONDON)
    )
    assert only(cast.bradford_spoc).reason == f"The auditor returned it on 16 June 2020: “{NOTE}”"


# Where it is read -------------------------------------------------------------------------------------------------


def read(signed_in: Any, address: str, person: str = "bradford_spoc") -> str:
    return str(signed_in(person).get(address).content.decode())


def test_the_auditors_words_are_on_the_task_the_form_and_the_action(cast: Cast, signed_in: Any) -> None:
    action = returned(cast, due=FAR)
    assert f"“{NOTE}”" in read(signed_in, "/")
    for name, below in (("progress-create", 'name="narrative"'), ("action", "Lead organisation")):
        html = read(signed_in, page(action, name))
        assert html.index("Returned by Auditor on 15 June 2020") < html.index(NOTE) < html.index(below)
    report(cast, action)
    assert f"“{NOTE}”" in read(signed_in, "/")
    assert "Returned by Auditor" in read(signed_in, page(action))


def test_the_words_stay_on_a_form_that_is_refused(cast: Cast, signed_in: Any) -> None:
    action = returned(cast, due=FAR)
    answer = signed_in("bradford_spoc").post(page(action, "progress-create"), {"version": action.version})
    assert answer.status_code == 422
    assert NOTE in answer.content.decode()


@pytest.mark.parametrize("address", ["/", "/actions/", "action"])
def test_a_tag_is_shown_beside_the_state_until_resubmission(cast: Cast, signed_in: Any, address: str) -> None:
    action = returned(cast, due=FAR)
    address = page(action) if address == "action" else address
    # The action's own page tells above its history, which keeps every opinion.
    before = read(signed_in, address).partition('id="history"')[0]
    assert TAG in before
    assert "In progress" in before
    submit_action(actor=cast.bradford_spoc, action=action, note="All there.", at=AT)
    after = read(signed_in, address).partition('id="history"')[0]
    assert TAG not in after
    assert "Returned by Auditor" not in after


def test_the_api_tells_the_words(cast: Cast, signed_in: Any) -> None:
    action = returned(cast, due=FAR)
    client = signed_in("bradford_spoc")
    (task,) = client.get("/api/v1/my-work/").json()["results"]
    assert (task["type"], task["urgency"], NOTE in task["reason"]) == ("progress-create", "returned", True)
    report(cast, action)
    (task,) = client.get("/api/v1/my-work/").json()["results"]
    assert (task["type"], task["urgency"], NOTE in task["reason"]) == ("action-submit", "returned", True)
    assert task["links"]["page"].endswith(page(action, "action-submit"))


def test_a_digest_tells_the_task_and_its_due_date_in_one_line(cast: Cast) -> None:
    """Before it is reported on and after."""
    action = returned(cast, due=date(2020, 6, 26))
    preference = preference_of(user=cast.bradford_spoc)

    def titles() -> list[str]:
        return [
            line.title
            for line in contents_for(actor=cast.bradford_spoc, preference=preference, on=TODAY).lines
        ]

    assert titles() == [f"Update {action.ref}: {action.title}"]
    report(cast, action)
    assert titles() == [f"Submit {action.ref}: {action.title}"]


def test_many_returned_actions_cost_as_many_queries_as_one(cast: Cast, signed_in: Any) -> None:
    client = signed_in("bradford_spoc")

    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    returned(cast, "A-0")
    few = [queries("/"), queries("/actions/")]
    for number in range(1, 5):
        returned(cast, f"A-{number}")
    assert [queries("/"), queries("/actions/")] == few
