"""What the demonstration records around the plan on 19 June 2020: the facts of the papers, and nothing that they leave out."""

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps

from meetings.models import Meeting
from partners.models import User
from programme.channel.queries import representation
from programme.frameworks.queries import by_grade, coverage, frameworks
from programme.funding.queries import reconciled, years
from programme.models import (
    ChampionsCount,
    Completion,
    Framework,
    FrameworkItem,
    FundingDecision,
    Grade,
    Grant,
    GrantLimit,
    Measure,
    PanelMonth,
    Reading,
    StatedTotal,
    Term,
    TrainingEvent,
)
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


def test_workshops_are_planned_and_the_launch_states_no_year(view: dict[str, Any]) -> None:
    rows = {row.title: row for row in TrainingEvent.objects.all()}
    workshops, launch = (
        rows["Workshops on the Prevent duty in each district"],
        rows["Launch of the Prevent Champions"],
    )
    assert (workshops.state, workshops.when, workshops.number_held) == ("planned", "Date not stated", 5)
    assert (launch.when, str(launch.quantity("attended"))) == ("4 February 2019", "at least 130")
    assert "prints no year" in launch.note
    assert launch.may_include == rows["Regional Prevent Champions conferences"]


def test_panels_are_registered_and_every_figure_is_an_example(view: dict[str, Any]) -> None:
    panels = representation(**view)
    assert [line.panel.basis for line in panels.lines] == ["stated"] * 5
    assert sum(len(line.received) for line in panels.lines) == 14
    assert all(month.basis == "illustrative" for line in panels.lines for month in line.received)
    assert [month.panel.council.short_name for month in panels.exceptions] == ["Kirklees Council"]
    assert all(line.has_examples for line in panels.lines)


def test_two_versions_of_the_profile_are_registered_and_no_district_has_one(view: dict[str, Any]) -> None:
    assert [line.profile for line in districts(**view)] == [None] * 5
    (profile,) = force_profiles(**view)
    assert (profile.state, profile.version_date) == ("issued", None)
    assert profile.replaces.state == "superseded"


def test_the_frame_of_2008_has_28_cells_27_terms_and_no_reading(view: dict[str, Any]) -> None:
    framework = next(row for row in frameworks(**view) if row.edition == "1.7")
    matrix = coverage(**view, framework=framework)
    assert (len(matrix.lines), len(matrix.cells), Term.objects.count()) == (7, 28, 27)
    kinds = Counter(framework.items.values_list("kind", flat=True))
    assert kinds == {"objective": 5, "enabling": 2, "tier": 4, "outcome": 9}
    assert (framework.issued_on, framework.printed_marking) == (date(2008, 3, 27), "restricted document")
    assert not Measure.objects.filter(item__framework=framework).exists()
    assert not Reading.objects.exists()


def test_the_eight_sections_of_the_toolkit_are_an_example_without_a_reading(view: dict[str, Any]) -> None:
    framework = next(row for row in frameworks(**view) if row.basis == "illustrative")
    assert framework.items.filter(kind="benchmark", basis="illustrative").count() == 8
    grades = [("Not met", 0), ("Met", 0), ("Exceeding", 0), ("No reading", 8)]
    assert by_grade(**view, framework=framework) == [(None, grades)]


def test_eight_areas_are_divided(view: dict[str, Any]) -> None:
    matrix = responsibilities(**view)
    assert len(matrix.lines) == 8
    assert [row.edition for row in matrix.memoranda] == [""]


EXAMPLES = (PanelMonth, Framework, FrameworkItem, Grade, Measure)
PAPERS = (
    "Community Outcomes paper, 19 June 2018",
    "Community Outcomes paper, 8 October 2019",
    "Letter of the Police and Crime Commissioner, 19 June 2020",
    "Police PREVENT Strategy, Partners Briefing, 27 March 2008",
)


def test_every_record_names_its_source_and_none_is_of_leicestershire(view: dict[str, Any]) -> None:
    for resource in RESOURCES:
        rows: Any = resource.model._default_manager
        for row in rows.all():
            assert row.source
            assert row.basis == "stated" or resource.model in EXAMPLES
            assert row.source.startswith("Illustrative") == (row.basis == "illustrative")
            assert row.partnership.slug == "west-yorkshire"


SOURCES = {
    "FundingDecision": {"Community Outcomes paper, 8 October 2019": 5},
    "StatedTotal": {
        "Community Outcomes paper, 19 June 2018": 1,
        "Community Outcomes paper, 8 October 2019": 1,
    },
    "GrantLimit": {"Letter of the Police and Crime Commissioner, 19 June 2020": 1},
    "TrainingEvent": {
        "Community Outcomes paper, 19 June 2018": 1,
        "Community Outcomes paper, 8 October 2019": 1,
        "Letter of the Police and Crime Commissioner, 19 June 2020": 1,
    },
    "ChannelPanel": {"Letter of the Police and Crime Commissioner, 19 June 2020": 5},
    "LocalProfile": {
        "Community Outcomes paper, 8 October 2019": 1,
        "Letter of the Police and Crime Commissioner, 19 June 2020": 1,
    },
    "Term": {"Police PREVENT Strategy, Partners Briefing, 27 March 2008": 27},
}


@pytest.mark.parametrize("name", SOURCES)
def test_each_fact_comes_from_the_paper_that_states_it(view: dict[str, Any], name: str) -> None:
    model: Any = apps.get_model("programme", name)
    papers = Counter(
        next(paper for paper in PAPERS if row.source.startswith(paper)) for row in model.objects.all()
    )
    assert papers == SOURCES[name]


def test_posts_are_titles_and_the_limit_is_that_of_the_letter(view: dict[str, Any]) -> None:
    funded = FundingDecision.objects.filter(status="funded")
    assert {row.posts for row in funded} == {"Prevent Coordinators, Schools Coordinators"}
    assert all(row.projects for row in funded)
    assert GrantLimit.objects.get().amount == Decimal("6000.00")
    assert [(row.number, row.number_qualifier, row.since) for row in StatedTotal.objects.all()] == [
        (20, "exactly", 2014)
    ] * 2


def test_meetings_run_from_december_2017_to_june_2020(loaded: Any, db: None) -> None:
    meetings = list(Meeting.objects.select_related("board").order_by("day"))
    assert (meetings[0].day, meetings[-1].day) == (date(2017, 12, 15), date(2020, 6, 24))
    days = {meeting.day for meeting in meetings}
    assert {date(2018, 6, 19), date(2019, 10, 8)} <= days
    assert meetings[0].day.strftime("%A") == "Friday"
    assert meetings[-1].board.name == "Community Outcomes Meeting"
