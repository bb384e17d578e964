"""Reports of inspectors and their findings, made by the services."""

from datetime import date
from typing import Any

from factory import SelfAttribute, SubFactory

from inspections.findings.services.inspections import save_inspection
from inspections.findings.services.recommendations import save_recommendation
from inspections.models import Inspection, Recommendation
from tests.cast import Cast
from tests.support.clock import EARLIER
from tests.support.service_factory import ServiceFactory
from tests.support.snapshots import reuse_snapshot


@reuse_snapshot
def _save_inspection(cast: Cast, **fields: Any) -> Inspection:
    inspection = Inspection(partnership=cast.yorkshire)
    return save_inspection(actor=cast.manager, inspection=inspection, at=EARLIER, **fields)


@reuse_snapshot
def _save_recommendation(cast: Cast, *, inspection: Inspection, **fields: Any) -> Recommendation:
    row = Recommendation(inspection=inspection)
    return save_recommendation(actor=cast.manager, recommendation=row, at=EARLIER, **fields)


class InspectionFactory(ServiceFactory):
    """A national report of the police inspectorate, 47 days overdue for an answer on 19 June; give `cast`."""

    class Meta:
        model = Inspection

    title = "Counter-terrorism policing: the police's contribution to Prevent"
    short_title = "CT4"
    body = "HMICFRS"
    body_kind = Inspection.BodyKind.INSPECTORATE
    kind = Inspection.Kind.NATIONAL
    published_on = date(2020, 3, 9)

    @staticmethod
    def service(*, cast: Cast, **fields: Any) -> Inspection:
        return _save_inspection(cast, **fields)


class RecommendationFactory(ServiceFactory):
    """A recommendation that nobody has answered yet, of that report or of the given `inspection`; give `cast`."""

    class Meta:
        model = Recommendation

    inspection = SubFactory(InspectionFactory, cast=SelfAttribute("..cast"))
    kind = Recommendation.Kind.RECOMMENDATION
    number = "1"
    text = "Chief constables should review how referrals are shared."
    deadline_phrase = "By 30 September 2020, chief constables should"

    @staticmethod
    def service(*, cast: Cast, **fields: Any) -> Recommendation:
        return _save_recommendation(cast, **fields)
