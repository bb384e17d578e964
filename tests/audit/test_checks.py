"""Check constraints are asked about together, and answered for one by one."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from pytest_django import DjangoAssertNumQueries

from actions.core.states import State
from actions.models import Action
from audit.checks import all_hold, checks_of
from tests.cast import Cast

ALL_IN_ORDER = 4  # the savepoint, the question, its release, and the reference's uniqueness


@pytest.fixture
def action(cast: Cast) -> Action:
    return Action(
        partnership=cast.yorkshire, plan=cast.plan, pillar=cast.identify, ref="WY20-01", title="Brief"
    )


def test_a_row_in_order_is_asked_about_once(
    action: Action, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    assert len(checks_of(Action)) > ALL_IN_ORDER
    with django_assert_num_queries(ALL_IN_ORDER):
        action.validate_constraints()


def test_every_broken_constraint_is_reported(action: Action) -> None:
    action.percent = 101
    action.starts_on, action.due = date(2020, 9, 1), date(2020, 8, 1)
    with pytest.raises(ValidationError) as refused:
        action.validate_constraints()
    assert len(refused.value.messages) == 2
    assert "The due date must not be before the start." in refused.value.messages


def test_a_constraint_about_an_excluded_field_is_not_asked_about(action: Action) -> None:
    action.percent = 101
    action.validate_constraints(exclude={"percent"})
    with pytest.raises(ValidationError):
        action.validate_constraints(exclude={"starts_on"})


def test_an_unknown_answer_does_not_hide_a_broken_constraint(action: Action) -> None:
    """`due >= start` without dates is neither true nor false; the state is plainly wrong."""
    checks = checks_of(Action)
    assert all_hold(action, checks)
    action.state = State.COMPLETE
    assert not all_hold(action, checks)
