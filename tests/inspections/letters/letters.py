"""Letters at each stage of their life, made through the services."""

from datetime import date, datetime
from typing import Any

from inspections.letters.services import (
    approve_letter,
    correct_letter,
    draft_letter,
    publish_letter,
    record_despatch,
)
from inspections.models import Inspection, PublishedResponse, Recommendation, Response
from inspections.responses.services.responses import write_response
from inspections.responses.services.section55 import record_comments
from partners.models import User
from tests.cast import AT, LONDON, TODAY, Cast
from tests.inspections.factories import InspectionFactory, RecommendationFactory
from tests.support.snapshots import reuse_snapshot

WRITTEN_AT = datetime(2020, 6, 16, 9, tzinfo=LONDON)
AFI = Recommendation.Kind.AREA_FOR_IMPROVEMENT
SIGNATORY = "Police and Crime Commissioner for West Yorkshire"


@reuse_snapshot
def report(cast: Cast, **fields: Any) -> Inspection:
    """CT4 with two recommendations, of which the report numbers neither, and an area for improvement."""
    inspection = InspectionFactory(cast=cast, **fields)
    for text in ("Share referrals within a day.", "Train every officer."):
        RecommendationFactory(cast=cast, inspection=inspection, number="", text=text, paraphrased=True)
    RecommendationFactory(
        cast=cast, inspection=inspection, kind=AFI, number="", text="Grade intelligence alike."
    )
    return inspection


def findings(inspection: Inspection) -> list[Recommendation]:
    return list(inspection.recommendations.order_by("pk"))


def respond(cast: Cast, row: Recommendation, text: str = "Done in May.", **changes: Any) -> Response:
    fields = {"actor": cast.manager, "kind": "taken", "at": WRITTEN_AT} | changes
    return write_response(recommendation=row, text=text, **fields)


@reuse_snapshot
def answered(cast: Cast, inspection: Inspection | None = None) -> Inspection:
    """The same with a response to each recommendation and none to the area for improvement."""
    inspection = inspection or report(cast)
    first, second = findings(inspection)[:2]
    respond(cast, first, "Referrals are shared within the hour.")
    respond(cast, second, "Training runs until March.", kind="proposed")
    return inspection


def commented(cast: Cast, inspection: Inspection) -> Inspection:
    """The report with the chief officer's comments."""
    inspection = Inspection.objects.get(pk=inspection.pk)
    if inspection.comments_received_on is None:
        inspection = record_comments(
            actor=cast.manager,
            inspection=inspection,
            received_on=WRITTEN_AT.date(),
            comments="Agreed.",
            at=WRITTEN_AT,
        )
    return inspection


@reuse_snapshot
def drafted(cast: Cast, inspection: Inspection | None = None, **changes: Any) -> PublishedResponse:
    fields: dict[str, Any] = {
        "actor": cast.opcc_officer,
        "dated": TODAY,
        "signatory": SIGNATORY,
        "introduction": "I am writing in response to the report.\n\nHere is what we do.",
        "closing": "I am grateful to the inspectors.",
        "reference": "OPCC/1",
        "at": WRITTEN_AT,
    } | changes
    return draft_letter(inspection=inspection or answered(cast), **fields)


@reuse_snapshot
def approved(
    cast: Cast, letter: PublishedResponse | None = None, at: datetime = AT, actor: User | None = None
) -> PublishedResponse:
    letter = letter or drafted(cast)
    commented(cast, letter.inspection)
    return approve_letter(actor=actor or cast.opcc_director, letter=letter, at=at)


@reuse_snapshot
def published(cast: Cast, letter: PublishedResponse | None = None, **changes: Any) -> PublishedResponse:
    fields: dict[str, Any] = {
        "actor": cast.opcc_officer,
        "published_on": TODAY,
        "publication_url": "https://example.org/letter",
        "at": AT,
    } | changes
    return publish_letter(letter=letter or approved(cast), **fields)


@reuse_snapshot
def despatched(cast: Cast, letter: PublishedResponse | None = None, **days: date) -> PublishedResponse:
    days = days or {"sent_to_secretary_of_state_on": TODAY, "sent_to_inspectors_on": TODAY}
    return record_despatch(actor=cast.opcc_officer, letter=letter or published(cast), at=AT, **days)


def corrected(cast: Cast, letter: PublishedResponse, **changes: Any) -> PublishedResponse:
    fields = {"actor": cast.opcc_officer, "reason": "The date of the training was wrong.", "at": AT} | changes
    return correct_letter(letter=letter, **fields)
