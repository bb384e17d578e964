"""A return of many actions: one line for each with how far it is, the rest marked at once, and drafts that save themselves."""

from typing import Any

import pytest

from actions.models import Action
from returns.models import Return
from tests.cast import Cast
from tests.factories import ActionFactory
from tests.permissions.returns import still_open
from tests.returns import returns
from tests.returns.test_return_pages import page_of, row, typed


@pytest.fixture
def actions(cast: Cast) -> list[Action]:
    refs = ("WY20-01", "WY20-02", "WY20-03")
    return [ActionFactory(cast=cast, in_progress=True, ref=ref) for ref in refs]


@pytest.fixture
def report(cast: Cast, actions: list[Action]) -> Return:
    return still_open(cast)


def blank(action: Action, **words: str) -> dict[str, str]:
    """Return what a browser sends for an action nobody answered."""
    return row(action, **{"version": "0", "state": "in_progress", "percent": "40", **words})


def lines(html: str) -> list[str]:
    words = ("Not done", "Not complete", "Reported", "No change<", "Not saved")
    parts = html.split('class="app-return-line__status"')[1:]
    return [next(word.strip("<") for word in words if word in part[:200]) for part in parts]


def test_each_line_says_how_far_it_is(report: Return, actions: list[Action], signed_in: Any) -> None:
    client = signed_in("bradford_spoc")
    answers = row(actions[1], rag="red") | blank(actions[2])
    assert client.post(page_of(report), typed(report, *actions[:2], **answers)).status_code == 302
    html = client.get(page_of(report)).content.decode()
    assert lines(html) == ["Reported", "Not complete", "Not done"]
    assert "1 of 3 reported" in html
    assert "Enter why the action is red." in html


def test_the_rest_is_marked_as_no_change(report: Return, actions: list[Action], signed_in: Any) -> None:
    client = signed_in("bradford_spoc")
    answers = blank(actions[1], rag="amber") | blank(actions[2])
    client.post(page_of(report), typed(report, actions[0], **answers, rest="1"))
    html = client.get(page_of(report)).content.decode()
    assert lines(html) == ["Reported", "Not complete", "No change"]
    assert "Mark all the rest" not in html


def test_an_action_without_an_update_is_not_marked(
    cast: Cast, report: Return, actions: list[Action], signed_in: Any
) -> None:
    ActionFactory(cast=cast, allocated=True, ref="WY20-04")
    client = signed_in("bradford_spoc")
    client.post(page_of(report), typed(report, rest="1") | blank(actions[0]) | blank(actions[1]))
    html = client.get(page_of(report)).content.decode()
    assert lines(html)[:2] == ["No change", "No change"]
    assert lines(html)[3] == "Not done"


def test_a_percent_may_have_its_sign(report: Return, actions: list[Action], signed_in: Any) -> None:
    client = signed_in("bradford_spoc")
    client.post(page_of(report), typed(report, actions[0], **row(actions[0], percent="60%")))
    assert returns.row_of(report, actions[0]).percent == 60


def test_a_page_that_saves_itself_can_be_saved_again(
    report: Return, actions: list[Action], signed_in: Any
) -> None:
    client = signed_in("bradford_spoc")
    data = typed(report, *actions, risks="Illness.", autosave="1")
    answer = client.post(page_of(report), data).json()
    assert answer["text"].startswith("Draft saved at ")
    assert answer["versions"]["version"] == 2
    again = data | {name: str(version) for name, version in answer["versions"].items()}
    answer = client.post(page_of(report), again | row(actions[0], narrative="Five.")).json()
    assert answer["versions"][f"row-{actions[0].pk}-version"] == 2
    assert returns.row_of(report, actions[0]).narrative == "Five."


def test_a_page_that_saves_itself_overwrites_nobody(
    cast: Cast, report: Return, actions: list[Action], signed_in: Any
) -> None:
    """Untouched here and changed by somebody else: the page does not get the new version, so it cannot overwrite it."""
    client = signed_in("bradford_spoc")
    data = typed(report, actions[0], autosave="1") | blank(actions[1])
    returns.save(cast, report, returns.row(actions[1], version=0, narrative="Theirs."))
    versions = client.post(page_of(report), data).json()["versions"]
    assert f"row-{actions[0].pk}-version" in versions
    assert f"row-{actions[1].pk}-version" not in versions
    mine = row(actions[1], narrative="Mine.")
    answer = client.post(page_of(report), data | mine).json()
    assert answer["text"].startswith("Part of your draft is not saved")
    assert returns.row_of(report, actions[1]).narrative == "Theirs."


def test_what_is_missing_is_shown_when_the_return_is_saved_and_checked(
    report: Return, actions: list[Action], signed_in: Any
) -> None:
    client = signed_in("bradford_spoc")
    answers = row(actions[1], rag="amber", narrative="") | blank(actions[2])
    answer = client.post(page_of(report), typed(report, *actions[:2], **answers, read="1"))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Your draft is saved. Complete these answers before you submit the return." in html
    assert "WY20-02: Enter what was done, or select no change" in html
    assert "WY20-02: Enter why the action is amber." in html
    assert f'href="#id_row-{actions[1].pk}-path_to_green"' in html
    assert "WY20-03: Enter what was done, or select no change" in html
    assert lines(html) == ["Reported", "Not complete", "Not done"]
    assert returns.row_of(report, actions[1]).rag == "amber"
    assert 'class="app-return-line__details" open' in client.get(page_of(report)).content.decode()
