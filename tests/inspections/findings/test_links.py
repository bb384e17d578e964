"""Which actions answer a finding: many to many, with what part each answers; and what a cause of concern does to them."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from actions.actions.services import create_action
from actions.dates.services import request_date_change
from actions.models import Action, DateChange
from audit.models import Entry
from audit.services import verify
from inspections.findings.services.links import link_action, unlink_action
from inspections.findings.services.recommendations import save_recommendation
from inspections.models import ActionLink, Recommendation
from tests.cast import AT, EARLIER, PEOPLE, Cast
from tests.factories import ActionFactory
from tests.inspections.factories import InspectionFactory, RecommendationFactory
from tests.inspections.findings import stage


def unlink(cast: Cast, link: ActionLink, **changes: Any) -> Recommendation:
    fields = {"actor": cast.manager, "reason": "It answers another.", "at": AT} | changes
    return unlink_action(link=link, **fields)


def test_a_link_says_what_it_answers_and_is_in_the_ledger(cast: Cast) -> None:
    row = RecommendationFactory(cast=cast)
    action = ActionFactory(cast=cast, in_progress=True)
    link = stage.linked(cast, row, action, " The briefing. ")
    assert (link.answers, link.linked_by) == ("The briefing.", cast.manager)
    unlink(cast, link)
    assert not row.links.exists()
    assert Recommendation.objects.get().version == row.version + 2
    verbs = list(Entry.objects.order_by("-sequence").values_list("verb", flat=True)[:4])
    assert verbs[::-1] == ["link.added", "recommendation.linked", "link.removed", "recommendation.unlinked"]
    assert Entry.objects.get(verb="link.removed").note == "It answers another."
    assert verify(ledger=cast.yorkshire.ledger).ok


def test_an_action_answers_several_findings_and_a_finding_has_several(cast: Cast) -> None:
    inspection = InspectionFactory(cast=cast)
    first = RecommendationFactory(cast=cast, inspection=inspection)
    second = RecommendationFactory(cast=cast, inspection=inspection, number="2")
    one = ActionFactory(cast=cast, in_progress=True, ref="WY20-01")
    other = ActionFactory(cast=cast, in_progress=True, ref="WY20-02")
    for row, action in ((first, one), (first, other), (second, one)):
        stage.linked(cast, row, action)
    assert set(first.actions.all()) == {one, other}
    assert set(one.recommendations.all()) == {first, second}


@pytest.mark.parametrize("person", sorted(PEOPLE.keys() - {"manager"}))
def test_only_the_manager_links_and_unlinks(cast: Cast, person: str) -> None:
    row = RecommendationFactory(cast=cast)
    action = ActionFactory(cast=cast, in_progress=True)
    actor = cast.person(person)
    with pytest.raises(PermissionDenied):
        link_action(actor=actor, recommendation=row, action=action, at=AT)
    link = stage.linked(cast, row, action)
    with pytest.raises(PermissionDenied):
        unlink(cast, link, actor=actor)
    assert row.links.count() == 1


def test_an_action_that_cannot_answer_is_refused(cast: Cast) -> None:
    row = RecommendationFactory(cast=cast)
    action = ActionFactory(cast=cast, in_progress=True)
    stage.linked(cast, row, action)
    foreign = create_action(
        actor=cast.leicestershire_manager,
        plan=cast.leicestershire_plan,
        ref="LE-01",
        title="Elsewhere",
        pillar=cast.leicestershire_plan.pillars.get(),
        at=EARLIER,
    )
    withdrawn = ActionFactory(cast=cast, withdrawn=True, ref="WY20-02")
    for other, words in (
        (action, "linked to the recommendation already"),
        (foreign, "another partnership"),
        (withdrawn, "WY20-02 is withdrawn"),
    ):
        with pytest.raises(ValidationError, match=words):
            stage.linked(cast, row, other)
    assert row.links.count() == 1


def test_a_link_is_removed_once_with_a_reason(cast: Cast) -> None:
    link = stage.linked(cast, RecommendationFactory(cast=cast), ActionFactory(cast=cast, in_progress=True))
    with pytest.raises(ValidationError) as refused:
        unlink(cast, link, reason=" ")
    assert "reason" in refused.value.message_dict
    unlink(cast, link)
    with pytest.raises(ValidationError) as refused:
        unlink(cast, link)
    assert refused.value.code == "conflict"


def test_work_in_progress_keeps_a_live_action(cast: Cast) -> None:
    row = stage.in_progress(cast, ActionFactory(cast=cast, in_progress=True))
    link = row.links.get()
    with pytest.raises(ValidationError, match="Link another action first"):
        unlink(cast, link)
    assert row.links.count() == 1
    stage.linked(cast, row, ActionFactory(cast=cast, allocated=True, ref="WY20-02"))
    unlink(cast, link)
    assert [link.action.ref for link in row.links.all()] == ["WY20-02"]


def test_a_stale_version_is_a_conflict(cast: Cast) -> None:
    row = RecommendationFactory(cast=cast)
    action = ActionFactory(cast=cast, in_progress=True)
    stage.linked(cast, row, ActionFactory(cast=cast, allocated=True, ref="WY20-02"))
    with pytest.raises(ValidationError) as refused:
        link_action(actor=cast.manager, recommendation=row, action=action, version=row.version, at=AT)
    assert refused.value.code == "conflict"


@pytest.mark.parametrize("under", ["the cause itself", "a recommendation under it"])
def test_a_cause_of_concern_takes_its_actions_dates_to_the_board(cast: Cast, under: str) -> None:
    inspection = InspectionFactory(cast=cast)
    cause = RecommendationFactory(cast=cast, inspection=inspection, kind="cause_of_concern")
    row = (
        cause
        if under == "the cause itself"
        else RecommendationFactory(cast=cast, inspection=inspection, number="2", cause=cause)
    )
    action = ActionFactory(cast=cast, in_progress=True)
    stage.linked(cast, row, action)
    request = request_date_change(
        actor=cast.bradford_spoc, action=action, new_due=date(2020, 12, 1), reason="Illness.", at=AT
    )
    assert request.level == DateChange.Level.BOARD
    unlink(cast, row.links.get())
    action.refresh_from_db()
    assert action.under_cause_of_concern  # a board takes it off


def test_a_finding_that_comes_under_a_cause_of_concern_brings_its_actions(cast: Cast) -> None:
    inspection = InspectionFactory(cast=cast)
    cause = RecommendationFactory(cast=cast, inspection=inspection, kind="cause_of_concern")
    row = RecommendationFactory(cast=cast, inspection=inspection, number="2")
    action = ActionFactory(cast=cast, in_progress=True)
    stage.linked(cast, row, action)
    action.refresh_from_db()
    assert not action.under_cause_of_concern
    save_recommendation(actor=cast.manager, recommendation=row, cause=cause, at=AT)
    action.refresh_from_db()
    assert action.under_cause_of_concern


def test_an_action_shows_nothing_of_a_sensitive_inspection(cast: Cast) -> None:
    """Its owner reads why it came under a cause of concern, and may not see which report says so."""
    inspection = InspectionFactory(cast=cast, marking="OFFICIAL-SENSITIVE", handling_instruction="Gold only.")
    cause = RecommendationFactory(cast=cast, inspection=inspection, kind="cause_of_concern")
    stage.linked(cast, cause, ActionFactory(cast=cast, in_progress=True))
    raised = Entry.objects.get(verb="action.concern_raised")
    assert "CT4" not in f"{raised.note}{raised.target_label}{raised.changes}"


def test_a_complete_action_is_linked_and_stays_as_it_is(cast: Cast) -> None:
    cause = RecommendationFactory(cast=cast, kind="cause_of_concern")
    action = stage.complete(cast)
    stage.linked(cast, cause, action)
    after = Action.objects.get(pk=action.pk)
    assert (after.version, after.under_cause_of_concern) == (action.version, False)
