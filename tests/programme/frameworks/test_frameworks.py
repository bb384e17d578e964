"""Frameworks: coverage by objective and tier, and readings that belong to one version."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from programme.frameworks.queries import by_grade, coverage, measures
from programme.models import FrameworkItem
from tests.cast import TODAY, Cast
from tests.factories import ActionFactory
from tests.programme.factories import (
    ActionMappingFactory,
    FrameworkFactory,
    FrameworkItemFactory,
    GradeFactory,
    MeasureFactory,
    ReadingFactory,
)


def objectives(cast: Cast) -> tuple[Any, list[FrameworkItem], list[FrameworkItem]]:
    """Five objectives, two enabling ones and four tiers."""
    framework = FrameworkFactory(cast=cast)
    items = [
        FrameworkItemFactory(
            cast=cast,
            framework=framework,
            code=f"O{number}",
            order=number,
            kind="objective" if number <= 5 else "enabling",
        )
        for number in range(1, 8)
    ]
    tiers = [
        FrameworkItemFactory(cast=cast, framework=framework, code=f"T{number}", order=number, kind="tier")
        for number in range(1, 5)
    ]
    return framework, items, tiers


def test_seven_objectives_and_four_tiers_are_28_cells_and_an_action_counts_once(cast: Cast) -> None:
    framework, items, tiers = objectives(cast)
    action = ActionFactory(cast=cast, in_progress=True)
    ActionMappingFactory(cast=cast, item=items[0], tier=tiers[0], action=action)
    ActionMappingFactory(cast=cast, item=items[6], tier=tiers[3], action=action)
    matrix = coverage(user=cast.manager, on=TODAY, framework=framework)
    assert (len(matrix.lines), len(matrix.cells), len(matrix.empty)) == (7, 28, 26)
    assert matrix.number_of_actions == 1


def test_an_action_without_a_tier_is_listed_and_counted_and_fills_no_cell(cast: Cast, signed_in: Any) -> None:
    framework, items, tiers = objectives(cast)
    first, second = (ActionFactory(cast=cast, in_progress=True, ref=f"WY20-0{number}") for number in (1, 2))
    ActionMappingFactory(cast=cast, item=items[0], tier=tiers[0], action=first)
    for action in (first, second):
        ActionMappingFactory(cast=cast, item=items[1], tier=None, action=action)
    matrix = coverage(user=cast.manager, on=TODAY, framework=framework)
    assert (len(matrix.cells), len(matrix.empty), matrix.number_of_actions) == (28, 27, 2)
    assert [(cell.item, list(cell.actions)) for cell in matrix.without_tier] == [(items[1], [first, second])]
    page = signed_in("manager").get(reverse("programme:room", args=["frameworks"])).content.decode()
    assert "Actions without a tier" in page


def test_an_action_hidden_from_the_reader_is_not_in_the_matrix(cast: Cast) -> None:
    framework, items, tiers = objectives(cast)
    action = ActionFactory(
        cast=cast, in_progress=True, marking="OFFICIAL-SENSITIVE", handling_instruction="District only"
    )
    ActionMappingFactory(cast=cast, item=items[0], tier=tiers[0], action=action)
    numbers = [
        coverage(user=person, on=TODAY, framework=framework).number_of_actions
        for person in (cast.manager, cast.bradford_spoc, cast.leeds_spoc)
    ]
    assert numbers == [1, 1, 0]


def test_a_tier_of_another_version_is_refused(cast: Cast) -> None:
    _, items, _ = objectives(cast)
    other = FrameworkItemFactory(
        cast=cast, framework=FrameworkFactory(cast=cast, edition="2"), code="T1", kind="tier"
    )
    with pytest.raises(ValidationError) as refused:
        ActionMappingFactory(
            cast=cast, item=items[0], tier=other, action=ActionFactory(cast=cast, in_progress=True)
        )
    assert "tier of the same framework" in str(refused.value)


def test_the_same_action_twice_under_an_item_is_refused_with_a_tier_and_without(cast: Cast) -> None:
    _, items, tiers = objectives(cast)
    action = ActionFactory(cast=cast, in_progress=True)
    for tier in (tiers[0], None):
        ActionMappingFactory(cast=cast, item=items[0], tier=tier, action=action)
        with pytest.raises(ValidationError) as refused:
            ActionMappingFactory(cast=cast, item=items[0], tier=tier, action=action)
        assert "under this item already" in str(refused.value)


def test_no_reading_is_none_and_not_zero(cast: Cast, signed_in: Any) -> None:
    measure = MeasureFactory(cast=cast)
    (line,) = measures(user=cast.manager, on=TODAY, framework=measure.item.framework)
    assert line.readings == []
    page = signed_in("manager").get(reverse("programme:room", args=["frameworks"])).content.decode()
    assert 'O1: Number of people trained</dt><dd class="govuk-summary-list__value">None</dd>' in page


def test_readings_of_two_versions_are_separate(cast: Cast) -> None:
    old = ReadingFactory(cast=cast)
    second = FrameworkFactory(cast=cast, edition="2")
    item = FrameworkItemFactory(cast=cast, framework=second)
    new = ReadingFactory(cast=cast, measure=MeasureFactory(cast=cast, item=item), number=40)
    for reading in (old, new):
        framework = reading.measure.item.framework
        (line,) = measures(user=cast.manager, on=TODAY, framework=framework)
        assert line.readings == [reading]


def test_a_grade_belongs_to_the_version_of_the_measure(cast: Cast) -> None:
    measure = MeasureFactory(cast=cast, graded=True)
    other = GradeFactory(cast=cast, framework=FrameworkFactory(cast=cast, edition="2"))
    counted = {"number": None, "number_qualifier": "unknown"}
    with pytest.raises(ValidationError) as refused:
        ReadingFactory(cast=cast, measure=measure, grade=other, **counted)
    assert "same version of the framework" in str(refused.value)
    with pytest.raises(ValidationError) as refused:
        ReadingFactory(cast=cast, measure=measure, **counted)
    assert "This measure is graded" in str(refused.value)
    with pytest.raises(ValidationError) as refused:
        ReadingFactory(
            cast=cast,
            measure=MeasureFactory(cast=cast, item=measure.item, name="Trained"),
            grade=GradeFactory(cast=cast, framework=measure.item.framework),
        )
    assert "This measure is counted" in str(refused.value)


def test_benchmarks_by_grade_add_up_to_the_benchmarks(cast: Cast) -> None:
    framework = FrameworkFactory(cast=cast)
    met = GradeFactory(cast=cast, framework=framework)
    GradeFactory(cast=cast, framework=framework, name="Exceeding", order=2)
    for number in range(1, 9):
        item = FrameworkItemFactory(
            cast=cast, framework=framework, code=f"B{number}", order=number, kind="benchmark"
        )
        measure = MeasureFactory(cast=cast, item=item, graded=True)
        if number <= 3:
            ReadingFactory(cast=cast, measure=measure, grade=met, number=None, number_qualifier="unknown")
        if number == 1:
            other = {"organisation": cast.leeds_district, "number": None, "number_qualifier": "unknown"}
            ReadingFactory(cast=cast, measure=measure, grade=met, **other)
    numbers = dict(by_grade(user=cast.manager, on=TODAY, framework=framework))
    assert numbers == {
        cast.bradford_district: [("Met", 3), ("Exceeding", 0), ("No reading", 5)],
        cast.leeds_district: [("Met", 1), ("Exceeding", 0), ("No reading", 7)],
    }


def test_a_marking_is_kept_as_printed(cast: Cast, signed_in: Any) -> None:
    framework = FrameworkFactory(cast=cast, printed_marking="restricted document")
    assert framework.marking == "OFFICIAL"
    page = signed_in("manager").get(reverse("programme:room", args=["frameworks"])).content.decode()
    assert "Marking as printed: restricted document" in page
