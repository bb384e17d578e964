"""My work: findings that wait for an answer, for an action or for a judgement, for those who can do something."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from desk.my_work.services.lists import my_tasks
from inspections.findings.services.own_statuses import judge_recommendation, reopen_recommendation
from inspections.findings.services.recommendations import save_recommendation
from inspections.findings.services.register import record_register_status
from inspections.models import Recommendation
from tests.cast import AT, PEOPLE, TODAY, Cast
from tests.factories import ActionFactory
from tests.inspections.factories import InspectionFactory, RecommendationFactory
from tests.inspections.findings import stage
from tests.support.auditors import become_auditor


def finding_tasks(user: Any, on: date = TODAY) -> list[tuple[str, str]]:
    tasks = [task for task in my_tasks(actor=user, on=on) if task.subject.type == "recommendation"]
    return [(task.verb, task.subject.ref.split()[-1]) for task in tasks]


@pytest.mark.parametrize("person", PEOPLE)
def test_only_the_manager_is_asked_to_answer(cast: Cast, person: str) -> None:
    RecommendationFactory(cast=cast)
    assert finding_tasks(cast.person(person)) == ([("Respond to", "1")] if person == "manager" else [])


@pytest.mark.parametrize(
    ("phrase", "asks"),
    [
        ("By 18 June 2020", True),
        ("By 17 July 2020", True),
        ("By 18 July 2020", False),
        ("immediately", False),
    ],
)
def test_a_finding_without_a_live_action_presses_four_weeks_before_its_deadline(
    cast: Cast, phrase: str, asks: bool
) -> None:
    row = stage.answered(cast, deadline_phrase=phrase)
    assert finding_tasks(cast.manager) == ([("Link an action to", "1")] if asks else [])
    stage.linked(cast, row, ActionFactory(cast=cast, unallocated=True, ref="WY20-08"))
    assert bool(finding_tasks(cast.manager)) == asks
    stage.linked(cast, row, ActionFactory(cast=cast, in_progress=True, ref="WY20-09"))
    assert finding_tasks(cast.manager) == []


def test_a_disagreement_is_shown_to_those_who_can_act_on_it(cast: Cast) -> None:
    inspection = InspectionFactory(cast=cast)
    ready = stage.in_progress(cast, stage.complete(cast, "WY20-01"), inspection=inspection, number="1")
    busy = stage.in_progress(
        cast, ActionFactory(cast=cast, in_progress=True, ref="WY20-02"), inspection=inspection, number="2"
    )
    shut = stage.closed(cast, inspection=inspection, number="3", action=stage.complete(cast, "WY20-03"))
    for row, state in ((ready, "complete"), (busy, "complete"), (shut, "open")):
        record_register_status(actor=cast.manager, recommendation=row, state=state, as_at=TODAY, at=AT)
    assert Recommendation.objects.in_disagreement().count() == 3
    assert finding_tasks(cast.manager) == [("Propose closure of", "1")]
    assert finding_tasks(cast.auditor) == []


@pytest.mark.parametrize("person", PEOPLE)
def test_only_an_auditor_is_asked_to_judge(cast: Cast, person: str) -> None:
    stage.proposed(cast)
    assert finding_tasks(cast.person(person)) == (
        [("Review the closure of", "1")] if person == "auditor" else []
    )


def test_a_reopened_action_brings_its_finding_back(cast: Cast) -> None:
    action = stage.complete(cast)
    row = stage.closed(cast, action=action)
    assert finding_tasks(cast.auditor) == []
    stage.reopened_action(cast, action)
    assert finding_tasks(cast.auditor) == [("Review again", "1")]
    reopen_recommendation(actor=cast.auditor, recommendation=row, reason="Open again.", at=AT)
    assert finding_tasks(cast.auditor) == []


@pytest.mark.parametrize("part", ["lead", "owner", "proposer"])
def test_decisions_of_another_person_are_left_out(cast: Cast, part: str) -> None:
    row = stage.proposed(cast)
    judge = {"lead": cast.auditor, "owner": cast.bradford_spoc, "proposer": cast.manager}[part]
    if part == "lead":
        save_recommendation(actor=cast.manager, recommendation=row, lead=cast.opcc, at=AT)
    else:
        become_auditor(cast, judge, cast.wakefield_council)
    assert finding_tasks(judge) == []
    with pytest.raises(PermissionDenied):
        judge_recommendation(actor=judge, recommendation=row, outcome="implemented", reason="Fine.", at=AT)


def test_each_task_leads_to_a_page_that_does_it(cast: Cast, signed_in: Any) -> None:
    inspection = InspectionFactory(cast=cast)
    RecommendationFactory(cast=cast, inspection=inspection, number="1")
    stage.answered(cast, inspection=inspection, number="2", deadline_phrase="By 1 June 2020")
    stage.proposed(cast, inspection=inspection, number="3")
    for name, number in (("manager", 2), ("auditor", 1)):
        client = signed_in(name)
        tasks = [
            task
            for task in my_tasks(actor=cast.person(name), on=TODAY)
            if task.subject.type == "recommendation"
        ]
        assert len(tasks) == number
        page = client.get(reverse("desk:my-work")).content.decode()
        for task in tasks:
            address = reverse(task.route, args=task.args)
            assert address in page
            assert client.get(address).status_code == 200


def test_a_sensitive_finding_marks_the_page(cast: Cast, signed_in: Any) -> None:
    inspection = InspectionFactory(cast=cast, marking="OFFICIAL-SENSITIVE", handling_instruction="Gold only.")
    RecommendationFactory(cast=cast, inspection=inspection)
    page = signed_in("manager").get(reverse("desk:my-work"))
    assert page.context["page_marking"] == "OFFICIAL-SENSITIVE"


@pytest.mark.parametrize("person", ["manager", "auditor"])
def test_many_findings_cost_what_few_do(cast: Cast, person: str) -> None:
    inspection = InspectionFactory(cast=cast)
    user = cast.person(person)

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            my_tasks(actor=user, on=TODAY)
        return len(captured)

    def add(number: int) -> None:
        RecommendationFactory(cast=cast, inspection=inspection, number=f"{number}a")
        stage.answered(cast, inspection=inspection, number=f"{number}b", deadline_phrase="By 1 June 2020")
        action = stage.complete(cast, f"WY20-{number}")
        stage.proposed(cast, action, inspection=inspection, number=f"{number}c")

    add(1)
    few = cost()
    add(2)
    add(3)
    assert cost() == few
