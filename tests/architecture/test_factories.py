"""Every factory makes a row by itself, and every trait of an action the stage it names."""

import pytest

from actions.core.states import State
from tests import factories
from tests.cast import Cast
from tests.inspections.factories import RecommendationFactory

STAGES = {
    "unallocated": State.AWAITING_ALLOCATION,
    "allocated": State.NOT_STARTED,
    "in_progress": State.IN_PROGRESS,
    "awaiting_assurance": State.AWAITING_ASSURANCE,
    "complete": State.COMPLETE,
    "withdrawn": State.WITHDRAWN,
    "superseded": State.SUPERSEDED,
}


@pytest.mark.parametrize("trait", STAGES)
def test_a_trait_brings_an_action_to_its_stage(cast: Cast, trait: str) -> None:
    action = factories.ActionFactory(cast=cast, **{trait: True})
    assert action.state == STAGES[trait]
    assert action.ref == "WY20-01"


def test_a_joint_action_has_a_part_for_each_district(cast: Cast) -> None:
    action = factories.ActionFactory(cast=cast, by_districts=True)
    assert {part.owner for part in action.children.all()} == {cast.bradford_spoc, cast.leeds_spoc}


def test_rows_of_an_action_are_made_by_its_owner(cast: Cast) -> None:
    supporting = [cast.wakefield_council]
    action = factories.ActionFactory(cast=cast, in_progress=True, supporting=supporting)
    rows = [
        make(action=action)
        for make in (
            factories.EvidenceFactory,
            factories.DateChangeFactory,
            factories.MilestoneFactory,
            factories.ProgressUpdateFactory,
        )
    ]
    rows.append(factories.DependencyFactory(action=action, organisation=cast.wakefield_council))
    assert {row.action for row in rows} == {action}
    entries = cast.yorkshire.ledger.entries.order_by("-sequence")[: len(rows)]
    assert {entry.actor_id for entry in entries} == {str(cast.bradford_spoc.pk)}


def test_a_recommendation_comes_with_its_report(cast: Cast) -> None:
    row = RecommendationFactory(cast=cast)
    assert row.inspection.short_title == "CT4"
