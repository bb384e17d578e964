"""Filters of papers."""

import django_filters
from django.db.models import F
from django.utils.translation import gettext_lazy

from meetings.meetings.filters import OfBoard
from reports.papers.states import PaperState


class PaperFilter(OfBoard):
    """Filter papers."""

    board = django_filters.ChoiceFilter(label=gettext_lazy("Board"), field_name="template__board")
    state = django_filters.ChoiceFilter(label=gettext_lazy("Status"), choices=PaperState.choices)


PAPER_SORTS = {"as_at": (F("as_at"),)}
