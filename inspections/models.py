"""Why the actions exist: what inspectors and auditors found, what was answered, and what is still owed."""

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
