"""A board's action log, and the people who can own an action arising."""

from datetime import date

from django.db.models import QuerySet

from audit.actors import Reader
from meetings.arisings.models import Arising, ArisingQuerySet
from partners.models import Board, Membership, User
from partners.policies import CAN_OWN

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


def people_of(partnership_id: int, on: date) -> QuerySet[User]:
    """Return the people of a partnership who can own an action arising on the day, by name."""
    memberships = Membership.objects.running(on).filter(partnership=partnership_id, role__in=CAN_OWN)
    people = User.objects.filter(pk__in=memberships.values("user"), is_active=True, kind=User.Kind.USER)
    return people.order_by("name")
