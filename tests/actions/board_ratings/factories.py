"""A factory for boards' ratings; see tests/factories.py."""

from typing import Any

from factory import LazyAttribute, SelfAttribute

from actions.board_ratings.services import rate_by_board
from actions.models import BoardRating
from tests.meetings.factories import board_minute
from tests.support.clock import AT
from tests.support.service_factory import ServiceFactory


class BoardRatingFactory(ServiceFactory):
    """A board's red rating of an action by `board_minute`; `cast` and `action` must be given."""

    class Meta:
        model = BoardRating

    class Params:
        cast = None

    actor = SelfAttribute("cast.gold")
    rag = "red"
    reason = "Two districts have not started."
    minute = LazyAttribute(lambda fields: board_minute(fields.cast))
    at = AT

    @staticmethod
    def service(**fields: Any) -> BoardRating:
        return rate_by_board(**fields)
