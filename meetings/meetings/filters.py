"""Filters of what boards did: the base offers the boards that the user may view."""

from datetime import date
from typing import Any

import django_filters
from django.db.models import F
from django.utils.translation import gettext_lazy

from audit.actors import Reader
from meetings.meetings.states import MeetingState
from partners.models import Board
from web.filters import VisibleFilterSet


class OfBoard(VisibleFilterSet):
    """Filter rows by board; the board is a field of the row."""

    board = django_filters.ChoiceFilter(label=gettext_lazy("Board"))

    def __init__(
        self, data: Any = None, queryset: Any = None, *, user: Reader, on: date, **kwargs: Any
    ) -> None:
        super().__init__(data, queryset, user=user, on=on, **kwargs)
        self.offer("board", Board.objects.visible_to(user, on).values_list("pk", "name"))


class MeetingFilter(OfBoard):
    """Filter meetings."""

    state = django_filters.ChoiceFilter(label=gettext_lazy("Status"), choices=MeetingState.choices)


MEETING_SORTS = {"day": (F("day"),)}
