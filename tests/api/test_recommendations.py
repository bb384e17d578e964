"""What a partner's system reads of inspections, their section 55 clocks and their recommendations."""

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inspections.core.states import RegisterState
from inspections.findings.services.register import record_register_status
from inspections.models import Recommendation
from inspections.responses.services.section55 import answer_through
from standards.marking import Marking
from tests.api.clients import API, System, system_of
from tests.api.test_description import described, validate
from tests.cast import AT, Cast
from tests.factories import ActionFactory
from tests.inspections.factories import InspectionFactory, RecommendationFactory
from tests.inspections.findings.stage import complete, in_progress, linked
from tests.support.snapshots import reuse_snapshot

__all__ = ["described"]
SCOPES = ["actions:read", "recommendations:read"]
ACTION_REF = "WY20-01"


@pytest.fixture
def reviewer(cast: Cast) -> System:
    """Wakefield council's system with the scope for findings."""
    return system_of(cast, cast.wakefield_council, scopes=SCOPES)


@pytest.fixture
@reuse_snapshot
def answered(cast: Cast) -> Recommendation:
    """A finding in progress, answered by an action that the council supports and by one that it does not see."""
    shared = ActionFactory(cast=cast, in_progress=True, ref=ACTION_REF, supporting=[cast.wakefield_council])
    row = in_progress(cast, shared)
    linked(
        cast,
        row,
        ActionFactory(cast=cast, in_progress=True, ref="WY20-02"),
        "What districts do among themselves",
    )
    return row


def texts(response: Any) -> list[str]:
    assert response.status_code == 200, response.content
    return [row["text"] for row in response.json()["results"]]


# Seeing ------------------------------------------------------------------------------------------------------


def test_a_council_sees_what_it_leads_and_what_its_actions_answer(
    cast: Cast, reviewer: System, answered: Recommendation
) -> None:
    led = RecommendationFactory(
        cast=cast, inspection=answered.inspection, number="2", text="Led.", lead=cast.wakefield_council
    )
    other = RecommendationFactory(cast=cast, inspection=answered.inspection, number="3", text="Another's.")
    assert texts(reviewer.get("/recommendations/", ordering="kind")) == [answered.text, "Led."]
    foreign = system_of(cast, cast.city_council, scopes=SCOPES)
    assert texts(foreign.get("/recommendations/")) == []
    assert foreign.get("/inspections/").json()["results"] == []
    for row, expected in ((answered, 200), (led, 200), (other, 404)):
        for path in (f"/recommendations/{row.pk}/", f"/recommendations/{row.pk}/actions/"):
            assert reviewer.get(path).status_code == expected, path
            assert foreign.get(path).status_code == 404, path


def test_a_sensitive_inspection_does_not_exist_for_a_council(
    cast: Cast, reviewer: System, signed_in: Any
) -> None:
    report = InspectionFactory(
        cast=cast, marking=Marking.OFFICIAL_SENSITIVE, handling_instruction="For the Silver group only."
    )
    row = RecommendationFactory(cast=cast, inspection=report, lead=cast.wakefield_council)
    for path in (f"/inspections/{report.pk}/", f"/recommendations/{row.pk}/"):
        assert reviewer.get(path).status_code == 404
        assert signed_in("manager").get(f"{API}{path}").json()["handling_instruction"]


def test_a_token_without_the_scope_reads_nothing_of_it(
    cast: Cast, council: System, answered: Recommendation
) -> None:
    paths = ("/inspections/", "/recommendations/", f"/recommendations/{answered.pk}/actions/")
    for path in paths:
        refused = council.get(path)
        assert (refused.status_code, refused.json()["detail"]) == (
            403,
            "This needs an access token with the scope recommendations:read.",
        )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("manager", ["WY20-01", "WY20-02"]),
        ("auditor", ["WY20-01", "WY20-02"]),
        ("wakefield_contact", ["WY20-01"]),
    ],
)
def test_only_visible_actions_are_listed_and_counted(
    signed_in: Any, answered: Recommendation, name: str, expected: list[str]
) -> None:
    person = signed_in(name)
    rows = person.get(f"{API}/recommendations/{answered.pk}/actions/").json()["results"]
    assert [row["action"]["ref"] for row in rows] == expected
    whole = person.get(f"{API}/recommendations/{answered.pk}/").json()
    assert whole["number_of_actions"] == len(expected)


def test_an_action_lists_its_recommendations(cast: Cast, signed_in: Any, answered: Recommendation) -> None:
    rows = signed_in("manager").get(f"{API}/recommendations/{answered.pk}/actions/").json()["results"]
    assert [row["answers"] for row in rows] == ["", "What districts do among themselves"]
    assert rows[0]["action"]["state"] == "in_progress"
    assert rows[0]["links"]["recommendation"].endswith(f"/recommendations/{answered.pk}/")


def test_a_cause_of_concern_is_answered_through_its_recommendations(cast: Cast, signed_in: Any) -> None:
    concern = RecommendationFactory(cast=cast, kind="cause_of_concern", number="", text="Referrals get lost.")
    under = RecommendationFactory(cast=cast, inspection=concern.inspection, cause=concern)
    linked(cast, under, ActionFactory(cast=cast, in_progress=True, ref=ACTION_REF))
    manager = signed_in("manager")
    rows = manager.get(f"{API}/recommendations/{concern.pk}/actions/").json()["results"]
    assert [(row["action"]["ref"], row["recommendation"]) for row in rows] == [(ACTION_REF, under.pk)]
    cause = manager.get(f"{API}/recommendations/{under.pk}/").json()["cause"]
    assert cause == {"id": concern.pk, "number": "", "text": "Referrals get lost."}


def test_a_hidden_cause_of_concern_is_not_named(cast: Cast, reviewer: System) -> None:
    concern = RecommendationFactory(cast=cast, kind="cause_of_concern", number="", text="Referrals get lost.")
    under = RecommendationFactory(
        cast=cast, inspection=concern.inspection, cause=concern, lead=cast.wakefield_council
    )
    assert reviewer.get(f"/recommendations/{under.pk}/").json()["cause"] is None


# What is told ------------------------------------------------------------------------------------------------


def test_a_recommendation_has_its_deadline_as_printed_and_as_a_day(
    cast: Cast, reviewer: System, answered: Recommendation
) -> None:
    row = reviewer.get(f"/recommendations/{answered.pk}/").json()
    assert (row["deadline_phrase"], row["due"], row["overdue"]) == (
        "By 30 September 2020, chief constables should",
        "2020-09-30",
        False,
    )
    vague = RecommendationFactory(
        cast=cast,
        inspection=answered.inspection,
        number="2",
        deadline_phrase="immediately",
        lead=cast.wakefield_council,
    )
    row = reviewer.get(f"/recommendations/{vague.pk}/").json()
    assert (row["deadline_phrase"], row["due"]) == ("immediately", None)


def test_both_histories_are_shown_with_their_differences(
    cast: Cast, reviewer: System, answered: Recommendation
) -> None:
    record_register_status(
        actor=cast.auditor,
        recommendation=answered,
        state=RegisterState.COMPLETE,
        as_at=date(2020, 6, 16),
        comment="Seen on the portal.",
        at=AT,
    )
    row = reviewer.get(f"/recommendations/{answered.pk}/").json()
    assert [each["state"] for each in row["own_history"]] == ["in_progress", "accepted", "registered"]
    register = row["register_history"]
    assert [(each["state"], each["on"], each["comment"]) for each in register] == [
        ("complete", "2020-06-16", "Seen on the portal.")
    ]
    assert register[0]["recorded_by"]["name"] == str(cast.auditor)
    assert (row["state"], row["register_state"], row["disagrees"]) == ("in_progress", "complete", True)


def test_an_inspection_has_its_clock(cast: Cast, reviewer: System, answered: Recommendation) -> None:
    report = reviewer.get(f"/inspections/{answered.inspection_id}/").json()
    assert report["owes_response"] is True
    assert report["section_55"] == {
        "last_day": "2020-05-03",
        "answered_on": None,
        "days_left": 0,
        "days_late": 47,
        "words": "47 days late",
    }
    within = reviewer.http.get(report["links"]["recommendations"], headers=reviewer.headers())
    assert texts(within) == [answered.text]


def test_a_report_that_is_not_published_has_no_clock(cast: Cast, reviewer: System) -> None:
    draft = InspectionFactory(cast=cast, title="CT3", short_title="CT3", published_on=None)
    RecommendationFactory(cast=cast, inspection=draft, lead=cast.wakefield_council)
    report = reviewer.get(f"/inspections/{draft.pk}/").json()
    assert (report["section_55"], report["owes_response"]) == (None, False)


def test_a_report_answered_through_another_names_it_where_it_may_be_seen(
    cast: Cast, reviewer: System, signed_in: Any
) -> None:
    national = InspectionFactory(cast=cast)
    own = InspectionFactory(
        cast=cast, title="The force's own report", short_title="Own", published_on=date(2020, 4, 1)
    )
    RecommendationFactory(cast=cast, inspection=own, lead=cast.wakefield_council)
    answer_through(actor=cast.manager, inspection=own, other=national, reason="The same.", at=AT)
    path = f"/inspections/{own.pk}/"
    answered_through = signed_in("manager").get(f"{API}{path}").json()["answered_through"]
    assert answered_through == {"id": national.pk, "title": national.title}
    assert reviewer.get(path).json()["answered_through"] is None


def test_the_answers_are_as_described(
    reviewer: System, answered: Recommendation, described: dict[str, Any]
) -> None:
    for name, path in (
        ("PaginatedInspectionList", "/inspections/"),
        ("Inspection", f"/inspections/{answered.inspection_id}/"),
        ("PaginatedRecommendationList", "/recommendations/"),
        ("RecommendationWithHistories", f"/recommendations/{answered.pk}/"),
        ("PaginatedLinkList", f"/recommendations/{answered.pk}/actions/"),
    ):
        validate(described, name, reviewer.get(path).json())


# Narrowing, order, pages -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["Second", "Third", "First"]),
        ({"ordering": "due"}, ["Second", "First", "Third"]),
        ({"ordering": "-due"}, ["First", "Second", "Third"]),
        ({"ordering": "kind"}, ["First", "Third", "Second"]),
        ({"disagree": "yes"}, ["First"]),
        ({"state": "in_progress"}, ["First"]),
        ({"state": ["closed", "registered"]}, ["Second", "Third"]),
        ({"kind": "afi"}, ["Second"]),
        ({"overdue": "yes"}, ["Second"]),
        ({"gap": "no_live_action"}, ["Second", "Third"]),
        ({"in_question": "yes"}, []),
        ({"lead": "none"}, ["Second", "Third", "First"]),
        ({"q": "third"}, ["Third"]),
    ],
)
def test_the_list_is_narrowed_and_ordered_as_the_page_is(
    cast: Cast, signed_in: Any, query: dict[str, Any], expected: list[str]
) -> None:
    manager = signed_in("manager")
    three(cast)
    response = manager.get(f"{API}/recommendations/", query)
    assert texts(response) == expected
    sort = {"sort": query["ordering"]} if "ordering" in query else {}
    page = manager.get("/recommendations/", query | sort).content.decode()
    on_page = re.findall(r'href="/recommendations/(\d+)/"', page)
    assert [str(row["id"]) for row in response.json()["results"]] == on_page


def test_following_the_links_gives_every_row_once(cast: Cast, signed_in: Any) -> None:
    manager = signed_in("manager")
    three(cast)
    for ordering in ("published", "-published", "kind", "lead", "-lead", "state", "due", "-due"):
        whole = texts(manager.get(f"{API}/recommendations/", {"ordering": ordering}))
        response = manager.get(f"{API}/recommendations/", {"ordering": ordering, "page_size": 1})
        collected = texts(response)
        while link := response.json()["next"]:
            response = manager.get(link)
            collected += texts(response)
        assert collected == whole, ordering


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({"colour": "red"}, "colour"),
        ({"sort": "due"}, "sort"),
        ({"disagree": "no"}, "disagree"),
        ({"state": "finished"}, "state"),
        ({"inspection": "999999"}, "inspection"),
        ({"ordering": "colour"}, "ordering"),
        ({"ordering": "--due"}, "ordering"),
        ({"cursor": "x"}, "cursor"),
    ],
)
def test_a_wrong_filter_is_refused_and_names_itself(
    reviewer: System, query: dict[str, Any], parameter: str
) -> None:
    response = reviewer.get("/recommendations/", **query)
    assert response.status_code == 400
    assert {error["parameter"] for error in response.json()["errors"]} == {parameter}


@pytest.mark.parametrize("path", ["/inspections/", "/recommendations/", "/recommendations/{pk}/actions/"])
def test_a_list_costs_the_same_for_few_rows_and_for_many(
    cast: Cast, signed_in: Any, path: str, answered: Recommendation
) -> None:
    manager, address = signed_in("manager"), f"{API}{path.format(pk=answered.pk)}"

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert manager.get(address).status_code == 200
        return len(queries)

    concern = RecommendationFactory(
        cast=cast, inspection=answered.inspection, kind="cause_of_concern", number="", text="Referrals."
    )
    RecommendationFactory(
        cast=cast, inspection=answered.inspection, number="2", cause=concern, lead=cast.wakefield_council
    )
    few = cost()
    for number in range(3, 7):
        report = InspectionFactory(cast=cast, title=f"Report {number}", short_title="")
        RecommendationFactory(cast=cast, inspection=report, number=str(number))
        RecommendationFactory(cast=cast, inspection=answered.inspection, number=str(number), cause=concern)
        linked(cast, answered, ActionFactory(cast=cast, in_progress=True, ref=f"WY20-1{number}"))
    assert cost() == few


@reuse_snapshot
def three(cast: Cast) -> None:
    """One in progress whose register says complete; one past its deadline; one without any, reported on later."""
    first = in_progress(cast, complete(cast), text="First")
    record_register_status(
        actor=cast.manager, recommendation=first, state=RegisterState.COMPLETE, as_at=AT.date(), at=AT
    )
    later = InspectionFactory(
        cast=cast, title="A later report", short_title="Later", published_on=date(2020, 3, 31)
    )
    RecommendationFactory(
        cast=cast, inspection=later, kind="afi", text="Second", deadline_phrase="By 31 May 2020"
    )
    RecommendationFactory(cast=cast, inspection=later, text="Third", deadline_phrase="immediately")
