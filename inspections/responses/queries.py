"""Facts about inspections that come from their letters."""

from django.db.models import OuterRef, Subquery

from inspections.findings.models.inspections import InspectionQuerySet
from inspections.responses.models import PublishedResponse


def with_answer(inspections: InspectionQuerySet) -> InspectionQuerySet:
    """Annotate `answered_on`, the day the first letter about the inspection was published."""
    published = PublishedResponse.objects.filter(inspection=OuterRef("pk"), published_on__isnull=False)
    first = published.order_by("published_on").values("published_on")[:1]
    return inspections.annotate(answered_on=Subquery(first))
