"""A board's rating in the appendix of a paper: as it stood at the moment of the record."""

from datetime import datetime
from typing import Any

from actions.board_ratings.services import rate_by_board
from reports.figures.actions import appendix
from reports.record.queries import record_of
from tests.cast import AT, Cast
from tests.factories import ActionFactory
from tests.meetings.factories import board_minute
from tests.support.clock import LONDON


def test_the_appendix_has_the_boards_rating_where_there_is_one(cast: Cast) -> None:
    for ref in ("WY20-01", "WY20-02"):
        action = ActionFactory(cast=cast, in_progress=True, ref=ref)
    rate_by_board(actor=cast.gold, action=action, rag="red", reason="Late.", minute=board_minute(cast), at=AT)
    before, after = (_columns(cast, at) for at in (datetime(2020, 6, 18, 9, tzinfo=LONDON), AT))
    assert "Board RAG" not in before
    assert after["Board RAG"] == ["Not rated", "Red"]
    assert after["Declared RAG"] == ["Green", "Green"]


def _columns(cast: Cast, at: datetime) -> dict[str, list[Any]]:
    [table] = appendix(record_of(plan=cast.plan, at=at))
    cells = [[row["label"], *(cell.get("text") for cell in row["cells"])] for row in table["rows"]]
    return dict(zip(table["columns"], map(list, zip(*cells, strict=True)), strict=True))
