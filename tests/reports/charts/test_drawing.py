"""Pictures say what their tables say."""

from typing import Any

from reports.charts.drawing import pictures_of
from tests.reports.figures.test_identities import BEFORE, CONTENT, NOW, PREVIOUS, content_of


def test_each_table_with_a_picture_has_one() -> None:
    pictures = pictures_of(CONTENT, [PREVIOUS])
    assert set(pictures) == {"state-by-pillar", "overdue", "slippage", "roll-forward", "rag-by-pillar"}
    assert all(picture.title and picture.description for picture in pictures.values())


def test_a_bar_is_as_long_as_its_parts_and_names_them() -> None:
    picture: Any = pictures_of(CONTENT)["state-by-pillar"]
    identify = picture.bars[0]
    assert [(part.label, part.n) for part in identify.parts] == [
        ("Not started", 1),
        ("In progress", 3),
        ("Complete", 2),
    ]
    assert identify.total == 6
    assert "Identify: not started 1, in progress 3, complete 2" in picture.description
    patterns = [part.pattern for part in picture.legend]
    assert len(set(patterns)) == len(patterns) == 3


def test_open_actions_are_those_of_the_paper_and_the_plan_is_the_original_dates() -> None:
    picture: Any = pictures_of(CONTENT)["roll-forward"]
    still_open, planned = picture.lines
    assert (still_open.n, planned.n) == (sum(row.is_open for row in NOW.actions), 5)


def test_ratings_over_time_are_those_of_each_paper() -> None:
    picture: Any = pictures_of(CONTENT, [PREVIOUS])["rag-by-pillar"]
    assert "Red: 15 May 20 0, 12 Jun 20 1" in picture.description
    assert "Green: 15 May 20 4, 12 Jun 20 2" in picture.description


def test_nothing_is_drawn_of_nothing() -> None:
    empty = content_of(type(BEFORE)(on=BEFORE.on, actions=[], pillars=["Identify"], districts=["Leeds"]))
    assert pictures_of(empty) == {}
