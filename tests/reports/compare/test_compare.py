"""What changed between two days, on the page and in the API."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from actions.actions.services import edit_action
from actions.assurance.services import assure_action, reopen_action, submit_action
from actions.core.states import State
from actions.dates.services import request_date_change
from actions.models import Action
from reports.compare.queries import Comparison, Kind, compare
from reports.figures import rollforward
from reports.models import Paper
from reports.papers.queries import record_for
from tests.api.asking import parameters
from tests.api.clients import API, System, council
from tests.api.test_description import described, validate
from tests.cast import AT, EARLIER, LONDON, TODAY, Cast
from tests.factories import ActionFactory, ProgressUpdateFactory, close_action
from tests.meetings.factories import held_meeting
from tests.reports.factories import PaperFactory, issued_paper
from tests.support.snapshots import reuse_snapshot

__all__ = ["council", "described"]

SPRING = datetime(2020, 5, 1, 23, tzinfo=LONDON)
JUNE = datetime(2020, 6, 10, 9, tzinfo=LONDON)
THEN = datetime(2020, 6, 18, 23, tzinfo=LONDON)
ASKED = {"start": "2020-05-01", "end": "2020-06-18"}


@reuse_snapshot
def history(cast: Cast) -> None:
    """One action each that completes, is withdrawn, reopened and given another date, and one that stays as it is.

    What happens is in the order of time, because the ledger's time never runs backwards.
    """
    done, withdrawn, reopened, moved, _ = (
        ActionFactory(cast=cast, allocated=True, ref=f"WY20-{number}") for number in (9, 10, 11, 12, 13)
    )
    for action in (done, withdrawn, reopened, moved):
        ProgressUpdateFactory(action=action)
    for action in (done, reopened):
        action.refresh_from_db()
        submit_action(actor=cast.bradford_spoc, action=action, note="Briefed.", at=JUNE)
        assure_action(actor=cast.auditor, action=action, note="Seen the list.", at=JUNE)
    request_date_change(
        actor=cast.bradford_spoc, action=moved, new_due=date(2020, 8, 31), reason="Sooner.", at=JUNE
    )
    close_action(cast, withdrawn, at=datetime(2020, 6, 12, 10, tzinfo=LONDON))
    reopen_action(actor=cast.auditor, action=reopened, note="Two teams were missed.", at=AT)


def difference(cast: Cast, opening: datetime, closing: datetime, **more: Any) -> Comparison:
    person = more.pop("person", cast.manager)
    return compare(user=person, on=TODAY, opening=opening, closing=closing, **more)


def refs(comparison: Comparison) -> dict[str, list[tuple[str, Any, Any]]]:
    return {
        kind.value: [(line.row["ref"], line.old, line.new) for line in lines]
        for kind, lines in comparison.differences.items()
        if lines
    }


def adds_up(comparison: Comparison) -> bool:
    number = {kind: len(lines) for kind, lines in comparison.differences.items()}
    more = number[Kind.NEW] + number[Kind.REOPENED]
    fewer = number[Kind.COMPLETE] + number[Kind.WITHDRAWN] + number[Kind.SPLIT]
    return comparison.open_before + more - fewer == comparison.open_after


def test_each_kind_of_change_has_its_old_and_new_value(cast: Cast) -> None:
    history(cast)
    spring = difference(cast, SPRING, THEN)
    assert refs(spring) == {
        "complete": [("WY20-9", State.NOT_STARTED, State.COMPLETE), ("WY20-11", State.NOT_STARTED, State.COMPLETE)],
        "withdrawn": [("WY20-10", State.NOT_STARTED, State.WITHDRAWN)],
        "date_changed": [("WY20-12", date(2020, 9, 30), date(2020, 8, 31))],
        "rag_changed": [("WY20-12", None, "green")],
    }  # fmt: skip
    assert (spring.open_before, spring.open_after) == (5, 2)
    today = difference(cast, THEN, AT)
    assert refs(today) == {"reopened": [("WY20-11", State.COMPLETE, State.IN_PROGRESS)]}
    from_nothing = difference(cast, EARLIER - timedelta(days=1), AT)
    assert len(from_nothing.differences[Kind.NEW]) == from_nothing.open_after + 2 == 5
    assert all(map(adds_up, (spring, today, from_nothing)))


def test_a_paper_counts_the_same_changes(cast: Cast) -> None:
    """Of two papers on two days: an action that is rated and then completes has lost its rating by closing."""
    history(cast)
    opening, closing = date(2020, 6, 9), date(2020, 6, 18)
    issued_paper(cast, as_at=opening)
    (table,) = rollforward.since_last(
        record_for(PaperFactory(cast=cast, as_at=closing)),
        Paper.objects.get(as_at__date=opening).content["rows"],
    )
    counted = {line["label"]: line["cells"][0]["refs"] for line in table["rows"]}
    compared = difference(cast, datetime(2020, 6, 9, 23, 59, 59, tzinfo=LONDON), THEN)
    assert compared.differences[Kind.COMPLETE]
    for kind, lines in compared.differences.items():
        if kind != Kind.SPLIT:
            assert counted[kind.label] == sorted(line.row["ref"] for line in lines), kind


def test_a_split_action_counts_through_its_parts(cast: Cast) -> None:
    """The joint action leaves the count when its parts enter it."""
    ActionFactory(cast=cast, by_districts=True, ref="WY20-20")
    whole = difference(cast, EARLIER - timedelta(days=1), AT)
    assert [line.row["area__name"] for line in whole.differences[Kind.NEW]] == ["Bradford", "Leeds"]
    assert adds_up(whole)


def test_only_what_the_reader_could_view_on_both_days_is_compared(cast: Cast) -> None:
    history(cast)
    assert difference(cast, SPRING, THEN, person=cast.leeds_spoc).total == 5
    assert difference(cast, SPRING, THEN, person=cast.wakefield_contact).total == 0
    assert difference(cast, SPRING, THEN, person=cast.leicestershire_manager).total == 0
    hidden = Action.objects.get(ref="WY20-12")
    Action.objects.filter(pk=hidden.pk).update(marking="OFFICIAL-SENSITIVE", handling_instruction="Silver.")
    assert not difference(cast, SPRING, THEN, person=cast.leeds_spoc).differences[Kind.DATE_CHANGED]


def test_an_action_that_was_hidden_on_one_of_the_days_is_left_out(cast: Cast) -> None:
    sensitive = {"marking": "OFFICIAL-SENSITIVE", "handling_instruction": "Silver only."}
    action = ActionFactory(cast=cast, allocated=True, **sensitive)
    edit_action(actor=cast.manager, action=action, marking="OFFICIAL", handling_instruction="", at=JUNE)
    action.refresh_from_db()
    ProgressUpdateFactory(action=action, at=AT)
    assert refs(difference(cast, SPRING, AT)) == {"rag_changed": [("WY20-01", None, "green")]}
    assert difference(cast, SPRING, AT, person=cast.leeds_spoc).total == 0
    assert difference(cast, THEN, AT, person=cast.leeds_spoc).total == 1


def test_the_page_lists_the_changes_and_its_counts_open_them(cast: Cast, signed_in: Any) -> None:
    history(cast)
    client = signed_in("manager")
    assert "See what changed" in client.get("/compare/").content.decode()
    page = client.get("/compare/", ASKED).content.decode()
    moved = Action.objects.get(ref="WY20-12")
    assert f'<a class="govuk-link" href="/actions/{moved.pk}/"><strong>WY20-12</strong>' in page
    assert "30 September 2020" in page
    assert "31 August 2020" in page
    assert "start=2020-05-01&amp;end=2020-06-18&amp;kind=complete" in page
    complete = client.get("/compare/", ASKED | {"kind": "complete"})
    assert [line.row["ref"] for line in complete.context["sections"][0].lines] == ["WY20-9", "WY20-11"]
    quiet = client.get("/compare/", {"start": "2020-05-01", "end": "2020-05-02"}).content.decode()
    assert "Nothing changed between these days" in quiet


def test_since_the_last_meeting_of_a_board(cast: Cast, signed_in: Any, council: System) -> None:
    history(cast)
    meeting = held_meeting(cast, day=date(2020, 6, 12))
    query = {"board": str(meeting.board_id), "end": "2020-06-18"}
    page = signed_in("manager").get("/compare/", query)
    assert page.context["meeting"] == meeting
    assert "Since the meeting" in page.content.decode()
    assert page.context["comparison"].opening.astimezone(LONDON).date() == meeting.day
    before = council.get("/comparison/", **query | {"end": "2020-04-01"})
    assert parameters(before) == {"board"}


@pytest.mark.parametrize(
    ("query", "field", "message"),
    [
        ({"start_day": ""}, "start", "Enter the first day, or choose a board"),
        ({"start": "2020-05-01", "end": "2999-01-01"}, "end", "between 1990 and 2100"),
        ({"start": "2020-05-01", "end": "2099-01-01"}, "end", "This is in the future"),
        ({"start": "2020-06-02", "end": "2020-06-01"}, "end", "The second day must be after the first"),
        ({"start": "2001-01-01"}, "start", "The record began on 1 April 2020"),
        ({"start": "2020-02-31"}, "start", "must be a real date"),
        ({"start": "2020-05-01", "plan": "999999"}, "plan", "Choose plan from the list"),
    ],
)
def test_a_wrong_question_is_answered_in_words(
    cast: Cast, signed_in: Any, query: dict[str, str], field: str, message: str
) -> None:
    client = signed_in("manager")
    page = client.get("/compare/", query)
    assert page.status_code == 422
    assert message in page.context["form"].errors[field][0]
    sent = {name: value for name, value in query.items() if value}
    assert parameters(client.get(f"{API}/comparison/", sent)) == {field}


def test_the_api_tells_the_same(
    cast: Cast, signed_in: Any, described: dict[str, Any], council: System
) -> None:
    history(cast)
    body = signed_in("manager").get(f"{API}/comparison/", ASKED).json()
    validate(described, "Comparison", body)
    assert (body["counts"]["complete"], body["counts"]["open_before"]) == (2, 5)
    [moved] = [row for row in body["results"] if row["kind"] == "date_changed"]
    assert (moved["old"], moved["new"]) == ("2020-09-30", "2020-08-31")
    assert moved["action"]["address"].endswith(f"/api/v1/actions/{moved['action']['id']}/")
    only = signed_in("manager").get(f"{API}/comparison/", ASKED | {"kind": "withdrawn"}).json()
    assert [row["action"]["ref"] for row in only["results"]] == ["WY20-10"]
    assert council.get("/comparison/", **ASKED).json()["results"] == []
    assert parameters(council.get("/comparison/", **ASKED, page="2")) == {"page"}
