import django_filters
from django.db.models import F
from django.utils.translation import gettext_lazy

from meetings.arisings.models import Arising
from meetings.meetings.filters import OfBoard


class ArisingFilter(OfBoard):
    """Filter actions arising."""

    state = django_filters.ChoiceFilter(label=gettext_lazy("Status"), choices=Arising.State.choices)


ARISING_SORTS = {"number": (F("number"),), "due": (F("due"), F("number"))}
