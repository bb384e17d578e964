import django_filters
from django.db.models import F

from actions.evidence.models import EvidenceQuerySet
from web.filters import VisibleFilterSet


class EvidenceFilter(VisibleFilterSet):
    """Narrow evidence by whether it was replaced and whether it still counts."""

    status = django_filters.ChoiceFilter(
        label="Status",
        choices=[
            ("newest", "Not replaced"),
            ("current", "Counts"),
            ("expiring", "Expires within 28 days"),
            ("expired", "Expired"),
        ],
        method="filter_status",
    )

    def filter_status(self, rows: EvidenceQuerySet, name: str, value: str) -> EvidenceQuerySet:
        return rows.newest() if value == "newest" else getattr(rows, value)(self.on)


EVIDENCE_SORTS = {"added": (F("added_at"),), "title": (F("title"),), "expires": (F("expires_on"),)}
