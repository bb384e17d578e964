"""A board's action log."""

from datetime import date

from audit.actors import Reader
from meetings.arisings.models import Arising, ArisingQuerySet
from partners.models import Board

JOINED = ("minute__item__meeting__board__partnership", "organisation", "owner", "closed_at__board")


def log_of(board: Board, *, user: Reader, on: date, with_closed: bool) -> ArisingQuerySet:
    """Return the actions arising of a board and of those it took over from, of the latest meeting first.

    Args:
        with_closed: also return those that are not open any more.
    """
    rows = Arising.objects.visible_to(user, on).filter(board__in=board.with_earlier())
    if not with_closed:
        rows = rows.open()
    return rows.select_related(*JOINED).order_by("-minute__item__meeting__day", "board", "number")
