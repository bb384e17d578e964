"""Letters at each stage of their life, made through the services."""

from datetime import date, datetime
from typing import Any

from inspections.letters.services import approve_letter, draft_letter, publish_letter, record_despatch
from inspections.models import Inspection, PublishedResponse, Recommendation, Response
from inspections.responses.services.responses import write_response
from partners.accounts.services.users import create_user
from partners.memberships.services import grant_membership
from partners.models import User
from tests.cast import AT, LONDON, SINCE, TODAY, Cast
from tests.factories import InspectionFactory, RecommendationFactory
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


@reuse_snapshot
def drafted(cast: Cast, inspection: Inspection | None = None, **changes: Any) -> PublishedResponse:
    fields: dict[str, Any] = {
        "actor": cast.manager,
        "dated": TODAY,
        "signatory": SIGNATORY,
        "introduction": "I am writing in response to the report.\n\nHere is what we do.",
        "closing": "I am grateful to the inspectors.",
        "reference": "OPCC/1",
        "at": WRITTEN_AT,
    } | changes
    return draft_letter(inspection=inspection or answered(cast), **fields)


@reuse_snapshot
def approved(cast: Cast, letter: PublishedResponse | None = None, at: datetime = AT) -> PublishedResponse:
    return approve_letter(actor=cast.gold, letter=letter or drafted(cast), at=at)


@reuse_snapshot
def published(cast: Cast, letter: PublishedResponse | None = None, **changes: Any) -> PublishedResponse:
    fields: dict[str, Any] = {
        "actor": cast.manager,
        "published_on": TODAY,
        "publication_url": "https://example.org/letter",
        "at": AT,
    } | changes
    return publish_letter(letter=letter or approved(cast), **fields)


@reuse_snapshot
def despatched(cast: Cast, letter: PublishedResponse | None = None, **days: date) -> PublishedResponse:
    days = days or {"sent_to_secretary_of_state_on": TODAY, "sent_to_inspectors_on": TODAY}
    return record_despatch(actor=cast.manager, letter=letter or published(cast), at=AT, **days)


def second_board_member(cast: Cast) -> User:
    other = create_user(actor=cast.administrator, email="silver@example.org", name="Silver", at=AT)
    grant_membership(
        actor=cast.administrator,
        user=other,
        partnership=cast.yorkshire,
        organisation=cast.opcc,
        role="board_member",
        starts_on=SINCE,
        at=AT,
    )
    return other
