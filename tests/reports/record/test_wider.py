"""What papers tell of the records around the plan."""

from datetime import date

from reports.record.wider import wider_lines
from tests.cast import Cast
from tests.programme.factories import PanelMonthFactory


def test_a_board_is_told_no_examples(cast: Cast) -> None:
    first = PanelMonthFactory(cast=cast, basis="recorded")
    PanelMonthFactory(cast=cast, panel=first.panel, month=date(2020, 2, 1), basis="illustrative")
    lines = wider_lines(partnership_id=cast.yorkshire.pk, on=first.as_at, kinds=["channel"])["channel"]
    assert [line.label for line in lines] == [str(first)]
