"""A return's pages: fill in, check, submit and return with a question, without losing what was typed."""

import re
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actions.models import Action, ProgressUpdate
from audit.actors import SYSTEM
from returns.models import Return
from returns.services.opening import close_returns
from returns.states import ReturnState
from tests.actions.core.opening import copies
from tests.cast import LONDON, Cast
from tests.factories import ActionFactory
from tests.permissions.returns import still_open
from tests.returns import returns


def page_of(report: Return, what: str = "return") -> str:
    return reverse(f"returns:{what}", args=[report.pk])


def typed(report: Return, *actions: Action, **changes: str) -> dict[str, str]:
    """Return what a browser sends from a newly opened page, with a green row for each of these actions."""
    data = {"version": str(report.version)}
    for area in report.plan.partnership.mou_areas.all():
        data |= {f"mou_area-{area.pk}-version": "0", f"mou_area-{area.pk}-text": ""}
    for action in actions:
        words = {name: str(value) for name, value in returns.GREEN.items()} | {"version": "0"}
        data |= {f"row-{action.pk}-{name}": value for name, value in words.items()}
    return data | changes


def row(action: Action, **words: str) -> dict[str, str]:
    return {f"row-{action.pk}-{name}": value for name, value in words.items()}


@pytest.fixture
def report(cast: Cast) -> Return:
    ActionFactory(cast=cast, in_progress=True, ref="WY20-01")
    ActionFactory(cast=cast, in_progress=True, ref="WY20-02")
    return still_open(cast)


@pytest.fixture
def actions(report: Return) -> list[Action]:
    return list(Action.objects.filter(ref__in=["WY20-01", "WY20-02"]).order_by("ref"))


def test_the_last_update_is_beside_an_empty_box(report: Return, signed_in: Any) -> None:
    html = signed_in("bradford_spoc").get(page_of(report)).content.decode()
    assert html.count("Two of five teams are briefed.") == 2
    assert html.count("No change since 1 June 2020") == 2
    assert "Return for May 2020" in html
    assert "Due 5 June 2020" in html
    assert "Late" in html


def test_a_saved_draft_is_shown_again(
    report: Return, actions: list[Action], signed_in: Any, cast: Cast
) -> None:
    client = signed_in("bradford_spoc")
    data = typed(report, actions[0], risks="Two sergeants leave in July.") | row(actions[1], version="0")
    answer = client.post(page_of(report), data | {"stay": f"row-{actions[0].pk}"})
    assert (answer.status_code, answer.url) == (302, f"{page_of(report)}#row-{actions[0].pk}")
    html = client.get(page_of(report)).content.decode()
    assert "Four of five teams are briefed." in html
    assert "Two sergeants leave in July." in html
    assert not ProgressUpdate.objects.filter(narrative=returns.GREEN["narrative"]).exists()


def test_one_bad_row_never_loses_the_others(report: Return, actions: list[Action], signed_in: Any) -> None:
    bad, good = actions
    data = typed(report, bad, good, training="x" * 4001, risks="Illness.") | row(bad, percent="most")
    answer = signed_in("bradford_spoc").post(page_of(report), data)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "WY20-01: Percent done must be a whole number" in html
    assert "Training delivered must be 4000 characters or fewer" in html
    assert 'value="most"' in html
    assert not report.rows.filter(action=bad).exists()
    assert returns.row_of(report, good).narrative == returns.GREEN["narrative"]
    report.refresh_from_db()
    assert (report.training, report.risks) == ("", "Illness.")
    again = data | row(bad, percent="60") | row(good, version="1") | {"training": "One day.", "version": "2"}
    assert signed_in("bradford_spoc").post(page_of(report), again).status_code == 302
    assert returns.row_of(report, bad).percent == 60


def test_two_people_saving_at_once_lose_nothing(
    report: Return, actions: list[Action], signed_in: Any, cast: Cast
) -> None:
    mine, theirs = actions
    client = signed_in("bradford_spoc")
    data = typed(report, mine, theirs, **row(theirs, narrative="Mine."))
    returns.save(cast, report, returns.row(theirs, version=0, narrative="Theirs."))
    answer = client.post(page_of(report), data)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "WY20-02: Bradford spoc changed this on" in html
    assert "Theirs." in html
    assert "Mine." in html
    assert returns.row_of(report, theirs).narrative == "Theirs."
    assert returns.row_of(report, mine).narrative == returns.GREEN["narrative"]
    report.refresh_from_db()
    now = {"version": str(report.version)} | row(theirs, version="1") | row(mine, version="1")
    assert client.post(page_of(report), data | now).status_code == 302
    assert returns.row_of(report, theirs).narrative == "Mine."


def test_a_return_is_checked_and_submitted_once(
    report: Return, actions: list[Action], signed_in: Any
) -> None:
    client = signed_in("bradford_spoc")
    answer = client.post(page_of(report), typed(report, *actions, read="1"))
    assert answer.url == page_of(report, "return-read")
    html = client.get(answer.url).content.decode()
    assert html.count("Four of five teams are briefed.") == 2
    report.refresh_from_db()
    form_data = {"version": str(report.version)}
    assert client.post(page_of(report, "return-submit"), form_data).status_code == 302
    assert ProgressUpdate.objects.filter(narrative=returns.GREEN["narrative"]).count() == 2
    twice = client.post(page_of(report, "return-submit"), form_data)
    assert twice.status_code == 409
    assert "was submitted by Bradford spoc on 19 June 2020" in twice.content.decode()
    assert ProgressUpdate.objects.filter(narrative=returns.GREEN["narrative"]).count() == 2
    assert "Submit return" not in client.get(page_of(report)).content.decode()


def test_each_action_shows_what_is_missing(report: Return, actions: list[Action], signed_in: Any) -> None:
    client = signed_in("bradford_spoc")
    red = row(actions[0], rag="red")
    client.post(page_of(report), typed(report, *actions, **red))
    report.refresh_from_db()
    answer = client.post(page_of(report, "return-submit"), {"version": str(report.version)})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "WY20-01: Enter why the action is red." in html
    assert f'href="#id_row-{actions[0].pk}-reason"' in html
    assert "Four of five teams are briefed." in html
    report.refresh_from_db()
    assert report.state == ReturnState.OPEN


def test_nothing_typed_is_lost_when_the_return_has_closed(
    report: Return, actions: list[Action], signed_in: Any, cast: Cast
) -> None:
    close_returns(actor=SYSTEM, plan=cast.plan, at=datetime(2020, 7, 6, 9, tzinfo=LONDON))
    client = signed_in("bradford_spoc")
    answer = client.post(page_of(report), typed(report, *actions))
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "This return closed on 3 July 2020" in html
    assert "Four of five teams are briefed." in html
    assert "Missed" in client.get(page_of(report)).content.decode()


def test_text_for_a_reassigned_action_is_shown_again(
    report: Return, actions: list[Action], signed_in: Any, cast: Cast
) -> None:
    Action.objects.filter(pk=actions[0].pk).update(lead=cast.leeds_district)
    answer = signed_in("bradford_spoc").post(page_of(report), typed(report, *actions))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "no longer in this return" in html
    assert "Four of five teams are briefed." in html
    assert returns.row_of(report, actions[1]).narrative == returns.GREEN["narrative"]


def test_the_manager_returns_it_with_a_question_about_a_row(
    report: Return, actions: list[Action], signed_in: Any, cast: Cast
) -> None:
    returns.submitted_return(cast, report, *actions)
    manager = signed_in("manager")
    asks = page_of(report, "return-question")
    nothing = manager.post(asks, {"question": ""})
    assert nothing.status_code == 422
    assert "Enter a question about the return" in nothing.content.decode()
    answer = manager.post(asks, {f"question_{actions[0].pk}": "Which teams?"})
    assert (answer.status_code, answer.url) == (302, page_of(report))
    client = signed_in("bradford_spoc")
    html = client.get(page_of(report)).content.decode()
    assert "Which teams?" in html
    stored = returns.row_of(report, actions[0])
    words = row(actions[0], narrative="All but Keighley.", version=str(stored.version))
    others = row(actions[1], version=str(returns.row_of(report, actions[1]).version))
    report.refresh_from_db()
    client.post(page_of(report), typed(report, *actions, **words, **others))
    report.refresh_from_db()
    client.post(page_of(report, "return-submit"), {"version": str(report.version)})
    corrected = ProgressUpdate.objects.get(narrative="All but Keighley.")
    assert corrected.corrects == stored.update
    assert ProgressUpdate.objects.filter(action=actions[1]).count() == 2
    assert manager.get(asks).status_code == 200


def test_personal_data_needs_a_reason_and_the_rest_is_saved(
    report: Return, actions: list[Action], signed_in: Any
) -> None:
    client = signed_in("bradford_spoc")
    words = row(actions[0], narrative="Ring 07700 900123 for the list.")
    answer = client.post(page_of(report), typed(report, *actions, **words))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Ring 07700 900123 for the list." in html
    assert "Why it must stay" in html
    assert returns.row_of(report, actions[1]).narrative == returns.GREEN["narrative"]
    report.refresh_from_db()
    again = {
        **typed(report, *actions, **words),
        **row(actions[1], version="1"),
        "keep_personal_data_reason": "The number of the office.",
    }
    assert client.post(page_of(report), again).status_code == 302
    report.refresh_from_db()
    assert client.post(page_of(report, "return-submit"), {"version": str(report.version)}).status_code == 302


def test_the_list_filters_late_returns(report: Return, signed_in: Any) -> None:
    client = signed_in("manager")
    address = reverse("returns:return-list")
    assert "Bradford District" in client.get(address, {"state": "late"}).content.decode()
    assert "No returns" in client.get(address, {"state": "submitted"}).content.decode()
    assert client.get(address, {"state": "lost"}).status_code == 422
    assert "No returns" in signed_in("leeds_spoc").get(address).content.decode()


def test_missing_answers_are_added_on_the_error_page(
    report: Return, actions: list[Action], signed_in: Any
) -> None:
    client = signed_in("bradford_spoc")
    answer = client.post(page_of(report, "return-submit"), {"version": str(report.version)})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>Error: Not submitted: Return for May 2020" in html
    assert "Enter version" not in html
    assert f'action="{page_of(report)}"' in html
    hidden = dict(re.findall(r'<input type="hidden" name="((?:row|mou|version)[^"]*)" value="([^"]*)"', html))
    mended = {f"row-{action.pk}-unchanged": "on" for action in actions}
    assert client.post(page_of(report), hidden | mended | {"read": "1"}).status_code == 302
    report.refresh_from_db()
    assert client.post(page_of(report, "return-submit"), {"version": str(report.version)}).status_code == 302


def test_thirty_actions_cost_no_more_queries_than_two(
    report: Return, actions: list[Action], signed_in: Any, cast: Cast
) -> None:
    client = signed_in("bradford_spoc")

    def queries(method: str, *args: Any) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert getattr(client, method)(*args).status_code in {200, 302}
        return len(captured)

    def saved(of: list[Action], words: str) -> dict[str, str]:
        report.refresh_from_db()
        versions = dict(report.rows.values_list("action", "version"))
        data = typed(report, *of)
        for action in of:
            data |= row(action, version=str(versions.get(action.pk, 0)), next_steps=words)
        return data

    all_of_them = [*actions, *copies(actions[0], [f"WY20-{number:02}" for number in range(3, 31)])]
    assert client.post(page_of(report), saved(all_of_them, "Begun.")).status_code == 302
    many = [queries("get", page_of(report)), queries("post", page_of(report), saved(all_of_them, "All."))]
    Action.objects.filter(pk__in=[action.pk for action in all_of_them[2:]]).update(lead=cast.leeds_district)
    few = [queries("get", page_of(report)), queries("post", page_of(report), saved(actions, "Two."))]
    assert many == few
