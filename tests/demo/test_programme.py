"""What the demonstration records around the plan on 19 June 2020: the facts of the papers, and nothing that they leave out."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from partners.models import User
from programme.channel.queries import representation
from programme.frameworks.queries import coverage, frameworks
from programme.funding.queries import reconciled, years
from programme.models import ChampionsCount, Completion, Grant, Measure, PanelMonth, Reading, Term
from programme.mou.queries import responsibilities
from programme.overview.catalogue import RESOURCES
from programme.profiles.queries import districts, force_profiles
from programme.training.queries import progress, training_figures
from tests.demo.loaded import loaded

TODAY = date(2020, 6, 19)

__all__ = ["loaded"]
pytestmark = [pytest.mark.usefixtures("loaded"), pytest.mark.django_db]


@pytest.fixture
def view(loaded: Any, db: None) -> dict[str, Any]:
    """The manager of West Yorkshire on the day."""
    return {"user": User.objects.get_by_natural_key("manager@example.org"), "on": TODAY}


def test_wakefield_was_not_funded_in_2019_and_nothing_is_known_of_2020(view: dict[str, Any]) -> None:
    new, old = years(**view)
    assert (old.round.year, old.funded, old.not_funded, old.unknown) == ("2019/20", 4, 1, 0)
    assert (new.round.year, new.funded, new.not_funded, new.unknown) == ("2020/21", 0, 0, 5)
    (refused,) = [line.council.short_name for line in old.lines if line.status == "not_funded"]
    assert refused == "Wakefield Council"
    assert old.amount is None


def test_no_grant_is_made_up_and_the_old_figure_is_flagged(view: dict[str, Any]) -> None:
    (line,) = reconciled(**view)
    assert (line.itemised, line.difference, line.mean) == (
        Decimal(0),
        Decimal("82058.98"),
        Decimal("4102.95"),
    )
    assert (line.fewest, line.repeat and line.repeat.days) == (14, 476)
    assert not Grant.objects.exists()


def test_training_has_a_lower_bound_and_never_three_conferences(view: dict[str, Any]) -> None:
    figures = training_figures(**view)
    assert (str(figures.held), str(figures.people), len(figures.uncertain)) == ("2", "at least 130", 1)
    assert [line.words for line in progress(**view)] == ["0 of unknown"]
    assert not Completion.objects.exists()
    assert not ChampionsCount.objects.exists()


def test_panels_and_profiles_are_registered_and_no_figure_is_invented(view: dict[str, Any]) -> None:
    panels = representation(**view)
    assert len(panels.lines) == 5
    assert all(line.missing == 12 for line in panels.lines)
    assert not PanelMonth.objects.exists()
    assert [line.profile for line in districts(**view)] == [None] * 5
    assert len(force_profiles(**view)) == 1


def test_the_frame_of_2008_has_28_cells_27_terms_and_no_reading(view: dict[str, Any]) -> None:
    (framework,) = frameworks(**view)
    matrix = coverage(**view, framework=framework)
    assert (len(matrix.lines), len(matrix.cells), Term.objects.count()) == (7, 28, 27)
    assert (framework.edition, framework.printed_marking) == ("1.7", "restricted document")
    assert not Measure.objects.exists()
    assert not Reading.objects.exists()


def test_eight_areas_are_divided(view: dict[str, Any]) -> None:
    matrix = responsibilities(**view)
    assert len(matrix.lines) == 8
    assert [row.edition for row in matrix.memoranda] == [""]


def test_every_record_names_its_source_and_none_is_of_leicestershire(view: dict[str, Any]) -> None:
    for resource in RESOURCES:
        rows: Any = resource.model._default_manager
        for row in rows.all():
            assert row.source
            assert row.basis == "stated"
            assert row.partnership.slug == "west-yorkshire"
