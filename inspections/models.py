"""Inspections, their findings and the responses to them."""

from inspections.findings.models.inspections import Inspection
from inspections.findings.models.recommendations import ActionLink, OwnStatus, Recommendation, RegisterStatus
from inspections.responses.models import PublishedResponse, Response

__all__ = [
    "ActionLink",
    "Inspection",
    "OwnStatus",
    "PublishedResponse",
    "Recommendation",
    "RegisterStatus",
    "Response",
]
