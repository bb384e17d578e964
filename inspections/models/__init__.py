"""Why the actions exist: what inspectors and auditors found, what was answered, and what is still owed."""

from inspections.models.inspections import Inspection
from inspections.models.recommendations import ActionLink, OwnStatus, Recommendation, RegisterStatus
from inspections.models.responses import PublishedResponse, Response

__all__ = [
    "ActionLink",
    "Inspection",
    "OwnStatus",
    "PublishedResponse",
    "Recommendation",
    "RegisterStatus",
    "Response",
]
