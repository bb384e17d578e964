import django_filters
from django.db.models import F
from django.utils.translation import gettext_lazy

from actions.evidence.models import EvidenceQuerySet
from web.filters import VisibleFilterSet


class EvidenceFilter(VisibleFilterSet):
    """Narrow evidence by whether it was replaced and whether it still counts."""

    status = django_filters.ChoiceFilter(
        label=gettext_lazy("Status"),
        choices=[
            ("newest", gettext_lazy("Not replaced")),
            ("current", gettext_lazy("Counts")),
            ("expiring", gettext_lazy("Expires within 28 days")),
            ("expired", gettext_lazy("Expired")),
        ],
        method="filter_status",
    )

    def filter_status(self, rows: EvidenceQuerySet, name: str, value: str) -> EvidenceQuerySet:
        return rows.newest() if value == "newest" else getattr(rows, value)(self.on)


EVIDENCE_SORTS = {"added": (F("added_at"),), "title": (F("title"),), "expires": (F("expires_on"),)}
